"""A grid of parameters becomes one labelled dataset."""

from .run import sweep

__all__ = ["sweep"]
