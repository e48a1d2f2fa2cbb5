"""The command `static-noise`: noise that stands still within a shot, beside white noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from ..errors import InputError, ResolutionError
from . import options, output
from .app import app
from .bath import FORM, jump_names
from .interruption import held
from .options import Json, option
from .reading import number_of_levels, read_times
from .systems import NO_OPTIONS, SystemOptions, file_parameters, model_parameters, read_system

if TYPE_CHECKING:
    import xarray

_FIRST_LEVELS = 12  # for the time scale
_SENTENCES = {
    "gaussian": "Gaussian: ρ_01 falls as exp(-½(Dσt)²), D = ∂ΔE/∂δ, ρ_PR to one half of what it was",
    "algebraic": "protected by tunnelling to first order: ρ_01 falls as (1 + (Cσ²t)²)^(-1/4), C = ∂²ΔE/∂δ²",
    "frozen": "tunnelling does not matter: ρ_PR falls as exp(-2(σ|O_01|t)²), ρ_01 to one half of what it was",
    "between": "tunnelling matters, and no closed form holds",
}


@dataclass(frozen=True)
class _Decay:
    """The time of the decay, as the T2 of `--t-end`."""

    t2: float


@app.command(
    sort_key=5.1,
    help_epilogue="""\
T2 is the time of the decay: to 1/e of a Gaussian, and 1/(Cσ²) where tunnelling
protects. Noise of the field Γ is Jx, noise of the bias of the wells Jz.

Examples:
  einselect static-noise --spins 50 --field 0.9 --noise Jx=1e-4 --gamma 2e-5 \\
      --t-end 3T2 --out noise.png
  einselect static-noise --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --noise "Jz=0.1 Hz"
""",
)
def static_noise(
    *,
    system: SystemOptions = NO_OPTIONS,
    noise: Annotated[
        str,
        option(
            "Operator that the noise couples to, and its width σ from shot to shot, as in 'Jx=1e-4' or 'Jz=0.1 Hz'.",
            "NAME=σ",
        ),
    ],
    gamma: Annotated[
        str | None, option("Power γ of white noise on the same operator, to compare with: '0.05 1/s'.", "γ")
    ] = None,
    t_end: Annotated[str | None, option("Last time: '2T2' (the default), a number, or '14 ms'.", "TIME")] = None,
    points: Annotated[str | None, option("How many times, evenly spaced from 0 on (default 101).", "COUNT")] = None,
    times: Annotated[str | None, option("These times instead, as in '0,1T2,4T2'.", "TIMES")] = None,
    levels: Annotated[str, option("Levels to keep: 'auto' (settled to 1e-6) or a number.", "K")] = "auto",
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Both coherences under noise that is constant in each shot: how they fall, and when white noise is as bad."""
    from ..dynamics.static_course import static_noise_course

    model = read_system(system, "static-noise")
    name, width = _read_noise(noise, model)
    kept: int | str = "auto" if levels == "auto" else number_of_levels(levels, model, "auto")
    operator = model.operator(name) if hasattr(model, "operator") else name
    grid = read_times(t_end, points, times, _Decay(_time_of(model, operator, width)), model)
    suffix = options.output_file(out, options.FILES)
    if suffix not in ("", ".nc") and grid[0] == grid[-1]:
        raise InputError(f"times must differ for a picture; got {times!r}")
    try:
        course = static_noise_course(model, operator, width, grid, gamma=options.optional(gamma), levels=kept)
    except ResolutionError as error:  # too many shots or levels: shorter times are the way out
        raise InputError(str(error)) from None
    course = course.assign_attrs(operator=name)
    if out is not None:
        with held():
            from ..plots import plot_static_noise

            output.write_course(course.assign_attrs(file_parameters(model)), out, suffix, plot_static_noise)
    print(output.document(_document(model, course)) if json else _text(model, course, out))


def _read_noise(text: str, model: Any) -> tuple[str, float | str]:
    """Operator and width of the noise."""
    parts = FORM.fullmatch(text.replace("−", "-"))
    if parts is None or not parts[1] or not parts[2]:
        raise _checks.fail("noise", "an operator and its width, as in 'Jx=1e-4' or 'Jz=0.1 Hz'", text)
    return _checks.one_of("operator of the noise", parts[1], jump_names(model)), options.plain(parts[2])


def _time_of(model: Any, operator: Any, width: float | str) -> float:
    """The time of the decay, on a few levels."""
    from ..dynamics.quasi_static import QuasiStaticNoise
    from ..dynamics.static_course import decay
    from ..models.base import most_levels
    from ..rates import in_unit_of

    sigma = _checks.positive("width of the noise", in_unit_of(model.energy_unit, "width of the noise", width, "energy"))
    levels = model.levels(min(_FIRST_LEVELS, most_levels(model)))
    return decay(QuasiStaticNoise(levels, operator, sigma))[1]


def _document(model: Any, course: xarray.Dataset) -> dict[str, Any]:
    import numpy as np

    attributes = {key: value for key, value in course.attrs.items() if key not in ("energy_unit", "software")}
    for name in ("meeting_01", "meeting_pr"):
        if attributes.get(name, 0.0) < 0.0:
            attributes[name] = None
    columns: dict[str, Any] = {"times": course.time.values}
    for key, variable in course.data_vars.items():
        values = variable.values
        if np.iscomplexobj(values):
            columns |= {f"{key}_abs": abs(values), f"{key}_re": values.real, f"{key}_im": values.imag}
        else:
            columns[str(key)] = values
    return {**model_parameters(model), **attributes, **columns, "version": course.attrs["software"].split()[-1]}


def _text(model: Any, course: xarray.Dataset, out: Path | None) -> str:
    """Eleven times, what kind of decay it is, and where white noise is as bad."""
    from ..rates import units_of

    a, units = course.attrs, units_of(model.energy_unit)
    unit = units["time"] if model.energy_unit != "plain" else "ħ = 1"
    names = [
        f"{kind}_{n}" for kind in ("retention", "closed", "white") for n in ("01", "pr") if f"{kind}_{n}" in course
    ]
    titles = {"retention": "|S_{}|", "closed": "closed {}", "white": "white {}"}
    labels = [titles[name.split("_")[0]].format("01" if name.endswith("01") else "PR") for name in names]
    rows: list[tuple[str, ...]] = [("t", "t/T2", *labels), (f"[{unit}]", "", *("" for _ in labels))]
    for i in sorted({round(i * (course.sizes["time"] - 1) / 10) for i in range(11)}):
        t = float(course.time.values[i])
        values = (t, t / a["decay_time"], *(abs(complex(course[name].values[i])) for name in names))
        rows.append(tuple(f"{v:.6g}" for v in values))
    energy = units["energy"] if model.energy_unit != "plain" else ""
    lines = [
        *output.columns(rows),
        "",
        f"noise of {a['operator']}, σ = {a['width']:.6g} {energy}".rstrip() + f"; 2σ|O_01|/ΔE = {a['strength']:.4g}",
        _SENTENCES[a["decay"]],
        f"T2 = {a['decay_time']:.6g} {units['time']}",
        f"D = {a['slope']:.6g}, C = {a['curvature']:.6g}" + (f" per {energy}" if energy else ""),
    ]
    if "gamma" in a:
        for name, symbol in (("01", "ρ_01"), ("pr", "ρ_PR")):
            met, rate = a[f"meeting_{name}"], a[f"rate_{name}"]
            where = "static noise takes less of it at all times"
            if met >= 0.0:
                left = math.exp(-rate * met)
                at = f"t = {met:.6g} = {met / a['decay_time']:.3g} T2"
                where = f"static noise has taken as much at {at} ({left:.3g} left)"
            lines.append(f"white noise takes {symbol} at {rate:.6g} {units['rate']}; {where}")
    lines.append(f"{a['levels']} levels, settled to {a['convergence_error']:.1e}")
    return "\n".join([*lines, *([f"written to {out}"] if out else [])])
