"""What each bath does to the two coherences of a doublet: every jump operator of a model side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._representation import Shown
from ..errors import InputError
from ..jump_doublet import JumpDoublet, doublet_of
from ..levels import Levels
from ..models.base import most_levels

_COLLECTIVE = ("Jz", "Jx", "Jy", "J-")
_EQUAL = 1e-3


@dataclass(frozen=True)
class AtlasRow:
    """One jump operator L.

    Attributes
    ----------
    jump : str
    parity : str
        "odd", "even" or "mixed".
    eigenstate_moment, pointer_moment : float
        Γ_01/γ and Γ_PR/γ [12].
    eta : float or None
        Γ_PR/Γ_01; None where L dephases neither.
    eta_restricted : float or None
        The same with L on the doublet only: the limit where leakage does not count.
    leakage_share : float
        Part of G01 = ½ Tr L†L over the doublet that leads out of it.
    spared : str
        Which coherence decoheres more slowly: "energy eigenstates", "pointer states", "neither" (to 0.1 %).
    """

    jump: str
    parity: str
    eigenstate_moment: float
    pointer_moment: float
    eta: float | None
    eta_restricted: float | None
    leakage_share: float
    spared: str


@dataclass(frozen=True, repr=False)
class Atlas(Shown):
    """The jump operators of a model and which coherence each of them spares.

    Attributes
    ----------
    source : model
    rows : tuple of AtlasRow

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.sweeps import bath_atlas
    >>> for row in bath_atlas(LMG(spins=370, field=0.95)).rows:
    ...     print(f"{row.jump:3s} {row.parity:5s} {row.eta:.4f} {row.eta_restricted:.1f} {row.spared}")
    Jz  odd   1.8634 2.0 energy eigenstates
    Jx  even  0.9784 0.5 pointer states
    Jy  odd   1.0000 1.0 neither
    J-  mixed 0.9885 0.7 pointer states
    """

    source: Any
    rows: tuple[AtlasRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """The rows as dictionaries, after the parameters of the model where it gives them."""
        known = self.source.parameters() if hasattr(self.source, "parameters") else {}
        return {**known, "jumps": [vars(row) for row in self.rows]}


def bath_atlas(model: Any, jumps: Sequence[Any] | None = None) -> Atlas:
    """Both rates of a model's doublet under each of several jump operators.

    Parameters
    ----------
    model : any of the package's, or a `CustomModel`
    jumps : sequence of str or operator, optional
        Default: Jz, Jx, Jy and J- for a collective spin, all named operators for other systems.

    Returns
    -------
    Atlas
    """
    levels = model.levels(min(4, most_levels(model)))
    if jumps is None:
        jumps = _COLLECTIVE if isinstance(levels, Levels) else tuple(levels.operators)
    if not jumps:
        raise InputError("jumps must be one or more operators; got none")
    return Atlas(model, tuple(_row(doublet_of(levels, jump, source=model)) for jump in jumps))


def _row(d: JumpDoublet) -> AtlasRow:
    eta = d.eta_exact
    spared = (
        "neither" if eta is None or abs(eta - 1.0) < _EQUAL else "energy eigenstates" if eta > 1.0 else "pointer states"
    )
    share = d.leakage / d.g01 if d.g01 > 0.0 else 0.0
    return AtlasRow(d.jump, d.parity, d.eigenstate_moment, d.pointer_moment, eta, d.eta_restricted, share, spared)
