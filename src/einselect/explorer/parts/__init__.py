"""Parts of the page: entries with sliders, settings, tabs, messages, text and files to take away, pictures, times.

Each is plain HTML in its own shadow tree, with the names, states and keys that a browser gives such elements, so that
keyboards and screen readers know them. The script of each lies beside it.
"""

from .browser import Browser
from .choice import Choice
from .copied import CopyText
from .markup import Markup
from .notice import Notice
from .pagetabs import PageTabs
from .picture import Picture
from .progress import Progress
from .quantity import Quantity
from .saved import SaveButton
from .settings import Setting, TypedSetting
from .surroundings import Surroundings
from .timeline import Timeline

__all__ = [
    "Browser",
    "Choice",
    "CopyText",
    "Markup",
    "Notice",
    "PageTabs",
    "Picture",
    "Progress",
    "Quantity",
    "SaveButton",
    "Setting",
    "Surroundings",
    "Timeline",
    "TypedSetting",
]
