# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""The page Window: where both rates mean something, over N and over the field."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ...display import page as tables_of
from ..code import command
from ..compute.window import WindowAnswer, compute, dataset
from ..figures.window import draw_over_field, draw_over_spins, draw_plane
from ..jobs import Job
from ..parts import Choice, Markup, Picture
from ..parts.tables import STYLE, page_html
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_QUANTITY = "window.quantity"
_QUANTITIES = {"eta_mf": "η_MF, the mean-field ratio", "eta_exact": "η_exact"}
_HALF = {"flex": "1 1 min(400px, 100%)", "min-width": "0"}


class View(Page):
    """The page."""

    title: ClassVar[str] = "Window"

    def __init__(self, host: Host) -> None:
        self._host = host
        self._answer: WindowAnswer | None = None
        self._verdict = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._edges = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._spins = Picture("window-spins", "Ratios against N at this field", 380)
        self._field = Picture("window-field", "Ratios against the field at this N", 380)
        self._plane = Picture("window-plane", "Map of N and field: click to move the point", 480, self._clicked)
        for part in (self._spins, self._field):
            part.layout.styles = _HALF
        self._quantity = Choice(label="Map of", options=list(_QUANTITIES.items()), value="eta_mf", width=260)
        self._quantity.on_chosen = lambda name: host.set_option(_QUANTITY, name)
        pictures = pn.FlexBox(self._spins.layout, self._field.layout, gap="16px", sizing_mode="stretch_width")
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
        self._quantity.value = wanted if wanted in _QUANTITIES else "eta_mf"

    def compute(self, state: State, job: Job) -> WindowAnswer:
        """See `compute.window`."""
        return compute(state, job)

    def show(self, answer: WindowAnswer, dark: bool) -> None:
        """Draw it."""
        self._answer = answer
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
        self._spins.show(draw_over_spins(answer, dark), f"η_MF and η_exact against N. {sentence} The {here}.")
        self._field.show(draw_over_field(answer, dark), f"η_MF and η_exact against the field at N = {spins}.")
        quantity = self._quantity.value
        self._plane.show(
            draw_plane(answer, quantity, dark),
            f"Map of {quantity} over field and N with the lines where the conditions begin to fail; {here}. "
            "The sliders of N and field move the point as a click does.",
        )
        self._edges.object = page_html(tables)

    def python(self, state: State) -> str:
        """The window, and the curve over N."""
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
        return command(state, "window", parameters=("field", "coupling"), bath=("gamma", "temperature"))

    def data(self, answer: WindowAnswer) -> xarray.Dataset:
        """The map and the curves."""
        return dataset(answer)

    def _clicked(self, point: dict[str, Any]) -> None:
        """Move the point; a plain field is Γ/J beside a coupling with a unit, else in the unit of the coupling."""
        x, y = point.get("x"), point.get("y")
        if not isinstance(x, int | float) or not isinstance(y, int | float) or not 0.0 < x < 1.0:
            return
        source: Any = None if self._answer is None else self._answer.rates.doublet.source
        scale = source.coupling if source is not None and source.energy_unit == "plain" else 1.0
        self._host.set_entries({"spins": str(round(y)), "field": f"{scale * (1.0 - x):.6g}"})
