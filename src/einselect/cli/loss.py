"""The command `loss`: what losing atoms does to each coherence of a two-mode condensate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .._version import __version__
from ..errors import InputError
from . import options, output
from .app import app
from .interruption import held
from .options import Json, option
from .reading import read_times
from .systems import NO_OPTIONS, SystemOptions, file_parameters, model_parameters, read_system

if TYPE_CHECKING:
    import xarray

    from ..dynamics import AtomLoss


@dataclass(frozen=True)
class _Decay:
    """1/Γ_01 of all losses together, as the T2 of `--t-end`."""

    t2: float


@app.command(
    sort_key=5.2,
    help_epilogue="""\
One atom from either mode (a, b), a pair from one mode (aa, bb), or a pair of
one from each (ab). A loss keeps a part κ of each coherence; Γ = events (1 - κ).
T2 is 1/Γ_01 of all losses together. With --t-end, --times or --out the cascade
over the numbers of atoms is followed in time.

Examples:
  einselect loss --spins 1000 --field 0.5 --one-body 1e-4 --mixed 1e-7
  einselect loss --model bose-josephson --spins 200 --tunnelling "50 Hz" \\
      --interaction "0.6 Hz" --one-body "0.1 1/s"
  einselect loss --spins 30 --field 0.8 --one-body 1e-3 --t-end 2T2 --out loss.png
""",
)
def loss(
    *,
    system: SystemOptions = NO_OPTIONS,
    one_body: Annotated[str | None, option("Rate Γ1 of a and b: a number, or '0.1 1/s'.", "Γ1")] = None,
    two_body: Annotated[str | None, option("Rate Γ2 of aa and bb.", "Γ2")] = None,
    mixed: Annotated[str | None, option("Rate Γ12 of ab.", "Γ12")] = None,
    t_end: Annotated[str | None, option("Last time: '2T2' (the default), a number, or '14 ms'.", "TIME")] = None,
    points: Annotated[str | None, option("How many times, evenly spaced from 0 on (default 101).", "COUNT")] = None,
    times: Annotated[str | None, option("These times instead, as in '0,1T2,4T2'.", "TIMES")] = None,
    levels: Annotated[
        str, option("Levels of each number of atoms: 'auto', 'all' (exact), or a number from 2 on.", "K")
    ] = "auto",
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Atom loss: how much of each coherence an event keeps, the rates of both, and both in time."""
    from ..dynamics.loss_course import loss_course, losses

    model = read_system(system, "loss")
    if one_body is two_body is mixed is None:
        raise InputError("--one-body, --two-body or --mixed must be given; got none (see 'einselect loss --help')")
    rates = [0.0 if text is None else options.plain(text) for text in (one_body, two_body, mixed)]
    kinds = losses(model, *rates)
    eigenstate = sum(kind.rate_eigenstate for kind in kinds)
    kept: int | str = levels if levels in ("auto", "all") else _read_levels(levels, model.spins)
    suffix = options.output_file(out, options.FILES)
    course = None
    if any(given is not None for given in (t_end, points, times, out)):
        grid = read_times(t_end, points, times, _Decay(1.0 / eigenstate if eigenstate else float("inf")), model)
        if suffix not in ("", ".nc") and grid[0] == grid[-1]:
            raise InputError(f"times must differ for a picture; got {times!r}")
        course = loss_course(model, grid, *rates, levels=kept)
        if out is not None:
            with held():
                from ..plots import plot_atom_loss

                output.write_course(course.assign_attrs(file_parameters(model)), out, suffix, plot_atom_loss)
    print(output.document(_document(model, kinds, course)) if json else _text(model, kinds, course, out))


def _read_levels(text: str, spins: int) -> int:
    try:
        return options.whole("levels", text, 2, spins + 1)
    except InputError as error:
        raise InputError(str(error).replace("must be", "must be 'auto', 'all' or", 1)) from None


def _document(model: Any, kinds: tuple[AtomLoss, ...], course: xarray.Dataset | None) -> dict[str, Any]:
    keys = (
        "kind", "lost", "rate", "moment", "event_rate", "kept_eigenstate", "turned_eigenstate", "kept_pointer",
        "leaked", "rate_eigenstate", "rate_pointer", "ratio", "limit_eigenstate", "limit_pointer", "splitting",
        "splitting_after", "phase_per_event",
    )  # fmt: skip
    found: dict[str, Any] = {
        **model_parameters(model),
        "losses": [{key: getattr(kind, key) for key in keys} for kind in kinds],
        "rate_eigenstate": sum(kind.rate_eigenstate for kind in kinds),
        "rate_pointer": sum(kind.rate_pointer for kind in kinds),
    }
    if course is not None:
        found["times"] = course.time.values
        for name, variable in course.data_vars.items():
            if name == "retention_01":
                found |= {"retention_01_abs": abs(variable.values), "retention_01_re": variable.values.real}
                found["retention_01_im"] = variable.values.imag
            else:
                found[str(name)] = variable.values
        found |= {"levels": course.attrs["levels"], "fewest": course.attrs["fewest"]}
    return {**found, "version": __version__}


def _text(model: Any, kinds: tuple[AtomLoss, ...], course: xarray.Dataset | None, out: Path | None) -> str:
    """The losses one by one, what they come to, and eleven times of the cascade."""
    from ..rates import units_of

    units = units_of(model.energy_unit)
    rate = units["rate"] if model.energy_unit != "plain" else "ħ = 1"
    rows: list[tuple[str, ...]] = [
        ("loss", "events", "κ_01", "κ_10", "κ_PR", "leaks", "Γ_01", "Γ_PR", "η"),
        ("", f"[{rate}]", "", "", "", "", f"[{rate}]", f"[{rate}]", ""),
    ]
    for kind in kinds:
        values = (kind.event_rate, kind.kept_eigenstate, kind.turned_eigenstate, kind.kept_pointer, kind.leaked)
        ends = (kind.rate_eigenstate, kind.rate_pointer, kind.ratio)
        rows.append((kind.kind, *(f"{v:.5g}" for v in (*values, *ends))))
        if kind.limit_eigenstate is not None and kind.limit_pointer is not None:
            limits = (kind.limit_eigenstate, kind.limit_pointer, kind.limit_pointer / kind.limit_eigenstate)
            rows.append(("  many atoms", *[""] * 5, *(f"{v:.5g}" for v in limits)))
    if len(kinds) > 1:
        total = [
            sum(getattr(kind, name) for kind in kinds) for name in ("event_rate", "rate_eigenstate", "rate_pointer")
        ]
        rows.append(("all", f"{total[0]:.5g}", *[""] * 4, *(f"{v:.5g}" for v in (*total[1:], total[2] / total[1]))))
    lines = [
        *output.columns(rows),
        "",
        "κ: part of a coherence that an event keeps (κ_10: turns into its conjugate)",
        "Γ = events (1 - κ), η = Γ_PR/Γ_01",
    ]
    for kind in kinds:
        if kind.phase_per_event > 1.0:
            lines.append(
                f"{kind.kind}: ΔE changes by {kind.phase_per_event:.3g} times the rate of events: the time of each is "
                "a random phase of ρ_01"
            )
        elif kind.turned_eigenstate > 0.0 and kind.rate_eigenstate > 2.0 * kind.splitting:
            lines.append(f"{kind.kind}: ΔE is below half of Γ_01, so that what turns into the conjugate is not lost")
    if course is not None:
        lines += ["", *_course_lines(course, units["time"] if model.energy_unit != "plain" else "ħ = 1")]
    return "\n".join([*lines, *([f"written to {out}"] if out else [])])


def _course_lines(course: xarray.Dataset, unit: str) -> list[str]:
    names = ("retention_01", "counted_01", "retention_pr", "naive_01", "naive_pr", "no_loss", "mean_number")
    rows: list[tuple[str, ...]] = [("t", "|S_01|", "counted", "S_PR", "naive 01", "naive PR", "no loss", "atoms")]
    rows.append((f"[{unit}]", *[""] * len(names)))
    for i in sorted({round(i * (course.sizes["time"] - 1) / 10) for i in range(11)}):
        found = {name: course[name].values[i] for name in names}
        found["retention_01"] = abs(found["retention_01"])
        rows.append(tuple(f"{float(v):.5g}" for v in (course.time.values[i], *found.values())))
    kept = "all levels" if course.attrs["levels"] == "all" else f"{course.attrs['levels']} levels of each number"
    return [
        *output.columns(rows),
        "",
        f"{kept}, down to {course.attrs['fewest']} atoms",
        f"probability outside of these: {float(course.missing.max()):.1e}",
    ]
