"""Results of the benchmarks: one section is renewed, the others stay; what is asked decides what is met."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def report(monkeypatch):
    spec = importlib.util.spec_from_file_location("benchmark_report", BENCHMARKS / "report.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def section(report, name, line):
    made = report.Section(name, name.upper(), [line], {"numbers": [1.5]})
    made.at_least(f"{name} fast", 7.0, 5.0)
    made.below(f"{name} quick", 0.2, 0.1)
    return made


def test_one_section_is_renewed_and_the_others_stay(report, tmp_path):
    order = ("first", "second", "third")
    for name in ("third", "first"):
        report.keep(section(report, name, f"old {name}"), order, tmp_path)
    before = json.loads((tmp_path / "results.json").read_text())["sections"]
    report.keep(section(report, "first", "new first"), order, tmp_path)
    report.keep(section(report, "second", "new second"), order, tmp_path)
    after = json.loads((tmp_path / "results.json").read_text())["sections"]
    assert list(after) == list(order)
    assert after["third"] == before["third"]
    assert after["first"]["lines"] == ["new first"]
    text = (tmp_path / "results.md").read_text()
    assert "old first" not in text
    assert text.index("new first") < text.index("new second") < text.index("old third")
    assert not list(tmp_path.glob(".*.part"))


def test_sections_of_different_days_say_so(report, tmp_path):
    order = ("first", "second")
    for name in order:
        report.keep(section(report, name, "line"), order, tmp_path)
    assert (tmp_path / "results.md").read_text().count("Measured on") == 1
    path = tmp_path / "results.json"
    stored = json.loads(path.read_text())
    stored["sections"]["second"]["date"] = "2001-02-03"
    path.write_text(json.dumps(stored))
    report.keep(section(report, "first", "line"), order, tmp_path)
    assert "- SECOND: measured on 2001-02-03: system" in (tmp_path / "results.md").read_text()


def test_targets_are_met_or_not(report):
    stored = {"first": report.as_stored(section(report, "first", "line"))}
    text = report.markdown(stored, quick=True)
    assert "| first fast | ≥ 5 × | 7.00 × | yes |" in text
    assert "| first quick | < 0.1 s | 200 ms | **no** |" in text
    assert "Quick run" in text


def test_a_loaded_machine_is_named(report):
    stored = {"first": report.as_stored(section(report, "first", "line"))}
    stored["first"]["machine"]["cores"] = "2"
    for load, warned in ((2.4, False), (2.6, True)):
        stored["first"]["load"] = load
        assert ("Other work shared the machine" in report.markdown(stored, quick=False)) == warned


def test_the_results_that_are_kept_are_whole(report):
    """results.md is what results.json makes."""
    stored = json.loads((BENCHMARKS / "results.json").read_text(encoding="utf-8"))["sections"]
    assert report.markdown(stored, quick=False) == (BENCHMARKS / "results.md").read_text(encoding="utf-8")
