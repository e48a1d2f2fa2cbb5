"""The page Dynamics: coherences with the naive exponentials, populations, the Bloch vector, the state on its sphere."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ... import _checks
from ..code import bath_arguments, command, model_lines
from ..compute.dynamics import SETTINGS, STATES, TOLERANCE, Course, compute, end_of
from ..figures.dynamics import draw_coherences, draw_populations, mark_time
from ..figures.spheres import VIEWS, draw_bloch, draw_husimi, move_bloch, move_husimi
from ..jobs import Job
from ..parts import Markup, Picture, Setting, Timeline, TypedSetting
from ..parts.tables import STYLE
from ..state import State
from . import Host, Page
from .dynamics_texts import (
    bloch_described,
    coherences_described,
    husimi_described,
    populations_described,
    shown_time,
    status_html,
    without_sphere,
)

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


@dataclass(frozen=True)
class Drawn:
    """What the pictures show."""

    course: Course
    dark: bool
    eye: str
    index: int


class View(Page):
    """The page."""

    title: ClassVar[str] = "Dynamics"

    def __init__(self, host: Host) -> None:
        self._known: Answer | None = None
        self._drawn: Drawn | None = None
        self._start = Setting(host, "dynamics.state", "Initial state", {name: _NAMED[name] for name in STATES})
        self._end = TypedSetting(
            host, "dynamics.end", "Last time", "2T2, or a time such as 14 ms", SETTINGS["end"], named="t-end"
        )
        levels = {"auto": "as many as it takes", "full": "all (whole symmetric sector)"}
        self._levels = Setting(host, "dynamics.levels", "Levels", levels)
        self._eye = Setting(host, "dynamics.view", "Bloch ball seen from", VIEWS)
        parts = (control.part for control in (self._start, self._end, self._levels, self._eye))
        controls = pn.FlexBox(*parts, gap="16px", margin=(8, 0, 0, 0))
        self._status = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._timeline = Timeline(label="Time shown", sizing_mode="stretch_width")
        self._timeline.on_moved = lambda _: self._move()
        self._timeline.on_settled = lambda place: host.set_option("dynamics.time", str(place))
        self._coherences = Picture("dynamics-coherences", "Coherences, and what naive exponentials say", 400)
        self._populations = Picture("dynamics-populations", "Populations and leakage", 400)
        self._bloch = Picture("dynamics-bloch", "Bloch vector of the doublet", 400)
        self._sphere = Picture("dynamics-husimi", "Husimi function on the sphere, seen from +x and from −x", 400)
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
        for control in (self._start, self._end, self._levels, self._eye):
            control.follow(state)
        text = state.option("dynamics.time", "")
        if text.isdecimal() and len(text) < 6 and int(text) != self._timeline.index:
            self._timeline.index = min(int(text), max(self._timeline.count - 1, 0)) if self._known else int(text)

    def refuse(self, message: str) -> bool:
        """Beside the last time."""
        return self._end.refuse(message)

    def compute(self, state: State, job: Job) -> Answer:
        """The course: the one that is there, where only another time of it is to be shown."""
        _checks.one_of("view", self._eye.value(state), VIEWS)
        key, known = _key(state), self._known
        if known is not None and known[0] == key:
            return known
        course = compute(state, job)
        if course.on_sphere:
            course.husimi(0)  # what takes time there is kept by the course
        return key, course

    def show(self, answer: Answer, dark: bool) -> None:
        """Draw it."""
        course, eye = answer[1], self._eye.part.value
        self._known = answer
        if self._drawn is not None and (self._drawn.course, self._drawn.dark, self._drawn.eye) == (course, dark, eye):
            self._move()
            return
        count = len(course.times)
        self._timeline.param.update(count=count, stride=max(1, count // _FRAMES))
        if self._timeline.index >= count:
            self._timeline.index = count - 1
        self._status.object = status_html(course)
        self._draw(Drawn(course, dark, eye, self._index(course)))

    def _index(self, course: Course) -> int:
        return min(max(self._timeline.index, 0), len(course.times) - 1)

    def _draw(self, now: Drawn) -> None:
        """Draw everything."""
        course, index, dark = now.course, now.index, now.dark
        self._drawn = now
        self._coherences.show(draw_coherences(course, index, dark), coherences_described(course, index))
        self._populations.show(draw_populations(course, index, dark), populations_described(course, index))
        self._bloch.show(draw_bloch(course, index, dark, now.eye), bloch_described(course, index))
        self._with_sphere.visible = course.on_sphere
        self._no_sphere.param.update(visible=not course.on_sphere, object=without_sphere(course))
        if course.on_sphere:
            self._sphere.show(draw_husimi(course, index, dark), husimi_described(course, index))
        self._timeline.shown = shown_time(course, index)

    def _move(self) -> None:
        """Show another time of what is drawn: only what changes with it is sent."""
        was = self._drawn
        if was is None or (index := self._index(was.course)) == was.index:
            return
        course = was.course
        self._drawn = replace(was, index=index)
        mark = mark_time(course, index, was.dark)
        self._coherences.move(mark, coherences_described(course, index))
        self._populations.move(mark, populations_described(course, index))
        self._bloch.move(move_bloch(course, index, was.dark, was.eye), bloch_described(course, index))
        if course.on_sphere:
            self._sphere.move(move_husimi(course, index), husimi_described(course, index))
        self._timeline.shown = shown_time(course, index)

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
