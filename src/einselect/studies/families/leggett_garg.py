"""Leggett-Garg tests of a doublet with Q the sign of its order parameter, and the dephasing that ends a violation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kinds import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..point import Point

_STATE = ("level", "initial", "tolerance")


def _test(
    name: str,
    formula: str,
    pick: Callable[[Point], Any],
    *,
    unit: str = "",
    options: tuple[str, ...] = (*_STATE, "tau", "form"),
    needs: tuple[str, ...] = ("gamma",),
    per_model: bool = False,
    seconds: float = 0.2,
) -> Quantity:
    return Quantity(
        name,
        formula,
        unit,
        "leggett-garg",
        pick,
        needs,
        options,
        per_model=per_model,
        seconds=seconds,
    )


LEGGETT_GARG = (
    _test("k3", "K3 = C12 + C23 - C13 at intervals τ; macrorealism allows 1", lambda point: point.k3.value),
    _test("k3_error", "bound on the error of K3", lambda point: point.k3.error),
    _test(
        "k4",
        "K4 = C12 + C23 + C34 - C14 at intervals τ; macrorealism allows 2",
        lambda point: point.leggett_garg.k4(point.given["gamma"], point.tau, point.given["form"]).value,
    ),
    _test(
        "k3_best",
        "largest K3 over intervals up to π/(2ΔE)",
        lambda point: point.k3_best.value,
        options=_STATE,
        seconds=1.0,
    ),
    _test(
        "k3_best_interval",
        "interval τ of the largest K3",
        lambda point: point.k3_best.tau,
        unit="time",
        options=_STATE,
        seconds=1.0,
    ),
    _test(
        "k3_threshold",
        "largest γ with K3 > 1 at intervals τ",
        lambda point: point.k3_threshold.gamma,
        unit="rate",
        options=(*_STATE, "tau"),
        needs=(),
        per_model=True,
        seconds=2.0,
    ),
)
