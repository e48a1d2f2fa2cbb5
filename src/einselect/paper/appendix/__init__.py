"""The numbers of the paper's appendices: numerical checks (A), the two channels and the depletion (B), the modes (C).

Where the paper's digits are lost its quantity is computed all the same; where they survive they stand beside ours.
"""

from __future__ import annotations

from ..claims.context import Context
from .numerics import checks, convergence
from .section import Section, appendix_csv, appendix_json, appendix_markdown
from .two_states import channels, modes, scales, suppression


def appendix(c: Context) -> tuple[Section, ...]:
    """All sections, in the order of the paper.

    Examples
    --------
    >>> from einselect.paper.appendix import appendix
    >>> from einselect.paper.claims.context import Context
    >>> sections = {section.name: section for section in appendix(Context())}
    >>> [row.cells["value"].text for row in sections["C-modes"].rows if row.key == "limit_ratio"]
    ['0.734576499']
    """
    return (checks(c), convergence(c), channels(c), suppression(c), scales(c), modes(c))


__all__ = ["Section", "appendix", "appendix_csv", "appendix_json", "appendix_markdown"]
