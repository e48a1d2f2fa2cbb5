"""The commands `curve`, one model along one of its parameters, and `compare`, all systems side by side."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

from ..errors import InputError
from . import options, output
from .app import app
from .options import Json, option
from .systems import LISTS, NO_OPTIONS, Jump, System, SystemOptions, read_system


@app.command(
    sort_key=4,
    help_epilogue="""\
Ranges are those of 'sweep': 20:2000:2 or 100,200 for spins, low:high:count or
several values for anything else. Without a peak the largest value is at an end.

Examples:
  einselect curve --model dicke --spins 4:24:4 --coupling 0.7
  einselect curve --spins 20:1000:20 --field 0.95 --plot curve.svg
  einselect curve --model rabi --coupling 0.5:3:6 --jump x --out curve.nc
  einselect curve --model anisotropic --spins 100 --field 0.8 \\
      --anisotropy -0.9:0.9:10 --json
""",
)
def curve(
    *,
    system: SystemOptions = NO_OPTIONS,
    jump: Jump = None,
    out: Annotated[Path | None, option("Write it to this .nc file instead of printing it.", "FILE.nc")] = None,
    plot: Annotated[Path | None, option("Draw the ratios to this png, svg or pdf file.", "FILE")] = None,
    json: Json = False,
) -> None:
    """One model along one of its parameters: both ratios, moments, the splitting, and where the ratios are largest."""
    options.output_file(out, (".nc",))
    options.output_file(plot, options.PICTURES, "plot")
    axis, values = _axis(system)
    # All of them first, so that what is refused is refused before any work.
    models = [read_system(replace(system, **{axis: str(value)}), "curve") for value in values]
    from ..sweeps import parameter_curve

    found = parameter_curve(lambda model: model, models, axis=axis, jump=jump)
    found = found.assign_attrs(model=system.model, **_fixed(system, axis))
    if out is not None:
        output.write_netcdf(found, out)
    if plot is not None:
        _draw(found, plot)
    if json:
        print(output.document(output.dataset_dict(found)))
    elif out is not None:
        print(f"{out}: {', '.join(map(str, found.data_vars))} on {len(values)} {axis}")
    else:
        print(_text(found, axis))


def _draw(found: Any, plot: Path) -> None:
    from ..plots import plot_curve
    from ..style import new_figure, publication, save

    figure = new_figure(height=2.6)
    with publication():
        plot_curve(found, figure.subplots())
    save(figure, plot)


def _axis(system: System) -> tuple[str, list[Any]]:
    """The parameter that is given several values, and these."""
    found: dict[str, list[Any]] = {}
    for item in fields(system):
        text = getattr(system, item.name)
        if item.name in ("model", *LISTS) or text is None:
            continue
        values: Any = None
        if "," in text or ":" in text:
            values = options.whole_axis("spins", text, 2) if item.name == "spins" else options.axis(item.name, text)
        if isinstance(values, list):
            found[item.name] = values
    if len(found) != 1:
        got = ", ".join(found) or "none"
        raise InputError(f"one parameter must have several values, as in '--spins 20:200:20'; got {got}")
    return next(iter(found.items()))


def _fixed(system: System, axis: str) -> dict[str, str]:
    """The parameters that stay, as they were typed."""
    given = {item.name: getattr(system, item.name) for item in fields(system) if item.name not in ("model", axis)}
    return {name: text for name, text in given.items() if text is not None}


def _text(found: Any, axis: str) -> str:
    shown = found.drop_vars([name for name in found.data_vars if found[name].isnull().all()])
    lines = [f"model {found.attrs['model']}, jump operator {found.attrs['jump']}", output.dataset_table(shown), ""]
    for ratio in ("eta_exact", "eta_mf"):
        if ratio in shown:
            at = found.attrs[f"peak_{ratio}_{axis}"]
            lines.append(f"largest {ratio} {found.attrs[f'peak_{ratio}']:.6g} at {axis} = {at:g}")
    return "\n".join(lines)


@app.command(
    sort_key=8,
    help_epilogue="""\
Examples:
  einselect compare
  einselect compare --plot systems.svg
""",
)
def compare(
    *,
    plot: Annotated[Path | None, option("Draw the ratios to this png, svg or pdf file.", "FILE")] = None,
    json: Json = False,
) -> None:
    """All systems side by side, each at one point: both coherences under its jump operators."""
    options.output_file(plot, options.PICTURES, "plot")
    from ..sweeps import compare_systems

    answer = compare_systems()
    if plot is not None:
        from matplotlib import pyplot

        from ..plots import plot_systems
        from ..style import save

        figure: Any = plot_systems(answer).figure
        save(figure, plot)
        pyplot.close(figure)
    print(output.document(answer.as_dict()) if json else output.page(answer))
