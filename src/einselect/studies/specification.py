"""A study as a file: a model, its parameters, a bath, axes, and what is asked at each point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationError

from .. import _checks
from ..errors import InputError
from .axes import axis_values

if TYPE_CHECKING:
    from .plan import Plan

Number = int | float | str
"""A plain number, or a string with a unit as "0.05 1/s"."""


class _Part(BaseModel):
    """A table of the file: unknown keys are refused, true is no number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class RangeSpec(_Part):
    """From start in steps, the last value included where a step meets it."""

    start: int | float = Field(description="First value.")
    stop: int | float = Field(description="Last value, if a step meets it.")
    step: int | float = Field(gt=0, description="Step.")
    unit: str = Field("", description="Unit of all values, such as 'kHz'.")


class LinspaceSpec(_Part):
    """Evenly spaced values, both ends included."""

    linspace: tuple[float, float, int] = Field(description="Low, high, how many.")
    unit: str = Field("", description="Unit of all values, such as 'kHz'.")


class LogspaceSpec(_Part):
    """Values by equal factors, both ends included."""

    logspace: tuple[float, float, int] = Field(description="Low, high, how many; low above zero.")
    unit: str = Field("", description="Unit of all values, such as 'kHz'.")


def _listed(value: Any) -> Any:
    """What comes from Python (a range, an array, a tuple) as a list."""
    if isinstance(value, str | Mapping | BaseModel) or not hasattr(value, "__iter__"):
        return value
    return value.tolist() if hasattr(value, "tolist") else list(value)


def _form(value: Any) -> str:
    if isinstance(value, Mapping):
        return next((key for key in ("linspace", "logspace") if key in value), "range")
    return getattr(value, "_form", "values")


_PAIR = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
AxisSpec = Annotated[
    Annotated[list[Number], Tag("values"), Field(min_length=1)]
    | Annotated[RangeSpec, Tag("range")]
    | Annotated[LinspaceSpec, Tag("linspace")]
    | Annotated[LogspaceSpec, Tag("logspace")],
    Discriminator(_form),
]


class BathSpec(_Part):
    """What dephases, and the temperature."""

    gamma: Number | None = Field(None, description="Rate γ of the jump operator: '0.05 1/s', or a plain number.")
    temperature: Number | None = Field(None, description="'10 nK', or k_B T as a plain number.")
    jump: str | None = Field(None, description="Jump operator by name; the model's natural one if left out.")


class ExecutorSpec(_Part):
    """Where the work is done; it does not change the numbers."""

    kind: Literal["auto", "in-process", "processes", "dask"] = Field("auto", description="Which executor.")
    workers: int | None = Field(None, ge=1, le=4096, description="How many worker processes.")
    scheduler: str | None = Field(None, description="Address of a Dask scheduler, 'tcp://host:8786'.")


class Study(_Part):
    """A parameter study.

    Examples
    --------
    >>> from einselect.studies import Study
    >>> study = Study(
    ...     parameters={"field": 0.95},
    ...     axes={"spins": {"start": 100, "stop": 500, "step": 100}, "gamma": [1e-7, 1e-6]},
    ...     quantities=["eta_mf", "rate_pointer"],
    ... )
    >>> study.plan().shape
    (5, 2)
    """

    title: str = Field("", description="A line for the dataset.")
    model: str = Field("lmg", description="Name of the model; see 'einselect models'.")
    parameters: dict[str, Number] = Field(default_factory=dict, description="Parameters of the model that stay.")
    bath: BathSpec = Field(default_factory=BathSpec, description="Dephasing and temperature.")
    axes: dict[str, Annotated[AxisSpec, BeforeValidator(_listed)]] = Field(
        default_factory=dict, description="What varies: parameters of the model, gamma, temperature, jump, options."
    )
    zip: list[list[str]] = Field(default_factory=list, description="Axes that go together instead of crossed.")
    quantities: list[str] = Field(min_length=1, description="What is asked; see 'einselect quantities'.")
    options: dict[str, Number] = Field(default_factory=dict, description="Options of the quantities.")
    chunk: int | None = Field(None, ge=1, le=1_000_000, description="Points of a chunk of the store.")
    executor: ExecutorSpec = Field(default_factory=ExecutorSpec, description="Where the work is done.")

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise InputError(explain(error, data)) from None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Study:
        """From a mapping with the keys of the file.

        Raises
        ------
        InputError
            With the key that is wrong, what is allowed and what was got.
        """
        return cls(**dict(data))

    @classmethod
    def from_toml(cls, path: str | Path) -> Study:
        """From a TOML file.

        Raises
        ------
        InputError
            For a file that cannot be read, and as `from_dict`.
        """
        import tomllib

        try:
            data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"study file must be readable; got {str(path)!r} ({error.strerror})") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"study file must be TOML; got {str(path)!r} ({error})") from None
        return cls.from_dict(data)

    @classmethod
    def schema(cls) -> dict[str, Any]:  # type: ignore[override]  # pydantic's, of older days
        """The JSON schema of the file."""
        return cls.model_json_schema()

    def canonical(self) -> dict[str, Any]:
        """All that decides the numbers, with the values of the axes written out; JSON-able."""
        from .build import canonical

        return canonical(self.plan())

    def digest(self) -> str:
        """SHA-256 of `canonical`, in hexadecimal: equal for equal numbers."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def plan(self) -> Plan:
        """The study as axes and variables, checked.

        Raises
        ------
        InputError
            For an unknown model, parameter, quantity or option, one that is missing, or a value that is refused.
        """
        from .build import make_plan

        return make_plan(self)

    def axis_items(self) -> dict[str, list[Any]]:
        """Values of each axis, as given."""
        return {name: axis_values(name, spec) for name, spec in self.axes.items()}


def explain(error: ValidationError, data: Mapping[str, Any]) -> str:
    """The first thing that is wrong, in the message form of the package."""
    found = error.errors(include_url=False)[0]
    parts = [str(part) for part in found["loc"]]
    at: Any = data
    path: list[str] = []
    for k, part in enumerate(parts):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
            path.append(part)
        elif isinstance(at, list | tuple) and part.isdigit():
            at = at[int(part)]
            path.append(part)
        elif k == len(parts) - 1 and found["type"] in ("missing", "extra_forbidden"):
            path.append(part)
    name = ".".join(path) or "study"
    if found["type"] == "missing":
        return f"{name} must be given; got none"
    if found["type"] == "extra_forbidden":
        return _unknown_key(path, parts)
    allowed = found["msg"].replace("Input should be ", "").replace("Value error, ", "")
    return f"{name} must be {allowed[0].lower()}{allowed[1:]}; got {found['input']!r}"


def _unknown_key(path: list[str], parts: list[str]) -> str:
    table = ".".join(path[:-1])
    part: type[BaseModel] = Study
    tables: dict[str, type[BaseModel]] = {"bath": BathSpec, "executor": ExecutorSpec}
    forms: dict[str, type[BaseModel]] = {"range": RangeSpec, "linspace": LinspaceSpec, "logspace": LogspaceSpec}
    if len(path) > 1:
        part = forms[parts[2]] if path[0] == "axes" else tables[path[0]]
    try:
        _checks.one_of(f"key of {table or 'the study'}", path[-1], part.model_fields)
    except InputError as error:
        return str(error)
    return f"{'.'.join(path)} must be left out; got {path[-1]!r}"
