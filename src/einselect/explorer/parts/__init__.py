"""Parts of the page: an entry with a slider, text to copy, a picture with its downloads, times to play, settings.

Each is plain HTML in its own shadow tree, with the names, states and keys that a browser gives such elements, so that
keyboards and screen readers know them. The script of each lies beside it.
"""

from .browser import Browser
from .choice import Choice
from .copied import CopyText
from .picture import Picture
from .progress import Progress
from .quantity import Quantity
from .settings import Setting, TypedSetting
from .timeline import Timeline

__all__ = [
    "Browser",
    "Choice",
    "CopyText",
    "Picture",
    "Progress",
    "Quantity",
    "Setting",
    "Timeline",
    "TypedSetting",
]
