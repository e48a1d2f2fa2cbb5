"""Conventions of the package, stated once; the docstrings refer to this page.

Units
    ħ = 1 inside: every energy is an angular frequency, every rate a reciprocal time. A model built from plain
    numbers counts energies in units of J (time in 1/J). A model built from strings with units counts energies
    E/ħ in rad/s and rates in 1/s. The two never mix; `einselect.quantities` is the only place that converts.

Frequencies
    A value in Hz is E/h, so E/ħ = 2π × that value: "11.8 kHz" and "2π × 11.8 kHz" are the same energy.
    A value in rad/s is E/ħ. A value in kelvin is k_B T. Rates are never in Hz nor in rad/s: only in 1/s.

Hamiltonian
    H = -(J/N) Jz² - Γ Jx with collective spin j = N/2, in the symmetric sector of dimension N + 1.
    J and Γ are energies; the field ratio is g = Γ/J; the ordered phase is g < 1, with m* = √(1 - g²).

Order of basis states
    Dicke states |j, m> with Jz|m> = m|m>, listed by increasing m: -j, ..., +j.
    Parity blocks use (|m> ± |-m>)/√2 for m > 0 (and |0> when N is even), by increasing m.

Parity and phases
    Parity sends |m> to |-m>. E0 is the lowest even level, E1 the lowest odd one, ΔE = E1 - E0 > 0.
    Both ground vectors have positive components at m > 0, which makes J01 = <E0|Jz|E1> > 0.
    Pointer states |P> = (|E0> + |E1>)/√2 and |R> = (|E0> - |E1>)/√2, so <P|Jz|P> = +J01 and <R|Jz|R> = -J01.

Factors of two
    Master equation dρ/dt = -i[H, ρ] + γ (L ρ L† - ½{L†L, ρ}): γ multiplies the whole dissipator.
    A coherence decays as exp(-Γ_ab t); for Hermitian L,
    Γ_ab = (γ/2)(<a|L²|a> + <b|L²|b> - 2<a|L|a><b|L|b>).
    G01 = ½(<E0|Jz²|E0> + <E1|Jz²|E1>), so the eigenstate coherence decays at γ G01, the pointer coherence at
    γ (G01 + J01²), and mean-field theory predicts γ G_loc with G_loc = (N m*)²/2.
    T2 is 1/rate of the coherence itself (not of its square). Splittings are E1 - E0, never half of it.

Constants
    The 2019 SI fixes h, k_B and e exactly (BIPM, SI Brochure, 9th edition, 2019, section 2.2). They are
    written here because reading them from `scipy.constants` would slow the import.

>>> f"{KELVIN_IN_RAD_PER_S * 10e-9:.1f}"  # k_B T/ħ in rad/s at the 10 nK of the paper's benchmark
'1309.2'
"""

from __future__ import annotations

import math

TWO_PI = 2.0 * math.pi

PLANCK = 6.626_070_15e-34
"""Planck constant h in J s (exact)."""

HBAR = PLANCK / TWO_PI
"""Reduced Planck constant ħ = h/2π in J s."""

BOLTZMANN = 1.380_649e-23
"""Boltzmann constant k_B in J/K (exact)."""

ELEMENTARY_CHARGE = 1.602_176_634e-19
"""Elementary charge e in C (exact), which is one electronvolt in J."""

JOULE_IN_RAD_PER_S = 1.0 / HBAR
"""E/ħ of one joule, in rad/s."""

KELVIN_IN_RAD_PER_S = BOLTZMANN / HBAR
"""k_B T/ħ of one kelvin, in rad/s."""
