"""One point of a study: its model, doublet, rates and runs, each worked out once and when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .. import quantities
from ..errors import EinselectError, InputError
from ..models.base import is_spin
from ..models.registry import MODELS
from ..rates import DephasingRates, JumpOperator, dephasing_rates

if TYPE_CHECKING:
    from ..protocols import Interrogation, LeggettGarg, LeggettGargValue, Threshold

_TIMES = 61  # of a course that the best time is looked for in
_COARSE = 1e-4  # of systems that are no collective spin, whose many levels take long to settle


def _once(kept: dict[Any, Any], key: Any, make: Callable[[], Any]) -> Any:
    """What `make` gives, or the error that it raises; a run that fails is not tried again for every quantity."""
    if key not in kept:
        try:
            kept[key] = make()
        except EinselectError as error:
            kept[key] = error
    if isinstance(kept[key], EinselectError):
        raise kept[key]
    return kept[key]


class System:
    """A model at given parameters, and what points with the same parameters share.

    What is kept is a function of the parameters alone, so that it does not matter which points share it.

    Parameters
    ----------
    name : str
    parameters : mapping
        As the package takes them.
    """

    def __init__(self, name: str, parameters: Mapping[str, Any]) -> None:
        self.name, self._parameters = name, dict(parameters)
        self._kept: dict[Any, Any] = {}

    @cached_property
    def model(self) -> Any:
        """The model."""
        return MODELS[self.name].build(self._parameters)

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, or the error that it raises; called once for each key."""
        return _once(self._kept, key, make)

    def levels(self, count: int) -> Any:
        """Lowest levels of the model."""
        return self.kept(("levels", count), lambda: self.model.levels(count))

    def doublet(self, jump: str | None) -> Any:
        """The doublet under a jump operator, the natural one for None."""
        return self.kept(("doublet", jump), lambda: dephasing_rates(self.model, jump=jump).doublet)


class Point:
    """A point by the values of everything that decides its numbers.

    Parameters
    ----------
    system : System
    given : mapping
        gamma, temperature, jump and options, as the package takes them.
    """

    def __init__(self, system: System, given: Mapping[str, Any]) -> None:
        self.system, self.given = system, given
        self._kept: dict[Any, Any] = {}

    @property
    def model(self) -> Any:
        """The model."""
        return self.system.model

    @property
    def jump(self) -> str | None:
        """Name of the jump operator; None for the natural one."""
        jump = self.given.get("jump")
        return None if jump == MODELS[self.system.name].jumps[0] else jump

    @property
    def doublet(self) -> Any:
        """The doublet under the jump operator."""
        return self.system.doublet(self.jump)

    @cached_property
    def rates(self) -> DephasingRates:
        """Its rates and regime, at gamma and temperature."""
        return dephasing_rates(self.doublet, self.given.get("gamma"), temperature=self.given.get("temperature"))

    @cached_property
    def jumps(self) -> list[JumpOperator]:
        """The jump operator at its rate, for dynamics."""
        rate = self.rates.gamma
        if not rate:
            raise InputError(f"gamma must be above zero for dynamics; got {self.given.get('gamma')!r}")
        name = self.jump or MODELS[self.system.name].jumps[0]
        return [JumpOperator(self.model.operator(name) if hasattr(self.model, "operator") else name, rate)]

    def duration(self, name: str) -> float:
        """A time among the options, in the unit of the model; "2 T2" in units of T2 = 1/Γ_01."""
        value = self.given[name]
        if isinstance(value, str) and value.endswith("T2"):
            t2 = self.rates.t2_eigenstate
            if t2 is None:
                raise InputError(f"gamma must be above zero for {name} = {value!r}; got {self.given.get('gamma')!r}")
            return float(value[:-2]) * t2
        found = quantities.time(name, value)
        if found.physical != (self.model.energy_unit == "rad/s"):
            raise InputError(f"{name} must be in T2, as in '2 T2', or have a unit where energies do; got {value!r}")
        return found.value

    @property
    def evolved(self) -> dict[str, Any]:
        """What a run has at its end, by variable, with the attributes of the run."""
        found: dict[str, Any] = _once(self._kept, "evolved", self._evolve)
        return found

    def _evolve(self) -> dict[str, Any]:
        from ..dynamics import evolve

        found = evolve(
            self.model,
            self.jumps,
            self.given["state"],
            [self.duration("time")],
            levels=self.given["levels"],
            **({"tolerance": self.given["tolerance"]} if "tolerance" in self.given else {}),
        )
        return {**found.attrs, "levels": found.sizes["level"], **{str(k): v.values[-1] for k, v in found.items()}}

    @property
    def _tolerance(self) -> dict[str, Any]:
        """The tolerance of a test or a course as an argument, where it is not that of the solver."""
        if "tolerance" in self.given:
            return {"tolerance": self.given["tolerance"]}
        return {} if is_spin(self.model) else {"tolerance": _COARSE}

    @property
    def _test_options(self) -> dict[str, Any]:
        """What the Leggett-Garg test is made with."""
        options: dict[str, Any] = {"level": self.given["level"], "initial": self.given["initial"]}
        if options["initial"] == "thermal":
            options["temperature"] = self.given.get("temperature")
        options |= self._tolerance
        if self.jump is not None:
            options["jump"] = self.jump
        return options

    @property
    def leggett_garg(self) -> LeggettGarg:
        """The Leggett-Garg test."""
        from ..protocols import LeggettGarg

        options = self._test_options
        key = ("leggett-garg", *options.items())
        found: LeggettGarg = self.system.kept(key, lambda: LeggettGarg(self.model, **options))
        return found

    @property
    def k3(self) -> LeggettGargValue:
        """K3 at γ and the interval."""
        gamma, form = self.given["gamma"], self.given["form"]
        found: LeggettGargValue = _once(self._kept, "k3", lambda: self.leggett_garg.k3(gamma, self.tau, form))
        return found

    @property
    def k3_best(self) -> LeggettGargValue:
        """K3 at γ and the interval at which it is largest."""
        gamma = self.given["gamma"]
        found: LeggettGargValue = _once(self._kept, "k3_best", lambda: self.leggett_garg.best_interval(gamma))
        return found

    @property
    def k3_threshold(self) -> Threshold:
        """The γ at which K3 falls to 1 at the interval: one for all points of a system with the same interval."""
        tau = self.tau
        key = ("threshold", tau, *self._test_options.items())
        found: Threshold = self.system.kept(key, lambda: self.leggett_garg.threshold(tau))
        return found

    @property
    def tau(self) -> float | None:
        """Interval of a Leggett-Garg test; None for its own choice."""
        return self.duration("tau") if "tau" in self.given else None

    @property
    def course(self) -> Any:
        """Fisher information and squeezing after the time, in a dataset of two times, 0 and that one."""
        return _once(self._kept, "course", self._sense)

    @property
    def interrogation(self) -> Interrogation:
        """The best time to read out a field, up to the time."""
        found: Interrogation = _once(self._kept, "interrogation", self._interrogate)
        return found

    def _interrogate(self) -> Interrogation:
        from ..protocols import best_interrogation

        end = self.duration("time")
        found = best_interrogation(self._sense([end * k / (_TIMES - 1) for k in range(_TIMES)]))
        if found.at_edge:
            raise InputError(f"time must be longer: F_h/t still grows at {end:.4g}")
        return found

    def _sense(self, times: Sequence[float] | None = None) -> Any:
        from ..protocols import metrology

        return metrology(
            self.model,
            self.given["gamma"],
            self.given["state"],
            [0.0, self.duration("time")] if times is None else times,
            signal=self.given.get("generator"),
            jump=self.jump,
            frequency=self.frequency,
            phase=self.given.get("phase", 0.0),
            levels=self.given["levels"],
            **self._tolerance,
        )

    @property
    def frequency(self) -> float | str:
        """Frequency of the field, in the unit of the model, or "resonant"."""
        value = self.given.get("frequency", 0.0)  # of a rotation there is none
        if value == "resonant":
            return "resonant"
        found = quantities.energy("frequency", value)
        if found.value and found.physical != (self.model.energy_unit == "rad/s"):
            raise InputError(f"frequency must have a unit where energies do, and only there; got {value!r}")
        return found.value
