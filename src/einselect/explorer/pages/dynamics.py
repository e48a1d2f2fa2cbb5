"""The page Dynamics: coherences with the naive exponentials, populations, the Bloch vector, the state on its sphere."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ...display import figure as number
from ...rates import units_of
from ..code import bath_arguments, command, model_lines
from ..compute.dynamics import SETTINGS, STATES, TOLERANCE, Course, compute, end_of
from ..figures.dynamics import draw_bloch, draw_coherences, draw_husimi, draw_populations
from ..figures.lines import time_axis
from ..jobs import Job
from ..parts import Markup, Picture, Setting, Timeline, TypedSetting
from ..parts.tables import STYLE
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_HALF = {"flex": "1 1 min(420px, 100%)", "min-width": "0"}
_NAMED = {
    "eigen-superposition": "(|E0⟩ + |E1⟩)/√2: ρ_01 = ½",
    "ground": "|E0⟩: ρ_PR = ½",
    "spin-coherent": "spin-coherent, right well",
}
_FRAMES = 50

Answer = tuple[tuple[Any, ...], Course]


class View(Page):
    """The page."""

    title: ClassVar[str] = "Dynamics"

    def __init__(self, host: Host) -> None:
        self._known: Answer | None = None
        self._drawn: tuple[int, bool] | None = None
        self._dark = False
        self._start = Setting(host, "dynamics.state", "Initial state", {name: _NAMED[name] for name in STATES})
        self._end = TypedSetting(
            host, "dynamics.end", "Last time", "2T2, or a time such as 14 ms", SETTINGS["end"], named="t-end"
        )
        levels = {"auto": "as many as it takes", "full": "all (whole symmetric sector)"}
        self._levels = Setting(host, "dynamics.levels", "Levels", levels)
        controls = pn.FlexBox(self._start.part, self._end.part, self._levels.part, gap="16px", margin=(8, 0, 0, 0))
        self._status = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._timeline = Timeline(label="Time shown", sizing_mode="stretch_width")
        self._timeline.on_moved = lambda _: self._at_time()
        self._timeline.on_settled = lambda place: host.set_option("dynamics.time", str(place))
        self._coherences = Picture("dynamics-coherences", "Coherences, and what naive exponentials say", 400)
        self._populations = Picture("dynamics-populations", "Populations and leakage", 400)
        self._bloch = Picture("dynamics-bloch", "Bloch vector of the doublet", 400)
        self._sphere = Picture("dynamics-husimi", "Husimi function on the sphere, seen from +x", 400)
        self._no_sphere = Markup(visible=False, sizing_mode="stretch_width", stylesheets=[STYLE])
        pictures = (self._coherences, self._populations, self._bloch)
        for picture in pictures:
            picture.layout.styles = _HALF
        self._with_sphere = pn.Column(self._sphere.layout, styles=_HALF, min_width=0)
        self.layout = pn.Column(
            controls,
            self._status,
            self._timeline,
            pn.FlexBox(
                *(picture.layout for picture in pictures), self._with_sphere, gap="16px", sizing_mode="stretch_width"
            ),
            self._no_sphere,
            sizing_mode="stretch_width",
            min_width=0,
        )

    def follow(self, state: State) -> None:
        """The initial state, last time, levels, and the time that is shown."""
        for control in (self._start, self._end, self._levels):
            control.follow(state)
        text = state.option("dynamics.time", "")
        if text.isdecimal() and len(text) < 6 and int(text) != self._timeline.index:
            self._timeline.index = min(int(text), max(self._timeline.count - 1, 0)) if self._known else int(text)

    def refuse(self, message: str) -> bool:
        """Beside the last time."""
        return self._end.refuse(message)

    def compute(self, state: State, job: Job) -> Answer:
        """The course: the one that is there, where only another time of it is to be shown."""
        key, known = _key(state), self._known
        return known if known is not None and known[0] == key else (key, compute(state, job))

    def show(self, answer: Answer, dark: bool) -> None:
        """Draw it."""
        course = answer[1]
        other = self._known is None or self._known[1] is not course or dark != self._dark
        self._known, self._dark = answer, dark
        if not other:
            self._at_time()
            return
        self._drawn = None
        count = len(course.times)
        self._timeline.param.update(count=count, stride=max(1, count // _FRAMES))
        if self._timeline.index >= count:
            self._timeline.index = count - 1
        self._status.object = status_html(course)
        self._at_time()

    def _at_time(self) -> None:
        """Draw what depends on the time that is shown; nothing where it is drawn already."""
        if self._known is None:
            return
        course = self._known[1]
        index = min(max(self._timeline.index, 0), len(course.times) - 1)
        if self._drawn == (index, self._dark):
            return
        self._drawn = index, self._dark
        at = shown_time(course, index)
        self._coherences.show(draw_coherences(course, index, self._dark), coherences_described(course, index))
        self._populations.show(draw_populations(course, index, self._dark), populations_described(course, index))
        self._bloch.show(draw_bloch(course, index, self._dark), bloch_described(course, index))
        self._with_sphere.visible = course.on_sphere
        self._no_sphere.param.update(visible=not course.on_sphere, object=_without_sphere(course))
        if course.on_sphere:
            q = course.husimi(index)
            said = f"Husimi function at {at}: largest value {float(q.max()):.4f}"
            self._sphere.show(draw_husimi(q, course.husimi_top, self._dark), said)
        self._timeline.shown = at

    def python(self, state: State) -> str:
        """The run and its picture."""
        system, options = state.system(), _options(state)
        end = end_of(options["end"], system.rates, system.model)
        natural = system.entry.jumps[0]
        operator = repr(system.jump or natural)
        if hasattr(system.model, "operator"):
            operator = f"model.operator({operator})"
        levels = ', levels="full"' if options["levels"] == "full" else ""
        lines = model_lines(state, ["JumpOperator", "dephasing_rates"])
        lines[0] = "import numpy as np\n\n" + lines[0]
        at = next(k for k, line in enumerate(lines) if not line)
        lines[at:at] = ["from einselect.dynamics import evolve", "from einselect.plots import plot_coherences"]
        return "\n".join(
            [
                *lines,
                f"rates = dephasing_rates(model{bath_arguments(state)})",
                f"jumps = [JumpOperator({operator}, rates.gamma)]",
                f"times = np.linspace(0.0, {end!r}, 201)",
                f"run = evolve(model, jumps, {options['state']!r}, times{levels}, tolerance={TOLERANCE:g})",
                'naive = {"eigenstate": rates.rate_eigenstate, "pointer": rates.rate_pointer}',
                'plot_coherences(run, naive=naive).figure.savefig("coherences.svg")',
            ]
        )

    def command(self, state: State) -> str:
        """The command `evolve`."""
        options, system = _options(state), state.system()
        words = ["--state", options["state"], "--t-end", options["end"], "--points", "201"]
        words += ["--levels", options["levels"], "--tolerance", f"{TOLERANCE:g}"]
        if system.jump is None:
            return command(state, "evolve", *words, bath=("gamma",))
        return command(state, "evolve", "--jump", f"{system.jump}={state.entries['gamma']}", *words, bath=())

    def data(self, answer: Answer) -> xarray.Dataset:
        """The run."""
        course = answer[1]
        rates = {f"rate_{name.replace(' ', '_')}": rate for name, rate in course.naive.items()}
        return course.data.assign_attrs(rates)


def _key(state: State) -> tuple[Any, ...]:
    """What the course depends on."""
    bath = {name: text for name, text in state.entries.items() if name != "temperature"}
    return state.model, tuple(bath.items()), tuple(_options(state).items())


def _options(state: State) -> dict[str, str]:
    return {name: state.option(f"dynamics.{name}", "") or default for name, default in SETTINGS.items()}


def shown_time(course: Course, index: int) -> str:
    """A time as people write it, and in units of T2."""
    unit = str(course.data.time.attrs.get("units", ""))
    factor, _ = time_axis(float(course.times[-1]), unit)
    prefix = {1e3: "ms", 1e6: "µs", 1e9: "ns", 1e12: "ps"}.get(factor, "s") if unit == "s" else ""
    plain = prefix or ("ħ/J" if unit == "ħ/J" else "(ħ = 1)")
    t2 = course.rates.t2_eigenstate
    relative = f" = {number(float(course.times[index]) / t2, 3)} T2" if t2 else ""
    return f"t = {number(float(course.times[index]) * factor, 4)} {plain}{relative}"


def status_html(course: Course) -> str:
    """How the run was done, how well, and the three rates."""
    attributes = course.data.attrs
    rate = units_of(course.model.energy_unit)["rate"]
    levels = int(attributes["levels"])
    if "error_estimate" in attributes:
        quality = f"all {levels} levels, estimated error {course.error:.1e}"
    else:
        quality = f"{levels} levels, truncation error below {course.error:.1e}"
    if not attributes.get("complete", 1):
        quality += "; stopped before the last time"
    named = {"eigenstate": "Γ_01", "pointer": "Γ_PR", "mean field": "γ G_loc"}
    rates = ", ".join(f"{named[name]} = {number(value, 5)} {rate}" for name, value in course.naive.items())
    lines = [f"Lindblad equation under {course.jump.operator.name}: {quality}."]
    lines.append(
        f"Naive exponentials: {rates}." if rates else "No coherence starts at ½: there is no naive exponential."
    )
    return "".join(f'<p class="line" role="status">{escape(line)}</p>' for line in lines)


def coherences_described(course: Course, index: int) -> str:
    """What the curves are at the time that is shown."""
    data, at = course.data, shown_time(course, index)
    rho_01, rho_pr = complex(data.rho_01.values[index]), complex(data.rho_pr.values[index])
    return (
        f"Coherences in time. At {at}: |ρ_01| = {abs(rho_01):.4f}, Re ρ_PR = {rho_pr.real:.4f}, "
        f"Im ρ_PR = {rho_pr.imag:.4f}"
    )


def populations_described(course: Course, index: int) -> str:
    """What the populations are at the time that is shown."""
    even, odd = course.data.populations.values[index, :2]
    leakage = float(course.data.leakage.values[index])
    return f"Populations in time. At {shown_time(course, index)}: {even:.4f} and {odd:.4f}, leakage {leakage:.4f}"


def bloch_described(course: Course, index: int) -> str:
    """Where the Bloch vector is."""
    x, y, z = course.bloch[index]
    return (
        f"Bloch vector, E0 at the top, pointer state P in front. At {shown_time(course, index)}: 2 Re ρ_01 = {x:.4f}, "
        f"-2 Im ρ_01 = {y:.4f}, ρ_00 - ρ_11 = {z:.4f}"
    )


def _without_sphere(course: Course) -> str:
    """Why there is no sphere."""
    from ...errors import InputError

    try:
        course.husimi(0)
    except InputError as error:
        return f'<p class="line">{escape(f"No Husimi function here: {error}.")}</p>'
    return ""
