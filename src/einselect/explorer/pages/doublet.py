"""The page Doublet: states, levels, the three rates, and a verdict in words."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ...display import Page as Tables
from ...display import page as tables_of
from ...plots._doublet_frame import DoubletFrame
from ..code import bath_arguments, command, model_lines
from ..compute.doublet import DoubletAnswer, compute, dataset
from ..figures.doublet import draw_levels, draw_rates, draw_states
from ..jobs import Job
from ..parts import Markup, Picture
from ..parts.tables import STYLE, page_html
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_WIDE = {"flex": "3 1 min(460px, 100%)", "min-width": "0"}
_NARROW = {"flex": "1 1 min(280px, 100%)", "min-width": "0"}


class View(Page):
    """The page."""

    title: ClassVar[str] = "Doublet"

    def __init__(self, host: Host) -> None:
        self._verdict = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._numbers = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._states = Picture("doublet-states", "The states over the potential", 420)
        self._undrawn = Markup(styles={"flex": "1 1 100%"}, stylesheets=[STYLE])
        self._levels = Picture("doublet-levels", "Levels by parity", 420)
        self._rates = Picture("doublet-rates", "Three rates of decay", 240)
        for part, styles in ((self._states, _WIDE), (self._levels, _NARROW)):
            part.layout.styles = styles
        self._pictures = pn.FlexBox(self._states.layout, self._levels.layout, gap="16px", sizing_mode="stretch_width")
        self.layout = pn.Column(
            self._verdict, self._pictures, self._rates.layout, self._numbers, sizing_mode="stretch_width", min_width=0
        )

    def compute(self, state: State, job: Job) -> DoubletAnswer:
        """See `compute.doublet`."""
        return compute(state, job)

    def show(self, answer: DoubletAnswer, dark: bool) -> None:
        """Draw it."""
        tables = tables_of(answer.rates)
        self._verdict.object = verdict_html(tables)
        shown = [self._undrawn if answer.frame is None else self._states.layout, self._levels.layout]
        if self._pictures.objects != shown:
            self._pictures.objects = shown
        if answer.frame is None:
            self._undrawn.object = f'<p class="line"><b>No picture of the states:</b> {escape(answer.undrawn)}</p>'
        else:
            self._states.layout.heading = _heading(answer.frame)
            self._states.show(draw_states(answer.frame, dark), _described(answer.frame, answer))
        self._levels.show(draw_levels(answer, dark), f"Levels by parity. {tables.title}")
        self._rates.show(draw_rates(answer, dark), _rates_described(answer))
        self._numbers.object = page_html(tables)

    def python(self, state: State) -> str:
        """The three rates, their regime, and the picture."""
        lines = model_lines(state, ["dephasing_rates"])
        lines += [f"rates = dephasing_rates(model{bath_arguments(state)})", "print(rates)"]
        # Neither an aggregate of several wells nor the variational polaron has a coordinate.
        if state.model != "ring" and getattr(state.system().model, "modes", True):
            lines.insert(lines.index(""), "from einselect.plots import plot_doublet")
            lines += ['plot_doublet(rates.doublet).figure.savefig("doublet.svg")']
        return "\n".join(lines)

    def command(self, state: State) -> str:
        """The command `rates`."""
        return command(state, "rates")

    def data(self, answer: DoubletAnswer) -> xarray.Dataset:
        """Levels, what is drawn of the states, and all numbers."""
        return dataset(answer)


def verdict_html(tables: Tables) -> str:
    """The regime in words, the parameters, and every warning: the sentences that ``einselect rates`` prints."""
    parameters, regime = tables.lines
    head = f'<p class="verdict" role="status"><strong>{escape(regime)}</strong></p>'
    lines = "".join(f'<p class="line">{escape(line)}</p>' for line in (tables.title, parameters))
    remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in tables.remarks)
    return head + lines + remarks


def _heading(frame: DoubletFrame) -> str:
    if frame.coordinate is None:
        return "The states over the potential"
    return "Probability densities of the states over the adiabatic potential"


def _described(frame: DoubletFrame, answer: DoubletAnswer) -> str:
    along = frame.coordinate
    if along is None and answer.levels.parity_conserved:
        return (
            "Wavefunctions over the eigenvalue m of Jz: E0 and E1 reach into both wells, the pointer states P and R "
            f"sit in one well each. {answer.rates!r}"
        )
    if along is None:
        means = (f"{name} at {values**2 @ m:.4g}" for name, (m, values) in frame.curves.items())
        return f"Wavefunctions over the eigenvalue m of Jz in tilted wells: {', '.join(means)}. {answer.rates!r}"
    spread = math.sqrt(max(along.mean("P", 2) - along.mean("P") ** 2, 0.0))
    return (
        f"Probability densities over {along.symbol} = {along.meaning}, over the lowest energy of all else: "
        f"E0 and E1 are symmetric about 0, the pointer state P is at {along.mean('P'):.4g} and R at "
        f"{along.mean('R'):.4g}, each with a width of {spread:.3g}. {answer.rates!r}"
    )


def _rates_described(answer: DoubletAnswer) -> str:
    rates: Any = answer.rates
    values = {
        "energy eigenstates": rates.rate_eigenstate,
        "pointer states": rates.rate_pointer,
        "mean field": rates.rate_mean_field,
    }
    said = ", ".join(f"{name} {value:.5g}" for name, value in values.items() if value is not None)
    return f"Decay rates: {said}" if said else "Moments of the coherences; no dephasing rate is given"
