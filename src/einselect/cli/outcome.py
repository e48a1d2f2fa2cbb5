"""What `evolve` prints and writes of a run: all of it, or the times that are done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import output
from .bath import Bath
from .systems import file_parameters, model_parameters

if TYPE_CHECKING:
    import xarray

_AT_HALF = ("eigen-superposition", "pointer", "ground")  # one of the two coherences starts at ½


@dataclass(frozen=True)
class Outcome:
    """The finished times of a run, and what they are an answer to.

    Attributes
    ----------
    run : LevelEvolution or FullEvolution
        With one time done at least.
    asked : int
        How many times were asked for.
    model : LMG or another
    bath : Bath
    state : str
        As it was typed.
    """

    run: Any
    asked: int
    model: Any
    bath: Bath
    state: str

    @cached_property
    def _labelled(self) -> xarray.Dataset:
        found: xarray.Dataset = self.run.dataset()
        return found

    @cached_property
    def columns(self) -> dict[str, NDArray[Any]]:
        """Variables by name, and the times."""
        if hasattr(self.run, "columns"):  # without xarray, which takes longer to import than most runs
            found: dict[str, NDArray[Any]] = self.run.columns()
            return found
        variables = self._labelled.variables
        return {str(name): np.asarray(variable.values) for name, variable in variables.items()}

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """How the run was done, how well, and for which parameters."""
        own = self.run.attributes() if hasattr(self.run, "columns") else self._labelled.attrs
        parameters = file_parameters(self.model)
        return {
            "truncation_error": 0.0,
            **own,
            **parameters,
            "energy_unit": self.model.energy_unit,
            "t2": self.bath.t2,
            "initial_state": self.state,
            "times_asked": self.asked,
        }

    @property
    def done(self) -> int:
        """How many times are done."""
        return len(self.columns["time"])

    def write(self, out: Path) -> None:
        """The data as netCDF, or a picture with the naive exponentials; whole or not at all."""
        answer = self._labelled.assign_attrs(self.attributes)
        if out.suffix.lower() == ".nc":
            output.write_netcdf(answer, out)
            return
        from ..plots import plot_coherences
        from ..style import new_figure, publication, save

        bath = self.bath
        names = (r"\Gamma_{01}", r"\Gamma_\mathrm{PR}")
        if bath.only_dephasing:
            names = (r"\gamma G_{01}", r"\gamma(G_{01}+J_{01}^2)")
        naive = {rf"$e^{{-{n}t}}/2$": r for n, r in zip(names, (bath.rate_eigenstate, bath.rate_pointer), strict=True)}
        if self.state not in _AT_HALF:
            naive = {}
        picture = new_figure(height=2.7)
        with publication():
            plot_coherences(answer, picture.subplots(), naive)
        save(picture, out)

    def document(self) -> dict[str, Any]:
        """What `--json` prints."""
        columns, attributes, bath = self.columns, self.attributes, self.bath
        rho_01, rho_pr = columns["rho_01"], columns["rho_pr"]
        return {
            **model_parameters(self.model),
            "gamma": bath.gamma,
            "jumps": bath.listed(),
            "state": self.state,
            "times": columns["time"],
            "rho01_abs": abs(rho_01),
            "rho01_re": rho_01.real,
            "rho01_im": rho_01.imag,
            "rho_pr_re": rho_pr.real,
            "rho_pr_im": rho_pr.imag,
            **{name: columns[name] for name in ("populations", "doublet_population", "leakage", "purity")},
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

    def text(self, out: Path | None) -> str:
        """A few lines of the run, and how good they are."""
        from ..rates import units_of

        columns, attributes = self.columns, self.attributes
        shown = sorted({round(i * (self.done - 1) / 10) for i in range(11)})
        rows: list[tuple[str, ...]] = [("t", "t/T2", "|rho_01|", "Re rho_PR", "Im rho_PR", "doublet")]
        unit = units_of(self.model.energy_unit)["time"] if self.model.energy_unit != "plain" else "ħ = 1"
        rows.append((f"[{unit}]", "", "", "", "", ""))
        for i in shown:
            t, rho_pr = columns["time"][i], columns["rho_pr"][i]
            values = (t, t / self.bath.t2, abs(columns["rho_01"][i]), rho_pr.real, rho_pr.imag)
            rows.append(tuple(f"{v + 0.0:.6g}" for v in (*values, columns["doublet_population"][i])))
        if "error_estimate" in attributes:
            quality = f"all {attributes['levels']} levels, estimated error {attributes['error_estimate']:.1e}"
        else:
            quality = f"{attributes['levels']} levels, truncation error below {attributes['truncation_error']:.1e}"
            if attributes["rounding_error"] > attributes["truncation_error"]:
                quality += f", rounding about {attributes['rounding_error']:.0e}"
        tail = [f"from {self.state}; {quality}", *([f"written to {out}"] if out else [])]
        return "\n".join([*output.columns(rows), "", *tail])
