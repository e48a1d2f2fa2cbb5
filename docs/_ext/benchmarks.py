"""The tables of the benchmarks as they were last measured, read from benchmarks/results.json when the page is built."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from types import ModuleType

    from sphinx.application import Sphinx


def _report(folder: Path) -> ModuleType:
    """`benchmarks/report.py`, which is in no package."""
    spec = importlib.util.spec_from_file_location("benchmarks_report", folder / "report.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "report.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


class BenchmarkResults(SphinxDirective):
    """All of results.json: when and where it was measured, the targets, a section for each question."""

    def run(self) -> list[nodes.Node]:
        """Write the report as `make bench` does, and parse it into the page."""
        folder = Path(self.env.srcdir).parent / "benchmarks"
        for name in ("results.json", "report.py"):
            self.env.note_dependency(str(folder / name))
        stored = json.loads((folder / "results.json").read_text(encoding="utf-8"))["sections"]
        text = _report(folder).markdown(stored, quick=False)
        # Its own title and the links beside it belong to the file on disk.
        body = text[text.index("Times are medians") if "Times are medians" in text else 0 :]
        up = Path(*[".."] * (len(Path(self.env.docname).parts)))
        body = body.replace("](scaling.svg)", f"]({up.as_posix()}/benchmarks/scaling.svg)")
        body = re.sub(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", body)  # files beside results.md, not pages here
        holder = nodes.section()
        holder.document = self.state.document
        self.state.nested_parse(
            StringList(body.splitlines(), source=str(folder / "results.json")), 0, holder, match_titles=True
        )
        return holder.children


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("benchmark-results", BenchmarkResults)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
