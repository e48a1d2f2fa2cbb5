"""Parts of the page that Panel does not have: an entry with a slider, text to copy, a picture with its downloads.

Each is plain HTML in its own shadow tree, with the names, states and keys that a browser gives such elements, so that
keyboards and screen readers know them. The script of each lies beside it.
"""

from .browser import Browser
from .choice import Choice
from .copied import CopyText
from .picture import Picture
from .progress import Progress
from .quantity import Quantity

__all__ = ["Browser", "Choice", "CopyText", "Picture", "Progress", "Quantity"]
