"""Lowest levels of one parity block, each with its error."""
