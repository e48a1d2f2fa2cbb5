"""The command `spectrum`: the slowest modes of the Liouvillian."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from .._version import __version__
from ..errors import InputError
from . import options, output
from .app import app
from .bath import Bath, Dephasing, Jumps, read_bath
from .interruption import held
from .options import Json, option
from .reading import check_full, number_of_levels
from .systems import NO_OPTIONS, SystemOptions, file_parameters, model_parameters, read_system

if TYPE_CHECKING:
    import xarray


@app.command(
    sort_key=6,
    help_epilogue="""\
Jx is of even parity, Jz and Jy of odd: with these alone operator space falls
into two sectors. J+ and J- have no parity; with them it is one, "all". A model
that is no collective spin needs a number of levels.

Examples:
  einselect spectrum --spins 100 --field 0.95 --gamma 1e-5 \\
      --sector populations --count 4
  einselect spectrum --spins 50 --field 0.9 --gamma 1e-4 --count 20 \\
      --out modes.svg
  einselect spectrum --model dicke --spins 12 --coupling 0.8 --jump a=1e-3 \\
      --levels 20
""",
)
def spectrum(
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Dephasing = None,
    jump: Jumps = None,
    sector: Annotated[
        str, option("'populations' (like parities), 'coherences' (opposite ones) or 'both'.", "NAME")
    ] = "both",
    count: Annotated[str, option("How many modes, slowest first.", "COUNT")] = "6",
    levels: Annotated[
        str,
        option(
            "'full' for the whole symmetric sector of a collective spin, or a number of lowest levels to work on.", "K"
        ),
    ] = "full",
    out: Annotated[
        Path | None,
        option("Write the modes to this .nc file, or draw their eigenvalues to a .png, .svg or .pdf file.", "FILE"),
    ] = None,
    json: Json = False,
) -> None:
    """The slowest modes of the Liouvillian under the model's jump operators, by parity sector."""
    from ..dynamics import FullLindbladian, Lindbladian

    model = read_system(system, "spectrum")
    check_full(model, levels)
    bath = read_bath(model, gamma, jump, "spectrum")
    _checks.one_of("sector", sector, ("populations", "coherences", "both"))
    number = options.whole("count", count, 1)
    kept = None if levels == "full" else number_of_levels(levels, model, "full")
    suffix = options.output_file(out, options.FILES)
    liouvillian: Any = (
        FullLindbladian(model, bath.jumps) if kept is None else Lindbladian(model.levels(kept), bath.jumps)
    )
    if sector != "both" and not liouvillian.parity_resolved:
        names = ", ".join(jump.operator.name for jump in bath.jumps)
        raise InputError(f"sector must be 'both' where the jump operators ({names}) have no parity; got {sector!r}")
    found = liouvillian.spectrum(number, None if sector == "both" else sector)
    if out is not None:
        with held():
            _write(found, model, bath, out, suffix)
    print(output.document(_document(model, bath, sector, found)) if json else _text(model, bath, found, out))


def modes_dataset(found: Any, model: Any, bath: Bath) -> xarray.Dataset:
    """Eigenvalues and eigenoperators over `mode`, in the Dicke basis or on the levels that were kept."""
    import numpy as np
    import xarray

    from ..rates import units_of

    modes = found.modes
    kept = getattr(found, "plateaus", None) is not None
    basis = "level" if kept else "m"
    size = len(modes[0].right)
    rate = units_of(model.energy_unit)["rate"]
    operator = {"right": "𝓛 R = λ R", "left": "𝓛† Λ = λ* Λ, Tr(Λ†R) = 1"}
    variables: dict[str, Any] = {
        "eigenvalue": ("mode", found.eigenvalues, {"long_name": "λ, slowest first", "units": rate}),
        "sector": ("mode", [mode.sector for mode in modes], {"long_name": "parity sector"}),
    }
    if not kept:
        variables["residual"] = ("mode", found.residuals, {"long_name": "|𝓛R - λR|", "units": rate})
    for name, meaning in operator.items():
        values = np.stack([getattr(mode, name) for mode in modes])
        variables[name] = (("mode", f"{basis}_bra", f"{basis}_ket"), values, {"long_name": meaning, "units": "1"})
    along = np.arange(size) if kept else np.arange(size) - model.spins / 2.0
    parameters = file_parameters(model)
    complete = getattr(found, "complete", None)
    return xarray.Dataset(
        variables,
        coords={"mode": np.arange(len(modes)), f"{basis}_bra": along, f"{basis}_ket": along},
        attrs={
            **parameters,
            "energy_unit": model.energy_unit,
            "jumps": ", ".join(f"{jump.operator.name} at {jump.rate!r}" for jump in bath.jumps),
            "rate_eigenstate": bath.rate_eigenstate,
            "gap": found.gap,
            "note": found.note,
            **({} if complete is None else {"nothing_slower_missed": int(complete)}),
            "software": f"einselect {__version__}",
        },
    )


def _write(found: Any, model: Any, bath: Bath, out: Path, suffix: str) -> None:
    if suffix == ".nc":
        output.write_netcdf(modes_dataset(found, model, bath), out)
        return
    from ..plots import plot_modes
    from ..style import new_figure, publication, save

    picture = new_figure(height=2.6)
    with publication():
        plot_modes(found, picture.subplots(), rate=bath.rate_eigenstate)
    save(picture, out)


def _document(model: Any, bath: Bath, sector: str, found: Any) -> dict[str, Any]:
    return {
        **model_parameters(model),
        "gamma": bath.gamma,
        "jumps": bath.listed(),
        "sector": sector,
        "eigenvalues": [[mode.eigenvalue.real, mode.eigenvalue.imag] for mode in found.modes],
        "sectors": [mode.sector for mode in found.modes],
        "residuals": [getattr(mode, "residual", None) for mode in found.modes],
        "gap": found.gap,
        "rate_eigenstate": bath.rate_eigenstate,
        "complete": getattr(found, "complete", None),
        "note": found.note,
        "version": __version__,
    }


def _text(model: Any, bath: Bath, found: Any, out: Path | None) -> str:
    from ..rates import units_of

    scale = bath.rate_eigenstate or 1.0
    unit = units_of(model.energy_unit)["rate"] if model.energy_unit != "plain" else "ħ = 1"
    relative = "-Re λ/(γ G01)" if bath.only_dephasing else "-Re λ/Γ01"
    rows: list[tuple[str, ...]] = [("sector", f"Re λ [{unit}]", f"Im λ [{unit}]", relative)]
    # What rounding leaves of a zero is not shown.
    smallest = 1e-13 * max(abs(mode.eigenvalue) for mode in found.modes)
    for mode in found.modes:
        value, error = mode.eigenvalue, max(smallest, 10.0 * getattr(mode, "residual", 0.0))
        re, im = (0.0 if abs(part) <= error else part for part in (value.real, value.imag))
        rows.append((mode.sector, f"{re:.8g}", f"{im:.8g}", f"{-re / scale + 0.0:.6f}"))
    tail = [
        f"Liouvillian gap {found.gap:.8g} " + (f"({unit})" if model.energy_unit == "plain" else unit),
        found.note,
        *([f"written to {out}"] if out else []),
    ]
    return "\n".join([*output.columns(rows), "", *tail])
