"""The options that choose a model and its parameters, and the command `models` that lists them.

A command takes them all as one argument, ``system: SystemOptions = NO_OPTIONS``, and gives it to `read_system`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from .._version import __version__
from ..errors import InputError
from . import options
from .options import option

if TYPE_CHECKING:
    from ..matrix_levels import MatrixLevels
    from ..models.registry import Parameter as ModelParameter

_GROUP = Group("Model", sort_key=0)


def _of_model(text: str, metavar: str) -> Parameter:
    """An option of the group that describes the model."""
    return Parameter(help=text, metavar=metavar, negative="", show_default=False, group=_GROUP)


@dataclass(frozen=True, kw_only=True)
class System:
    """The model and its parameters, as text; None where an option was not given."""

    model: Annotated[str, _of_model("Which model: see 'einselect models' (default lmg).", "NAME")] = "lmg"
    spins: Annotated[str | None, _of_model("Number of spins or bosons N.", "N")] = None
    field: Annotated[
        str | None, _of_model("Transverse field Γ: Γ/J as a plain number (0.95), or with a unit ('11.2 kHz').", "Γ")
    ] = None
    coupling: Annotated[
        str | None,
        _of_model(
            "J: 1 unless given, or with a unit: '11.8 kHz' (E/h), '74346 rad/s' (E/ħ), '568 nK'. "
            "dicke, rabi: λ; dimer, ring: V.",
            "J",
        ),
    ] = None
    anisotropy: Annotated[str | None, _of_model("anisotropic: κ, from -1 to below 1.", "κ")] = None
    tilt: Annotated[str | None, _of_model("anisotropic, bose-josephson: field h along Jz, or ε.", "h")] = None
    tunnelling: Annotated[
        str | None, _of_model("bose-josephson: K; few-modes, spin-boson: Δ, the splitting without modes.", "K")
    ] = None
    interaction: Annotated[str | None, _of_model("bose-josephson: U, above zero for attraction.", "U")] = None
    mode: Annotated[str | None, _of_model("dicke, rabi, dimer, ring: frequency ω of the mode (default 1).", "ω")] = None
    huang_rhys: Annotated[str | None, _of_model("dimer, ring: Huang-Rhys factor S.", "S")] = None
    sites: Annotated[str | None, _of_model("ring: number M of molecules.", "M")] = None
    closing: Annotated[str | None, _of_model("ring: last bond over the others, 0 for a chain (default 1).", "c")] = None
    spin: Annotated[str | None, _of_model("dicke, rabi: frequency ω0 of the spins (default 1).", "ω0")] = None
    frequencies: Annotated[
        str | None, _of_model("few-modes: ω of each mode, as in '1.5,3' or '1.5 THz,3 THz'.", "ω,ω,...")
    ] = None
    couplings: Annotated[str | None, _of_model("few-modes: g of each mode, as in '2.5,2'.", "g,g,...")] = None
    strength: Annotated[str | None, _of_model("spin-boson: strength α of the bath.", "α")] = None
    exponent: Annotated[str | None, _of_model("spin-boson: s, 1 for an Ohmic bath (default).", "s")] = None
    cutoff: Annotated[str | None, _of_model("spin-boson: cut-off ω_c of the bath.", "ω_c")] = None
    modes: Annotated[
        str | None,
        _of_model("spin-boson: modes in place of the continuum (default 3), 0: the polaron (jumps sz, s-).", "M"),
    ] = None


SystemOptions = Annotated[System, Parameter(name="*")]
NO_OPTIONS = System()
Jump = Annotated[str | None, option("Jump operator, by name (default: the model's natural one, see 'models').", "L")]


def read_system(system: System, command: str) -> Any:
    """The model that the options describe.

    Raises
    ------
    InputError
        For an unknown model, parameters that it does not have, missing ones, and values that it refuses.
    """
    from ..models.registry import model_entry

    entry = model_entry(system.model)
    given = {f.name: getattr(system, f.name) for f in fields(system) if f.name != "model"}
    given = {name: text for name, text in given.items() if text is not None}
    missing = [p.name for p in entry.parameters if p.default is None and p.name not in given]
    if missing:
        raise InputError(f"--{missing[0].replace('_', '-')} must be given; got none (see 'einselect {command} --help')")
    known = {p.name: p for p in entry.parameters}
    return entry.build({name: _value(known.get(name), name, text) for name, text in given.items()})


def _value(parameter: ModelParameter | None, name: str, text: str) -> Any:
    """A value from its text; of a parameter that the model does not have, whatever it is."""
    if parameter is not None and parameter.many:
        return [options.plain(part.strip()) for part in text.split(",")]
    if parameter is None or parameter.least is None:
        return options.plain(text)
    return options.whole(name, text, parameter.least)


LISTS = ("frequencies", "couplings")
"""Options whose commas are those of a list, and no axis."""


def model_parameters(model: Any) -> dict[str, Any]:
    """Its parameters, as every JSON document begins."""
    from ..rates import units_of

    if hasattr(model, "parameters"):
        found = dict(model.parameters())
    else:
        names = ("spins", "field", "coupling", "field_ratio")
        found = {name: getattr(model, name) for name in names}
    phase = found.pop("phase", getattr(model, "phase", None))
    return {**found, "units": units_of(model.energy_unit), "phase": phase}


def file_parameters(model: Any) -> dict[str, Any]:
    """Its parameters as attributes of a data file, which holds numbers and text only."""
    return {key: value for key, value in model_parameters(model).items() if key not in ("units", "phase")}


def matrix_levels_dict(model: Any, levels: MatrixLevels) -> dict[str, Any]:
    """Levels of a system of matrices as the JSON document of `levels`, with its natural jump operator L."""
    first = next(iter(levels.operators.values()))
    single, square = levels.matrix(first), levels.matrix(first.dag() @ first)
    excitations = levels.excitations.tolist()
    return {
        **model_parameters(model),
        "energies": levels.energies,
        "excitations": [e if e > 0.0 or n == 0 else None for n, e in enumerate(excitations)],
        "splitting_bound": levels.splitting_bound,
        "parities": levels.parities,
        "jump": first.name,
        "jump_next": abs(single.diagonal(1)),
        "jump_square": square.diagonal().real,
        "dimension": levels.dimension,
        "quality": vars(levels.quality),
        "version": __version__,
    }


def listing(json: bool) -> str:
    """The models: Hamiltonians, parameters, jump operators."""
    from ..display import Page, Table
    from ..models.registry import MODELS
    from . import output

    if json:
        entries = [
            {
                "name": entry.name,
                "title": entry.title,
                "hamiltonian": entry.hamiltonian,
                "parameters": [vars(parameter) for parameter in entry.parameters],
                "jumps": list(entry.jumps),
            }
            for entry in MODELS.values()
        ]
        return output.document(entries)
    tables = []
    for entry in MODELS.values():
        shown = (
            f"--{p.name.replace('_', '-')} {p.symbol}" + ("" if p.default is None else f" (default {p.default:g})")
            for p in entry.parameters
        )
        rows = (("H", entry.hamiltonian), ("options", ", ".join(shown)), ("jumps", ", ".join(entry.jumps)))
        tables.append(Table(f"{entry.name}: {entry.title}", rows, (), ()))
    lines = (
        "Give one as --model NAME. Its first jump operator is the natural one; x = a + a†, n = a†a.",
        "Your own matrices: einselect.CustomModel in Python.",
    )
    return output.page(Page("Models", lines, tuple(tables)))
