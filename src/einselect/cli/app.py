"""The commands `rates`, `levels`, `window` and `paper`, and the program itself; the other commands have own files."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from .._version import __version__
from ..errors import EinselectError, InputError
from . import options, output
from .interruption import exit_code, stoppable
from .options import Gamma, Json, Temperature, option
from .refusals import as_typed, explain
from .systems import NO_OPTIONS, Jump, SystemOptions, listing, matrix_levels_dict, model_parameters, read_system

if TYPE_CHECKING:
    from ..models import LMG

_EPILOGUE = """\
Examples:
  einselect rates --spins 370 --field 0.95
  einselect rates --spins 370 --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s" --temperature "10 nK" --json
  einselect sweep --spins 20:2000:2 --field 0.95 --out curve.nc
  einselect evolve --spins 100 --field 0.95 --gamma 1e-5 --out run.png
  einselect paper --out out/paper

Quote a number with its unit. Plain numbers are in units of J, with ħ = 1; the
two do not mix. Input that cannot be used ends with one line that says what is
allowed, and exit code 2. 'einselect COMMAND --help' says more.
"""

app = App(
    name="einselect",
    help="Which coherence decoheres: exact doublets and dephasing rates of symmetry-broken collective spins.",
    help_format="plaintext",
    help_epilogue=_EPILOGUE,
    version=f"einselect {__version__}",
    suppress_keyboard_interrupt=False,
)


@app.command(
    sort_key=0,
    help_epilogue="""\
Examples:
  einselect rates --spins 370 --field 0.95
  einselect rates --spins 370 --field 0.95 --gamma 6.7e-7 --json
  einselect rates --model dicke --spins 20 --coupling 0.8 --jump x
  einselect rates --spins 370 --field 0.95 --coupling "11.8 kHz" \\
      --gamma "0.05 1/s" --plot doublet.svg
""",
)
def rates(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Gamma = None,
    temperature: Temperature = None,
    jump: Jump = None,
    plot: Annotated[
        Path | None, option("Draw the states over their potential to this png, svg or pdf file.", "FILE")
    ] = None,
    json: Json = False,
) -> None:
    """The doublet at one point: both bases, three dephasing rates, and the regime they are in."""
    from ..rates import dephasing_rates

    model = read_system(system, "rates")
    bath = options.optional(gamma), options.optional(temperature)
    answer = dephasing_rates(model, bath[0], temperature=bath[1], jump=jump)
    text = output.document(answer.as_dict()) if json else output.page(answer)
    if plot is not None:
        from ..plots import plot_doublet
        from ..style import new_figure, publication, save

        figure = new_figure(height=2.6)
        with publication():
            plot_doublet(answer.doublet, figure.subplots())
        save(figure, plot)
    print(text)


@app.command(
    sort_key=1,
    help_epilogue="""\
Example:
  einselect levels --spins 370 --field 0.95 --count 6
""",
)
def levels(
    *,
    system: SystemOptions = NO_OPTIONS,
    count: Annotated[str, option("How many levels, from 2 to N + 1 (default 12, or all if fewer).", "K")] = "",
    json: Json = False,
) -> None:
    """The lowest levels: energies, parities, matrix elements of Jz between neighbours."""
    from ..levels import Levels
    from ..spin import Jz

    model = read_system(system, "levels")
    from ..models.base import most_levels

    most = most_levels(model)
    number = options.whole("count", count, 2, most) if count else min(12, most)
    answer = model.levels(number)
    if not json:
        print(output.page(answer))
        return
    if not isinstance(answer, Levels):
        print(output.document(matrix_levels_dict(model, answer)))
        return
    jz, square = answer.matrix(Jz), answer.matrix(Jz @ Jz)
    excitations = answer.excitations.tolist()
    document = {
        **model_parameters(model),
        "energies": answer.energies,
        "excitations": [e if e > 0.0 or n == 0 else None for n, e in enumerate(excitations)],
        "log_splitting": model.doublet().log_splitting,
        "parities": answer.parities,
        "jz_next": abs(jz.diagonal(1)),
        "jz2": square.diagonal(),
        "barrier_top": answer.barrier_top,
        "quality": vars(answer.quality),
        "version": __version__,
    }
    print(output.document(document))


@app.command(
    sort_key=7,
    help_epilogue="""\
Examples:
  einselect atlas --spins 370 --field 0.95
  einselect atlas --model dicke --spins 20 --coupling 0.7
""",
)
def atlas(*, system: SystemOptions = NO_OPTIONS, json: Json = False) -> None:
    """Every jump operator of a model: both rates, their ratio, and which coherence it spares."""
    from ..sweeps import bath_atlas

    model = read_system(system, "atlas")
    answer = bath_atlas(model)
    print(output.document({**model_parameters(model), **answer.as_dict()}) if json else output.page(answer))


@app.command(
    sort_key=8,
    help_epilogue="""\
Example:
  einselect models
""",
)
def models(*, json: Json = False) -> None:
    """The models: their Hamiltonians, parameters and jump operators."""
    print(listing(json))


@app.command(
    sort_key=2,
    help_epilogue="""\
Examples:
  einselect window --field 0.95 --coupling "74346 rad/s" \\
      --gamma "0.05 1/s" --temperature "10 nK"
  einselect window --field 0.95 --gamma 6.7e-7 --plot window.svg
  einselect window --field 0.88:0.985:22 --gamma 1e-7,1e-6 --plot map.png
  einselect window --model dicke --coupling 0.7 --gamma 1e-4
  einselect window --model rabi --coupling 0.2:3 --gamma 1e-4
""",
)
def window(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Gamma = None,
    temperature: Temperature = None,
    jump: Jump = None,
    out: Annotated[
        Path | None, option("Windows at several values: write them to this .nc file instead.", "FILE.nc")
    ] = None,
    plot: Annotated[Path | None, option("Draw it to this png, svg or pdf file.", "FILE")] = None,
    json: Json = False,
) -> None:
    """The range of N in which both dephasing rates are well defined, and the thermal zone inside it.

    Give one parameter as low:high to look along that one instead; one or two, γ or T with several values, as in
    0.9,0.95 or low:high:count, for a window at each of them.
    """
    from .window import draw, ends_of, find
    from .windows import several, table, windows

    options.output_file(out, (".nc",))
    options.output_file(plot, options.PICTURES, "plot")
    axes = several(system, gamma, temperature)
    if axes:
        found = windows(system, gamma, temperature, jump, axes)
        if out is not None:
            output.write_netcdf(found, out)
        if plot is not None:
            draw(found, None, plot)
        if json:
            print(output.document(output.dataset_dict(found)))
        else:
            print(table(found) if out is None else f"{out}: windows at {found.is_empty.size} points")
        return
    if out is not None:
        raise InputError(f"out must be left out for one window (--json has all of it); got {str(out)!r}")
    model, answer = find(system, options.optional(gamma), options.optional(temperature), jump)
    if plot is not None:
        draw(answer, ends_of(system), plot)
    if not json:
        print(output.page(answer))
        return
    from ..rates import bath_parameters

    rate, kt = bath_parameters(model.energy_unit, options.optional(gamma), options.optional(temperature))
    from ..models.registry import model_entry

    told = answer.as_dict()

    # What is derived from the parameter that is looked along has no one value.
    kept = {"units", "model", *(p.name for p in model_entry(system.model).parameters)} - {answer.axis}
    known = {key: value for key, value in model_parameters(model).items() if key in kept}
    print(output.document({**known, "gamma": rate, "temperature": kt, **told, "version": __version__}))


@app.command(
    sort_key=20,
    help_epilogue="""\
Example:
  einselect paper --out out/paper
""",
)
def paper(
    *,
    out: Annotated[Path, option("Folder for all of it; made if it is not there.", "DIR")],
    json: Json = False,
) -> None:
    """Every table and figure of the paper, the audit of its claims, and one report of all this."""
    from ..paper import write_paper

    answer = write_paper(out, progress=sys.stderr.isatty())
    print(output.document({**vars(answer), "folder": str(answer.folder)}) if json else answer)


def read_model(spins: str, field: str, coupling: str) -> LMG:
    """The model that the options describe."""
    from ..models import LMG

    return LMG(options.whole("spins", spins, 2), options.plain(field), options.plain(coupling))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
        0; 2 for input that was refused; 1 where an answer could not be given; 130 when interrupted, 143 when
        terminated; 141 when the reader of the output went away.
    """
    words = as_typed(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Greek letters gets question marks
    try:
        with stoppable():
            app(words, exit_on_error=False, print_error=False, result_action="return_value")
            sys.stdout.flush()
    except CycloptsError as error:
        return _fail(explain(app, words, error), 2)
    except InputError as error:
        return _fail(str(error), 2)
    except EinselectError as error:
        return _fail(str(error), 1)
    except MemoryError:
        return _fail("the answer does not fit into memory", 1)
    except KeyboardInterrupt as stop:
        return _fail(str(stop) or "interrupted", exit_code(stop))
    except BrokenPipeError:
        # What Python would still flush at its end goes nowhere, instead of complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        return _fail(f"output could not be written: {error.strerror or error}", 1)
    return 0


def _fail(message: str, code: int) -> int:
    print("einselect:", " ".join(message.split()), file=sys.stderr)
    return code
