"""The page Systems: a model at its own parameters, its levels, its jump operators, and all systems side by side."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ...display import page as tables_of
from ...errors import EinselectError
from ...sweeps import SystemComparison
from ..code import bath_arguments, command, model_lines
from ..compute.doublet import DoubletAnswer
from ..compute.systems import SETTINGS, SystemAnswer, SystemsAnswer, axes_of, compute, curve_key
from ..figures.doublet import draw_levels
from ..figures.systems import ROW, draw_atlas, draw_comparison, draw_curve
from ..jobs import Job
from ..parts import Markup, Picture, Setting, TypedSetting
from ..parts.tables import STYLE, page_html
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_HALF = {"flex": "1 1 min(380px, 100%)", "min-width": "0"}
_SYSTEMS = 22  # of the comparison, and some for its axis and legend

Answer = tuple[tuple[Any, ...], SystemsAnswer]


class View(Page):
    """The page."""

    title: ClassVar[str] = "Systems"

    def __init__(self, host: Host) -> None:
        self._comparison: SystemComparison | None = None
        self._curves: tuple[tuple[Any, ...], xarray.Dataset] | None = None
        self._levels = TypedSetting(
            host, "systems.levels", "Levels", "how many to show, 2 to 40", SETTINGS["levels"], named="levels"
        )
        self._along = Setting(host, "systems.along", "η along", {"none": "no parameter"})
        self._compare = Setting(host, "systems.compare", "Show", {"no": "this model", "yes": "and all systems"})
        controls = pn.FlexBox(self._levels.part, self._along.part, self._compare.part, gap="16px", margin=(8, 0, 0, 0))
        self._head = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._numbers = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._diagram = Picture("systems-levels", "Levels by parity", 400)
        self._atlas = Picture("systems-atlas", "What each jump operator spares", 400)
        self._curve = Picture("systems-curve", "η along a parameter", 400)
        for picture in (self._diagram, self._atlas):
            picture.layout.styles = _HALF
        self._all = Picture("systems-comparison", "All systems of the package", ROW * (_SYSTEMS + 4))
        self._table = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
        self._further = pn.Column(self._curve.layout, visible=False, styles=_HALF, min_width=0)
        self._together = pn.Column(
            self._all.layout, self._table, visible=False, sizing_mode="stretch_width", min_width=0
        )
        pictures = (self._diagram.layout, self._atlas.layout, self._further)
        self.layout = pn.Column(
            controls,
            self._head,
            pn.FlexBox(*pictures, gap="16px", sizing_mode="stretch_width"),
            self._numbers,
            self._together,
            sizing_mode="stretch_width",
            min_width=0,
        )

    def follow(self, state: State) -> None:
        """The parameters of the model of the state, and the settings."""
        try:
            entry, axes = state.system().entry, axes_of(state)
        except EinselectError:  # what is wrong is said elsewhere: the choice stays
            axes = ()
        if axes:
            symbols = {p.name: p.symbol for p in entry.parameters}
            self._along.offer({"none": "no parameter", **{name: f"{symbols[name]} ({name})" for name in axes}})
        for control in (self._levels, self._along, self._compare):
            control.follow(state)

    def refuse(self, message: str) -> bool:
        """Beside the number of levels."""
        return self._levels.refuse(message)

    def compute(self, state: State, job: Job) -> Answer:
        """See `compute.systems`; a curve is made, and all systems are compared, once."""
        kept = self._curves
        known = kept[1] if kept is not None and kept[0] == curve_key(state) else None
        return curve_key(state), compute(state, job, known, self._comparison)

    def show(self, answer: Answer, dark: bool) -> None:
        """Draw it."""
        key, found = answer
        one = found.answer
        self._head.object = head_html(one)
        levels = DoubletAnswer(one.rates, None, one.levels)
        self._diagram.show(draw_levels(levels, dark), f"Levels by parity of {one.system.entry.title}")
        self._atlas.show(draw_atlas(one.atlas, dark), _atlas_described(one))
        self._numbers.object = "".join(page_html(tables_of(part)) for part in (one.rates, one.atlas, one.levels))
        self._further.visible = found.curve is not None
        if found.curve is not None:
            self._curves = key, found.curve
            now = float(getattr(one.system.model, found.axis))
            drawn = draw_curve(found.curve, one.system.entry, found.axis, now, dark)
            self._curve.show(drawn, f"Ratio of the rates along {found.axis}, {found.curve.sizes[found.axis]} points")
        self._comparison = found.comparison or self._comparison
        self._together.visible = found.comparison is not None
        if found.comparison is not None:
            said = f"η of {len(found.comparison.rows)} pairs of a system and a jump operator"
            self._all.show(draw_comparison(found.comparison, dark), said)
            self._table.object = page_html(tables_of(found.comparison))

    def python(self, state: State) -> str:
        """Doublet, levels and jump operators."""
        own = {name: state.option(f"systems.{name}", "") or default for name, default in SETTINGS.items()}
        lines = [*model_lines(state, ["dephasing_rates"])]
        lines.insert(1, "from einselect.sweeps import bath_atlas, compare_systems")
        lines += [f"print(dephasing_rates(model{bath_arguments(state)}))", f"print(model.levels({own['levels']}))"]
        system = state.system()
        named = "" if hasattr(system.model, "operator") else f", {list(system.entry.jumps)!r}"
        lines.append(f"print(bath_atlas(model{named}))")
        return "\n".join([*lines, *(["print(compare_systems())"] if own["compare"] == "yes" else [])])

    def command(self, state: State) -> str:
        """The command `levels`, or `compare`."""
        if state.option("systems.compare", "no") == "yes":
            return "einselect compare"
        count = state.option("systems.levels", "") or SETTINGS["levels"]
        return command(state, "levels", "--count", count, bath=())

    def data(self, answer: Answer) -> xarray.Dataset:
        """The curve, or jump operators and levels."""
        return answer[1].dataset()


def head_html(answer: SystemAnswer) -> str:
    """The Hamiltonian, the parameters, and the verdict on the doublet."""
    entry, tables = answer.system.entry, tables_of(answer.rates)
    lines = (f"H = {entry.hamiltonian}", *tables.lines)
    head = f'<p class="verdict" role="status"><strong>{escape(entry.title)}</strong></p>'
    remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in tables.remarks)
    return head + "".join(f'<p class="line">{escape(line)}</p>' for line in lines) + remarks


def _atlas_described(answer: SystemAnswer) -> str:
    rows: list[Any] = [row for row in answer.atlas.rows if row.eta is not None]
    said = ", ".join(f"{row.jump} {row.eta:.3f}" for row in rows)
    return f"η under each jump operator: {said}"
