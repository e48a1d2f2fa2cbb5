"""The page Protocols: a Leggett-Garg test by every description, a sensor in time, noise of the atom number."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import panel as pn

from ..compute.leggett_garg import DESCRIPTIONS, LeggettGargAnswer
from ..compute.protocols import Answer, compute
from ..compute.sensing import SCHEMES, SENSORS, SIGNALS, SensingAnswer
from ..figures.protocols import draw_field_information, draw_k3, draw_noise, draw_noisy_coherence, draw_squeezing
from ..jobs import Job
from ..parts import Markup, Picture, Setting, TypedSetting
from ..parts.tables import STYLE, table_html
from ..state import State
from . import Host, Page
from .protocol_code import command_of, python_of
from .protocol_texts import (
    k3_described,
    leggett_garg_lines,
    leggett_garg_table,
    noise_lines,
    noise_table,
    sensing_lines,
    sensing_table,
    squeezing_described,
)

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
        self._status = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
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
        self._table = Markup(sizing_mode="stretch_width", stylesheets=[STYLE])
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
            self._k3.show(draw_k3(answer, dark), k3_described(answer))
        elif isinstance(answer, SensingAnswer):
            shown, status, table = "sensing", sensing_lines(answer), sensing_table(answer)
            self._field.show(draw_field_information(answer, dark), "Fisher information in time. " + status[0])
            self._squeezing.show(draw_squeezing(answer, dark), squeezing_described(answer))
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
        return python_of(state)

    def command(self, state: State) -> str:
        """Its command."""
        return command_of(state)

    def data(self, answer: Answer) -> xarray.Dataset:
        """The curves."""
        if isinstance(answer, LeggettGargAnswer):
            return answer.curves
        return answer.course if isinstance(answer, SensingAnswer) else answer.dataset()
