"""The command `noisy-leggett-garg`: K3 and the mean coherence where shots differ in atom number, field or coupling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from .._version import __version__
from ..errors import InputError
from . import options, output
from .app import app
from .interruption import held
from .leggett_garg_options import Initial, Tau, read_gamma, read_tau, read_test
from .noisy_leggett_garg_text import SYMBOLS, text_of
from .options import Gamma, Json, Temperature, option
from .reading import read_time, read_times
from .systems import NO_OPTIONS, SystemOptions, file_parameters, model_parameters, read_system

if TYPE_CHECKING:
    import xarray

    from ..protocols import Noise

_COURSE = 1e-3  # accepted error of the mean coherence in time
_PARTS = ("k3", "k3_error", "k3_spread", "coherence", "coherence_error", "coherence_gaussian")
_IN_TIME = ("abs_rho_01", "abs_rho_pr", "shots", "shots_gaussian", "dephasing")


@dataclass(frozen=True)
class _Dephasing:
    """T2 of dephasing alone, 1/(γ G01), as the T2 of the options."""

    t2: float


@app.command(
    name="noisy-leggett-garg",
    sort_key=9.1,
    help_epilogue="""\
Each shot has an atom number, field and coupling of its own; K3 and <ρ_01> are
means over shots. As N changes either J stays the same, or J/N, as in a trap of
given size: without --hold noise of N is shown for both. K3 is that of the
initial state; <ρ_01> is that of (|E0> + |E1>)/√2 in every shot. Widths: σ_N in atoms,
σ_Γ/Γ and σ_J/J relative, as in 'spins=0,1,2', 'spins=0.2:10:13:log',
'field=0:0.01:11'. The limit is the first width at which K3 falls to 1.

Examples:
  einselect noisy-leggett-garg --spins 370 --field 0.95 \\
      --coupling "74346 rad/s" --gamma "0.05 1/s" --noise spins=0.5:4:4:log
  einselect noisy-leggett-garg --spins 60 --field 0.9 --gamma 1e-4 \\
      --noise spins=0.3:3:4:log --width 0.5 --t-end 2T2 --out noise.svg
  einselect noisy-leggett-garg --spins 60 --field 0.9 --gamma 1e-4 --level B \\
      --noise field=0:0.02:3 --json
""",
)
def noisy_leggett_garg(
    *,
    system: SystemOptions = NO_OPTIONS,
    noise: Annotated[
        str, option("What differs (spins, field or coupling), and its widths: 'spins=0.2:10:13:log'.", "KIND=WIDTHS")
    ],
    hold: Annotated[
        str | None, option("What stays the same as N changes: coupling (J) or interaction (J/N).", "WHAT")
    ] = None,
    gamma: Gamma = None,
    temperature: Temperature = None,
    tau: Tau = None,
    level: Annotated[str, option("A, B, two-level, C (default), converged, or a number of levels.", "LEVEL")] = "C",
    initial: Initial = "ground",
    time: Annotated[
        str | None, option("When the coherence is compared: '1T2' (the default), a number, or '7 ms'.", "TIME")
    ] = None,
    width: Annotated[
        str | None, option("Follow the mean coherences in time too, at this width of the noise.", "σ")
    ] = None,
    t_end: Annotated[str | None, option("Their last time: '2T2' (the default), a number, or '14 ms'.", "TIME")] = None,
    points: Annotated[str | None, option("How many times, evenly spaced from 0 on (default 101).", "COUNT")] = None,
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """A Leggett-Garg test with shot-to-shot noise: K3 and the mean coherence against its width, and the largest."""
    from ..protocols import noise_scan

    suffix = options.output_file(out, options.FILES)
    model = _read_model(system)
    kind, widths = _read_noise(noise, picture=suffix not in ("", ".nc"))
    holds = _read_hold(hold, kind)
    at = None if width is None else _checks.positive("width", options.plain(width))
    for largest in (widths[-1], at or 0.0):
        _noise(kind, largest)  # refuses what is too wide before any work
    if at is None and (t_end is not None or points is not None):
        raise InputError("width must be given where --t-end or --points is; got none")
    test = read_test(model, level, initial, temperature)
    rate = read_gamma(gamma, model)
    dephasing = _Dephasing(_t2(test.rates(rate)[0], test.doublet.g01))
    when = None if time is None else _checks.positive("time", read_time("time", time, dephasing.t2, model))
    grid = None if at is None else read_times(t_end, points, None, dephasing, model)
    scan = noise_scan(test, rate, widths, kind, holds, when, tau=read_tau(tau, model))
    courses = () if at is None or grid is None else _courses(model, rate, kind, at, holds, grid)
    if out is not None:
        with held():
            _write(model, scan, courses, at, out, suffix)
    print(output.document(_document(model, scan, courses, at)) if json else text_of(model, scan, courses, at, out))


def _read_model(system: Any) -> Any:
    """A model of atoms whose number, field and coupling are its parameters."""
    from dataclasses import fields, is_dataclass

    model = read_system(system, "noisy-leggett-garg")
    known = {field.name for field in fields(model)} if is_dataclass(model) else set()
    if not known.issuperset(("spins", "field", "coupling")):
        raise InputError(
            f"model must have an atom number, a field and a coupling to be noisy, as lmg has; got {system.model!r}"
        )
    return model


def _read_noise(text: str, picture: bool) -> tuple[str, list[float]]:
    """The kind of noise and its widths, ascending."""
    kind, sign, rest = text.partition("=")
    if not sign or not rest.strip():
        raise _checks.fail("noise", "what differs and its widths, as in 'spins=0.2:10:13:log' or 'field=0,0.01'", text)
    _checks.one_of("kind of the noise", kind.strip(), SYMBOLS)
    read = options.axis("widths of the noise", rest)
    widths = [_checks.non_negative("width of the noise", w) for w in (read if isinstance(read, list) else [read])]
    if any(a >= b for a, b in pairwise(widths)) or not widths[-1]:
        raise _checks.fail("widths of the noise", "ascending, the last one above zero", rest)
    if picture and sum(w > 0.0 for w in widths) < 2:
        raise _checks.fail("widths of the noise", "two or more above zero for a picture", rest)
    return kind.strip(), widths


def _noise(kind: str, width: float, hold: str = "coupling") -> Noise:
    from ..protocols import Noise

    widths: dict[str, Any] = {kind: width}
    return Noise(**widths, hold=hold)


def _read_hold(text: str | None, kind: str) -> tuple[str, ...]:
    """What is held, one curve each: both where N is noisy; where it is not there is nothing to hold."""
    from ..protocols.noise_kinds import HOLDS

    if text is None:
        return HOLDS if kind == "spins" else HOLDS[:1]
    if kind != "spins":
        raise InputError(f"hold must be left out where the atom number is the same in all shots; got {text!r}")
    return (_checks.one_of("hold", text, HOLDS),)


def _t2(rate: float, g01: float) -> float:
    return 1.0 / (rate * g01) if rate else math.inf


def _courses(
    model: Any, gamma: float | str, kind: str, width: float, holds: tuple[str, ...], times: list[float]
) -> tuple[xarray.Dataset, ...]:
    from ..protocols import noisy_coherence

    return tuple(noisy_coherence(model, gamma, _noise(kind, width, name), times, tolerance=_COURSE) for name in holds)


def _write(
    model: Any, scan: xarray.Dataset, courses: tuple[xarray.Dataset, ...], width: float | None, out: Path, suffix: str
) -> None:
    """Data: the scan, and the courses over (hold, time), in one file; or a picture of both."""
    if suffix != ".nc":
        from ..plots import plot_noise
        from ..style import save

        save(plot_noise(scan, courses), out)
        return
    joined = scan
    if courses:
        import xarray

        along = xarray.concat(courses, scan.hold, combine_attrs="drop")
        each = {name: ("hold", [c.attrs[name] for c in courses]) for name in ("t2_star", "error", "left_out")}
        joined = scan.merge(along).assign({f"course_{name}": column for name, column in each.items()})
        joined.attrs |= {**scan.attrs, "course_width": width}
    output.write_netcdf(joined.assign_attrs(file_parameters(model)), out)


def _document(
    model: Any, scan: xarray.Dataset, courses: tuple[xarray.Dataset, ...], width: float | None
) -> dict[str, Any]:
    known = ("gamma", "kind", "level", "initial", "tau", "time", "k3_ideal", "coherence_ideal")
    found: dict[str, Any] = {
        **model_parameters(model),
        **{name: scan.attrs[name] for name in known},
        "widths": scan.width.values,
        "held": {
            str(row.hold.item()): {
                **{name: row[name].values for name in _PARTS},
                "limit": row.limit.item(),
                "limit_is_beyond": math.isinf(row.limit.item()),
                "as_bad_as_dephasing": row.equal.item(),
            }
            for row in (scan.isel(hold=k) for k in range(scan.sizes["hold"]))
        },
    }
    if courses:
        found["course"] = {
            "width": width,
            "times": courses[0].time.values,
            "held": {
                course.attrs["hold"]: {
                    **{name: course[name].values for name in _IN_TIME},
                    **{name: course.attrs[name] for name in ("t2_star", "t2_star_gaussian", "error", "left_out")},
                }
                for course in courses
            },
        }
    return {**found, "version": __version__}
