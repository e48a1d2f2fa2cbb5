"""Write the paper: tables, figures, appendix numbers, claims and the report, into one folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .._files import atomic_path, netcdf_bytes, output_folder
from .._version import __version__
from . import data
from .appendix import Section, appendix, appendix_csv, appendix_json, appendix_markdown
from .claims import Context, audit, claims_json, claims_markdown, counts
from .claims.render import PAPER
from .figures import PICTURES
from .report import Contents, FigureBlock, report_html
from .table import Table
from .tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOW_AFTER = 1.0  # seconds
_FORMATS = {
    "csv": "full precision, comma-separated",
    "md": "for reading",
    "json": "full precision, for programs",
    "png": "300 dpi",
    "svg": "for pages",
    "pdf": "for print",
    "nc": "its data with units and formulas, netCDF",
}


@dataclass(frozen=True)
class PaperOutput:
    """What `write_paper` has written.

    Attributes
    ----------
    folder : Path
    files : tuple of str
        Names inside it, report first.
    verdicts : dict
        Number of claims by verdict.
    compared : int
        Published numbers that stand in the tables and appendix numbers.
    mismatches : tuple of str
        Those of them that do not come out, one sentence each.
    seconds : float
        Time taken.
    """

    folder: Path
    files: tuple[str, ...]
    verdicts: dict[str, int]
    compared: int
    mismatches: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        listed = ", ".join(f"{number} {name}" for name, number in self.verdicts.items())
        hits = self.compared - len(self.mismatches)
        return (
            f"{len(self.files)} files in {self.folder} after {self.seconds:.1f} s; begin with "
            f"{self.folder / self.files[0]}\n"
            f"published numbers in the tables: {hits} of {self.compared} come out to their last digit\n"
            f"claims: {listed}"
        )


def write_paper(out: str | Path, *, progress: bool = True) -> PaperOutput:
    """Make every table, figure and appendix number of the paper, audit its claims, and write it all to a folder.

    All is computed before the first file is written, and each file is written whole or not at all; with the same
    versions the same bytes come out.

    Parameters
    ----------
    out : str or Path
        Folder, made if it does not exist; files of the same names are replaced.
    progress : bool
        Show the steps on standard error once a second has passed.

    Returns
    -------
    PaperOutput

    Raises
    ------
    InputError
        If the folder cannot be written to, before any work.
    """
    started = time.monotonic()
    folder = output_folder(out)
    with _steps(progress, started) as step:
        context = Context()
        step("tables")
        three = tables(context)
        contents: dict[str, str | bytes] = {}
        blocks = []
        for picture in PICTURES:
            step(picture.name)
            ds = picture.data(context)
            contents.update(data.csv_files(picture.name, ds))
            contents[f"{picture.name}.nc"] = netcdf_bytes(ds)
            rendered = picture.render(ds)
            contents.update(rendered)
            blocks.append(
                FigureBlock(picture.name, picture.title, picture.caption(ds), rendered[f"{picture.name}.svg"])
            )
        step("appendix numbers")
        sections = appendix(context)
        step("claims")
        claims = audit(context)
        step("report")
        contents.update(_texts(three, sections))
        contents["claims.json"], contents["claims.md"] = claims_json(claims), claims_markdown(claims)
        shown = (*three, *(section.table() for section in sections))
        mismatches = tuple(line for table in shown for line in table.mismatches)
        compared = sum(entry.published is not None for table in shown for row in table.rows for entry in row)
        titles = {t.name: t.title for t in three} | {b.name: b.title for b in blocks}
        names = ["report.html", "README.md", *sorted(contents)]
        index = [(name, _describe(name, titles)) for name in names]
        appended = [section.table() for section in sections]
        contents["report.html"] = report_html(Contents(three, blocks, appended, claims, index, mismatches, compared))
        contents["README.md"] = _readme(index)
        for name in reversed(names):
            _write(folder / name, contents[name])
    return PaperOutput(folder, tuple(names), counts(claims), compared, mismatches, time.monotonic() - started)


def _texts(three: tuple[Table, ...], sections: tuple[Section, ...]) -> dict[str, str]:
    """Tables and appendix numbers as files."""
    texts = {f"{table.name}.csv": table.csv() for table in three}
    texts |= {f"{table.name}.md": table.markdown() for table in three}
    texts |= {
        "appendix.csv": appendix_csv(sections),
        "appendix.md": appendix_markdown(sections),
        "appendix.json": appendix_json(sections),
    }
    return texts


def _describe(name: str, titles: dict[str, str]) -> str:
    if name == "report.html":
        return "everything on one page, figures inside; no network needed"
    if name == "README.md":
        return "this list"
    stem, _, suffix = name.partition(".")
    if stem == "claims":
        return f"every claim of the paper with its verdict; {_FORMATS[suffix]}"
    if stem == "appendix":
        return f"the numbers of Appendices A to C; {_FORMATS[suffix]}"
    if stem.endswith("-published"):
        return "the published points of " + titles[stem.removesuffix("-published")].split(". ")[0]
    if stem.startswith("figure") and suffix == "csv":
        return f"{titles[stem]}; its curves, comma-separated"
    return f"{titles[stem]}; {_FORMATS[suffix]}"


def _readme(index: list[tuple[str, str]]) -> str:
    lines = ["# The paper, computed again", "", f"{PAPER}. Computed with einselect {__version__}.", ""]
    lines += ["| file | what it is |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in index)]
    return "\n".join(lines) + "\n"


def _write(path: Path, content: str | bytes) -> None:
    with atomic_path(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def _steps(progress: bool, started: float) -> Iterator[Callable[[str], None]]:
    """Name each step as it begins; a display appears at the first one that begins after a second."""
    from rich.console import Console

    status = Console(stderr=True).status("")
    shown = False

    def step(name: str) -> None:
        nonlocal shown
        status.update(f"paper: {name}")
        if progress and not shown and time.monotonic() - started > _SHOW_AFTER:
            shown = True
            status.start()

    try:
        yield step
    finally:
        if shown:
            status.stop()
