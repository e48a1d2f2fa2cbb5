"""What the commands print: pages for people, one JSON document for programs."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .._files import write_netcdf as write_netcdf
from ..display import NOTHING, Page, figure, text

if TYPE_CHECKING:
    import xarray


_ROWS = 40
_PARAMETERS = (
    "spins", "sites", "field", "coupling", "anisotropy", "tilt", "tunnelling", "interaction", "frequencies",
    "couplings", "strength", "exponent", "cutoff", "modes", "huang_rhys", "mode",
    "spin", "closing", "gamma", "temperature", "time", "state", "level", "initial", "tau", "generator",
)  # fmt: skip
_TOLD = 3  # messages of points


def finite(value: Any) -> Any:
    """`value` with NumPy's types as Python's, and what is not a finite number as None."""
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return finite(value.tolist())
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def document(value: Any) -> str:
    """One JSON document, every float at full precision, in ASCII for any pipe."""
    return json.dumps(finite(value), indent=2, allow_nan=False)


def page(answer: object) -> str:
    """An answer for people: as wide as the terminal, in colours if it is one."""
    terminal = sys.stdout.isatty()
    colours = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return text(answer, width=shutil.get_terminal_size((80, 24)).columns, colours=colours)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell, flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def dataset_dict(dataset: xarray.Dataset) -> dict[str, Any]:
    """A dataset as the nested dictionary that `--json` prints."""
    return {
        "coords": {name: _variable(coord) for name, coord in dataset.coords.items()},
        "data": {name: _variable(variable) for name, variable in dataset.data_vars.items()},
        "attributes": dict(dataset.attrs),
    }


def _variable(variable: xarray.DataArray) -> dict[str, Any]:
    return {"dims": list(variable.dims), **variable.attrs, "values": variable.values}


def dataset_table(dataset: xarray.Dataset) -> str:
    """A dataset as lines: one a point of the grid, the middle ones left out where there are many."""
    names = [*dataset.dims, *dataset.data_vars]
    units = [str(dataset[name].attrs.get("units", "1")) for name in names]
    sizes = [dataset.sizes[d] for d in dataset.dims]
    total = math.prod(sizes)
    shown = range(total) if total <= _ROWS else [*range(_ROWS // 2), *range(total - _ROWS // 2, total)]
    rows = [[str(name) for name in names], ["" if unit == "1" else f"[{unit}]" for unit in units]]
    for flat in shown:
        at = dict(zip(dataset.dims, np.unravel_index(flat, sizes) if sizes else (), strict=True))
        rows.append([_cell(dataset[name].values[tuple(at[d] for d in dataset[name].dims)]) for name in names])
    if not any(rows[1]):
        del rows[1]
    lines = columns(rows)
    if total > _ROWS:
        head = len(lines) - _ROWS // 2
        lines.insert(head, f"... {total - _ROWS} of {total} rows left out (--json or --out gives all) ...")
    fixed = [f"{name} = {dataset.attrs[name]}" for name in _PARAMETERS if name in dataset.attrs]
    unit = dataset.attrs["energy_unit"]
    energies = "plain energies, ħ = 1" if unit in ("plain", "that of the coupling") else f"energies in {unit}"
    return "\n".join([", ".join([*fixed, energies]), "", *lines])


def study_table(dataset: xarray.Dataset) -> tuple[xarray.Dataset, list[str]]:
    """The quantities of a study as they are printed, categories by name; and what there is to say of its points."""
    said = Counter(text for text in dataset["message"].values.reshape(-1).tolist() if text).most_common()
    remarks = [f"{n} {'point' if n == 1 else 'points'}: {text}" for text, n in said[:_TOLD]]
    if len(said) > _TOLD:
        remarks.append(f"... {len(said) - _TOLD} more messages (--json or --out gives all) ...")
    shown = dataset.drop_vars(["status", "message"])
    for name, variable in shown.data_vars.items():
        if "flag_meanings" in variable.attrs:
            names = np.array(["", *str(variable.attrs["flag_meanings"]).split()[1:]], dtype=object)
            shown[name] = (variable.dims, names[variable.values.astype(int) + 1])
        elif variable.dtype.kind == "i":
            values = variable.values.astype(object)
            values[variable.values < 0] = ""
            shown[name] = (variable.dims, values)
    return shown, remarks


def _cell(value: Any) -> str:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return str(value)
    return figure(value, 7) if isinstance(value, float) else str(value or NOTHING)


def quantity_page(entries: list[tuple[str, str, str, str]]) -> Page:
    """The quantities that a sweep can compute: name, formula, unit, what it needs."""
    from ..display import Table

    header = ("name", "formula", "unit", "needs")
    return Page("Quantities of a sweep", (), (Table("", tuple(entries), header, ()),))


def write_course(course: xarray.Dataset, out: Path, suffix: str, draw: Callable[[xarray.Dataset, Any], Any]) -> None:
    """Something in time as a data file, or as the picture that `draw` makes of it on given axes."""
    if suffix == ".nc":
        write_netcdf(course, out)
        return
    from ..style import new_figure, publication, save

    drawn = new_figure(height=2.7)
    with publication():
        draw(course, drawn.subplots())
    save(drawn, out)
