"""The command `evolve`: coherences and populations in time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from ..errors import InputError, ResolutionError, TruncationError
from . import options, output
from .app import app, model_dict, read_model
from .bath import Bath, Dephasing, Jumps, read_bath
from .interruption import followed, held, once
from .options import Coupling, Field, Json, Spins, option
from .reading import number_of_levels, read_number, read_state, read_times

if TYPE_CHECKING:
    import xarray

    from ..models import LMG

_TOLERANCE = 1e-8
_SUFFIXES = (".nc", ".png", ".svg", ".pdf")


@app.command(
    sort_key=5,
    help_epilogue="""\
T2 is 1/(γ G01) under dephasing alone; with other jump operators it is one over
the coefficient of ρ_01 in Eq. 12 under all of them. Ctrl-C ends a long run: the
times done so far are in the file given by --out, which says complete: 0.

Examples:
  einselect evolve --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s" --state eigen-superposition --t-end 2T2 --out run.png
  einselect evolve --spins 100 --field 0.9 --gamma 1e-4 --jump J-=1e-6 \\
      --t-end 20T2 --levels full --out heating.nc
""",
)
def evolve(
    *,
    spins: Spins,
    field: Field,
    coupling: Coupling = "1",
    gamma: Dephasing = None,
    jump: Jumps = None,
    state: Annotated[
        str,
        option(
            "Initial state: pointer or eigen-superposition (the same vector), ground, spin-coherent; or a .npy file "
            "of amplitudes or a density matrix over the lowest levels.",
            "STATE",
        ),
    ] = "eigen-superposition",
    t_end: Annotated[
        str | None, option("Last time: '2T2' (the default; T2 as below), or a number, or '14 ms'.", "TIME")
    ] = None,
    points: Annotated[str | None, option("How many times, evenly spaced from 0 on (default 101).", "COUNT")] = None,
    times: Annotated[str | None, option("These times instead, as in '0,1T2,1.5T2,4T2'.", "TIMES")] = None,
    levels: Annotated[
        str,
        option(
            "Levels to keep: 'auto' for as many as the tolerance asks for, 'full' for the whole symmetric sector "
            "(slower, and right where heating reaches all levels), or a number.",
            "K",
        ),
    ] = "auto",
    tolerance: Annotated[
        str | None, option("Accepted error (default 1e-8; with a number of levels any).", "TOLERANCE")
    ] = None,
    out: Annotated[
        Path | None, option("Write it to this .nc (data), .png, .svg or .pdf (picture) file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Coherences and populations in time: the Lindblad equation under collective jump operators."""
    from ..dynamics import evolution

    model = read_model(spins, field, coupling)
    bath = read_bath(model, gamma, jump, "evolve")
    grid = read_times(t_end, points, times, bath, model)
    kept = levels if levels in ("auto", "full") else number_of_levels(levels, model.spins, "auto", "full")
    allowed = _checks.positive("tolerance", read_number("tolerance", tolerance)) if tolerance else None
    suffix = options.output_file(out, _SUFFIXES)
    start = read_state(state, model, kept)
    # A number of levels is a wish of its own: it holds whatever the bound says, unless a tolerance is given.
    asked = allowed or (_TOLERANCE if isinstance(kept, str) else 1e300)
    run = None
    with once():
        try:
            run = evolution(model, bath.jumps, start, grid, levels=kept, tolerance=asked)
            for _ in followed(run, len(grid), after=0.0 if kept == "full" else 1.0):
                pass
        except KeyboardInterrupt as stop:
            _leave(run, stop, len(grid), out, bath, model, state)
            raise
        except TruncationError as error:
            raise InputError(f"{str(error).rsplit(':', 1)[0]}: {_advice(kept)}") from None
        except ResolutionError as error:  # the tolerance, or uneven times
            raise InputError(str(error)) from None
    answer = _described(run.dataset(), len(grid), bath, model, state)
    if out is not None:
        with held():
            _write(answer, bath, out, suffix)
    if json:
        print(output.document(_document(model, bath, answer)))
    else:
        print(_text(bath, answer, state, out))


def _advice(kept: int | str) -> str:
    more = "" if kept == "auto" else "more --levels, "
    return f"ask for {more}a larger --tolerance, a shorter time, or --levels full, the whole symmetric sector"


def _leave(run: Any, stop: KeyboardInterrupt, asked: int, out: Path | None, bath: Bath, model: LMG, state: str) -> None:
    """Write the times that are done, and give what is raised the line to print."""
    how = str(stop) or "interrupted"
    answer = None
    if run is not None:
        with suppress(InputError):  # no time is done
            answer = run.dataset()
    if answer is None:
        text = f"{how} before the first of {asked} times was done"
    else:
        done = answer.sizes["time"]
        text = f"{how} with {done} of {asked} times done"
        suffix = "" if out is None else out.suffix.lower()
        if out is not None and (done > 1 or suffix == ".nc"):  # one time makes no picture
            _write(_described(answer, asked, bath, model, state), bath, out, suffix)
            text = f"{how}: {done} of {asked} times are in {out}"
    stop.args = (text,)


def _described(answer: xarray.Dataset, asked: int, bath: Bath, model: LMG, state: str) -> xarray.Dataset:
    """The answer with what it is an answer to."""
    parameters = {key: value for key, value in model_dict(model).items() if key not in ("units", "phase")}
    attributes = {**parameters, "energy_unit": model.energy_unit, "t2": bath.t2, "initial_state": state}
    attributes["times_asked"] = asked
    return answer.assign_attrs({"truncation_error": 0.0, **answer.attrs, **attributes})


def _write(answer: xarray.Dataset, bath: Bath, out: Path, suffix: str) -> None:
    """The data as netCDF, or a picture with the naive exponentials."""
    if suffix == ".nc":
        from .._files import atomic_path

        with atomic_path(out) as temporary:
            output.real_parts(answer).to_netcdf(temporary, engine="h5netcdf")
        return
    from ..plots import plot_coherences
    from ..style import new_figure, publication, save

    dephasing = len(bath.jumps) == 1 and bath.gamma is not None
    names = (r"\gamma G_{01}", r"\gamma(G_{01}+J_{01}^2)") if dephasing else (r"\Gamma_{01}", r"\Gamma_\mathrm{PR}")
    naive = {rf"$e^{{-{n}t}}/2$": r for n, r in zip(names, (bath.rate_eigenstate, bath.rate_pointer), strict=True)}
    picture = new_figure(height=2.7)
    with publication():
        plot_coherences(answer, picture.subplots(), naive)
    save(picture, out)


def _document(model: LMG, bath: Bath, answer: xarray.Dataset) -> dict[str, Any]:
    rho_01, rho_pr, attributes = answer.rho_01.values, answer.rho_pr.values, answer.attrs
    return {
        **model_dict(model),
        "gamma": bath.gamma,
        "jumps": [{"operator": jump.operator.name, "rate": jump.rate} for jump in bath.jumps],
        "state": attributes["initial_state"],
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
        "rate_eigenstate": bath.rate_eigenstate,
        "rate_pointer": bath.rate_pointer,
        "t2_eigenstate": bath.t2,
        "levels": attributes["levels"],
        "truncation_error": attributes["truncation_error"],
        "rounding_error": attributes.get("rounding_error"),
        "error_estimate": attributes.get("error_estimate"),
        "sectors": attributes["sectors"],
        "closure": attributes.get("closure"),
        "method": attributes.get("method"),
        "version": attributes["software"].split()[-1],
    }


def _text(bath: Bath, answer: xarray.Dataset, state: str, out: Path | None) -> str:
    """A few lines of the run, and how good they are."""
    shown = sorted({round(i * (answer.sizes["time"] - 1) / 10) for i in range(11)})
    rows: list[tuple[str, ...]] = [("t", "t/T2", "|rho_01|", "Re rho_PR", "Im rho_PR", "doublet")]
    rows.append((f"[{answer.time.attrs['units']}]", "", "", "", "", ""))
    for i in shown:
        t, rho_pr = float(answer.time.values[i]), complex(answer.rho_pr.values[i])
        rho_01, doublet = abs(answer.rho_01.values[i]), answer.doublet_population.values[i]
        rows.append(tuple(f"{v + 0.0:.6g}" for v in (t, t / bath.t2, rho_01, rho_pr.real, rho_pr.imag, doublet)))
    attributes = answer.attrs
    if "error_estimate" in attributes:
        quality = f"all {attributes['levels']} levels, estimated error {attributes['error_estimate']:.1e}"
    else:
        quality = f"{attributes['levels']} levels, truncation error below {attributes['truncation_error']:.1e}"
        if attributes["rounding_error"] > attributes["truncation_error"]:
            quality += f", rounding about {attributes['rounding_error']:.0e}"
    tail = [f"from {state}; {quality}", *([f"written to {out}"] if out else [])]
    return "\n".join([*output.columns(rows), "", *tail])
