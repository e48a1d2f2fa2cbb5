"""A study as numbers: its axes, its variables, and how any block of its points is worked out.

A plan holds axes only, never the list of its points, so that it stays small for 10⁹ of them and can be sent to any
worker.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .question import Question


@dataclass(frozen=True)
class Coordinate:
    """Values along one dimension.

    Attributes
    ----------
    values : ndarray, one-dimensional
        int64, float64 or str.
    dim : str
        The dimension; its own name, unless several are zipped.
    units, long_name : str
    """

    values: NDArray[Any]
    dim: str
    units: str
    long_name: str


@dataclass(frozen=True)
class Variable:
    """One quantity over all dimensions.

    Attributes
    ----------
    dtype : {"f8", "i8", "i1"}
        "i1" for categories: ``flag_values`` and ``flag_meanings`` among the attributes, -1 for none.
    attrs : mapping
        units, long_name (the formula).
    """

    dtype: str
    attrs: Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """Answers at the points of a block.

    Attributes
    ----------
    values : dict of str to ndarray
        By variable, each of the block's shape; NaN (-1 for categories and counts) where there is no number.
    status : ndarray of uint8
        See `einselect.studies.status`.
    message : dict of int to str
        By position in the flattened block (C order); points without one are left out.
    """

    values: dict[str, NDArray[Any]]
    status: NDArray[np.uint8]
    message: dict[int, str]


@dataclass(frozen=True)
class Plan:
    """All points of a study, and what is asked at each.

    Attributes
    ----------
    dims, shape : tuple
    coordinates : dict of str to Coordinate
    variables : dict of str to Variable
    attributes : dict
        Model, Hamiltonian, fixed parameters, units, options.
    chunks : tuple of int
        Suggested shape of a block: neighbours that share work stay together.
    question : Question
        Model, values of all parameters, quantities.
    """

    dims: tuple[str, ...]
    shape: tuple[int, ...]
    coordinates: Mapping[str, Coordinate]
    variables: Mapping[str, Variable]
    attributes: Mapping[str, str | int | float]
    chunks: tuple[int, ...]
    question: Question

    @property
    def points(self) -> int:
        """How many points there are."""
        return math.prod(self.shape)

    def evaluate(self, block: tuple[slice, ...], wanted: NDArray[np.bool_] | None = None) -> Block:
        """Work out the points of a block.

        Every point is a function of its own parameters, to the last bit: how the study is cut into blocks does not
        matter. A point that fails does not end the block.

        Parameters
        ----------
        block : tuple of slice
            One slice of step 1 a dimension.
        wanted : ndarray of bool, optional
            Of the block's shape: which points to work out. The others have status 0.

        Returns
        -------
        Block

        Raises
        ------
        InputError
            For a block or a mask that does not fit the plan.
        """
        from .evaluate import evaluate

        ranges = [range(size)[part] for size, part in zip(self.shape, self._checked(block), strict=True)]
        shape = tuple(len(found) for found in ranges)
        mask = np.ones(shape, dtype=bool) if wanted is None else np.asarray(wanted, dtype=bool)
        if mask.shape != shape:
            raise InputError(f"wanted must be of the block's shape {shape}; got {mask.shape}")
        return evaluate(self.question, self.dims, tuple(ranges), mask)

    def _checked(self, block: tuple[slice, ...]) -> tuple[slice, ...]:
        if len(block) != len(self.dims) or any(part.step not in (None, 1) for part in block):
            raise InputError(f"block must be one slice of step 1 for each of {', '.join(self.dims)}; got {block!r}")
        return block
