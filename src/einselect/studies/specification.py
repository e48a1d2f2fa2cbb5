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
    import xarray

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


Spread = Annotated[
    tuple[float, float, int], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
]


class LinspaceSpec(_Part):
    """Evenly spaced values, both ends included."""

    linspace: Spread = Field(description="Low, high, how many.")
    unit: str = Field("", description="Unit of all values, such as 'kHz'.")


class LogspaceSpec(_Part):
    """Values by equal factors, both ends included."""

    logspace: Spread = Field(description="Low, high, how many; low above zero.")
    unit: str = Field("", description="Unit of all values, such as 'kHz'.")


_FORMS: dict[str, type[BaseModel]] = {"linspace": LinspaceSpec, "logspace": LogspaceSpec, "range": RangeSpec}


def _listed(value: Any) -> Any:
    """What comes from Python (a range, an array, a tuple) as a list."""
    if isinstance(value, str | Mapping | BaseModel) or not hasattr(value, "__iter__"):
        return value
    return value.tolist() if hasattr(value, "tolist") else list(value)


def _form(value: Any) -> str:
    """Which of the forms of an axis is meant."""
    if isinstance(value, Mapping):
        return next((key for key in ("linspace", "logspace") if key in value), "range")
    return next((name for name, form in _FORMS.items() if isinstance(value, form)), "values")


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
    parameters: dict[str, Number | list[Number]] = Field(
        default_factory=dict,
        description="Parameters of the model that stay; lists of those that have one of each mode.",
    )
    bath: BathSpec = Field(default_factory=BathSpec, description="Dephasing and temperature.")
    axes: dict[str, Annotated[AxisSpec, BeforeValidator(_listed)]] = Field(
        default_factory=dict, description="What varies: parameters of the model, gamma, temperature, jump, options."
    )
    zip: list[list[str]] = Field(default_factory=list, description="Axes that go together instead of crossed.")
    quantities: Annotated[list[str], BeforeValidator(_listed)] = Field(
        min_length=1, description="What is asked; see 'einselect quantities'."
    )
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

    def to_toml(self) -> str:
        """The study as the text of a file that `from_toml` reads."""
        from .toml import written

        return written(self.model_dump(mode="json", exclude_defaults=True))

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

    def run(
        self,
        path: str | Path | None = None,
        *,
        executor: str | None = None,
        workers: int | None = None,
        scheduler: str | None = None,
        progress: bool = True,
        extend: bool = False,
        retry: bool = False,
    ) -> xarray.Dataset:
        """Work it out, or what is missing of it; parameters, answer and errors are those of `run_study`.

        Examples
        --------
        >>> from einselect.studies import Study
        >>> study = Study(parameters={"field": 0.95}, axes={"spins": [100, 370]}, quantities=["eta_exact", "regime"])
        >>> study.run(progress=False).eta_exact.values.round(4).tolist()
        [1.6657, 1.8634]
        """
        from .run import run_study

        return run_study(
            self,
            path,
            executor=executor,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
            extend=extend,
            retry=retry,
        )

    def axis_items(self) -> dict[str, list[Any]]:
        """Values of each axis, as given."""
        return {name: axis_values(name, spec) for name, spec in self.axes.items()}


def explain(error: ValidationError, data: Mapping[str, Any]) -> str:
    """The first thing that is wrong, in the message form of the package."""
    found = error.errors(include_url=False)[0]
    parts = [str(part) for part in found["loc"]]
    form = parts.pop(2) if parts[0] == "axes" and len(parts) > 2 else ""  # its tag, which is no key
    at: Any = data
    path: list[str] = []
    for k, part in enumerate(parts):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
            path.append(part)
        elif isinstance(at, list | tuple) and part.isdigit() and int(part) < len(at):
            at = at[int(part)]
            path.append(part)
        elif k == len(parts) - 1 and found["type"] in ("missing", "extra_forbidden") and not part.isdigit():
            path.append(part)
    name = ".".join(path) or "study"
    if found["type"] == "missing" and not parts[-1].isdigit():
        return f"{name} must be given; got none"
    if found["type"] == "extra_forbidden":
        return _unknown_key(path, form)
    return f"{name} must be {_allowed(found, path)}; got {_got(at)}"


def _allowed(found: Mapping[str, Any], path: list[str]) -> str:
    """What may stand there."""
    if "linspace" in path or "logspace" in path:
        return "three numbers [low, high, count], the last one whole"
    if path[:1] == ["axes"] and found["type"] in ("list_type", "dict_type", "too_short"):
        if len(path) == 1:
            return "a table with a key for each axis"
        return "one or more values [a, b, ...], or a table with start, stop and step, with linspace or with logspace"
    if path[:1] in (["axes"], ["parameters"], ["options"]) or path[-1:] in (["gamma"], ["temperature"]):
        return "a finite number, or text with a unit such as '0.05 1/s'"
    if found["type"] == "too_short":
        return "one or more names" if path[-1:] == ["quantities"] else "longer"
    allowed = str(found["msg"]).replace("Input should be ", "")
    return f"{allowed[0].lower()}{allowed[1:]}"


def _got(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _unknown_key(path: list[str], form: str) -> str:
    table = ".".join(path[:-1])
    part: type[BaseModel] = Study
    tables: dict[str, type[BaseModel]] = {"bath": BathSpec, "executor": ExecutorSpec}
    if len(path) > 1:
        part = _FORMS[form] if path[0] == "axes" else tables[path[0]]
    try:
        _checks.one_of(f"key of {table or 'the study'}", path[-1], part.model_fields)
    except InputError as error:
        return str(error)
    return f"{'.'.join(path)} must be left out; got {path[-1]!r}"
