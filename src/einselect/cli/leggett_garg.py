"""The command `leggett-garg`: K3 by every description, and the dephasing rate up to which it violates."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .._version import __version__
from ..errors import PhaseError, ResolutionError
from . import options, output
from .app import app
from .leggett_garg_options import Initial, Tau, read_gamma, read_tau, read_test
from .options import Gamma, Json, Temperature, option
from .systems import NO_OPTIONS, Jump, SystemOptions, model_parameters, read_system

if TYPE_CHECKING:
    import xarray

    from ..protocols import LeggettGarg, LeggettGargValue, Threshold

_POINTS, _RATES = 200, 81
_COARSE = 1e-4  # tolerance of other systems than a collective spin, whose many levels take longer to settle
_WHAT = {
    "A": "rate γ G_loc",
    "B": "rate γ G01",
    "two-level": "doublet, not secular",
    "C": "five levels",
    "converged": "all levels",
}


@app.command(
    name="leggett-garg",
    sort_key=9,
    help_epilogue="""\
K3 = C12 + C23 - C13 of Q = sgn(Jz) at times 0, τ, 2τ; macrorealism says K3 <= 1.
Other models are read by the sign of their order parameter: Jx of dicke and
rabi (or x = a + a†), sz of a spin and modes, difference of aggregates.
The threshold is the dephasing rate at which K3 falls to 1 (stationary form).
By levels: A the mean-field rate, B the rate of the eigenstate coherence,
two-level the Lindblad equation on the doublet without the secular step, C that
on five levels, converged that on all; a number is a number of levels.

Examples:
  einselect leggett-garg --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s"
  einselect leggett-garg --spins 100 --field 0.9 --gamma 1e-6 --level C --json
  einselect leggett-garg --spins 60 --field 0.95 --gamma 1e-4 --out map.png
  einselect leggett-garg --model rabi --coupling 1.4 --gamma 1e-4 --jump a
""",
)
def leggett_garg(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Gamma = None,
    temperature: Temperature = None,
    tau: Tau = None,
    level: Annotated[str, option("A, B, two-level, C, converged (default), or a number of levels.", "LEVEL")] = (
        "converged"
    ),
    initial: Initial = "ground",
    form: Annotated[
        str,
        option("stationary (default): K3 = 2C(τ) - C(2τ); three-time: each pair from the state at its start.", "FORM"),
    ] = "stationary",
    jump: Jump = None,
    readout: Annotated[
        str | None, option("Operator whose sign is read (default: the model's order parameter).", "O")
    ] = None,
    out: Annotated[
        Path | None,
        option("Write K3 over τ by level and over (τ, γ) to this .nc (data), .png, .svg or .pdf file.", "FILE"),
    ] = None,
    json: Json = False,
) -> None:
    """A Leggett-Garg test: K3, K4 and the Wigner form, the dephasing rate it bears, and its best interval."""
    suffix = options.output_file(out, options.FILES)
    model = read_system(system, "leggett-garg")
    test = read_test(model, level, initial, temperature, **_operators(model, jump, readout))
    if not test.correlator.spin:
        test = replace(test, tolerance=_COARSE)
    found = _Run(test, test.rates(read_gamma(gamma, model))[0], read_tau(tau, model), form)
    answer = found.document()
    if out is not None:
        _write(found, answer, out, suffix)
    if json:
        print(output.document(answer))
    else:
        print(_text(found, answer, out))


def _operators(model: Any, jump: str | None, readout: str | None) -> dict[str, Any]:
    """What dephases and what is read, where that is not left to the model."""
    from .. import _checks
    from .bath import jump_names

    names = jump_names(model)
    for name, given in (("jump", jump), ("readout", readout)):
        if given is not None:
            _checks.one_of(name, given, names)
    return {"jump": jump, "operator": readout}


class _Run:
    """One test at one rate, and the same by the other descriptions."""

    def __init__(self, test: LeggettGarg, rate: float, tau: float | None, form: str) -> None:
        from .. import _checks
        from ..protocols.leggett_garg import FORMS
        from ..rates import written_rate

        self.test, self.rate, self.form = test, float(rate), _checks.one_of("form", form, FORMS)
        self.tau = test.interval(tau)
        self.given_tau = tau
        self.limits: dict[str, Threshold | None] = {}  # of `compared`
        self.gamma: float | str = written_rate(test.model.energy_unit, self.rate)

    @property
    def levels(self) -> list[str | int]:
        """What stands side by side: the quick descriptions, and the one that was asked for."""
        quick: list[str | int] = ["A", "B", "two-level", "C"]
        return quick if self.test.level in quick else [*quick, self.test.level]

    def by(self, level: str | int) -> LeggettGarg:
        """The same test by another description."""
        return replace(self.test, level=level)

    def k3(self, test: LeggettGarg) -> LeggettGargValue:
        """K3 as it was asked for."""
        return test.k3(self.gamma, self.tau, self.form)

    @cached_property
    def compared(self) -> dict[str, dict[str, float | None]]:
        """K3 and threshold by every description; none for A where there are no wells, or where one cannot tell."""
        from ..protocols.lg_thresholds import threshold_or_none

        result: dict[str, dict[str, float | None]] = {}
        for level in self.levels:
            test = self.by(level)
            try:
                value, limit = self.k3(test), threshold_or_none(test, self.tau)
            except (PhaseError, ResolutionError):
                if level == self.test.level and level != "A":
                    raise
                result[str(level)] = {"k3": None, "threshold_gamma": None, "threshold_error": None}
                continue
            self.limits[str(level)] = limit
            result[str(level)] = {
                "k3": value.value,
                "threshold_gamma": None if limit is None else limit.gamma,
                "threshold_error": None if limit is None else limit.error,
            }
        return result

    def document(self) -> dict[str, Any]:
        """What `--json` prints."""
        test = self.test
        value, compared = self.k3(test), self.compared
        own = compared[str(test.level)]
        four = test.k4(self.gamma, None if self.given_tau is None else self.tau, self.form)
        best = replace(test, tolerance=max(test.tolerance, 1e-5)).best_interval(self.gamma)
        keeps = test.initial != "pointer"
        return {
            **model_parameters(test.model),
            "gamma": self.rate,
            "temperature": test.kt,
            "initial_state": test.initial,
            "readout": test.correlator.read_name,
            "jump": test.correlator.jump_name,
            "level": test.level,
            "levels": value.levels,
            "form": self.form,
            "tau": self.tau,
            "contrast": test.correlator.contrast,
            "k3": value.value,
            "convergence_error": value.error,
            "margin": value.margin,
            "violates": value.violates,
            "threshold_gamma": own["threshold_gamma"],
            "threshold_error": own["threshold_error"],
            "k4": four.value,
            "k4_tau": four.tau,
            "k4_error": four.error,
            "wigner": 0.25 * value.margin if keeps else None,
            "best_tau": best.tau,
            "best_k3": best.value,
            "descriptions": compared,
            "warnings": self.warnings(value, compared),
            "version": __version__,
        }

    def warnings(self, value: LeggettGargValue, compared: dict[str, dict[str, float | None]]) -> list[str]:
        """What a reader of these numbers should know."""
        found = []
        if value.violates is None:
            found.append(f"K3 is within its error, {value.error:.1e}, of 1")
        level_b, two = (compared[name]["threshold_gamma"] for name in ("B", "two-level"))
        if self.test.level in ("A", "B") and level_b and two:
            found.append(
                f"A and B are secular: the Lindblad equation on the doublet itself has {two / level_b:.2f} times the "
                "threshold of B"
            )
        if self.test.correlator.contrast <= 2.0 / 3.0:
            found.append("contrast <E0|Q|E1>² is not above 2/3: within the doublet K3 cannot exceed 1")
        if compared[str(self.test.level)]["threshold_gamma"] is None and value.value is not None:
            found.append("no threshold at this τ: K3 is not above 1 without dephasing, or above it at any rate")
        if self.form == "three-time":
            found.append("thresholds and the best interval are those of the stationary form")
        return found

    def curves(self) -> xarray.Dataset:
        """K3 over τ by every description, with the thresholds."""
        import numpy as np

        from ..protocols import k3_by_level
        from ..protocols.lg_thresholds import with_thresholds

        compared = self.compared
        known = [level for level in self.levels if compared[str(level)]["k3"] is not None]
        reach = max(1.5 * self.test.tau, 1.2 * self.tau)
        tau = np.linspace(reach / _POINTS, reach, _POINTS)
        found = k3_by_level(self.test, known, self.gamma, tau, 1e-4)
        return with_thresholds(found, [self.limits[str(level)] for level in known], self.tau)

    def map(self, limit: float | None) -> xarray.Dataset:
        """K3 over (γ, τ), up to twice the threshold and the rate asked for."""
        import numpy as np

        top = max(2.0 * (limit or 0.5 / (self.test.doublet.g01 * self.tau)), 1.2 * self.rate)
        rates = np.linspace(0.0, top, _RATES).tolist()
        reach = max(1.5 * self.test.tau, 1.2 * self.tau)
        tau = np.linspace(2.0 * reach / _POINTS, reach, _POINTS // 2)
        physical = self.test.model.energy_unit == "rad/s"
        return self.test.k3_map([f"{rate!r} 1/s" for rate in rates] if physical else rates, tau, 1e-4)


def _write(found: _Run, answer: dict[str, Any], out: Path, suffix: str) -> None:
    """Data: curves by level and the map, in one file; or a picture of both."""
    curves, plane = found.curves(), found.map(answer["threshold_gamma"])
    if suffix == ".nc":
        joined = plane.rename(tau="map_tau").assign(
            curve=curves.k3,
            threshold=curves.threshold,
            threshold_error=curves.threshold_error,
            curve_error=curves.convergence_error,
        )
        joined.attrs |= {
            "curve_gamma": found.rate,
            "threshold_tau": found.tau,
            "energy_unit": found.test.model.energy_unit,
        }
        output.write_netcdf(joined, out)
        return
    from ..plots import plot_k3, plot_k3_map
    from ..style import new_figure, publication, save

    picture = new_figure(height=5.4)
    with publication():
        frames: Any = picture.subfigures(2, 1, height_ratios=(1.15, 1.0))
        above, below = frames
        plot_k3(curves, above.subplots())
        plot_k3_map(plane, below.subplots())
    save(picture, out)


def _text(found: _Run, answer: dict[str, Any], out: Path | None) -> str:
    """All descriptions side by side, then what else there is to know."""
    from ..display import NOTHING, figure

    units = answer["units"]
    rows: list[tuple[str, ...]] = [("level", "", "K3", f"threshold [{units['rate']}]", "over B")]
    base = answer["descriptions"]["B"]["threshold_gamma"]
    for name, values in answer["descriptions"].items():
        limit = values["threshold_gamma"]
        over = NOTHING if limit is None or not base else f"{limit / base:.3f}"
        what = _WHAT.get(name, "levels")
        if name == "converged" and not found.test.correlator.spin:
            what = "settled on many"
        rows.append((name, what, figure(values["k3"], 7), figure(limit, 6), over))
    state = answer["initial_state"]
    if answer["temperature"] is not None and state == "thermal":
        state += f", k_B T/ΔE = {answer['temperature'] / found.test.correlator.splitting:.4g}"
    judged = {True: "violates macrorealism", False: "does not violate macrorealism", None: "is open"}
    wigner = "" if answer["wigner"] is None else f", Wigner form {answer['wigner']:.6g} (bound 0)"
    lines = [
        f"Leggett-Garg test of sgn({answer['readout']}): {_system(answer, found)}, from {state}, {found.form} form",
        f"γ = {found.rate:.6g} {units['rate']}, τ = {found.tau:.6g} {units['time']}, contrast {answer['contrast']:.6f}",
        "",
        *output.columns(rows),
        "",
        f"by {answer['level']}: K3 - 1 = {answer['margin']:.6g} {judged[answer['violates']]}{wigner}",
        f"K4 = {answer['k4']:.6g} (bound 2) at τ = {answer['k4_tau']:.6g} {units['time']}",
        f"largest K3 = {answer['best_k3']:.6g} at τ = {answer['best_tau']:.6g} {units['time']}",
    ]
    if found.test.level == "converged" and found.test.correlator.spin:
        lines.append(f"{answer['levels']} levels on one side, all on the other; K3 error below {_error(answer)}")
    elif found.test.level == "converged":
        lines.append(f"{answer['levels']} levels in full, those above by Eq. 12; K3 error about {_error(answer)}")
    lines += [f"note: {text}" for text in answer["warnings"]]
    return "\n".join([*lines, *([f"written to {out}"] if out else [])])


def _system(answer: dict[str, Any], found: _Run) -> str:
    """What is tested: N of a collective spin dephased by what is read, else the model and its jump operator."""
    if found.test.correlator.spin:
        return f"N = {answer['spins']}"
    return f"{answer.get('model', 'lmg')} under {answer['jump']}"


def _error(answer: dict[str, Any]) -> str:
    return f"{max(answer['convergence_error'], 1e-15):.1e}"
