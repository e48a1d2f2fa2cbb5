"""Dephasing rates: Eq. 12 for any jump operators and any two states, and the three rates of a doublet.

For dρ/dt = -i[H,ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}) the coefficient of -ρ_ab in dρ_ab/dt is [12]

    Γ_ab = sum_k (γ_k/2) (<a|L†L|a> + <b|L†L|b> - 2 Re(<a|L|a> <b|L|b>*)),

exactly, leakage to all other levels included in <L†L>. For L = Jz on a doublet:

    ρ_01 (energy eigenstates)  γ G01 [13];    ρ_PR (pointer states)  γ (G01 + J01²) [14];
    ρ_PR (mean field)          γ G_loc [15].
"""

from .dephasing import dephasing_rates
from .doublet_rates import DephasingRates
from .jumps import JumpOperator, check_jumps, dephasing_coefficient
from .units import bath_parameters, check_rates, in_unit_of, read_rate, units_of, written_rate

__all__ = [
    "DephasingRates",
    "JumpOperator",
    "bath_parameters",
    "check_jumps",
    "check_rates",
    "dephasing_coefficient",
    "dephasing_rates",
    "in_unit_of",
    "read_rate",
    "units_of",
    "written_rate",
]
