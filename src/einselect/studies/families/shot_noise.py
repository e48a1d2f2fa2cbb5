"""What differs from shot to shot: how ΔE follows N, field and coupling, and the T2* that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kinds import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..point import Point

_WIDTHS = ("noise_spins", "noise_field", "noise_coupling", "hold")


def _noise(point: Point) -> Any:
    from ...protocols import Noise

    given = point.given
    return Noise(given["noise_spins"], given["noise_field"], given["noise_coupling"], given["hold"])


def _slope(kind: str) -> Callable[[Point], Any]:
    def pick(point: Point) -> Any:
        from ...protocols import Noise
        from ...protocols.shot_dephasing import frequency_slopes

        hold = point.given["hold"]
        return point.system.kept(("slopes", hold), lambda: frequency_slopes(point.model, Noise(hold=hold)))[kind]

    return pick


def _shots(attribute: str) -> Callable[[Point], Any]:
    def pick(point: Point) -> Any:
        from ...protocols import shot_dephasing

        noise = _noise(point)
        key = ("shots", point.given.get("gamma"), noise)
        found = point.system.kept(key, lambda: shot_dephasing(point.model, point.given.get("gamma"), noise))
        return getattr(found, attribute)

    return pick


def _of(name: str, formula: str, unit: str, pick: Callable[[Point], Any], options: tuple[str, ...]) -> Quantity:
    return Quantity(name, formula, unit, "shot noise", pick, (), options, ("lmg",), natural_jump=True, seconds=0.05)


SHOT_NOISE = (
    _of("slope_spins", "∂ΔE/∂N", "energy", _slope("spins"), ("hold",)),
    _of("slope_field", "∂ΔE/∂ln Γ", "energy", _slope("field"), ("hold",)),
    _of("slope_coupling", "∂ΔE/∂ln J", "energy", _slope("coupling"), ("hold",)),
    _of("t2_star", "when |<ρ_01>| over the shots falls to 1/e", "time", _shots("t2_star"), _WIDTHS),
    _of("t2_star_gaussian", "the same by γG01 and the slopes of ΔE", "time", _shots("t2_star_gaussian"), _WIDTHS),
)
