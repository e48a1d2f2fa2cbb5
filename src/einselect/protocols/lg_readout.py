"""What a Leggett-Garg test reads and what dephases it, where that is left to the model; and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _checks
from ..errors import InputError
from ..models.base import is_spin
from .correlators import FORMULAS
from .spectral_readout import resolved

if TYPE_CHECKING:
    from .leggett_garg import LeggettGarg


def natural_readout(test: LeggettGarg) -> None:
    """Fill in the operator that is read and the jump operator of a new test.

    Raises
    ------
    InputError
        For an operator that is not odd under the parity, or a level that has no formula for it.
    """
    set_ = object.__setattr__
    if is_spin(test.model):
        set_(test, "operator", "Jz" if test.operator is None else test.operator)
        if isinstance(test.jump, str) and test.jump == test.operator:
            set_(test, "jump", None)
        if test.level in FORMULAS and not (isinstance(test.operator, str) and test.operator == "Jz"):
            raise InputError(
                f"operator must be 'Jz' for level {test.level!r}, whose formula has its moments; got {test.operator!r}"
            )
        return
    names = tuple(test.model.jump_operators())
    if test.operator is None:
        set_(test, "operator", test.model.order_operator)
    if test.operator is None or not names:
        raise InputError("operator must be given for a model without an odd jump operator; got None")
    if test.jump is None:
        set_(test, "jump", names[0])
    if isinstance(test.jump, str):
        _checks.one_of("jump", test.jump, names)
    levels = test.model.levels(2)
    read = resolved(levels, test.operator)
    if levels.parity_conserved and read.parity != -1:
        kind = "even" if read.parity == 1 else "of no definite parity"
        raise InputError(
            f"operator must be odd under the parity, so that its sign tells the wells apart; got {read.name}, {kind}"
        )
    if test.level in ("A", "B") and not levels.parity_conserved:
        raise InputError(
            f"level must be another than {test.level!r}, a formula of even and odd levels, where the parity is broken"
        )
