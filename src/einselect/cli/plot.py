"""The command `plot`: a study as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from .. import _checks
from ..errors import InputError
from . import options
from .app import app
from .options import option

if TYPE_CHECKING:
    import xarray


@app.command(
    sort_key=3.3,
    help_epilogue="""\
Every other axis with more than one value needs --at. Axes whose values grow by
equal factors are logarithmic, and so is a quantity over three decades. A window
is drawn from window_min to window_max of a study, or of 'window --out', for
each --x and --hue; it has no --y.

Examples:
  einselect plot study.zarr --x spins --y eta_mf --hue field --out eta.svg
  einselect plot study.zarr --x spins --y eta_mf --hue field --kind map \\
      --out map.png
  einselect plot windows.nc --kind window --x field --hue gamma --out w.svg
""",
)
def plot(
    study: Annotated[Path | None, Parameter(help="A folder or netCDF file of 'sweep'.", show_default=False)] = None,
    /,
    *,
    x: Annotated[str, option("The axis from left to right.", "AXIS")],
    y: Annotated[
        str | None, option("A quantity; for lines without --hue several too, joined by commas.", "NAME")
    ] = None,
    hue: Annotated[str | None, option("A colour a line for each of its values; the height of a map.", "AXIS")] = None,
    facet: Annotated[str | None, option("A panel for each of its values.", "AXIS")] = None,
    kind: Annotated[str, option("line (default), map, where the colour is the quantity, or window.", "KIND")] = "line",
    at: Annotated[list[str] | None, option("One value of another axis, as field=0.95; repeat.", "AXIS=VALUE")] = None,
    log: Annotated[
        str | None, option("Logarithmic scales: x, y, hue, joined by commas, or none (default: where fit).", "SCALES")
    ] = None,
    out: Annotated[Path, option("The picture: png, svg or pdf.", "FILE")],
) -> None:
    """A study as lines, maps and panels, in the style of a journal column."""
    options.output_file(out, options.PICTURES)
    if y is None and kind != "window":
        raise InputError("--y must be given; got none (see 'einselect plot --help')")
    if study is None:
        raise InputError("STUDY must be a folder or a file, as in 'einselect plot study.zarr --x ...'; got none")
    from ..studies.reading import open_study

    with open_study(study) as dataset:
        from ..plots import plot_study
        from ..style import save

        figure = plot_study(
            dataset,
            x=x,
            y=[] if y is None else [name.strip() for name in y.split(",")],
            hue=hue,
            facet=facet,
            kind=kind,
            at=dict(_place(dataset, text) for text in at or ()),
            log=None if log is None else [name.strip() for name in log.split(",") if name.strip() != "none"],
        )
    save(figure, out)
    print(out)


def _place(dataset: xarray.Dataset, text: str) -> tuple[str, Any]:
    """An axis and the value on it, in the unit of the study."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value:
        raise _checks.fail("at", "an axis and a value, as in 'field=0.95'", text)
    numbers = name in dataset.coords and dataset[name].dtype.kind in "iuf"
    read = options.plain(value)
    if numbers and isinstance(read, str):
        unit = dataset[name].attrs.get("units", "1")
        raise _checks.fail(f"at {name}", f"a plain number in the unit of the study, {unit}", value)
    return name, read if numbers else value
