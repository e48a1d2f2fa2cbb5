"""Jump operators on the command line: `--gamma` for Jz, `--jump NAME=RATE` for any."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from ..errors import InputError
from . import options
from .options import option

if TYPE_CHECKING:
    from ..models import LMG
    from ..rates import JumpOperator

Dephasing = Annotated[
    str | None,
    option("Dephasing rate γ, short for --jump Jz=γ: '0.05 1/s', or a plain number beside a plain J.", "γ"),
]
Jumps = Annotated[
    list[str] | None,
    option("A jump operator (Jx, Jy, Jz, J+, J-) and its rate, as 'J-=0.01 1/s'; repeat for more.", "NAME=RATE"),
]
_FORM = re.compile(r"\s*([^=]*?)\s*=\s*(.*?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Bath:
    """Jump operators, and the rates that Eq. 12 gives a doublet under all of them together.

    Attributes
    ----------
    jumps : list of JumpOperator
        γ ρ -> γ (L ρ L† - ½{L†L, ρ}) each, no operator twice.
    gamma : float or None
        The rate of Jz, where it is among them.
    rate_eigenstate, rate_pointer : float
        Coefficients of -ρ_01 and -ρ_PR; for Jz alone γ G01 and γ (G01 + J01²).
    """

    jumps: list[JumpOperator]
    gamma: float | None
    rate_eigenstate: float
    rate_pointer: float

    @property
    def t2(self) -> float:
        """1/rate_eigenstate, the T2 of `--t-end`; inf where ρ_01 does not decay."""
        return 1.0 / self.rate_eigenstate if self.rate_eigenstate > 0.0 else math.inf

    @property
    def only_dephasing(self) -> bool:
        """Whether Jz is the only one."""
        return len(self.jumps) == 1 and self.gamma is not None

    def listed(self) -> list[dict[str, Any]]:
        """The jump operators as every JSON document has them."""
        return [{"operator": jump.operator.name, "rate": jump.rate} for jump in self.jumps]


def read_bath(model: LMG, gamma: str | None, jumps: list[str] | None, command: str) -> Bath:
    """The jump operators that the options describe.

    Raises
    ------
    InputError
        For none at all, an operator given twice, an unknown one, or a rate that is not above zero.
    """
    from ..rates import DephasingRates, JumpOperator, dephasing_coefficient, in_unit_of
    from ..spin import OPERATORS

    given = [("Jz", "gamma", gamma)] if gamma is not None else []
    for text in jumps or []:
        parts = _FORM.fullmatch(text.replace("−", "-"))
        if parts is None or not parts[1] or not parts[2]:
            raise _checks.fail("jump", "an operator and its rate, as in 'J-=0.01' or 'J-=0.01 1/s'", text)
        name = _checks.one_of("operator of a jump", parts[1], OPERATORS)
        given.append((name, f"rate of {name}", parts[2]))
    if not given:
        raise InputError(f"--gamma or --jump must be given; got neither (see 'einselect {command} --help')")
    rates: dict[str, float] = {}
    for name, called, text in given:
        if name in rates:
            raise InputError(f"each jump operator must be given once (--gamma is Jz); got {name} again")
        rates[name] = in_unit_of(model.energy_unit, called, options.plain(text))
        if rates[name] == 0.0:
            raise _checks.fail(called, "above zero", text)
    found = DephasingRates(model.doublet(), rates.get("Jz", 0.0))
    eigenstate, pointer = found.rate_eigenstate or 0.0, found.rate_pointer or 0.0
    others = [JumpOperator(name, rate) for name, rate in rates.items() if name != "Jz"]
    if others:
        # Eq. 12 is a sum over the jump operators; the moments of Jz are those of the doublet.
        two = model.levels(2)
        eigenstate += dephasing_coefficient(two, "E0", "E1", others)
        pointer += dephasing_coefficient(two, "P", "R", others)
    if not math.isfinite(eigenstate) or not math.isfinite(pointer):
        called, text = given[-1][1:]
        raise _checks.fail(called, "small enough that the rates are finite", text)
    return Bath([JumpOperator(name, rate) for name, rate in rates.items()], rates.get("Jz"), eigenstate, pointer)
