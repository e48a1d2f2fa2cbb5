"""The command `evolve`: coherences and populations in time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from .. import _checks
from ..errors import InputError, ResolutionError, TruncationError
from ..models.base import is_spin
from . import options, output
from .app import app
from .bath import Dephasing, Jumps, read_bath
from .interruption import followed, held, once
from .options import Json, option
from .outcome import Outcome
from .reading import check_full, number_of_levels, read_number, read_state, read_times
from .systems import NO_OPTIONS, SystemOptions, read_system

_TOLERANCE = 1e-8


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
      --t-end 2T2 --levels full --out heating.nc
  einselect evolve --model dicke --spins 12 --coupling 0.8 --levels 24 \\
      --jump a=1e-3 --jump Jz=1e-4 --state ground
""",
)
def evolve(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Dephasing = None,
    jump: Jumps = None,
    state: Annotated[
        str,
        option(
            "Initial state: pointer or eigen-superposition (by parity the same vector), ground, spin-coherent; or a "
            ".npy file of amplitudes or a density matrix over the lowest levels.",
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
            "Levels to keep: 'auto' for as many as the tolerance asks for, 'full' for the whole symmetric sector of "
            "a collective spin (slower, and right where heating reaches all levels), or a number.",
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
    """Coherences and populations in time: the Lindblad equation under the model's jump operators."""
    from ..dynamics import evolution

    model = read_system(system, "evolve")
    check_full(model, levels)
    bath = read_bath(model, gamma, jump, "evolve")
    grid = read_times(t_end, points, times, bath, model)
    kept = levels if levels in ("auto", "full") else number_of_levels(levels, model, "auto", "full")
    allowed = _checks.positive("tolerance", read_number("tolerance", tolerance)) if tolerance else None
    if options.output_file(out, options.FILES) not in ("", ".nc") and grid[0] == grid[-1]:
        raise InputError(f"times must differ for a picture; got {times!r}")
    start = read_state(state, model, kept)
    # A number of levels is a wish of its own: it holds whatever the bound says, unless a tolerance is given.
    accepted = allowed or (_TOLERANCE if isinstance(kept, str) else 1e300)
    run: Any = None
    with once():
        try:
            run = evolution(model, bath.jumps, start, grid, levels=kept, tolerance=accepted)
            for _ in followed(run, len(grid), after=0.0 if kept == "full" else 1.0):
                pass
        except KeyboardInterrupt as stop:
            stop.args = (_leave(Outcome(run, len(grid), model, bath, state), str(stop) or "interrupted", out),)
            raise
        except TruncationError as error:
            error.advice = _advice(kept, is_spin(model))
            raise InputError(str(error)) from None
        except ResolutionError as error:  # the tolerance, or uneven times
            raise InputError(str(error)) from None
    outcome = Outcome(run, len(grid), model, bath, state)
    if out is not None:
        with held():
            outcome.write(out)
    print(output.document(outcome.document()) if json else outcome.text(out))


def _leave(outcome: Outcome, how: str, out: Path | None) -> str:
    """Write the times that are done; returns the line that says so."""
    try:
        done = outcome.done if outcome.run is not None else 0
    except InputError:  # there is nothing yet
        done = 0
    if not done:
        return f"{how} before the first of {outcome.asked} times was done"
    if out is None or (done == 1 and out.suffix.lower() != ".nc"):  # one time makes no picture
        return f"{how} with {done} of {outcome.asked} times done"
    outcome.write(out)
    return f"{how}: {done} of {outcome.asked} times are in {out}"


def _advice(kept: int | str, spin: bool) -> str:
    more = "" if kept == "auto" else "more --levels, "
    if not spin:
        return f"ask for {more}a larger --tolerance or a shorter time"
    return f"ask for {more}a larger --tolerance, a shorter time, or --levels full, the whole symmetric sector"
