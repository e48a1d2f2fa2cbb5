"""The page Protocols: a Leggett-Garg test by every description, a sensor in time, noise of the atom number."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ...display import NOTHING, Table
from ...display import figure as number
from ...rates import units_of
from ..code import command, model_lines
from ..compute.dynamics import end_of
from ..compute.protocols import (
    DESCRIPTIONS,
    LEVELS,
    QUICK,
    SCHEMES,
    SENSORS,
    SETTINGS,
    SIGNALS,
    LeggettGargAnswer,
    NoiseAnswer,
    SensingAnswer,
    compute,
    spin_and_rate,
)
from ..figures.protocols import (
    HELD,
    draw_field_information,
    draw_k3,
    draw_noise,
    draw_noisy_coherence,
    draw_squeezing,
)
from ..jobs import Job
from ..parts import Picture, Setting, TypedSetting
from ..parts.tables import STYLE, table_html
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_HALF = {"flex": "1 1 min(420px, 100%)", "min-width": "0"}
_SHOWN = {"leggett-garg": "Leggett-Garg test", "sensing": "Sensing and squeezing", "noise": "Atom-number noise"}
_INITIAL = {
    "ground": "|E0⟩",
    "doublet-mixture": "mixture of |E0⟩ and |E1⟩",
    "thermal": "thermal, at T",
    "pointer": "pointer state |P⟩",
}
_QUICK = {"quick": "A, B, two-level, C", "all": "and all levels (seconds)"}
_SENSORS = {
    "ground": "|E0⟩",
    "excited": "|E1⟩",
    "pointer": "pointer state |P⟩",
    "spin-coherent": "spin-coherent",
    "spin-squeezed": "spin-squeezed",
}
_SCHEMES = {"repeated": "F per time (repeated)", "single": "F (single run)", "impulsive": "F of a rotation"}
_FIELDS = {"static": "static", "resonant": "at resonance, ω = ΔE"}
_TESTED = {name: f"{name}: {DESCRIPTIONS[name]}" for name in ("C", "B", "two-level")}

Answer = LeggettGargAnswer | SensingAnswer | NoiseAnswer


class View(Page):
    """The page."""

    title: ClassVar[str] = "Protocols"

    def __init__(self, host: Host) -> None:
        def choice(name: str, label: str, names: dict[str, str]) -> Setting:
            return Setting(host, f"protocols.{name}", label, names)

        self._show = choice("show", "Protocol", _SHOWN)
        self._end = TypedSetting(
            host, "protocols.end", "Last time", "2T2, or a time such as 14 ms", "2T2", named="t-end"
        )
        self._noise = TypedSetting(
            host, "protocols.noise", "Noise σ_N", "standard deviation, atoms", "2", named="noise"
        )
        self._choices = {
            "leggett-garg": (choice("initial", "Initial state", _INITIAL), choice("levels", "Descriptions", _QUICK)),
            "sensing": (
                choice("sensor", "Initial state", {name: _SENSORS[name] for name in SENSORS}),
                choice("signal", "The field couples to", {name: name for name in SIGNALS}),
                choice("field", "The field is", _FIELDS),
                choice("scheme", "The best time maximises", {name: _SCHEMES[name] for name in SCHEMES}),
            ),
            "noise": (choice("level", "Description", _TESTED),),
        }
        self._controls = pn.FlexBox(gap="16px", margin=(8, 0, 0, 0))
        self._status = pn.pane.HTML("", sizing_mode="stretch_width", stylesheets=[STYLE])
        self._k3 = Picture("protocols-k3", "K₃ against the interval", 430)
        self._field = Picture("protocols-fisher", "Fisher information of a field", 430)
        self._squeezing = Picture("protocols-squeezing", "Rotation and squeezing", 430)
        self._against = Picture("protocols-noise", "K₃ against the noise", 430)
        self._coherence = Picture("protocols-coherence", "Mean coherence in time", 430)
        for picture in (self._field, self._squeezing, self._against, self._coherence):
            picture.layout.styles = _HALF
        self._pictures = {
            "leggett-garg": (self._k3,),
            "sensing": (self._field, self._squeezing),
            "noise": (self._against, self._coherence),
        }
        self._groups = {
            name: pn.FlexBox(*(p.layout for p in pictures), gap="16px", visible=False, sizing_mode="stretch_width")
            for name, pictures in self._pictures.items()
        }
        self._table = pn.pane.HTML("", sizing_mode="stretch_width", stylesheets=[STYLE])
        self.layout = pn.Column(
            self._controls,
            self._status,
            *self._groups.values(),
            self._table,
            sizing_mode="stretch_width",
            min_width=0,
        )

    def follow(self, state: State) -> None:
        """The protocol, and the settings that it has."""
        controls: list[Any] = [self._show, *(c for group in self._choices.values() for c in group)]
        for control in (*controls, self._end, self._noise):
            control.follow(state)
        shown = self._show.value(state)
        entries: dict[str, tuple[TypedSetting, ...]] = {"sensing": (self._end,), "noise": (self._noise, self._end)}
        parts: list[Any] = [self._show.part]
        parts += [choice.part for choice in self._choices.get(shown, ())]
        parts += [entry.part for entry in entries.get(shown, ())]
        if list(self._controls.objects) != parts:
            self._controls.objects = parts

    def refuse(self, message: str) -> bool:
        """Beside the last time, or the noise."""
        return any([self._end.refuse(message), self._noise.refuse(message)])

    def compute(self, state: State, job: Job) -> Answer:
        """See `compute.protocols`."""
        return compute(state, job)

    def show(self, answer: Answer, dark: bool) -> None:
        """Draw it."""
        if isinstance(answer, LeggettGargAnswer):
            shown, status, table = "leggett-garg", leggett_garg_lines(answer), leggett_garg_table(answer)
            self._k3.show(draw_k3(answer, dark), _k3_described(answer))
        elif isinstance(answer, SensingAnswer):
            shown, status, table = "sensing", sensing_lines(answer), sensing_table(answer)
            self._field.show(draw_field_information(answer, dark), "Fisher information in time. " + status[0])
            self._squeezing.show(draw_squeezing(answer, dark), _squeezing_described(answer))
        else:
            shown, status, table = "noise", noise_lines(answer), noise_table(answer)
            self._against.show(draw_noise(answer, dark), "K3 against the noise of the atom number. " + status[0])
            said = f"Mean coherence in time at σ_N = {answer.width:g} atoms, with J and with J/N held"
            self._coherence.show(draw_noisy_coherence(answer, dark), said)
        for name, group in self._groups.items():
            group.visible = name == shown
        self._status.object = "".join(f'<p class="line" role="status">{escape(line)}</p>' for line in status)
        self._table.object = table_html(table)

    def python(self, state: State) -> str:
        """The protocol that is shown."""
        return _PYTHON[_options(state)["show"]](state)

    def command(self, state: State) -> str | None:
        """The commands `leggett-garg` and `metrology`; noise has none."""
        own = _options(state)
        if own["show"] == "noise":
            return None
        if own["show"] == "sensing":
            frequency = "resonant" if own["field"] == "resonant" else "0"
            words = ["--state", own["sensor"], "--signal", own["signal"], "--frequency", frequency]
            if frequency == "resonant" and own["sensor"] == "pointer":
                words += ["--phase", repr(0.5 * math.pi)]
            words += ["--scheme", own["scheme"], "--t-end", own["end"]]
            return command(state, "metrology", *words, bath=("gamma",))
        words = ["--initial", own["initial"], "--level", LEVELS[-1] if own["levels"] == "all" else QUICK[-1]]
        thermal = ("temperature",) if own["initial"] == "thermal" else ()
        return command(state, "leggett-garg", *words, bath=("gamma", *thermal))

    def data(self, answer: Answer) -> xarray.Dataset:
        """The curves."""
        if isinstance(answer, LeggettGargAnswer):
            return answer.curves
        return answer.course if isinstance(answer, SensingAnswer) else answer.dataset()


def _options(state: State) -> dict[str, str]:
    return {name: state.option(f"protocols.{name}", "") or default for name, default in SETTINGS.items()}


# --- Leggett-Garg ---------------------------------------------------------------------------------------------------
def leggett_garg_lines(answer: LeggettGargAnswer) -> list[str]:
    """The test in a sentence or two."""
    unit = str(answer.curves.tau.attrs.get("units", ""))
    at = f"τ = π/(3ΔE) = {number(answer.tau, 5)} {unit}, γ = {number(answer.gamma, 5)} "
    at += f"{answer.curves.attrs['gamma_units']}, contrast {answer.contrast:.5f}"
    first = f"Q = sgn(Jz) at times 0, τ, 2τ; macrorealism says K3 ≤ 1. At {at}:"
    return [first, *(f"{level}: {why}" for level, why in answer.missing.items())]


def leggett_garg_table(answer: LeggettGargAnswer) -> Table:
    """K3 and threshold by description, and the threshold over that of B."""
    unit = str(answer.curves.attrs["gamma_units"])
    limits = {row.level: row.threshold.gamma if row.threshold else None for row in answer.rows}
    base = limits.get("B")
    rows = []
    for row in answer.rows:
        limit = limits[row.level]
        over = NOTHING if limit is None or not base else number(limit / base, 4)
        judged = {True: "violates", False: "does not violate", None: "open"}[row.value.violates]
        error = number(row.value.error, 1) if row.value.error else "0"
        rows.append(
            (row.level, DESCRIPTIONS[row.level], number(row.value.value, 6), error, judged, number(limit, 5), over)
        )
    header = ("description", "", "K3", "error", "macrorealism", f"largest γ [{unit}]", "over B")
    return Table("K3 at the marked interval, and the dephasing rate that it bears", tuple(rows), header, (2, 3, 5, 6))


def _k3_described(answer: LeggettGargAnswer) -> str:
    said = ", ".join(f"{row.level} {row.value.value:.4f}" for row in answer.rows)
    return f"K3 against the interval, a line for each description; at the marked interval: {said}"


def _leggett_garg_python(state: State) -> str:
    own, system = _options(state), state.system()
    gamma = spin_and_rate(system)[2]
    levels = list(LEVELS if own["levels"] == "all" else QUICK)
    thermal = f", temperature={system.temperature!r}" if own["initial"] == "thermal" else ""
    return "\n".join(
        [
            "from einselect.plots import plot_k3",
            "from einselect.protocols import LeggettGarg, k3_by_level",
            *model_lines(state),
            f'test = LeggettGarg(model, "C", {own["initial"]!r}{thermal})',
            f"print(test.k3({gamma!r}), test.threshold())",
            f"curves = k3_by_level(test, {levels!r}, {gamma!r})",
            'plot_k3(curves).figure.savefig("k3.svg")',
        ]
    )


# --- sensing --------------------------------------------------------------------------------------------------------
def sensing_lines(answer: SensingAnswer) -> list[str]:
    """The best time, and how good the curves are."""
    course, best = answer.course, answer.best
    units = units_of(course.attrs["energy_unit"])
    edge = " (an end of the times: the best may lie beyond)" if best.at_edge else ""
    first = f"Best time: {number(best.time, 5)} {units['time']} = {number(best.time / answer.t2, 4)} T2{edge}."
    if best.effective_rate is not None:
        nearest = f", nearest to that of {best.nearest}" if best.nearest else ""
        first += f" The answer decays there at {number(best.effective_rate, 5)} {units['rate']}{nearest}."
    error = course.attrs["convergence_error"]
    settled = "all of them" if not error else f"curves settled to {error:.1e} of their maximum"
    return [first, f"{course.attrs['levels']} levels: {settled}."]


def sensing_table(answer: SensingAnswer) -> Table:
    """What an estimate with each of the three rates would have said."""
    unit = units_of(answer.course.attrs["energy_unit"])["rate"]
    rows = tuple(
        (
            estimate.name,
            number(estimate.rate, 5),
            number(estimate.time_ratio, 4) + ("+" if estimate.at_edge else ""),
            number(estimate.promised, 4),
            number(estimate.loss, 4),
        )
        for estimate in answer.best.estimates
    )
    header = ("estimate with the rate of", f"rate [{unit}]", "its best time", "promises", "loses")
    return Table("Estimates against the exact time and smallest field", rows, header, (1, 2, 3, 4))


def _squeezing_described(answer: SensingAnswer) -> str:
    course = answer.course
    first = float(course.qfi_rotation[0]) / course.attrs["spins"]
    last = float(course.qfi_rotation[-1]) / course.attrs["spins"]
    return f"F over N of a rotation falls from {first:.4g} to {last:.4g}; with the squeezing parameters, against time"


def _sensing_python(state: State) -> str:
    own, system = _options(state), state.system()
    gamma, end = spin_and_rate(system)[2], end_of(own["end"], system.rates, system.model)
    resonant = own["field"] == "resonant"
    further = ', frequency="resonant"' if resonant else ""
    further += f", phase={0.5 * math.pi!r}" if resonant and own["sensor"] == "pointer" else ""
    return "\n".join(
        [
            "import numpy as np",
            "",
            "from einselect.plots import plot_metrology",
            "from einselect.protocols import best_interrogation, metrology",
            *model_lines(state),
            f"times = np.linspace(0.0, {end!r}, 101)",
            f"course = metrology(model, {gamma!r}, {own['sensor']!r}, times, signal={own['signal']!r}{further})",
            f"best = best_interrogation(course, {own['scheme']!r})",
            'plot_metrology(course, best).savefig("metrology.svg")',
        ]
    )


# --- noise ----------------------------------------------------------------------------------------------------------
def noise_lines(answer: NoiseAnswer) -> list[str]:
    """Up to which noise K3 > 1, by what is held."""
    said = []
    for one in answer.held:
        limit = one.limit.value
        if limit is None:
            said.append(f"with {HELD[one.hold]} K3 does not exceed 1 without noise")
        elif math.isinf(limit):
            said.append(f"with {HELD[one.hold]} K3 > 1 up to σ_N = {number(one.limit.tried, 3)} and beyond")
        else:
            said.append(f"with {HELD[one.hold]} K3 > 1 up to σ_N = {number(limit, 3)} atoms")
    return [f"By {answer.level} ({DESCRIPTIONS[answer.level]}), {'; '.join(said)}."]


def noise_table(answer: NoiseAnswer) -> Table:
    """K3 over widths, by what is held."""
    rows = tuple(
        (number(float(width), 3), *(f"{number(one.k3[k].value, 5)}" for one in answer.held))
        for k, width in enumerate(answer.widths)
    )
    header = ("σ_N [atoms]", *(f"K3, {HELD[one.hold]}" for one in answer.held))
    return Table("K3, mean over shots", rows, header, (1, 2))


def _noise_python(state: State) -> str:
    own = _options(state)
    gamma = spin_and_rate(state.system())[2]
    top = 5.0 * float(own["noise"])
    return "\n".join(
        [
            "import numpy as np",
            "",
            "from einselect.plots import plot_noise",
            "from einselect.protocols import LeggettGarg, noise_scan",
            *model_lines(state),
            f"test = LeggettGarg(model, {own['level']!r})",
            f"widths = np.concatenate(([0.0], np.geomspace({0.02 * top!r}, {top!r}, 13)))",
            f"scan = noise_scan(test, {gamma!r}, widths)",
            'plot_noise(scan).savefig("noise.svg")',
        ]
    )


_PYTHON = {"leggett-garg": _leggett_garg_python, "sensing": _sensing_python, "noise": _noise_python}
