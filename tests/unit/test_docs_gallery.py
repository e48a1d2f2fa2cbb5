"""What the documentation adds to Sphinx: cards of the pages' own pictures, tables from data, words from numbers."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_nb")

ROOT = Path(__file__).parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "docs" / "_ext")!r})
extensions = ["myst_nb", "gallery", "benchmarks"]
nb_execution_mode = "off"
"""


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_ext"))

    def load(name: str) -> ModuleType:
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return load


def site(folder: Path, pages: dict[str, str]) -> tuple[Path, str]:
    """Build a small site, in a process of its own; where it is, and what it warned of."""
    source = folder / "docs"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(CONF)
    for name, text in pages.items():
        (source / f"{name}.md").write_text(text)
    command = [sys.executable, "-m", "sphinx", "--no-color", "-q", "-b", "html", str(source), str(folder / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return folder / "html", done.stderr


def test_cards_link_to_pages_with_the_pictures_that_these_have_drawn(tmp_path):
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="9"/>'
    cell = {"cell_type": "code", "execution_count": 1, "source": "draw()", "metadata": {}}
    drawn = {"output_type": "display_data", "data": {"image/svg+xml": picture, "text/plain": "x"}, "metadata": {}}
    notebook = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Drawn"},
            cell | {"outputs": [drawn]},
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    index = "# Index\n\n```{gallery}\ndrawn\nbare\n```\n"
    pages = {"index": index, "bare": "# Nothing drawn\n"}
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "drawn.ipynb").write_text(json.dumps(notebook))
    html, warnings = site(tmp_path, pages)
    text = (html / "index.html").read_text()
    card = text[text.index("gallery-card") :]
    assert 'href="drawn.html"' in card
    name = card[card.index("_images/") :].split('"')[0]
    assert 'width="7"' in (html / name).read_text()
    assert "no picture for the gallery" in warnings
    assert "bare" in warnings


def test_powers_of_ten(extension):
    power = extension("intext").power
    assert [power(5.2e-12), power(3e4), power(-1.9e-3)] == ["5 × 10⁻¹²", "3 × 10⁴", "-2 × 10⁻³"]


def test_the_claims_table_has_every_claim_with_its_verdict(extension):
    from einselect.paper.claim import Claim, Verdict

    claim = Claim(
        "S1-x", "Part", "1", "a < b", 1.0, "1.0", None, 2.0, 0.1, "2.0(1)", Verdict.NOT_REPRODUCED, "since a & b"
    )
    html = extension("claims_table").parts_table([claim]).data
    for shown in ("S1-x", "a &lt; b", "since a &amp; b", "<td>1.0</td>", "<td>2.0(1)</td>", "<td>not reproduced</td>"):
        assert shown in html
    assert "Part: 1 claims" in html


def test_benchmark_tables_are_those_of_the_results(tmp_path):
    (tmp_path / "benchmarks").mkdir()
    report = (ROOT / "benchmarks" / "report.py").read_text(encoding="utf-8")
    (tmp_path / "benchmarks" / "report.py").write_text(report)
    section = {
        "title": "One question",
        "date": "2026-01-02",
        "machine": {"cores": "2"},
        "load": 0.0,
        "lines": ["See [here](other.md).", "", "| a | b |", "| --- | ---: |", "| ours | 12.3 ms |"],
        "data": {},
        "targets": [{"what": "fast", "asked": "< 1 s", "measured": "12.3 ms", "met": True}],
    }
    (tmp_path / "benchmarks" / "results.json").write_text(json.dumps({"sections": {"one": section}}))
    html, warnings = site(tmp_path, {"index": "# Performance\n\n```{benchmark-results}\n```\n"})
    text = (html / "index.html").read_text()
    assert warnings == ""
    assert "<h2>One question" in text
    assert "12.3 ms" in text
    assert "2026-01-02" in text
    assert "other.md" not in text
