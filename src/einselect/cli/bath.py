"""Jump operators on the command line: `--gamma` for the natural one, `--jump NAME=RATE` for any."""

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
    from ..rates import JumpOperator

Dephasing = Annotated[
    str | None,
    option(
        "Rate γ of the natural jump operator, short for --jump Jz=γ with a collective spin: '0.05 1/s', or a plain "
        "number beside plain energies.",
        "γ",
    ),
]
Jumps = Annotated[
    list[str] | None,
    option(
        "A jump operator (Jx, Jy, Jz, J+, J-; of other models see 'einselect models') and its rate, as 'J-=0.01 1/s'; "
        "repeat for more.",
        "NAME=RATE",
    ),
]
FORM = re.compile(r"\s*([^=]*?)\s*=\s*(.*?)\s*", re.DOTALL)


@dataclass(frozen=True)
class Bath:
    """Jump operators, and the rates that Eq. 12 gives a doublet under all of them together.

    Attributes
    ----------
    jumps : list of JumpOperator
        γ ρ -> γ (L ρ L† - ½{L†L, ρ}) each, no operator twice.
    gamma : float or None
        The rate of the natural one, which is Jz for a collective spin, where it is among them.
    rate_eigenstate, rate_pointer : float
        Coefficients of -ρ_01 and -ρ_PR; for an odd one alone, such as Jz, γ G01 and γ (G01 + J01²).
    parity : bool
        Whether the model has parity, so that an odd jump operator has these two rates.
    """

    jumps: list[JumpOperator]
    gamma: float | None
    rate_eigenstate: float
    rate_pointer: float
    parity: bool = True

    @property
    def t2(self) -> float:
        """1/rate_eigenstate, the T2 of `--t-end`; inf where ρ_01 does not decay."""
        return 1.0 / self.rate_eigenstate if self.rate_eigenstate > 0.0 else math.inf

    @property
    def only_dephasing(self) -> bool:
        """Whether the natural one, of odd parity, is the only one."""
        return len(self.jumps) == 1 and self.gamma is not None and self.parity

    def listed(self) -> list[dict[str, Any]]:
        """The jump operators as every JSON document has them."""
        return [{"operator": jump.operator.name, "rate": jump.rate} for jump in self.jumps]


def jump_names(model: Any) -> tuple[str, ...]:
    """Jump operators of a model that can be named, the natural one first."""
    from ..spin import OPERATORS

    if hasattr(model, "operator"):
        return tuple(model.jump_operators())
    return ("Jz", *(name for name in OPERATORS if name != "Jz"))


def read_bath(model: Any, gamma: str | None, jumps: list[str] | None, command: str) -> Bath:
    """The jump operators that the options describe.

    Raises
    ------
    InputError
        For none at all, an operator given twice, an unknown one, or a rate that is not above zero.
    """
    from ..rates import JumpOperator, in_unit_of

    names = jump_names(model)
    natural = names[0]
    given = [(natural, "gamma", gamma)] if gamma is not None else []
    for text in jumps or []:
        parts = FORM.fullmatch(text.replace("−", "-"))
        if parts is None or not parts[1] or not parts[2]:
            raise _checks.fail("jump", "an operator and its rate, as in 'J-=0.01' or 'J-=0.01 1/s'", text)
        name = _checks.one_of("operator of a jump", parts[1], names)
        given.append((name, f"rate of {name}", parts[2]))
    if not given:
        raise InputError(f"--gamma or --jump must be given; got neither (see 'einselect {command} --help')")
    rates: dict[str, float] = {}
    for name, called, text in given:
        if name in rates:
            raise InputError(f"each jump operator must be given once (--gamma is {natural}); got {name} again")
        rates[name] = in_unit_of(model.energy_unit, called, options.plain(text))
        if rates[name] == 0.0:
            raise _checks.fail(called, "above zero", text)
    operators = [
        JumpOperator(model.operator(name) if hasattr(model, "operator") else name, rate) for name, rate in rates.items()
    ]
    eigenstate, pointer, parity = _coefficients(model, natural, rates, operators)
    if not math.isfinite(eigenstate) or not math.isfinite(pointer):
        called, text = given[-1][1:]
        raise _checks.fail(called, "small enough that the rates are finite", text)
    return Bath(operators, rates.get(natural), eigenstate, pointer, parity)


def _coefficients(
    model: Any, natural: str, rates: dict[str, float], operators: list[JumpOperator]
) -> tuple[float, float, bool]:
    """Γ_01 and Γ_PR of Eq. 12, which is a sum over the jump operators, and whether there is parity."""
    from ..doublet import Doublet
    from ..rates import DephasingRates, dephasing_coefficient

    eigenstate = pointer = 0.0
    others, doublet = operators, model.doublet() if natural in rates else None
    if isinstance(doublet, Doublet):  # it has the moments of Jz, to all their digits
        found = DephasingRates(doublet, rates[natural])
        eigenstate, pointer = found.rate_eigenstate or 0.0, found.rate_pointer or 0.0
        others = [jump for name, jump in zip(rates, operators, strict=True) if name != natural]
        if not others:
            return eigenstate, pointer, True
    two = model.levels(2)
    if others:
        eigenstate += dephasing_coefficient(two, "E0", "E1", others)
        pointer += dephasing_coefficient(two, "P", "R", others)
    return eigenstate, pointer, bool(two.parity_conserved)
