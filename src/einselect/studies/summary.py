"""How far a study is, from its folder alone, also while it runs elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .reading import open_store
from .status import FAILED, MEANINGS, MISSING, WARNED
from .store import StudyStore

_SHOWN = 5  # messages of each kind


@dataclass(frozen=True)
class AxisRange:
    """One axis: its values, briefly."""

    name: str
    dim: str
    units: str
    count: int
    first: Any
    last: Any


@dataclass(frozen=True)
class StudySummary:
    """What a study holds.

    Attributes
    ----------
    path : str
    title, model, command, versions : str
    points : int
    counts : dict of str to int
        Points by status: missing, done, warning, refused, failed.
    blocks, finished_blocks : int
    axes : tuple of AxisRange
    quantities : dict of str to str
        Units by name.
    messages : dict of str to tuple
        The most frequent messages by status, each with the number of its points.
    """

    path: str
    title: str
    model: str
    command: str
    versions: str
    points: int
    counts: dict[str, int]
    blocks: int
    finished_blocks: int
    axes: tuple[AxisRange, ...]
    quantities: dict[str, str]
    messages: dict[str, tuple[tuple[str, int], ...]]

    @property
    def complete(self) -> bool:
        """Whether every point has been worked out."""
        return self.counts[MEANINGS[MISSING]] == 0

    def as_dict(self) -> dict[str, Any]:
        """As `einselect status --json` prints it."""
        found = {**vars(self), "complete": self.complete}
        found["axes"] = [vars(axis) for axis in self.axes]
        found["messages"] = {
            kind: [{"message": text, "points": count} for text, count in entries]
            for kind, entries in self.messages.items()
        }
        return found

    def text(self) -> str:
        """For people."""
        done = self.points - self.counts[MEANINGS[MISSING]]
        share = 100.0 * done / self.points if self.points else 100.0
        percent = "100" if self.complete else f"{min(share, 99.9):.1f}"
        parts = [f"{count:,} {name}" for name, count in self.counts.items() if count]
        points = f"{done:,} of {self.points:,} points ({percent} %)"
        lines = [
            f"{self.path}: {points}, {self.finished_blocks:,} of {self.blocks:,} blocks",
            *([f"  {self.title}"] if self.title else []),
            f"  model       {self.model}",
            *(f"  {'axes' if k == 0 else '':<11} {_axis(axis)}" for k, axis in enumerate(self.axes)),
            f"  quantities  {', '.join(self.quantities)}",
            f"  points      {', '.join(parts)}",
        ]
        for kind, entries in self.messages.items():
            lines += [f"  {kind:<11} {count:,} x {text}" for text, count in entries]
        if not self.complete:
            lines.append("  Run the same command again to work out what is missing.")
        return "\n".join(lines)


def _axis(axis: AxisRange) -> str:
    unit = "" if axis.units == "1" else f" {axis.units}"
    ends = f"{axis.first} ... {axis.last}" if axis.count > 1 else f"{axis.first}"
    along = f", along {axis.dim}" if axis.dim != axis.name else ""
    return f"{axis.name}: {axis.count:,} value{'s' if axis.count > 1 else ''}, {ends}{unit}{along}"


def summarise(path: str | Path) -> StudySummary:
    """How far the study in a folder is.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    StudySummary

    Raises
    ------
    InputError
        As `einselect.studies.reading.open_store`.

    Notes
    -----
    Reads the status of each block, one at a time: memory does not grow with the study.
    """
    store = open_store(path)
    counts = np.zeros(len(MEANINGS), dtype=np.int64)
    finished = 0
    found: dict[int, Counter[str]] = {code: Counter() for code in range(WARNED, FAILED + 1)}
    for number in store.known():
        status = store.status(number)
        counts += np.bincount(status.reshape(-1), minlength=len(MEANINGS))
        finished += bool((status != MISSING).all())
        for position, text in store.messages(number).items():
            kinds = found.get(int(status.flat[position]))
            if kinds is not None and (text in kinds or len(kinds) < _KEPT):
                kinds[text] += 1
    counts[MISSING] = store.blocks.size - counts[MISSING + 1 :].sum()
    attributes = store.attributes
    return StudySummary(
        path=str(path),
        title=str(attributes.get("title", "")),
        model=str(attributes.get("model", "")),
        command=str(attributes["command"]),
        versions=str(attributes["versions"]),
        points=store.blocks.size,
        counts=dict(zip(MEANINGS, counts.tolist(), strict=True)),
        blocks=store.blocks.count,
        finished_blocks=finished,
        axes=_axes(store),
        quantities={name: str(variable.attrs.get("units", "1")) for name, variable in store.variables.items()},
        messages={MEANINGS[code]: tuple(kinds.most_common(_SHOWN)) for code, kinds in found.items() if kinds},
    )


_KEPT = 1000  # different messages that are counted


def _axes(store: StudyStore) -> tuple[AxisRange, ...]:
    return tuple(
        AxisRange(name, a.dim, a.units, len(a.values), a.values[0].item(), a.values[-1].item())
        if a.values.dtype.kind != "T" and a.values.dtype.kind != "O"
        else AxisRange(name, a.dim, a.units, len(a.values), str(a.values[0]), str(a.values[-1]))
        for name, a in store.coordinates.items()
    )
