"""Docstrings of public names: complete by numpydoc's own rules, where these agree with the style of the house."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import sys
from pathlib import Path
from typing import Any

import pytest
from numpydoc.validate import validate

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
from api_pages import public_names

# A symbol may begin a sentence; a type may say all there is to say of an argument; an example is not always shorter.
NOT_ASKED = {"ES01", "EX01", "GL01", "GL02", "GL03", "PR07", "PR08", "RT03", "RT04", "SA01", "SS02", "SS05"}
# A method of one line says what it returns; what an answer holds is in its Attributes.
NOT_ASKED_OF_METHODS = {"PR01", "RT01"}


def public() -> list[str]:
    """Functions and classes by their public path."""
    return sorted({path for path in public_names().values() if callable(found(path))})


def found(path: str) -> Any:
    """What has a public path."""
    package, _, name = path.rpartition(".")
    return getattr(importlib.import_module(package), name)


def members(path: str) -> list[str]:
    """Public methods and properties that a class defines itself."""
    value = found(path)
    if not inspect.isclass(value):
        return []
    kinds = (property, classmethod, staticmethod)
    own = {name: part for name, part in vars(value).items() if not name.startswith("_")}
    return [f"{path}.{name}" for name, part in own.items() if inspect.isfunction(part) or isinstance(part, kinds)]


def faults(path: str, spared: set[str]) -> list[str]:
    """What is wrong, one line each."""
    return [f"{path}: {code} {text}" for code, text in validate(path)["errors"] if code not in spared]


def undescribed(value: Any) -> list[str]:
    """Fields of a dataclass that its docstring does not name."""
    text = inspect.getdoc(value) or ""
    return [field.name for field in dataclasses.fields(value) if field.init and field.name not in text]


@pytest.mark.parametrize("path", public())
def test_public_docstring(path: str) -> None:
    value = found(path)
    answer = dataclasses.is_dataclass(value) or hasattr(value, "model_fields")
    wrong = faults(path, NOT_ASKED | ({"PR01"} if answer else set()))
    if dataclasses.is_dataclass(value) and value.__dataclass_params__.init:
        wrong += [f"{path}: field {name} is not described" for name in undescribed(value)]
    for member in members(path):
        wrong += faults(member, NOT_ASKED | NOT_ASKED_OF_METHODS)
    assert not wrong, "\n".join(wrong)
