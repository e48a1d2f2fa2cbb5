"""One point of a study: its model, doublet and rates, each worked out once and when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..models.registry import MODELS
from ..rates import DephasingRates, dephasing_rates


class Point:
    """A point by the values of its parameters.

    Parameters
    ----------
    model : str
    given : mapping
        Parameters of the model, gamma, temperature, jump and options, as the package takes them.
    """

    def __init__(self, model: str, given: Mapping[str, Any]) -> None:
        self.name, self.given = model, given

    @cached_property
    def model(self) -> Any:
        """The model at this point."""
        entry = MODELS[self.name]
        known = {parameter.name for parameter in entry.parameters}
        return entry.build({name: value for name, value in self.given.items() if name in known})

    @cached_property
    def rates(self) -> DephasingRates:
        """The doublet under the jump operator, with the rates that gamma and temperature make."""
        return dephasing_rates(self.doublet_source, self.given.get("gamma"), temperature=self.given.get("temperature"))

    @cached_property
    def doublet_source(self) -> Any:
        """The doublet under the jump operator."""
        return dephasing_rates(self.model, jump=self.given.get("jump")).doublet

    @property
    def doublet(self) -> Any:
        """The doublet under the jump operator."""
        return self.doublet_source
