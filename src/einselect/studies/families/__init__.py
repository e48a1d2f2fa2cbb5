"""The quantities of a study, a family a file."""
