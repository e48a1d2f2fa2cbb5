"""The changes that the contributing guide shows: each diff applies to the source as it is, passes lint, and works."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
from changes import DIFFS, tried


@pytest.mark.parametrize("name", sorted(path.stem for path in DIFFS.glob("*.diff")))
def test_diff_is_in_the_style_of_the_house(name: str) -> None:
    program = """
import subprocess, sys
for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
    subprocess.run([sys.executable, "-m", "ruff", *check, "src"], check=True)
"""
    assert "already formatted" in tried(name, "-c", program)


def test_model() -> None:
    line = "-m einselect rates --model kerr-cat --coupling 2 --mode 0.5 --gamma 1e-3 --json"
    answer = json.loads(tried("model", *line.split()))
    # Coherent states ±α with α² = P/K have <a> = ±α, and a takes nothing out of their span: η → 2.
    assert answer["j01"] == pytest.approx(2.0**0.5, rel=0.1)
    assert answer["eta_exact"] == pytest.approx(2.0, abs=0.01)
    exact = """
from einselect.models import KerrCat
d = KerrCat(coupling=2.0).doublet()
print(d.j01**2 / d.g01, d.splitting_bound is not None)
"""
    # Without detuning the ground states are the cats |α> ± |-α>, α² = P/K, with <n> = α² tanh α² and α² coth α². As
    # a takes one into the other, <C-|a|C+> and <C+|a|C-> are the roots of these, and J01 is their mean.
    ratio, degenerate = tried("model", "-c", exact).split()
    assert degenerate == "True"
    even, odd = 2.0 * math.tanh(2.0), 2.0 / math.tanh(2.0)
    mean = 0.5 * (even**0.5 + odd**0.5)
    assert float(ratio) == pytest.approx(mean**2 / (0.5 * (even + odd)), rel=1e-9)


def test_jump_operator() -> None:
    program = """
from einselect import Dicke
model = Dicke(spins=12, coupling=0.8)
up, down, z = (model.doublet(name) for name in ("J+", "J-", "Jz"))
mean_z = model.levels(4).matrix("Jz").diagonal()[:2].mean().real
print(down.g01 - up.g01, 2.0 * mean_z, up.parity)
"""
    difference, expected, parity = tried("jump-operator", "-c", program).split()
    # [J+, J-] = 2Jz; G01 of J± is the mean of J∓J± over the doublet.
    assert float(difference) == pytest.approx(float(expected), rel=1e-9)
    assert parity == "odd"


def test_protocol() -> None:
    program = """
from einselect import LMG
from einselect.protocols import interference
found = interference(LMG(100, 0.9), gamma=1e-6, time=1.0)
print(found.contrast, found.promised, found.error)
"""
    contrast, promised, error = map(float, tried("protocol", "-c", program).split())
    # To first order in γ t both are 1 - Γ_PR t, but for what ties ρ_PR to the populations, (q0 - q1)/2.
    assert 1.0 - contrast == pytest.approx(1.0 - promised, rel=0.2)
    assert 0.0 < promised < 1.0
    assert error < 1e-9


def test_quantity() -> None:
    line = "-m einselect sweep --spins 100,370 --field 0.95 --quantity pointer_width --json"
    values = json.loads(tried("quantity", *line.split()))
    from einselect import LMG

    state = LMG(370, 0.95).doublet().state("P")
    mean = state.probabilities @ state.m
    width = float((state.probabilities @ (state.m - mean) ** 2) ** 0.5)
    assert width == pytest.approx(values["data"]["pointer_width"]["values"][-1], rel=1e-9)
