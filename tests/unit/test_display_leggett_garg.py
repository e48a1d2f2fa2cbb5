"""What Leggett-Garg answers print: the number to the digits that its error leaves, the verdict, the units."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree

import pytest

from einselect import LMG
from einselect.display import page
from einselect.protocols import (
    LeggettGarg,
    LeggettGargValue,
    Noise,
    NoiseLimit,
    NoisyK3,
    NoisyLeggettGarg,
    Signalling,
    Threshold,
)

K3 = LeggettGargValue("K3", 1.312756748558531, 3.3e-8, 1.0, 7.9987e-4, 0.05, "stationary", 20, "rad/s")
ANSWERS: dict[str, tuple[Any, str]] = {
    "value": (K3, "K3 = 1.31275675 ± 3.3e-8: above 1, the most that macrorealism allows."),
    "below": (
        LeggettGargValue("K4", 1.5, 0.0, 2.0, 3.0, 0.01, "three-time", 2),
        "K4 = 1.5: not above 2, the most that macrorealism allows.",
    ),
    "open": (LeggettGargValue("W", 1e-6, 2e-6, 0.0, 3.0, 0.01, "stationary", 9), "W = 1e-6 ± 2e-6: within its error"),
    "threshold": (Threshold(0.28846790, 1.1e-7, 8e-4, 20, "rad/s"), "K3 > 1 up to γ = 0.2884679 ± 1.1e-7 1/s."),
    "plain threshold": (Threshold(0.288, 0.001, 8.0, 20, "plain"), "K3 > 1 up to γ = 0.288 ± 0.001."),
    "no threshold": (Threshold(None, 0.0, 8.0, 20), "K3 is not above 1 here, without dephasing either."),
    "signalling": (Signalling(-0.894, 0.004, 5e-5, 13.0, 26.0, 0.0), "<Q(t2)> by 0.898 ± 0.0001, from -0.894 to 0.004"),
    "noisy": (
        NoisyK3(1.01186, 2e-4, 1.3166, 0.57, 8e-4, 0.05, 23, 0.0, 6e-9, "rad/s"),
        "K3 = 1.0119 ± 0.0002: above 1, the most that macrorealism allows.",
    ),
    "limit": (
        NoiseLimit("spins", 2.0424, 10.0, 0.02, "interaction"),
        "K3 > 1 up to σ_N = 2.04 ± 0.02 atoms. J/N stays the same",
    ),
    "no limit": (NoiseLimit("field", float("inf"), 0.05), "K3 > 1 up to the largest noise tried, σ_Γ/Γ = 0.05."),
    "never": (NoiseLimit("temperature", None, 5.0, warnings=("slow",)), "K3 is not above 1, without this noise either"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_first_sentence_and_the_print(name: str) -> None:
    answer, sentence = ANSWERS[name]
    shown = str(answer)
    assert sentence in re.sub(r"\s+", " ", shown)
    assert all(len(line) <= 80 and line == line.rstrip() for line in shown.splitlines())
    root = ElementTree.fromstring(answer._repr_html_())
    assert ["".join(cell.itertext()) for cell in root.iter("td")] == [
        cell for table in page(answer).tables for row in table.rows for cell in row
    ]
    assert all(f"{field.name}=" in repr(answer) for field in fields(answer))


def test_units_are_those_of_the_model() -> None:
    assert re.search(r"τ +0\.00079987 +s +799\.87 µs\n +γ +0\.05 +1/s\n +levels +20", str(K3))
    assert re.search(r"τ +3 +ħ/J\n +γ +0\.01 +J/ħ", str(ANSWERS["below"][0]))
    assert re.search(r"τ +8\n +levels", str(ANSWERS["plain threshold"][0]))
    assert "Warning: slow." in str(ANSWERS["never"][0])


def test_answers_know_the_unit_of_their_model() -> None:
    test = LeggettGarg(LMG(20, 0.9, "1 kHz"), "B")
    noisy = NoisyLeggettGarg(test, Noise(spins=1.0), "1 1/s").k3()
    whole = LeggettGarg(test.model)
    answers = (test.k3("1 1/s"), test.wigner(), test.threshold(), noisy, whole.signalling(), whole.in_one_run())
    assert {answer.energy_unit for answer in answers} == {"rad/s"}
    assert LeggettGarg(LMG(20, 0.9), "B").k3().energy_unit == "J"
