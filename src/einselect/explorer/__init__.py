"""The explorer in a browser: a live view of doublets, rates, dynamics and protocols.

``einselect explore`` serves it; in a notebook `explore` shows the same panels. It needs the extra ``explorer``.
"""

from .notebook import explore

__all__ = ["explore"]
