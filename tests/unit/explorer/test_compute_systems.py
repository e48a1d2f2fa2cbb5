"""The pages Systems and Paper against direct calls of the library."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import InputError, VibronicDimer
from einselect.explorer.compute import paper
from einselect.explorer.compute.systems import axes_of, comparison, curve, system_answer
from einselect.explorer.jobs import Job, Stopped
from einselect.explorer.state import EXAMPLES, State
from einselect.paper.claim import Verdict
from einselect.paper.claims import CATALOGUES, Context, counts
from einselect.sweeps import bath_atlas, compare_systems, parameter_curve


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_each_model(name) -> None:
    """Doublet, levels and atlas are those of direct calls on a model built anew."""
    system = State.example(name).system()
    answer = system_answer(system, count="6")
    model = system.entry.build(dict(system.parameters))
    np.testing.assert_array_equal(answer.levels.excitations, model.levels(6).excitations)
    direct = {row.jump: row for row in bath_atlas(model).rows}
    shown = {row.jump: row for row in answer.atlas.rows}
    assert set(system.entry.jumps) <= set(shown)
    for jump in set(direct) & set(shown):
        assert shown[jump] == direct[jump]
    natural = system.entry.jumps[0]
    assert answer.rates.doublet.eta_exact == pytest.approx(shown[natural].eta, rel=1e-6)


def test_number_of_levels_is_bounded() -> None:
    with pytest.raises(InputError, match="levels must be a whole number from 2 to 40; got '41'"):
        system_answer(State().system(), count="41")
    assert len(system_answer(State().with_entry("spins", "5").system()).levels) == 6


def test_comparison_is_that_of_the_library() -> None:
    shares: list[float] = []
    answer = comparison(Job(shares.append))
    assert [row.bath.eta for row in answer.rows] == [row.bath.eta for row in compare_systems().rows]
    assert shares == sorted(shares)
    assert len(shares) == len(answer.points)


def test_curve_along_a_parameter() -> None:
    found = curve(State.example("dimer"), "coupling")
    direct = parameter_curve(lambda c: VibronicDimer(c, 4.0), found.coupling.values.tolist(), axis="coupling")
    np.testing.assert_allclose(found.eta_exact.values, direct.eta_exact.values, rtol=1e-9)
    assert axes_of(State()) == ("spins", "field", "coupling")
    sizes = curve(State.example("ring"), "sites")  # four and more are beyond the bounds, one is no ring
    assert sizes.sites.values.tolist() == [2, 3]
    with pytest.raises(InputError, match="axis must be one of coupling"):
        curve(State.example("rabi"), "spins")


def test_curve_keeps_units() -> None:
    """In physical units the field runs in rad/s, and the middle point is the model itself."""
    found = curve(State(), "field")
    middle = found.isel(field=12)
    assert float(middle.field) == pytest.approx(0.95 * 74346.0, rel=1e-12)
    assert float(middle.eta_exact) == pytest.approx(State().system().rates.doublet.eta_exact, rel=1e-12)


@pytest.fixture(scope="module")
def part():
    """The quickest parts of the paper stand for all of them."""
    kept = tuple(c for c in CATALOGUES if c.part in ("Section 3.3", "Table 3", "Section 6"))
    patch = pytest.MonkeyPatch()
    patch.setattr(paper, "CATALOGUES", kept)
    yield kept
    patch.undo()


def test_audit_judges_every_claim(part) -> None:
    shares: list[float] = []
    audit = paper.audit(Job(shares.append))
    context = Context()
    direct = [claim for catalogue in part for claim in catalogue.judge(context)]
    assert list(audit.claims) == direct
    assert audit.counts == counts(direct)
    assert len(shares) == len(part)
    assert '"claims"' in audit.json()
    job = Job(lambda share: job.stop() if share > 0.0 else None)
    with pytest.raises(Stopped):
        paper.audit(job)


def test_claims_are_filtered(part) -> None:
    audit = paper.audit()
    assert audit.chosen() == audit.claims
    reproduced = audit.chosen(verdict=Verdict.REPRODUCED.value)
    assert 0 < len(reproduced) < len(audit.claims)
    assert {claim.verdict for claim in reproduced} == {Verdict.REPRODUCED}
    table = audit.chosen(part="Table 3")
    assert {claim.part for claim in table} == {"Table 3"}
    found = audit.chosen(words="ETA_MF 370")
    assert found
    assert all("eta_mf" in f"{c.id} {c.why}".casefold() or "370" in c.id for c in found)
    assert audit.chosen(words="no such words at all") == ()
    with pytest.raises(InputError, match="verdict must be one of all, reproduced"):
        audit.chosen(verdict="true")


def test_figures_are_those_of_the_paper() -> None:
    shown = paper.paper_figure("figure2")
    assert shown.svg.startswith(b"<?xml")
    assert shown.png.startswith(b"\x89PNG")
    assert shown.title == paper.FIGURES["figure2"]
    assert {"eta_mf", "eta_exact"} <= set(shown.data.data_vars)
    assert f"{shown.data.attrs['peak_eta_mf']:.4f}" in shown.caption
    with pytest.raises(InputError, match="figure must be one of figure1"):
        paper.paper_figure("figure9")
