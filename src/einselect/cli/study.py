"""The commands `status` and `export`, and what `sweep` does with a study and a folder for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..errors import InputError
from . import options, output
from .app import app
from .interruption import once
from .options import Json, option

if TYPE_CHECKING:
    from ..studies.specification import Study

Folder = Annotated[Path, Parameter(help="The folder of a study, NAME.zarr.", show_default=False)]


@app.command(
    sort_key=3.1,
    help_epilogue="""\
Example:
  einselect status study.zarr
""",
)
def status(
    folder: Annotated[Path | None, Parameter(help="The folder of a study.", show_default=False)] = None,
    /,
    *,
    json: Json = False,
) -> None:
    """How far a study is, what it holds, and what was wrong with points that have no numbers."""
    from ..studies.summary import summarise

    answer = summarise(_given(folder, "status"))
    print(output.document(answer.as_dict()) if json else answer.text())


@app.command(
    sort_key=3.2,
    help_epilogue="""\
netCDF keeps the grid. CSV and Parquet have one row for each point that is
done, with its coordinates. Memory stays small whatever the size of the study.

Examples:
  einselect export study.zarr --to netcdf
  einselect export study.zarr --to parquet --out rates.parquet
""",
)
def export(
    folder: Annotated[Path | None, Parameter(help="The folder of a study.", show_default=False)] = None,
    /,
    *,
    to: Annotated[str, option("netcdf, csv or parquet.", "FORMAT")],
    out: Annotated[Path | None, option("The file; if left out, the study's name with another ending.", "FILE")] = None,
) -> None:
    """A study as one file for other programs: netCDF, CSV or Parquet."""
    from ..studies.export import export_study
    from ..studies.summary import summarise

    source = _given(folder, "export")
    target = export_study(source, to, out)
    missing = summarise(source).counts["missing"]
    print(f"{target}: {missing:,} points are not worked out yet and have no numbers" if missing else f"{target}")


def _given(folder: Path | None, command: str) -> Path:
    if folder is None:
        raise InputError(f"FOLDER must be a study, as in 'einselect {command} study.zarr'; got none")
    return folder


def sweep_study(
    study: Study,
    out: Path | None,
    *,
    workers: str = "",
    processes: str = "",
    scheduler: str = "",
    extend: bool = False,
    retry: bool = False,
    json: bool = False,
) -> None:
    """Work out a study, or what is missing of it, and print what there is.

    Parameters
    ----------
    study : Study
    out : Path or None
        Folder of the store.
    workers, processes : str
        Numbers as typed: of a Dask cluster of this machine, or of processes without one.
    scheduler : str
        Address of a Dask scheduler.
    extend, retry, json : bool

    Raises
    ------
    InputError
        For options that do not go together, and as `run_study`.
    """
    if out is None:
        raise InputError("--out must be given for a study; got none (a folder name that ends in .zarr)")
    asked = {"--workers": workers, "--processes": processes, "--scheduler": scheduler}
    if len([name for name, value in asked.items() if value]) > 1:
        named = " and ".join(name for name, value in asked.items() if value)
        raise InputError(f"executor must be one of {', '.join(asked)}; got {named}")
    kind = count = None
    if workers:
        kind, count = "dask", options.whole("workers", workers, 1, 4096)
    elif processes:
        kind, count = "processes", options.whole("processes", processes, 1, 4096)
    from ..studies.provenance import command_line
    from ..studies.run import run_study
    from ..studies.summary import summarise

    with once():
        run_study(
            study,
            out,
            executor=kind,
            workers=count,
            scheduler=scheduler or None,
            extend=extend,
            retry=retry,
            command=command_line(sys.argv[1:]),
        )
    answer = summarise(out)
    print(output.document(answer.as_dict()) if json else answer.text())
