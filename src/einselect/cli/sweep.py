"""The command `sweep`: a grid of parameters by options, or a study by its file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ..errors import InputError
from . import options, output
from .app import app
from .options import Json, option, switch
from .study import sweep_study
from .study_options import NO_OPTIONS as NO_CHOICE
from .study_options import WantedOptions, given, read_study
from .systems import NO_OPTIONS, SystemOptions

if TYPE_CHECKING:
    import xarray

    from ..studies.specification import Study


@app.command(
    sort_key=3,
    help_epilogue="""\
What has several values becomes an axis:
  0.9,0.95             these values
  20:2000:2            spins: first:last:step, the last one included
  0.1:0.99:50          all else: low:high:count, evenly spaced with both ends
  "0.01:1:50:log 1/s"  low:high:count:log, by equal factors, and a unit behind

With a study file, or into a folder NAME.zarr, what is there is kept: the same
command goes on where it was stopped.

Examples:
  einselect sweep --spins 20:2000:2 --field 0.95 --out curve.nc
  einselect sweep --spins 100,200,370 --field 0.1:0.99:50 \\
      --quantity eta_exact --quantity log10_splitting --json
  einselect sweep --model dicke --spins 10 --coupling 0.5:1:11 \\
      --quantity eta_exact --out dicke.nc
  einselect sweep study.toml --out study.zarr --processes 2
""",
)
def sweep(
    file: Annotated[Path | None, Parameter(help="A study file; its keys: --schema.", show_default=False)] = None,
    /,
    *,
    system: SystemOptions = NO_OPTIONS,
    gamma: Annotated[str | None, option("γ: values or a range.", "γ")] = None,
    temperature: Annotated[str | None, option("T: values or a range.", "T")] = None,
    jump: Annotated[str | None, option("Jump operator by name (default: the natural one); several too.", "L")] = None,
    quantity: Annotated[
        list[str] | None,
        option("What to compute; repeat, or join by commas (see 'einselect quantities').", "NAME"),
    ] = None,
    chosen: WantedOptions = NO_CHOICE,
    zipped: Annotated[
        list[str] | None,
        Parameter("--zip", help="Axes that go together, as in spins,gamma; repeat.", metavar="NAMES", negative=""),
    ] = None,
    processes: Annotated[str, option("Worker processes (default: as many as pay).", "COUNT")] = "",
    workers: Annotated[str, option("Dask workers to start on this machine, into a folder.", "COUNT")] = "",
    scheduler: Annotated[str, option("Dask scheduler to use, into a folder.", "ADDRESS")] = "",
    out: Annotated[
        Path | None, option("Write it to this netCDF file, or to a folder NAME.zarr.", "FILE.nc|DIR.zarr")
    ] = None,
    extend: Annotated[bool, switch("The folder may hold fewer values on the axes; they are kept.")] = False,
    retry: Annotated[bool, switch("Work out again the points of the folder that failed.")] = False,
    schema: Annotated[bool, switch("Print the JSON schema of a study file and end.")] = False,
    listing: Annotated[bool, switch("List the quantities of the default model and end.", "--list")] = False,
    json: Json = False,
) -> None:
    """A grid of parameters: one row a point, printed, or written as netCDF or into a folder."""
    if listing:
        _list_quantities(json)
        return
    if schema:
        from ..studies.specification import Study

        print(output.document(Study.schema()))
        return
    bath = {"gamma": gamma, "temperature": temperature, "jump": jump}
    typed = {name: text for name, text in bath.items() if text is not None}
    wanted = [name.strip() for text in quantity or () for name in text.split(",")]
    stored = file is not None or (out is not None and out.suffix == ".zarr")
    if file is not None:
        others = [
            *given(system),
            *typed,
            *(["quantity"] if wanted else []),
            *given(chosen),
            *(["zip"] if zipped else []),
        ]
        if others:
            raise InputError(f"--{others[0].replace('_', '-')} must be left to the study file; got {str(file)!r} too")
    elif out is not None and out.suffix not in (".nc", ".zarr"):
        raise InputError(f"out must be a file name that ends in .nc; got {str(out)!r} (or a folder: .zarr)")
    if not stored:
        for name, asked in (("workers", workers), ("scheduler", scheduler), ("extend", extend), ("retry", retry)):
            if asked:
                raise InputError(f"--{name} must be left out unless --out is a folder NAME.zarr; got {asked!r}")
        if _is_table(system.model, wanted, jump, zipped, chosen):
            dataset = _in_memory(system, gamma, temperature, wanted, processes, out)
            _show(dataset, out, json)
            return
    study = _study(file, system, typed, wanted, chosen, zipped or [])
    if stored:
        sweep_study(
            study,
            out,
            workers=workers,
            processes=processes,
            scheduler=scheduler,
            extend=extend,
            retry=retry,
            json=json,
        )
        return
    _show(_worked_out(study, processes, out), out, json)


def _study(
    file: Path | None, system: Any, bath: dict[str, str], wanted: list[str], chosen: Any, zipped: list[str]
) -> Study:
    """The study of a file, or of the options."""
    if file is None:
        return read_study(system, bath, wanted, chosen, zipped)
    from ..studies.specification import Study

    return Study.from_toml(file)


def _is_table(model: str, wanted: list[str], jump: str | None, zipped: Any, chosen: Any) -> bool:
    """Whether it is a sweep of the default model, which is read off tables of doublets without any study."""
    from ..sweeps.quantities import BATH, STATIC

    plain = model == "lmg" and jump is None and not zipped and not given(chosen)
    if not plain or all(name in STATIC or name in BATH for name in wanted):
        return plain
    from ..studies.catalogue import quantity

    for name in wanted:
        quantity(name)
    return False


def _in_memory(
    system: Any, gamma: str | None, temperature: str | None, wanted: list[str], processes: str, out: Path | None
) -> xarray.Dataset:
    """The default model on a grid, read off tables of doublets."""
    texts = given(system)
    for name in ("spins", "field"):
        if name not in texts:
            raise InputError(f"--{name} must be given; got none (see 'einselect sweep --help')")
    for name in texts:
        if name not in ("spins", "field", "coupling"):
            raise InputError(
                f"{name} must be left out for the model lmg, whose parameters are spins, field, coupling; "
                f"got {texts[name]!r}"
            )
    from ..sweeps import sweep as run
    from ..sweeps.quantities import DEFAULT

    rate = None if gamma is None else options.axis("gamma", gamma)
    kt = None if temperature is None else options.axis("temperature", temperature)
    coupling = options.axis("coupling", texts.get("coupling", "1"))
    grid = options.whole_axis("spins", texts["spins"], 2), options.axis("field", texts["field"]), coupling
    options.check_grid(*grid, rate, kt)
    return run(
        *grid,
        gamma=rate,
        temperature=kt,
        quantities=wanted or DEFAULT,
        processes=options.whole("processes", processes, 1, 1024) if processes else None,
        progress=sys.stderr.isatty(),
        path=out,
    )


def _worked_out(study: Study, processes: str, out: Path | None) -> xarray.Dataset:
    """Any other study, in memory; written to a netCDF file if there is one."""
    from ..studies.run import run_study

    options.output_file(out, (".nc",))
    plan = study.plan()
    options.check_points(plan.points)
    count = options.whole("processes", processes, 1, 1024) if processes else 1
    kind = "processes" if count > 1 else "in-process"
    workers = count if count > 1 else None
    found = run_study(study, None, executor=kind, workers=workers, progress=sys.stderr.isatty()).load().drop_encoding()
    found["message"] = found["message"].astype(object)  # as netCDF and JSON have text
    if out is not None:
        output.write_netcdf(found, out)
    return found


def _show(dataset: xarray.Dataset, out: Path | None, json: bool) -> None:
    """Print a dataset, or what was written."""
    if json:
        print(output.document(output.dataset_dict(dataset)))
        return
    remarks: list[str] = []
    if "status" in dataset:
        dataset, remarks = output.study_table(dataset)
    if out is None:
        print("\n".join([output.dataset_table(dataset), *remarks]))
    else:
        sizes = " x ".join(f"{size} {name}" for name, size in dataset.sizes.items()) or "one point"
        print("\n".join([f"{out}: {', '.join(map(str, dataset.data_vars))} on {sizes}", *remarks]))


def _list_quantities(json: bool) -> None:
    from ..sweeps.quantities import BATH, STATIC

    entries = [(name, q.formula, q.unit or "1", "") for name, q in STATIC.items()]
    entries += [(name, q.formula, q.unit or "1", ", ".join(q.axes)) for name, q in BATH.items()]
    if json:
        keys = ("name", "formula", "unit", "needs")
        print(output.document([dict(zip(keys, entry, strict=True)) for entry in entries]))
    else:
        print(output.page(output.quantity_page(entries)))
