"""A doublet of any system under any jump operator: both rates by Eq. 12, and what the two coherences differ by.

With P, R the pointer states of the levels and the trace over the doublet, for one or several jump operators L_k:

    G01 = ½ sum_k (<E0|L†L|E0> + <E1|L†L|E1>),     the same in any basis of the doublet
    Γ_01/γ = G01 - sum_k Re(<E0|L|E0> <E1|L|E1>*)                                                            [12, 13]
    Γ_PR/γ = G01 - sum_k Re(<P|L|P> <R|L|R>*)                                                                [12, 14]
    η = Γ_PR/Γ_01

An odd L has <E|L|E> = 0 and <R|L|R> = -<P|L|P> = -J01: Γ_01 = γG01 and Γ_PR = γ(G01 + J01²), as for Jz. An even L
has <E0|L|E1> = 0 and the same mean in both pointer states, and the roles are reversed: Γ_01 - Γ_PR is a quarter of
(<E0|L|E0> - <E1|L|E1>)².
"""

from .doublet import JumpDoublet
from .of_levels import doublet_of

__all__ = ["JumpDoublet", "doublet_of"]
