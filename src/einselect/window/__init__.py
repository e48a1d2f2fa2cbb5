"""The window finder: where both dephasing rates are well defined, along N or another parameter of a model."""

from .along import window_along
from .answer import Edge, Window
from .over import windows_over
from .sizes import find_window

__all__ = ["Edge", "Window", "find_window", "window_along", "windows_over"]
