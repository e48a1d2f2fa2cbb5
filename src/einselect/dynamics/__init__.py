"""Dynamics that checks the rates: the doublet in closed form, the Lindblad equation on levels and in full."""
