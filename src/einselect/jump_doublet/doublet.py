"""Moments, ratios and leakage of a doublet under given jump operators (formulas: `einselect.jump_doublet`)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._representation import Shown
from ..level_set import LevelSet, Quality

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Matrix = NDArray[Any]
_ROUNDING = 1e-12
_NEGLIGIBLE = 1e-3
_MIXED = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class JumpDoublet(Shown):
    """The two lowest levels of a system under given jump operators (see `einselect.jump_doublet` for the formulas).

    Attributes
    ----------
    source : model
        Where it comes from; None for levels by themselves.
    levels : LevelSet
    jump : str
        Name of the jump operator(s).
    singles, squares : ndarray, shape (n, 2, 2)
        L_k and L_k†L_k on the doublet.
    order : ndarray, shape (2, 2, 2)
        O and O†O of the order parameter on the doublet.
    order_parameter, g_loc : float or None
        Mean-field order parameter and second moment, where the model has them.
    quality : Quality

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.jump_doublet import doublet_of
    >>> d = doublet_of(LMG(spins=370, field=0.95).levels(3), "Jz")
    >>> print(f"{d.g01:.6f} {d.j01:.6f} {d.eta_exact:.4f}")
    2838.961894 49.509957 1.8634
    """

    source: Any
    levels: LevelSet
    jump: str
    singles: Matrix
    squares: Matrix
    order: Matrix
    order_parameter: float | None = None
    g_loc: float | None = None

    @property
    def energy_unit(self) -> str:
        """Unit of the energies."""
        return self.levels.energy_unit

    @property
    def quality(self) -> Quality:
        """That of the levels."""
        return self.levels.quality

    @property
    def e0(self) -> float:
        """E_0."""
        return float(self.levels.energies[0])

    @property
    def e1(self) -> float:
        """E_1."""
        return float(self.levels.energies[1])

    @property
    def splitting_bound(self) -> float | None:
        """Upper bound on ΔE where it is not resolved; None where it is."""
        return self.levels.splitting_bound

    @property
    def splitting(self) -> float | None:
        """ΔE = E_1 - E_0; None where it is not resolved."""
        return None if self.splitting_bound is not None else float(self.levels.excitations[1])

    @property
    def log_splitting(self) -> float | None:
        """ln ΔE; None where it is not resolved."""
        return None if self.splitting is None else math.log(self.splitting)

    @property
    def log10_splitting(self) -> float | None:
        """log10 ΔE; None where it is not resolved."""
        return None if self.log_splitting is None else self.log_splitting / math.log(10.0)

    @property
    def gap(self) -> float | None:
        """E_2 - E_0; None for a system of two levels."""
        return float(self.levels.excitations[2]) if len(self.levels) > 2 else None

    @property
    def log10_gap_ratio(self) -> float | None:
        """log10 of (E_2 - E_0)/(E_1 - E_0); a lower bound where ΔE is one above; None without a third level."""
        below = self.splitting if self.splitting_bound is None else self.splitting_bound
        return None if self.gap is None or not below else math.log10(self.gap / below)

    @property
    def gap_ratio(self) -> float | None:
        """(E_2 - E_0)/(E_1 - E_0); None where ΔE is not resolved."""
        return self.gap / self.splitting if self.gap is not None and self.splitting else None

    @cached_property
    def _pointer(self) -> Matrix:
        """Columns P and R over E0, E1."""
        return np.stack([self.levels.state(name)[:2] for name in "PR"], axis=1)

    @cached_property
    def _pointer_means(self) -> Matrix:
        """<P|L|P> and <R|L|R> of each jump operator, shape (n, 2)."""
        return np.asarray(np.einsum("ip,kij,jp->kp", self._pointer.conj(), self.singles, self._pointer))

    @property
    def g01(self) -> float:
        """G01 = ½ Tr L†L over the doublet."""
        return 0.5 * float(np.einsum("kii->", self.squares).real)

    @property
    def q0(self) -> float:
        """<E0|L†L|E0>."""
        return float(self.squares[:, 0, 0].sum().real)

    @property
    def q1(self) -> float:
        """<E1|L†L|E1>."""
        return float(self.squares[:, 1, 1].sum().real)

    @property
    def j01(self) -> float:
        """Half the distance of <L> in the two pointer states, |<P|L|P> - <R|L|R>|/2; J01 = <E0|L|E1> for odd L = L†."""
        return 0.5 * float(np.linalg.norm(self._pointer_means[:, 0] - self._pointer_means[:, 1]))

    @property
    def eigenstate_moment(self) -> float:
        """Γ_01/γ."""
        return self._coefficient(np.einsum("kii->ki", self.singles))

    @property
    def pointer_moment(self) -> float:
        """Γ_PR/γ."""
        return self._coefficient(self._pointer_means)

    def _coefficient(self, means: Matrix) -> float:
        """G01 less the cross term of Eq. 12; 0.0 where only rounding is left."""
        found = self.g01 - float((means[:, 0] * means[:, 1].conj()).sum().real)
        return found if found > _ROUNDING * self.g01 else 0.0

    @property
    def conjugate_coupling(self) -> float:
        """Size over γ of the element that couples ρ_01 to ρ_10, |sum L_01 L_10*|: J01² for an odd L = L†.

        What is not above 0.1 % of Γ_01 is 0.0: ρ_01 then decays by itself, however small ΔE is, as under an even L or
        one that leads one way only, such as |E0><E1|.
        """
        found = float(abs((self.singles[:, 0, 1] * self.singles[:, 1, 0].conj()).sum()))
        return found if found > _NEGLIGIBLE * self.eigenstate_moment else 0.0

    @property
    def mixes_populations(self) -> bool:
        """Whether the populations of |E0>, |E1> and their coherence couple, as L of no parity makes them.

        Not where L differs from one of definite parity by a real number and L = L†, as a site's energy does from the
        difference of two: the element sum [L_00 L_10* - ½(L†L)_01] and those like it vanish.
        """
        single, half = self.singles, 0.5 * self.squares.sum(axis=0)
        found = [
            (single[:, i, i] * single[:, j, i].conj()).sum() - half[i, j] for i, j in ((0, 1), (1, 0))
        ]  # from ρ_ii to ρ_ij
        back = [
            (single[:, i, i] * single[:, i, j].conj()).sum() - half[j, i] for i, j in ((0, 1), (1, 0))
        ]  # from ρ_ij to ρ_ii
        return float(np.abs([*found, *back]).max()) > _MIXED * self.g01

    @property
    def eta_exact(self) -> float | None:
        """Γ_PR/Γ_01; None where the jump operator does not dephase |E0>, |E1>."""
        return None if self.eigenstate_moment <= _ROUNDING * self.g01 else self.pointer_moment / self.eigenstate_moment

    @property
    def eta_restricted(self) -> float | None:
        """η with L projected on the doublet, which is its limit where leakage does not count; None for 0/0.

        2 for an odd L with <E0|L|E1> = <E1|L|E0>, such as Jz: then Γ_PR = 2γ J01². ½ for an even L: the mirror image,
        |P> and |R> now being the states that L does not tell apart. 1 for an odd L whose elements cancel in |P>, such
        as Jy.
        """
        inside = 0.5 * float((np.abs(self.singles) ** 2).sum())
        means, pointer = np.einsum("kii->ki", self.singles), self._pointer_means
        eigenstate = inside - float((means[:, 0] * means[:, 1].conj()).sum().real)
        between = inside - float((pointer[:, 0] * pointer[:, 1].conj()).sum().real)
        return None if eigenstate <= _ROUNDING * inside else between / eigenstate

    @property
    def eta_mf(self) -> float | None:
        """G_loc over Γ_01/γ, where the model has a mean field."""
        return None if self.g_loc is None else self.g_loc / self.eigenstate_moment

    @property
    def leakages(self) -> tuple[float, float]:
        """<E_i|L†L|E_i> less what stays in the doublet: sum over n >= 2 of |<E_n|L|E_i>|²; not below zero."""
        inside = np.einsum("kai,kai->i", self.singles.conj(), self.singles).real
        total = np.einsum("kii->i", self.squares).real
        e0, e1 = np.maximum(total - inside, 0.0).tolist()
        return e0, e1

    @property
    def leakage(self) -> float:
        """Mean of the two leakages."""
        return 0.5 * sum(self.leakages)

    def as_dict(self) -> dict[str, Any]:
        """Every number at full precision; None where there is none."""
        parameters = self.source.parameters() if hasattr(self.source, "parameters") else {}
        return {
            **parameters,
            "jump": self.jump,
            "jump_parity": self.parity,
            "order_parameter": self.order_parameter,
            "energies": [self.e0, self.e1],
            "splitting": self.splitting,
            "splitting_bound": self.splitting_bound,
            "log_splitting": self.log_splitting,
            "log10_splitting": self.log10_splitting,
            "moment_e0": self.q0,
            "moment_e1": self.q1,
            "g01": self.g01,
            "j01": self.j01,
            "g_loc": self.g_loc,
            "eigenstate_moment": self.eigenstate_moment,
            "pointer_moment": self.pointer_moment,
            "eta_mf": self.eta_mf,
            "eta_exact": self.eta_exact,
            "eta_restricted": self.eta_restricted,
            "leakage_e0": self.leakages[0],
            "leakage_e1": self.leakages[1],
            "well_separation": self.separation,
            "gap": self.gap,
            "gap_ratio": self.gap_ratio,
            "log10_gap_ratio": self.log10_gap_ratio,
        }

    @property
    def separation(self) -> float:
        """Distance of the order parameter in the two pointer states over twice its spread in one of them.

        Above 1 the equal mixture of the two, were they Gaussian, has two maxima.
        """
        single, square = self.order
        p, r = (self._pointer[:, i] for i in (0, 1))
        means = [complex(v.conj() @ single @ v) for v in (p, r)]
        spread = 0.5 * sum(
            float((v.conj() @ square @ v).real) - abs(mean) ** 2 for v, mean in zip((p, r), means, strict=True)
        )
        distance = 0.5 * abs(means[0] - means[1])
        return distance / math.sqrt(spread) if spread > _ROUNDING * abs(means[0]) ** 2 else math.inf

    @property
    def parity(self) -> str:
        """Parity of the jump operators on the doublet: "odd", "even" or "mixed"."""
        scale = float(np.abs(self.singles).max(initial=0.0)) * _ROUNDING
        diagonal = float(np.abs(np.einsum("kii->ki", self.singles)).max(initial=0.0))
        if diagonal <= scale:
            return "odd"
        across = max(float(np.abs(self.singles[:, 0, 1]).max()), float(np.abs(self.singles[:, 1, 0]).max()))
        return "even" if across <= scale else "mixed"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the states over the potential on `ax` or new axes; see `einselect.plots.plot_doublet`."""
        from ..plots import plot_doublet

        return plot_doublet(self, ax)
