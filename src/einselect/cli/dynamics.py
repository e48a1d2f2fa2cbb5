"""The commands about time: `evolve` and `spectrum`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ..errors import InputError
from . import options, output
from .app import app, model_dict, read_model
from .options import Coupling, Field, Json, Spins, option

if TYPE_CHECKING:
    import xarray

    from ..models import LMG
    from ..rates import DephasingRates, JumpOperator


Dephasing = Annotated[str, option("Dephasing rate γ of Jz: '0.05 1/s', or a plain number beside a plain J.", "γ")]


@app.command(
    sort_key=5,
    help_epilogue="""\
Example:
  einselect evolve --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s" --state eigen-superposition --t-end 2T2 --out run.png
""",
)
def evolve(
    *,
    spins: Spins,
    field: Field,
    coupling: Coupling = "1",
    gamma: Dephasing,
    state: Annotated[
        str,
        option("Initial state: pointer or eigen-superposition (the same vector), ground, spin-coherent.", "STATE"),
    ] = "eigen-superposition",
    t_end: Annotated[str, option("Last time: '2T2' (T2 = 1/(γ G01)), or a number, or '14 ms'.", "TIME")] = "2T2",
    points: Annotated[str, option("How many times, from 0 on.", "COUNT")] = "101",
    levels: Annotated[
        str, option("Levels to keep: 'auto' for a truncation error below 1e-8, or a number.", "K")
    ] = "auto",
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Coherences and populations in time: the Lindblad equation under collective dephasing."""
    from ..dynamics import evolve as run

    model = read_model(spins, field, coupling)
    rates, jumps = _bath(model, gamma)
    end, count = _end(t_end, rates), options.whole("points", points, 2, 100_000)
    kept = "auto" if levels == "auto" else options.whole("levels", levels, 2, model.spins + 1)
    if out is not None and out.suffix not in (".nc", ".png", ".svg", ".pdf"):
        raise InputError(f"out must be a file name that ends in .nc, .png, .svg or .pdf; got {str(out)!r}")
    times = [end * i / (count - 1) for i in range(count)]
    answer = run(model, jumps, state, times, levels=kept, tolerance=1e-8 if kept == "auto" else 1e300)
    if out is not None:
        _write(answer, rates, out)
    if json:
        print(output.document(_evolve_dict(model, rates, answer)))
    else:
        print(_evolve_text(rates, answer, state, out))


def _bath(model: LMG, gamma: str) -> tuple[DephasingRates, list[JumpOperator]]:
    """Rates and jump operator of collective dephasing, which there has to be."""
    from ..rates import JumpOperator, dephasing_rates

    rates = dephasing_rates(model, options.plain(gamma))
    if not rates.gamma:
        raise InputError(f"gamma must be above zero; got {gamma!r}")
    return rates, [JumpOperator("Jz", rates.gamma)]


def _end(text: str, rates: DephasingRates) -> float:
    """The last time, in the unit of the model."""
    from .. import _checks, quantities

    in_t2 = re.fullmatch(r"\s*([\d.eE+-]+)\s*T2\s*", text)
    if in_t2 is not None:
        assert rates.t2_eigenstate is not None
        return _checks.positive("t-end", options.plain(in_t2[1])) * rates.t2_eigenstate
    read = quantities.time("t-end", options.plain(text))
    if read.physical != (rates.doublet.energy_unit != "J"):
        raise InputError(f"t-end must be in T2, as in '2T2', or have a unit where the coupling has one; got {text!r}")
    return _checks.positive("t-end", read.value)


def _write(answer: xarray.Dataset, rates: DephasingRates, out: Path) -> None:
    """The data as netCDF, or a picture with the naive exponentials."""
    if out.suffix == ".nc":
        from .._files import atomic_path

        with atomic_path(out) as temporary:
            output.real_parts(answer).to_netcdf(temporary, engine="h5netcdf")
        return
    from ..plots import plot_coherences
    from ..style import new_figure, publication, save

    naive = {
        r"$e^{-\gamma G_{01}t}/2$": rates.rate_eigenstate,
        r"$e^{-\gamma(G_{01}+J_{01}^2)t}/2$": rates.rate_pointer,
    }
    picture = new_figure(height=2.7)
    with publication():
        plot_coherences(answer, picture.subplots(), {k: v for k, v in naive.items() if v is not None})
    save(picture, out)


def _evolve_dict(model: LMG, rates: DephasingRates, answer: xarray.Dataset) -> dict[str, Any]:
    rho_01, rho_pr = answer.rho_01.values, answer.rho_pr.values
    return {
        **model_dict(model),
        "gamma": rates.gamma,
        "state": answer.attrs["initial_state"],
        "times": answer.time.values,
        "rho01_abs": abs(rho_01),
        "rho01_re": rho_01.real,
        "rho01_im": rho_01.imag,
        "rho_pr_re": rho_pr.real,
        "rho_pr_im": rho_pr.imag,
        "populations": answer.populations.values,
        "doublet_population": answer.doublet_population.values,
        "leakage": answer.leakage.values,
        "purity": answer.purity.values,
        "t2_eigenstate": rates.t2_eigenstate,
        "levels": answer.attrs["levels"],
        "truncation_error": answer.attrs["truncation_error"],
        "sectors": answer.attrs["sectors"],
        "closure": answer.attrs["closure"],
        "version": answer.attrs["software"].split()[-1],
    }


def _evolve_text(rates: DephasingRates, answer: xarray.Dataset, state: str, out: Path | None) -> str:
    """A few lines of the run, and how good they are."""
    unit = answer.time.attrs["units"]
    shown = sorted({round(i * (answer.sizes["time"] - 1) / 10) for i in range(11)})
    rows: list[tuple[str, ...]] = [("t", "t/T2", "|rho_01|", "Re rho_PR", "Im rho_PR", "doublet")]
    rows.append((f"[{unit}]", "", "", "", "", ""))
    for i in shown:
        t, rho_pr = float(answer.time.values[i]), complex(answer.rho_pr.values[i])
        in_t2 = t / rates.t2_eigenstate if rates.t2_eigenstate else 0.0
        values = (t, in_t2, abs(answer.rho_01.values[i]), rho_pr.real, rho_pr.imag, answer.doublet_population.values[i])
        rows.append(tuple(f"{v:.6g}" for v in values))
    lines = output.columns(rows)
    tail = (
        f"from {state}; {answer.attrs['levels']} levels, truncation error below {answer.attrs['truncation_error']:.1e}"
    )
    return "\n".join([*lines, "", tail, *([f"written to {out}"] if out else [])])


@app.command(
    sort_key=6,
    help_epilogue="""\
Example:
  einselect spectrum --spins 100 --field 0.95 --gamma 1e-5 \\
      --sector populations --count 4
""",
)
def spectrum(
    *,
    spins: Spins,
    field: Field,
    coupling: Coupling = "1",
    gamma: Dephasing,
    sector: Annotated[
        str, option("'populations' (like parities), 'coherences' (opposite ones) or 'both'.", "NAME")
    ] = "both",
    count: Annotated[str, option("How many modes, slowest first.", "COUNT")] = "6",
    levels: Annotated[
        str, option("'full' for the whole symmetric sector, or a number of lowest levels to work on.", "K")
    ] = "full",
    json: Json = False,
) -> None:
    """The slowest modes of the Liouvillian under collective dephasing, by parity sector."""
    from .. import _checks
    from ..dynamics import FullLindbladian, Lindbladian

    model = read_model(spins, field, coupling)
    rates, jumps = _bath(model, gamma)
    _checks.one_of("sector", sector, ("populations", "coherences", "both"))
    number = options.whole("count", count, 1)
    part = None if sector == "both" else sector
    if levels == "full":
        found: Any = FullLindbladian(model, jumps).spectrum(number, part)
    else:
        kept = options.whole("levels", levels, 2, model.spins + 1)
        found = Lindbladian(model.levels(kept), jumps).spectrum(number, part)
    if json:
        print(output.document(_spectrum_dict(model, rates, sector, found)))
    else:
        print(_spectrum_text(rates, found))


def _spectrum_dict(model: LMG, rates: DephasingRates, sector: str, found: Any) -> dict[str, Any]:
    return {
        **model_dict(model),
        "gamma": rates.gamma,
        "sector": sector,
        "eigenvalues": [[mode.eigenvalue.real, mode.eigenvalue.imag] for mode in found.modes],
        "sectors": [mode.sector for mode in found.modes],
        "residuals": [getattr(mode, "residual", None) for mode in found.modes],
        "gap": found.gap,
        "rate_eigenstate": rates.rate_eigenstate,
        "complete": getattr(found, "complete", None),
        "note": found.note,
    }


def _spectrum_text(rates: DephasingRates, found: Any) -> str:
    from ..rates import units_of

    scale = rates.rate_eigenstate or 1.0
    unit = units_of(rates.doublet.energy_unit)["rate"]
    rows: list[tuple[str, ...]] = [("sector", f"Re λ [{unit}]", f"Im λ [{unit}]", "-Re λ/(γ G01)")]
    for mode in found.modes:
        value = mode.eigenvalue
        rows.append((mode.sector, f"{value.real:.8g}", f"{value.imag:.8g}", f"{-value.real / scale:.6f}"))
    lines = output.columns(rows)
    return "\n".join([*lines, "", f"Liouvillian gap {found.gap:.8g} {unit}", found.note])
