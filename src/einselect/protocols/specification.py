"""A protocol as a file: what is prepared, what is measured, on which model, in which bath, with which noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, create_model

from .. import _checks
from ..errors import InputError
from ..models.registry import MODELS, ModelEntry, Parameter

if TYPE_CHECKING:
    from ..models import LMG

Number = float | str
"""A plain number, or a string with a unit as "0.05 1/s"."""


class _Part(BaseModel):
    """A table of the file: unknown keys are refused, true is no number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class LMGSpec(_Part):
    """The Lipkin-Meshkov-Glick model, H = -(J/N) Jz² - Γ Jx."""

    name: Literal["lmg"] = Field("lmg", description="Name of the model.")
    spins: int = Field(ge=2, le=4000, description="N; the mean atom number where it varies.")
    field: Number = Field(description="Transverse field Γ: Γ/J as a plain number, or with a unit ('11.2 kHz').")
    coupling: Number = Field(1.0, description="J: a plain number, or with a unit ('11.8 kHz', '74346 rad/s').")

    def build(self) -> LMG:
        """The model."""
        from ..models import LMG

        return LMG(self.spins, self.field, self.coupling)


class BoseJosephsonSpec(_Part):
    """The two-mode condensate with attraction, H = -K(a†b + b†a) - (U/2)(a†a†aa + b†b†bb)."""

    name: Literal["bose-josephson"] = Field(description="Name of the model.")
    spins: int = Field(ge=2, le=4000, description="N, the number of bosons; the mean where it varies.")
    tunnelling: Number = Field(description="K: a plain number, or with a unit ('72 Hz' is E/h).")
    interaction: Number = Field(description="U > 0, the attraction, in the same way.")

    def build(self) -> LMG:
        """The LMG model that it is, Γ = 2K and J = NU."""
        from ..models import BoseJosephson

        return BoseJosephson(self.spins, self.tunnelling, self.interaction).lmg()


class RegistrySpec(_Part):
    """Any other model, by its name and its parameters."""

    name: str

    def build(self) -> Any:
        """The model."""
        given = self.model_dump(exclude={"name"}, exclude_none=True)
        return MODELS[self.name].build(given)

    def changed(self, parameter: str, value: float, unit: str) -> Any:
        """The model with another value of an energy or of N, in its own unit."""
        given = self.model_dump(exclude={"name"}, exclude_none=True)
        return MODELS[self.name].build({**given, parameter: _written(value, unit)})


def _written(value: float, unit: str) -> float | str | int:
    if isinstance(value, int):
        return value
    return f"{value!r} rad/s" if unit == "rad/s" else value


def _field_of(parameter: Parameter) -> Any:
    """Type and default of a parameter in a file."""
    text = f"{parameter.symbol} of the Hamiltonian" + (", one value for each mode." if parameter.many else ".")
    kind: Any = Number if parameter.energy else float
    bounds: dict[str, Any] = {}
    if parameter.many:
        kind = list[Number]
    elif parameter.least is not None:
        kind, bounds = int, {"ge": parameter.least}
    if parameter.default is None:
        return kind, Field(description=text, **bounds)
    default = int(parameter.default) if parameter.least is not None else parameter.default
    return kind, Field(default, description=text, **bounds)


def _spec_of(entry: ModelEntry) -> type[RegistrySpec]:
    """The table of a model of the registry."""
    fields: dict[str, Any] = {p.name: _field_of(p) for p in entry.parameters}
    title = "".join(part.capitalize() for part in entry.name.split("-")) + "Spec"
    doc = f"{entry.title}, H = {entry.hamiltonian}."
    name: Any = (Literal[entry.name], Field(description="Name of the model."))
    return create_model(title, __base__=RegistrySpec, __doc__=doc, name=name, **fields)


_OWN: dict[str, type[BaseModel]] = {"lmg": LMGSpec, "bose-josephson": BoseJosephsonSpec}
_MODELS: dict[str, type[BaseModel]] = _OWN | {n: _spec_of(entry) for n, entry in MODELS.items() if n not in _OWN}


def _model_name(value: Any) -> str:
    return str(value.get("name", "lmg")) if isinstance(value, Mapping) else str(getattr(value, "name", "lmg"))


if TYPE_CHECKING:
    ModelSpec = LMGSpec | BoseJosephsonSpec | RegistrySpec
else:
    ModelSpec = Annotated[
        Union[tuple(Annotated[part, Tag(name)] for name, part in _MODELS.items())], Discriminator(_model_name)  # noqa: UP007
    ]


class BathSpec(_Part):
    """Dephasing, and the temperature of the initial state."""

    gamma: Number = Field(description="Dephasing rate γ: '0.05 1/s', or a plain number beside plain energies.")
    jump: str | None = Field(
        None,
        description="What dephases: Jz of a collective spin, else one of the model's (its natural one if left out).",
    )
    temperature: Number | None = Field(None, description="'10 nK', or k_B T as a plain number beside a plain J.")


class NoiseSpec(_Part):
    """What varies from shot to shot."""

    spins: float | Literal["poisson"] | dict[str, float] = Field(
        0.0, description="σ_N in atoms, 'poisson', or a table of weights by N."
    )
    field: float = Field(0.0, ge=0.0, le=0.2, description="σ_Γ/Γ.")
    coupling: float = Field(0.0, ge=0.0, le=0.2, description="σ_J/J.")
    hold: Literal["coupling", "interaction"] | None = Field(
        None,
        description="What stays the same as N varies: J (as for lmg if left out), or J/N, a trap of given size (as for "
        "bose-josephson always).",
    )


class LeggettGargSpec(_Part):
    """Violation of a Leggett-Garg inequality with Q = sgn(Jz), or the sign of another model's order parameter."""

    kind: Literal["leggett-garg"]
    prepare: Literal["ground", "doublet-mixture", "thermal"] = Field("ground", description="Initial state.")
    tau: Number | None = Field(None, description="Interval between measurements; π/(3ΔE) if left out.")
    readout: str | None = Field(
        None,
        description="Operator whose sign is read, of a model that is no collective spin; its order parameter if "
        "left out.",
    )


class SensingSpec(_Part):
    """Sensing of a weak field along an axis."""

    kind: Literal["sensing"]
    prepare: Literal["ground", "pointer", "spin-coherent", "spin-squeezed"] = Field("pointer", description="State.")
    signal: str | None = Field(
        None,
        description="What the field couples to: Jx, Jy or Jz (if left out), or an operator of another model (its "
        "order parameter if left out).",
    )
    frequency: Number = Field(0.0, description="ω of the field: 0 (static), 'resonant' (ΔE), or a number.")
    phase: float = Field(0.0, description="φ of the field in radians.")
    scheme: Literal["repeated", "single", "impulsive"] = Field("repeated", description="What the best time maximises.")
    dead_time: Number = Field(0.0, description="Time lost in each run.")
    t_end: float = Field(2.0, gt=0.0, le=100.0, description="Longest time considered, in T2 = 1/(γ G01).")
    target: float | None = Field(
        None, gt=0.0, description="Smallest field (or angle) that is to be resolved, in the unit of the answer."
    )


class SqueezingSpec(_Part):
    """Spin squeezing that is to be there still when it is used."""

    kind: Literal["squeezing"]
    prepare: Literal["ground", "spin-coherent", "spin-squeezed"] = Field("ground", description="State.")
    at: float = Field(1.0, gt=0.0, le=100.0, description="When it is used, in T2 = 1/(γ G01).")


_KINDS: dict[str, type[BaseModel]] = {
    "leggett-garg": LeggettGargSpec,
    "sensing": SensingSpec,
    "squeezing": SqueezingSpec,
}


class Specification(_Part):
    """A protocol on a model in a bath, with noise; as read from a TOML file.

    Examples
    --------
    >>> from einselect.protocols import Specification
    >>> spec = Specification.read({
    ...     "model": {"spins": 370, "field": 0.95, "coupling": "74346 rad/s"},
    ...     "bath": {"gamma": "0.05 1/s"},
    ...     "protocol": {"kind": "leggett-garg"},
    ... })
    >>> spec.protocol.prepare
    'ground'
    """

    model: ModelSpec
    bath: BathSpec
    protocol: LeggettGargSpec | SensingSpec | SqueezingSpec = Field(discriminator="kind")
    noise: NoiseSpec = Field(default_factory=NoiseSpec)
    title: str = Field("", description="A line for the report.")

    @classmethod
    def read(cls, source: Mapping[str, Any] | str | Path) -> Specification:
        """From a mapping, or from a TOML file by its name.

        Raises
        ------
        InputError
            With the key that is wrong, what is allowed and what was got; for a file that cannot be read.
        """
        data = source if isinstance(source, Mapping) else _load(Path(source))
        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise InputError(_explain(error, data)) from None


def _load(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"protocol file must be readable; got {str(path)!r} ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"protocol file must be TOML; got {str(path)!r} ({error})") from None


def _explain(error: ValidationError, data: Mapping[str, Any]) -> str:
    """The first thing that is wrong, in the message form of the package."""
    found = error.errors(include_url=False)[0]
    parts = [str(part) for part in found["loc"]]
    # A choice between kinds or types puts its own name into the path: only keys of the file are shown.
    at: Any = data
    path, keys = [], parts
    for part in keys:
        if isinstance(at, Mapping) and part in at:
            at = at[part]
            path.append(part)
        elif part is keys[-1] and found["type"] in ("missing", "extra_forbidden"):
            path.append(part)
    name = ".".join(path) or "protocol file"
    if found["type"] == "missing":
        return f"{name} must be given; got none"
    if found["type"] == "extra_forbidden":
        table = ".".join(path[:-1]) or "the file"
        return _unknown_key(name, table, path, data)
    if found["type"] in ("union_tag_not_found", "union_tag_invalid"):
        key, choices = ("name", _MODELS) if path == ["model"] else ("kind", _KINDS)
        got = at.get(key) if isinstance(at, Mapping) else at
        return f"{name}.{key} must be one of {', '.join(choices)}; got {got!r}"
    allowed = found["msg"].replace("Input should be ", "").replace("Value error, ", "")
    return f"{name} must be {allowed}; got {found['input']!r}"


def _unknown_key(name: str, table: str, path: list[str], data: Mapping[str, Any]) -> str:
    fields: dict[str, type[BaseModel]] = {"bath": BathSpec, "noise": NoiseSpec}
    if path[0] == "model":
        fields["model"] = _MODELS[_model_name(data["model"])]
    if path[0] == "protocol" and isinstance(data.get("protocol"), Mapping):
        fields["protocol"] = _KINDS[data["protocol"]["kind"]]
    known: type[BaseModel] = fields[path[0]] if len(path) > 1 else Specification
    try:
        _checks.one_of(f"key of {table}", path[-1], known.model_fields)
    except InputError as error:
        return str(error)
    return f"{name} must be left out; got {path[-1]!r}"
