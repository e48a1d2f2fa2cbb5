# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""The page Window: where both rates mean something, along two parameters of a model and on the map of both."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import panel as pn

from ...display import page as tables_of
from ..axes import typed
from ..code import command
from ..compute.model_window import Cut, ModelWindow
from ..compute.window import WindowAnswer, compute, dataset, of_lmg
from ..figures.model_window import draw_along, draw_map, title_of
from ..figures.window import draw_over_field, draw_over_spins, draw_plane
from ..jobs import Job
from ..parts import Choice, Markup, Picture
from ..parts.tables import STYLE, page_html
from ..state import State
from . import Host, Page
from .window_code import commands_of, python_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray

_QUANTITY = "window.quantity"
_QUANTITIES = {"eta_mf": "η_MF, the mean-field ratio", "eta_exact": "η_exact"}
_SHORT = {"eta_mf": "η_MF", "eta_exact": "η_exact"}
_OF_LMG = (
    ("window-spins", "Ratios against N at this field"),
    ("window-field", "Ratios against the field at this N"),
    ("window-plane", "Map of N and field: click to move the point"),
)
_HALF = {"flex": "1 1 min(400px, 100%)", "min-width": "0"}


class View(Page):
    """The page."""

    title: ClassVar[str] = "Window"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._answer: WindowAnswer | ModelWindow | None = None
        self._asked: State | None = None
        self._wanted = "eta_mf"
        self._verdict = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._edges = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._curves = (Picture("window-spins", "", 380), Picture("window-field", "", 380))
        self._plane = Picture("window-plane", "", 480, self._clicked)
        self._name(_OF_LMG)
        for part in self._curves:
            part.layout.styles = _HALF
        self._quantity = Choice(label="Map of", options=list(_QUANTITIES.items()), value="eta_mf", width=260)
        self._quantity.on_chosen = lambda name: host.set_option(_QUANTITY, name)
        curves = (part.layout for part in self._curves)
        pictures = pn.FlexBox(*curves, gap="16px", sizing_mode="stretch_width")
        self.layout = pn.Column(
            self._verdict,
            pictures,
            self._quantity,
            self._plane.layout,
            self._edges,
            sizing_mode="stretch_width",
            min_width=0,
        )

    def follow(self, state: State) -> None:
        """The quantity of the map; one that there is not is the first."""
        wanted = state.option(_QUANTITY, "eta_mf")
        self._wanted = wanted if wanted in _QUANTITIES else "eta_mf"
        if self._wanted in [value for value, _ in self._quantity.options]:
            self._quantity.value = self._wanted

    def compute(self, state: State, job: Job) -> WindowAnswer | ModelWindow:
        """See `compute.window`: curves first, and where the map is not known, that when they are shown."""
        known = self._answer if isinstance(self._answer, ModelWindow) else None
        return compute(state, job, known, whole=self._asked == state)

    def show(self, answer: WindowAnswer | ModelWindow, dark: bool) -> None:
        """Draw it."""
        self._answer = answer
        if isinstance(answer, ModelWindow):
            self._offer(answer.quantities)
            self._show_model(answer, dark)
            if not answer.solved:
                self._asked = answer.state
                self._host.again()
        else:
            self._offer(tuple(_QUANTITIES))
            self._show_lmg(answer, dark)

    def _show_lmg(self, answer: WindowAnswer, dark: bool) -> None:
        self._name(_OF_LMG)
        tables = tables_of(answer.window)
        spins, field = answer.point
        here = f"present point N = {spins}, Γ/J = {field:.6g}"
        regime = answer.rates.regime
        self._verdict.object = (
            f'<p class="verdict" role="status"><strong>{escape(" ".join(tables.lines))}</strong></p>'
            f'<p class="line">{escape(tables.title)}; {escape(here)}: {escape(regime.name)} – '
            f"{escape(regime.summary)}.</p>"
        )
        sentence = " ".join(tables.lines)
        over_spins, over_field = self._curves
        over_spins.show(draw_over_spins(answer, dark), f"η_MF and η_exact against N. {sentence} The {here}.")
        over_field.show(draw_over_field(answer, dark), f"η_MF and η_exact against the field at N = {spins}.")
        quantity = self._quantity.value
        self._plane.show(
            draw_plane(answer, quantity, dark),
            f"Map of {quantity} over field and N with the lines where the conditions begin to fail; {here}. "
            "The sliders of N and field move the point as a click does.",
        )
        self._edges.object = page_html(tables)

    def _show_model(self, answer: ModelWindow, dark: bool) -> None:
        upright, across = (str(name) for name in answer.plane.eta_exact.dims)
        titles = [title_of(answer, cut.name) for cut in answer.cuts]
        both = f"{title_of(answer, upright)} and {title_of(answer, across)}"
        names = [(f"window-{cut.name}", f"Ratios against {t}") for cut, t in zip(answer.cuts, titles, strict=True)]
        hint = "click to move the point" if answer.solved else "it follows"
        self._name([*names, ("window-plane", f"Map of {both}: {hint}")])
        self._verdict.object = _verdict_html(answer)
        ratios = " and ".join(_SHORT[name] for name in answer.quantities)
        for place, (part, cut) in enumerate(zip(self._curves, answer.cuts, strict=True)):
            sentence = _sentence(cut)
            here = f"present value {cut.now:.6g}"
            part.show(draw_along(answer, place, dark), f"{ratios} against {titles[place]}. {sentence} The {here}.")
        quantity = self._quantity.value
        points = ", ".join(f"{cut.symbol} = {cut.now:.6g}" for cut in answer.cuts)
        self._plane.show(
            draw_map(answer, quantity, dark),
            f"Map of {_SHORT[quantity]} over {both} with the lines where the conditions begin to fail; present point "
            f"{points}. The sliders of the parameters move the point as a click does.",
        )
        self._edges.object = "".join(
            f'<p class="line">{escape(tables.title)}</p>{page_html(tables)}'
            for tables in (tables_of(cut.window) for cut in answer.cuts if cut.window)
            if tables.tables[0].rows
        )

    def _name(self, names: Sequence[tuple[str, str]]) -> None:
        """File names and headings of the pictures."""
        for part, (name, title) in zip((*self._curves, self._plane), names, strict=True):
            part.rename(name, title)

    def _offer(self, quantities: tuple[str, ...]) -> None:
        """The ratios that the map can show."""
        offered = [(name, text) for name, text in _QUANTITIES.items() if name in quantities]
        value = self._wanted if self._wanted in quantities else quantities[0]
        if self._quantity.options != offered or self._quantity.value != value:
            self._quantity.param.update(options=offered, value=value)

    def python(self, state: State) -> str:
        """The windows, and the curves; of a model other than LMG the map too."""
        if not of_lmg(state):
            return python_of(state.system(), self._model_answer(state))
        system = state.system()
        given = {name: system.parameters[name] for name in ("field", "coupling") if name in system.parameters}
        bath = {name: getattr(system, name) for name in ("gamma", "temperature") if getattr(system, name) is not None}
        arguments = ", ".join(f"{name}={value!r}" for name, value in (given | bath).items())
        point = ", ".join(f"{name}={value!r}" for name, value in given.items())
        return "\n".join(
            [
                "from einselect import find_window, sweep",
                "",
                f"print(find_window({arguments}))",
                f'curve = sweep(spins=range(20, 2001, 2), {point}, quantities=["eta_mf", "eta_exact"])',
                "print(curve)",
            ]
        )

    def command(self, state: State) -> str:
        """The command `window`."""
        if not of_lmg(state):
            return commands_of(state, self._model_answer(state))
        return command(state, "window", parameters=("field", "coupling"), bath=("gamma", "temperature"))

    def _model_answer(self, state: State) -> ModelWindow | None:
        """What is shown, where it is the answer to a state."""
        answer = self._answer
        same = isinstance(answer, ModelWindow) and answer.system.parameters == state.system().parameters
        return answer if isinstance(answer, ModelWindow) and same else None

    def data(self, answer: WindowAnswer | ModelWindow) -> xarray.Dataset:
        """The map, where it is solved, and the curves."""
        return dataset(answer)

    def _clicked(self, point: dict[str, Any]) -> None:
        """Move the point; a plain field is Γ/J beside a coupling with a unit, else in the unit of the coupling."""
        x, y = point.get("x"), point.get("y")
        if not isinstance(x, int | float) or not isinstance(y, int | float) or not math.isfinite(x + y):
            return
        if isinstance(self._answer, ModelWindow):
            system, names = self._answer.system, [str(name) for name in self._answer.plane.eta_exact.dims]
            self._host.set_entries({n: typed(system, n, v) for n, v in zip(names, (y, x), strict=True)})
            return
        if not 0.0 < x < 1.0:
            return
        source: Any = None if self._answer is None else self._answer.rates.doublet.source
        scale = source.coupling if source is not None and source.energy_unit == "plain" else 1.0
        self._host.set_entries({"spins": str(round(y)), "field": f"{scale * (1.0 - x):.6g}"})


def _sentence(cut: Cut) -> str:
    """The verdict along one parameter."""
    if cut.window is None:
        return f"Along {cut.symbol} there is nothing to look at: the model takes no value beside {cut.now:.6g} here."
    return " ".join(tables_of(cut.window).lines)


def _verdict_html(answer: ModelWindow) -> str:
    """The verdict along each parameter, the regime of the present point, and what is left out."""
    verdicts = "<br>".join(f"<strong>{escape(_sentence(cut))}</strong>" for cut in answer.cuts)
    points = ", ".join(f"{cut.symbol} = {cut.now:.6g}{f' {cut.unit}' if cut.unit else ''}" for cut in answer.cuts)
    regime, jump = answer.rates.regime, answer.rates.doublet.jump
    lines = [
        f"{answer.system.entry.title} under L = {jump}; present point {points}: {regime.name} – {regime.summary}.",
    ]
    if answer.quantities == ("eta_exact",):
        lines.append(f"L = {jump} has no mean-field estimate: there is no η_MF.")
    drawn = [cut.curve.eta_exact.values for cut in answer.cuts] + [answer.plane.eta_exact.values] * answer.solved
    if not all(np.isfinite(values).all() for values in drawn):
        lines.append("Nothing is drawn where no symmetry is broken: there are no pointer states there.")
    said = "".join(f'<p class="line">{escape(line)}</p>' for line in lines)
    return f'<p class="verdict" role="status">{verdicts}</p>{said}'
