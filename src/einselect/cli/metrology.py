"""The command `metrology`: what a state is worth as a sensor, when to read it out, and which rate one would need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ..errors import InputError
from . import options, output
from .app import app
from .bath import jump_names, read_bath
from .options import Gamma, Json, option
from .reading import read_times
from .systems import NO_OPTIONS, Jump, SystemOptions, model_parameters, read_system

if TYPE_CHECKING:
    import xarray

    from ..protocols.interrogation import Interrogation
    from ..rates import DephasingRates

_FINE, _COARSE = 1e-5, 1e-4
"""Tolerances of a collective spin, and of other systems, which take more levels to settle."""


@app.command(
    sort_key=10,
    help_epilogue="""\
The field is h cos(ωt + φ) times --signal: static unless --frequency says
otherwise. F field is its quantum Fisher information, F read what reading Jz
(of other models --readout) shows of it; F turn is that of exp(-iθ signal).

Examples:
  einselect metrology --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s" --state ground --frequency resonant --out run.png
  einselect metrology --spins 100 --field 0.9 --gamma 2e-6 \\
      --state pointer --signal Jx --dead-time 100
  einselect metrology --model rabi --coupling 1.4 --gamma 1e-4 --jump a \\
      --state pointer --signal Jz
""",
)
def metrology(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Gamma = None,
    state: Annotated[
        str,
        option(
            "Initial state: ground, excited, pointer or eigen-superposition (the same vector), spin-coherent, "
            "spin-squeezed (one-axis twisted in its well).",
            "STATE",
        ),
    ] = "ground",
    signal: Annotated[
        str | None,
        option("What the field couples to: Jz (default), Jx or Jy; of other models one of their operators.", "AXIS"),
    ] = None,
    jump: Jump = None,
    readout: Annotated[str | None, option("Operator that is read, of a model that is no collective spin.", "O")] = None,
    frequency: Annotated[
        str, option("Frequency ω of the field: 0 (static), 'resonant' (ΔE), a number, or '208 Hz'.", "ω")
    ] = "0",
    phase: Annotated[str, option("Phase φ of the field in radians; |P> needs 1.5708 at resonance.", "φ")] = "0",
    scheme: Annotated[
        str,
        option("What the best time maximises: repeated (F per time), single (F of the field), impulsive.", "NAME"),
    ] = "repeated",
    dead_time: Annotated[str, option("Time lost in each repeated run: a number, or '1 ms'.", "TIME")] = "0",
    t_end: Annotated[str, option("Last time: '2T2' (T2 = 1/(γ G01)), or a number, or '14 ms'.", "TIME")] = "2T2",
    points: Annotated[str, option("How many times, from 0 on; at least 8.", "COUNT")] = "101",
    levels: Annotated[
        str, option("Levels to keep: 'auto' (curves settled to 1e-5, 1e-4 without a spin) or a number.", "K")
    ] = "auto",
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    husimi: Annotated[
        Path | None, option("Draw the state on the sphere, first and last, to this png, svg or pdf file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Quantum and classical Fisher information and spin squeezing in time, and the best time to read out."""
    from .. import _checks
    from ..models.base import is_spin, most_levels
    from ..protocols import best_interrogation
    from ..protocols import metrology as run
    from ..protocols.interrogation import SCHEMES
    from ..rates import DephasingRates

    model = read_system(system, "metrology")
    noise = natural = jump_names(model)[0]
    if jump is not None:
        noise = _checks.one_of("jump", jump, jump_names(model))
    same = noise == natural or gamma is None
    bath = read_bath(model, gamma if same else None, None if same else [f"{noise}={gamma}"], "metrology")
    doublet = model.doublet(noise) if hasattr(model, "operator") else model.doublet()
    rates = DephasingRates(doublet, bath.jumps[0].rate)
    if signal is not None:
        _checks.one_of("signal", signal, ("Jx", "Jy", "Jz") if is_spin(model) else jump_names(model))
    if husimi is not None and not is_spin(model):
        raise InputError(f"husimi must be asked of a collective spin; got {system.model!r}")
    _checks.one_of("scheme", scheme, SCHEMES)
    options.whole("points", points, 8, 100_000)
    times = read_times(t_end, points, None, bath, model)
    kept = "auto" if levels == "auto" else options.whole("levels", levels, 2, most_levels(model))
    suffix = options.output_file(out, options.FILES)
    options.output_file(husimi, options.PICTURES, "husimi")
    dead = _time("dead-time", dead_time, model)
    answer = run(
        model,
        options.plain(gamma or ""),
        state,
        times,
        signal=signal,
        frequency=_omega(frequency, model),
        phase=_checks.number("phase", options.plain(phase)),
        levels=kept,
        jump=jump,
        readout=readout,
        tolerance=_FINE if is_spin(model) else _COARSE,
    )
    best = best_interrogation(answer, scheme, dead_time=dead)
    if out is not None:
        _write(answer, best, out, suffix)
    if husimi is not None:
        _draw_sphere(model, answer, state, husimi)
    if json:
        print(output.document(_dict(model, rates, answer, best)))
    else:
        print(_text(bath.t2, answer, best, [path for path in (out, husimi) if path]))


def _time(name: str, text: str, model: Any) -> float:
    """A time >= 0 in the unit of the model; plain zero needs no unit."""
    from .. import _checks, quantities

    read = quantities.time(name, options.plain(text))
    if read.value and read.physical != (model.energy_unit == "rad/s"):
        raise InputError(f"{name} must have a unit if and only if the coupling has one; got {text!r}")
    return _checks.non_negative(name, read.value)


def _omega(text: str, model: Any) -> float | str:
    """ω in the unit of the model, or "resonant"."""
    from .. import quantities

    if text == "resonant":
        return text
    read = quantities.energy("frequency", options.plain(text))
    if read.value and read.physical != (model.energy_unit == "rad/s"):
        raise InputError(
            f"frequency must be 'resonant', or have a unit if and only if the coupling has one; got {text!r}"
        )
    return read.value


def _write(answer: xarray.Dataset, best: Interrogation, out: Path, suffix: str) -> None:
    """The data as netCDF, or a picture of both."""
    if suffix == ".nc":
        output.write_netcdf(answer, out)
        return
    from ..plots import plot_metrology
    from ..style import save

    save(plot_metrology(answer, best), out)


def _draw_sphere(model: Any, answer: xarray.Dataset, state: str, out: Path) -> None:
    """The Husimi functions of the first and the last state, on one scale of colours."""
    from ..plots import plot_husimi
    from ..protocols import husimi
    from ..protocols.metrology_course import evolved_states
    from ..style import PAGE_WIDTH, new_figure, publication, save

    kept = model.levels(answer.attrs["levels"])
    ends = [float(answer.time.values[0]), float(answer.time.values[-1])]
    pictures = [husimi(kept, rho) for rho in evolved_states(model, kept, answer.attrs["gamma"], state, ends)]
    largest = max(float(q.max()) for q in pictures)
    figure = new_figure(PAGE_WIDTH, 2.5)
    with publication():
        for axes, q, time in zip(figure.subplots(1, 2), pictures, ends, strict=True):
            plot_husimi(q, axes, largest).set_title(f"t = {time:.4g} {answer.time.attrs['units']}")
    save(figure, out)


def _dict(model: Any, rates: DephasingRates, answer: xarray.Dataset, best: Interrogation) -> dict[str, Any]:
    attributes = answer.attrs
    curves = {str(name): variable.values for name, variable in answer.data_vars.items()}
    return {
        **model_parameters(model),
        "gamma": rates.gamma,
        "state": attributes["initial_state"],
        **{key: attributes[key] for key in ("signal", "jump", "readout", "frequency", "splitting")},
        "signal_phase": attributes["phase"],
        "times": answer.time.values,
        **curves,
        "t2_eigenstate": rates.t2_eigenstate,
        **{key: attributes[key] for key in ("rate_eigenstate", "rate_pointer", "rate_mean_field")},
        "best": {**vars(best), "estimates": [vars(estimate) for estimate in best.estimates]},
        **{key: attributes[key] for key in ("levels", "convergence_error", "trace_error", "outside")},
        "version": attributes["software"].split()[-1],
    }


def _text(t2: float, answer: xarray.Dataset, best: Interrogation, written: list[Path]) -> str:
    """The time course in eleven lines, the best time, the three estimates, and how good all that is."""
    unit, info, a = answer.time.attrs["units"], answer.qfi_field.attrs["units"], answer.attrs
    spin = "spins" in a
    read = a["readout"]
    titles = ("t", "t/T2", "F turn/N" if spin else "F turn", "F field", f"F {read}", f"F sgn {read}")
    rows: list[tuple[str, ...]] = [(*titles[:5], "xi^2", "xi_R^2") if spin else titles]
    rows.append((f"[{unit}]", "", "", *([f"[{info}]"] * (2 if spin else 3)), *([""] * (2 if spin else 0))))
    for i in sorted({round(i * (answer.sizes["time"] - 1) / 10) for i in range(11)}):
        at = answer.isel(time=i)
        t = float(answer.time.values[i])
        values = [t, t / t2, at.qfi_rotation / a["spins"] if spin else at.qfi_rotation, at.qfi_field, at.cfi_field]
        values += [at.kitagawa_ueda, at.wineland] if spin else [at.cfi_sign]
        rows.append(tuple(f"{float(v):.5g}" for v in values))
    wave = "static field" if not a["frequency"] else f"field at frequency {a['frequency']:.6g}, phase {a['phase']:.4g}"
    along = f"along {a['signal'][1]}, F turn about {a['signal'][1]}" if spin else f"along {a['signal']}"
    lines = [f"from {a['initial_state']}: {wave} {along}", ""]
    lines += [*output.columns(rows), "", *_best_lines(answer, best, t2), ""]
    if a["trace_error"] == 0.0 and a["convergence_error"] == 0.0:
        lines.append(f"all {a['levels']} levels: nothing is cut off")
    else:
        lines.append(
            f"{a['levels']} levels: curves settled to {a['convergence_error']:.1e} of their maximum, |ρ| error below "
            f"{a['trace_error']:.1e}"
        )
    return "\n".join([*lines, *(f"written to {path}" for path in written)])


def _best_lines(answer: xarray.Dataset, best: Interrogation, t2: float) -> list[str]:
    """The best time and what estimates with each rate would have said."""
    from ..rates import units_of

    units = units_of(answer.attrs["energy_unit"])
    per_root = f" for a run of one {units['time']}, as t^-1/2" if best.scheme == "repeated" else " in one run"
    edge = " (an end of the times: the best may lie beyond)" if best.at_edge else ""
    if best.time_error > 0.02 * best.time and not best.at_edge:
        edge = " (more points would tell it better)"
    spread = f"± {best.time_error:.1g} {units['time']}"
    lines = [f"best time, {best.scheme}: {best.time:.6g} {spread} = {best.time / t2:.4g} T2{edge}"]
    if best.scheme == "impulsive":
        lines.append(f"F there {best.fisher:.6g}: smallest angle {best.sensitivity:.5g} in one run")
    else:
        lines.append(f"smallest field {best.sensitivity:.5g} ({units['energy']}){per_root}")
    if best.effective_rate is not None:
        nearest = f", nearest: that of {best.nearest}" if best.nearest else ""
        lines.append(f"rate that the answer shows there: {best.effective_rate:.6g} {units['rate']}{nearest}")
    rows: list[tuple[str, ...]] = [
        ("estimate with the rate of", f"[{units['rate']}]", "its best time", "promises", "loses")
    ]
    for e in best.estimates:
        time = f"x {e.time_ratio:.3f}" + ("+" if e.at_edge else "")
        rows.append((e.name, f"{e.rate:.6g}", time, f"x {e.promised:.3f}", f"x {e.loss:.3f}"))
    return [
        *lines,
        "",
        *output.columns(rows),
        "(against the exact time and smallest field; 'loses' by using that time)",
    ]
