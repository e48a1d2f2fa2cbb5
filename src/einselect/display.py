"""Answers as tables: one description of what to show, rendered for terminals, notebooks and the command line.

`page` turns an answer into a `Page`: a title, sentences, tables of (label, value, unit, note). `text` and `html`
render pages. Nothing is computed here but the way a number is written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from html import escape
from typing import Any

from .doublet import Doublet
from .levels import DickeVector, Levels, Quality
from .rates import DephasingRates, units_of
from .regime import Condition, Regime
from .spin import Jz
from .window import Window

WIDTH = 80
"""Columns of a printed page."""

NOTHING = "–"
"""What stands where there is no number."""


@dataclass(frozen=True)
class Table:
    """A table of strings.

    Attributes
    ----------
    title : str
    rows : tuple of tuple of str
    header : tuple of str
        Names of the columns; empty for rows of (label, value, unit, note).
    numbers : tuple of int
        Columns aligned on the right and never wrapped.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()
    numbers: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Page:
    """What is shown of one answer: a title, sentences under it, tables, and remarks below them."""

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()


# --- numbers -----------------------------------------------------------------------------------------------------


def figure(value: float | None, digits: int = 6) -> str:
    """A number to `digits` significant digits.

    >>> figure(0.0176097065), figure(6674.0), figure(None), figure(-3.25e-9, 3)
    ('0.0176097', '6674', '–', '-3.25e-9')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def from_log10(log10: float, digits: int = 6) -> str:
    """A positive number by its decimal logarithm, also where it is below the smallest double.

    >>> from_log10(-866.5), from_log10(-1.754247883)
    ('3.16228e-867', '0.0176097')
    """
    if -300.0 < log10 < 300.0:
        return figure(10.0**log10, digits)
    exponent = math.floor(log10)
    mantissa = f"{10.0 ** (log10 - exponent):.{digits}g}"
    if float(mantissa) >= 10.0:
        mantissa, exponent = "1", exponent + 1
    return f"{mantissa}e{exponent}"


def _resolved(value: float, error: float) -> str:
    """A number to 12 digits, or 0 where it is within its own error of it: no rounding noise is shown."""
    return "0" if abs(value) <= error else figure(value, 12)


@dataclass(frozen=True)
class _Units:
    """How energies, rates and times of one answer are written."""

    energy: str
    rate: str
    time: str
    physical: bool

    @classmethod
    def of(cls, energy_unit: str, coupling: float = 1.0) -> _Units:
        if energy_unit == "rad/s":
            return cls("rad/s", "1/s", "s", physical=True)
        if coupling == 1.0:
            return cls(**units_of(energy_unit), physical=False)
        return cls("", "", "", physical=False)  # a plain coupling other than 1: its unit is the user's own

    def also(self, kind: str, value: float | None) -> str:
        """The same number as laboratories write it, where there are physical units."""
        if not self.physical or value is None or not math.isfinite(value) or abs(value) < 1e-12:
            return ""
        from . import quantities

        if kind == "energy":
            return f"{quantities.format_energy(value, 5)} (E/h)"
        return (quantities.format_temperature if kind == "temperature" else quantities.format_time)(value, 5)


# --- rows --------------------------------------------------------------------------------------------------------


def _units(doublet: Doublet) -> _Units:
    return _Units.of(doublet.energy_unit, getattr(doublet.source, "coupling", 1.0))


def _title(doublet: Doublet) -> str:
    source: Any = doublet.source
    name = type(source).__name__
    ratio, phase = getattr(source, "field_ratio", None), getattr(source, "phase", None)
    title = f"{name} model: N = {doublet.spins}"
    if ratio is not None:
        title += f", Γ/J = {figure(ratio, 10)}"
    return title + (f", {phase} phase" if phase in ("ordered", "disordered") else f", {phase}" if phase else "")


def _parameters(doublet: Doublet, gamma: float | None = None, temperature: float | None = None) -> str:
    units = _units(doublet)
    found = []
    coupling = getattr(doublet.source, "coupling", None)
    if coupling is not None:
        also = units.also("energy", coupling)
        found.append(f"J = {figure(coupling, 10)}" + (f" rad/s = {also}" if also else ""))
    if gamma is not None:
        found.append(f"γ = {figure(gamma, 10)} {units.rate}".rstrip())
    if temperature is not None:
        also = units.also("temperature", temperature)
        found.append(f"T = {also}" if also else f"k_B T = {figure(temperature, 10)} {units.energy}".rstrip())
    if not units.physical:
        found.append("ħ = 1")
    return ", ".join(found)


def _doublet_table(d: Doublet) -> Table:
    units = _units(d)
    unit = units.energy
    log10 = d.log10_gap_ratio
    rows = [
        ("E0 (even)", figure(d.e0, 12), unit, ""),
        ("E1 (odd)", figure(d.e1, 12), unit, ""),
        ("ΔE = E1 - E0", from_log10(d.log10_splitting, 8), unit, units.also("energy", d.splitting)),
        ("log10 ΔE", figure(d.log10_splitting, 10), "", f"ln ΔE = {figure(d.log_splitting, 10)}"),
        ("E2 - E0", figure(d.gap), unit, units.also("energy", d.gap)),
        ("(E2-E0)/(E1-E0)", NOTHING if log10 is None else from_log10(log10), "", ""),
        ("J01", figure(d.j01, 8), "", "<E0|Jz|E1>"),
    ]
    if d.order_parameter is not None:
        rows += [
            ("m*", figure(d.order_parameter, 8), "", "order parameter: wells at ±N m*/2"),
            ("depletion", figure(d.depletion), "", "N m*/2 - J01"),
            ("B", figure(d.enhancement), "", "many-body enhancement, η_MF = 2B"),
        ]
    rows.append(("leakage", figure(d.leakage), "", "G01 - J01²"))
    return Table("Doublet", tuple(rows))


def _coherence_table(rates: DephasingRates) -> Table:
    """The three coherences: moment, ratio to that of the eigenstates; rate and T2 where γ is known."""
    d = rates.doublet
    units = _units(d)
    cases = (
        ("ρ_01 energy eigenstates", "G01", d.g01, 1.0, rates.rate_eigenstate),
        ("ρ_PR pointer states", "G01 + J01²", d.g01 + d.j01**2, d.eta_exact, rates.rate_pointer),
        ("ρ_PR mean field", "G_loc", d.g_loc, d.eta_mf, rates.rate_mean_field),
    )
    known = rates.gamma is not None
    header: tuple[str, ...] = ("coherence", "moment", "value", "η")
    if known:
        header += (f"rate [{units.rate}]" if units.rate else "rate", f"T2 [{units.time}]" if units.time else "T2")
    rows = []
    for name, symbol, moment, ratio, rate in cases:
        row: tuple[str, ...] = (name, symbol, figure(moment), figure(ratio, 7))
        if known:
            row += (figure(rate, 5), figure(1.0 / rate if rate else (math.inf if rate is not None else None), 5))
        rows.append(row)
    return Table(
        "Coherences: moment of Jz, its ratio η to G01" + (", rate, T2" if known else ""),
        tuple(rows),
        header,
        (2, 3, 4, 5),
    )


def verdict(condition: Condition) -> str:
    """Pass, FAIL, or what is missing."""
    return {True: "pass", False: "FAIL", None: "not known"}[condition.holds]


def _condition_value(condition: Condition) -> str:
    """Its number; beyond the range of a double on either side, the bound that it passed."""
    if condition.value is None and condition.holds:
        return "> 1e308"
    return "< 1e-308" if condition.value == 0.0 else figure(condition.value, 5)


def _condition_table(conditions: Sequence[Condition]) -> Table:
    rows = tuple((c.name, c.requirement, _condition_value(c), verdict(c)) for c in conditions)
    return Table("Conditions", rows, ("condition", "requirement", "value", "verdict"), (2,))


def _quality_table(quality: Quality, unit: str) -> Table:
    low, high = quality.window
    rows = [
        ("energy error", figure(quality.energy_error, 2), unit, "bound on rounding and truncation"),
        ("ΔE relative error", figure(quality.log_splitting_error, 2), "", "estimate"),
        ("state error", figure(quality.vector_error, 2), "", f"solved on {figure(low)} <= |m| <= {figure(high)}"),
    ]
    return Table("Quality", tuple(rows))


# --- pages -------------------------------------------------------------------------------------------------------


@singledispatch
def page(answer: object) -> Page:
    """What to show of an answer.

    Parameters
    ----------
    answer : Doublet, DephasingRates, Levels, Window, Regime, or DickeVector

    Returns
    -------
    Page
    """
    raise TypeError(f"answer must be one that einselect gives; got {type(answer).__name__}")


@page.register
def _(answer: DephasingRates) -> Page:
    d = answer.doublet
    return Page(
        _title(d),
        (_parameters(d, answer.gamma, answer.temperature), _regime_line(answer.regime)),
        (
            _doublet_table(d),
            _coherence_table(answer),
            _condition_table(answer.regime.conditions),
            _quality_table(d.quality, _units(d).energy),
        ),
        tuple(f"Warning: {w}." for w in answer.warnings),
    )


@page.register
def _(answer: Doublet) -> Page:
    rates = DephasingRates(answer)
    return Page(
        _title(answer),
        (_parameters(answer), _regime_line(rates.regime)),
        (
            _doublet_table(answer),
            _coherence_table(rates),
            _quality_table(answer.quality, _units(answer).energy),
        ),
    )


@page.register
def _(answer: Levels) -> Page:
    jz, square = answer.matrix(Jz), answer.matrix(Jz @ Jz)
    unit = answer.energy_unit
    rows = []
    for n, parity in enumerate(answer.parities):
        neighbour = figure(abs(float(jz[n, n + 1])), 7) if n + 1 < len(answer) else NOTHING
        rows.append(
            (
                str(n),
                "even" if parity > 0 else "odd",
                _resolved(float(answer.energies[n]), answer.quality.energy_error),
                figure(float(answer.excitations[n]), 8),
                neighbour,
                figure(float(square[n, n]), 7),
            )
        )
    header = ("n", "parity", f"E_n [{unit}]", f"E_n - E_0 [{unit}]", "|<n|Jz|n+1>|", "<Jz²>")
    lines = []
    if answer.barrier_top is not None:
        below = int((answer.energies < answer.barrier_top).sum())
        lines.append(
            f"Top of the barrier between the wells: {figure(answer.barrier_top, 10)} {unit}; "
            f"{below} of these levels lie below it."
        )
    return Page(
        f"Lowest {len(answer)} levels: N = {answer.spins}",
        tuple(lines),
        (
            Table("Levels", tuple(rows), header, (0, 2, 3, 4, 5)),
            _quality_table(answer.quality, unit),
        ),
    )


@page.register
def _(answer: Regime) -> Page:
    return Page(_regime_line(answer), (), (_condition_table(answer.conditions),))


_EDGES = {
    "double well": ("from", "η_MF"),
    "isolation": ("from", "(E2-E0)/(E1-E0)"),
    "secular": ("up to", "2ΔE T2"),
    "thermal low": ("from", "ΔE/k_BT"),
    "thermal high": ("up to", "ΔE/k_BT"),
}


@page.register
def _(answer: Window) -> Page:
    rows = []
    for edge in answer.edges:
        side, symbol = _EDGES.get(edge.condition, ("at", ""))
        where = f"{side} N = {edge.spins}" if edge.spins is not None else "at no N"
        rows.append((edge.condition, where, f"{symbol} = {figure(edge.value, 5)}" if edge.value is not None else ""))
    sentence = answer.verdict[:1].upper() + answer.verdict[1:] + "."
    return Page(
        f"Window of N at Γ/J = {figure(answer.field_ratio, 10)}",
        (sentence,),
        (Table("Where each condition holds", tuple(rows), ("condition", "holds", "its number there"), ()),),
    )


@page.register
def _(answer: DickeVector) -> Page:
    peak = int(abs(answer.amplitudes).argmax())
    rows = (
        ("amplitudes", str(len(answer.m)), "", f"m from {figure(answer.m[0], 10)} to {figure(answer.m[-1], 10)}"),
        ("largest", figure(float(answer.amplitudes[peak])), "", f"at m = {figure(float(answer.m[peak]), 10)}"),
    )
    return Page("State in the Dicke basis", (), (Table("", rows),))


def _regime_line(regime: Regime) -> str:
    return f"Regime: {regime.name} – {regime.summary}."


# --- one line ----------------------------------------------------------------------------------------------------


def _source(doublet: Doublet) -> str:
    text = repr(doublet.source)
    return text.replace(", energy_unit='J'", "")


def _splitting(doublet: Doublet) -> str:
    return f"ΔE = {from_log10(doublet.log10_splitting)} {_units(doublet).energy}".rstrip()


@singledispatch
def short(answer: object) -> str:
    """One line for ``repr``."""
    return object.__repr__(answer)


@short.register
def _(answer: Doublet) -> str:
    # ΔE is the one number that takes long at large N: a line in a list does not ask for it there.
    cheap = answer.spins <= 1_000_000 or "log_splitting" in vars(answer)
    splitting = f"{_splitting(answer)}, " if cheap else ""
    return f"Doublet({_source(answer)}: {splitting}η_exact = {figure(answer.eta_exact, 7)})"


@short.register
def _(answer: DephasingRates) -> str:
    d, rate = answer.doublet, _units(answer.doublet).rate
    if answer.gamma is None:
        return f"DephasingRates({_source(d)}: no gamma given, η_exact = {figure(d.eta_exact, 7)})"
    numbers = f"γ G01 = {figure(answer.rate_eigenstate)} {rate}".rstrip()
    numbers += f", γ (G01 + J01²) = {figure(answer.rate_pointer)} {rate}".rstrip()
    return f"DephasingRates({_source(d)}: {numbers}, {answer.regime.name})"


@short.register
def _(answer: Levels) -> str:
    return (
        f"Levels({len(answer)} levels of N = {answer.spins}: E_0 = {figure(float(answer.energies[0]), 8)}, "
        f"highest {figure(float(answer.excitations[-1]))} {answer.energy_unit} above)"
    )


@short.register
def _(answer: Window) -> str:
    return f"Window(field_ratio={figure(answer.field_ratio, 10)}: {answer.verdict})"


@short.register
def _(answer: Regime) -> str:
    holds = ", ".join(f"{c.name} {verdict(c)}" for c in answer.conditions)
    return f"Regime({answer.name}: {holds})"


@short.register
def _(answer: DickeVector) -> str:
    return f"DickeVector({len(answer.m)} amplitudes, m from {figure(answer.m[0], 10)} to {figure(answer.m[-1], 10)})"


# --- rendering ---------------------------------------------------------------------------------------------------


def text(answer: object, width: int = WIDTH, colours: bool = False) -> str:
    """An answer (or a `Page`) as lines of at most `width` columns, which is at least 72; nothing is cut off.

    Parameters
    ----------
    answer : answer or Page
    width : int
    colours : bool
        Whether to mark titles and verdicts with terminal colours.

    Returns
    -------
    str
        Without a line break at its end.
    """
    from io import StringIO

    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    shown = answer if isinstance(answer, Page) else page(answer)
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=max(width, 72),
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    marks = {"pass": "green", "FAIL": "bold red"}
    console.print(Text(shown.title, style="bold"))
    for line in shown.lines:
        console.print(Text(line))
    for table in shown.tables:
        console.print()
        if table.title:
            console.print(Text(table.title, style="bold"))
        grid = Grid(box=None, show_header=bool(table.header), padding=(0, 2, 0, 0), pad_edge=False)
        columns = len(table.header) or max(len(row) for row in table.rows)
        for k in range(columns):
            number = k in table.numbers
            grid.add_column(
                Text(table.header[k], style="underline" if colours else "") if table.header else "",
                justify="right" if number else "left",
                no_wrap=number or k == 0,
                overflow="fold",
            )
        for row in table.rows:
            grid.add_row(*(Text(cell, style=marks.get(cell, "")) for cell in row))
        console.print(Padding(grid, (0, 0, 0, 2)))
    for remark in shown.remarks:
        console.print()
        console.print(Text(remark, style="yellow" if remark.startswith("Warning") else ""))
    return "\n".join(line.rstrip() for line in buffer.getvalue().rstrip().split("\n"))


def html(answer: object) -> str:
    """An answer (or a `Page`) as a fragment of HTML that needs no style sheet."""
    shown = answer if isinstance(answer, Page) else page(answer)
    marks = {"pass": "color:#007a5a", "FAIL": "color:#b34700;font-weight:bold"}
    parts = [f'<div class="einselect"><strong>{escape(shown.title)}</strong>']
    parts += [f"<div>{escape(line)}</div>" for line in shown.lines]
    for table in shown.tables:
        parts.append('<table style="margin:0.6em 0">')
        if table.title:
            parts.append(
                f'<caption style="text-align:left;caption-side:top;font-weight:bold">{escape(table.title)}</caption>'
            )
        if table.header:
            cells = "".join(
                f'<th scope="col" style="text-align:{"right" if k in table.numbers else "left"}">{escape(name)}</th>'
                for k, name in enumerate(table.header)
            )
            parts.append(f"<thead><tr>{cells}</tr></thead>")
        parts.append("<tbody>")
        for row in table.rows:
            cells = "".join(
                f'<td style="text-align:{"right" if k in table.numbers else "left"};{marks.get(cell, "")}">'
                f"{escape(cell)}</td>"
                for k, cell in enumerate(row)
            )
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</tbody></table>")
    parts += [f"<div>{escape(remark)}</div>" for remark in shown.remarks]
    return "\n".join([*parts, "</div>"])
