r"""What losing atoms does to both coherences of a two-mode condensate: Eq. 12 from one atom number to the next.

Either mode loses atoms one by one or in pairs,

    dρ/dt = -i[H,ρ] + Γ1 sum_(L = a, b) (LρL† - ½{L†L,ρ}) + Γ2 sum_(L = a², b²) (LρL† - ½{L†L,ρ}),

with a|N,m> = sqrt(N/2 + m)|N-1, m-½>, b|N,m> = sqrt(N/2 - m)|N-1, m+½>. The Hamiltonian of the atoms that are left is
the same one, U = J/N and 2K = Γ unchanged. Each state |a> of N atoms has a namesake |a'> of those left, and with ρ_ab
summed over the numbers of atoms (nothing that does not count them tells more),

    Γ_ab = sum_k γ_k (½<a|L†L|a> + ½<b|L†L|b> - Re <a'|L|a> <b'|L|b>*).

Under exchange of the modes (a ± b)/√2 are even and odd, and so are (a² ± b²)/√2; the sum over L is the same with these.
An even one leaves |E0> and |E1> what they are, an odd one turns one into the other: a loss keeps a part κ_01 of ρ_01 as
ρ_01 and makes a part κ_10 of it ρ_10, which averages out where ΔE is much larger than the rate of loss. With all atoms
of a well in one orbital (cos α, sin α), sin 2α = Γ/J, one event keeps

    one-body     κ_01 = ½(1 + Γ/J)      κ_10 = ½(1 - Γ/J)        κ_PR = Γ/J
    two-body     κ_01 = 1/(1 + m*²)     κ_10 = m*²/(1 + m*²)     κ_PR = (1 - m*²)/(1 + m*²)

of Γ1 N and Γ2 N²(1 + m*²)/2 events in unit time, so that

    one-body     Γ_01 = ½Γ1 N (1 - Γ/J),     Γ_PR = Γ1 N (1 - Γ/J)
    two-body     Γ_01 = ½Γ2 (N m*)²,         Γ_PR = Γ2 (N m*)².

Again the pointer states lose their coherence twice as fast: what is lost says from which mode it came, and the odd part
of that is all that ρ_01 pays for. Γ_ab leaves one thing out. ΔE depends on the number, so that the time of a loss
becomes a phase of ρ_01: `AtomLoss.phase_per_event`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _checks
from ..errors import InputError
from ..levels import Array, Levels
from ..models.bose_josephson import BoseJosephson
from ..models.lmg import LMG
from ..rates import in_unit_of
from ..spin import CollectiveOperator, diagonal


@dataclass(frozen=True)
class AtomLoss:
    """What the loss of one atom, or of a pair, does to the coherences of a doublet.

    Attributes
    ----------
    spins : int
        N before the loss.
    lost : int
        Atoms lost at once: 1 or 2.
    rate : float
        Γ1 or Γ2, in the model's unit of energy over ħ.
    moment : float
        ½ sum_L (<E0|L†L|E0> + <E1|L†L|E1>): N for one-body loss.
    kept_eigenstate, turned_eigenstate, kept_pointer : float
        κ_01, κ_10 and κ_PR of one event.
    leaked : float
        Part of the population of the doublet that an event takes out of the doublet.
    splitting, splitting_after : float
        ΔE of N atoms and of those left.
    field_ratio : float
        Γ/J.
    order_parameter : float or None
        m*; None outside the ordered phase, where there is no limit.
    """

    spins: int
    lost: int
    rate: float
    moment: float
    kept_eigenstate: float
    turned_eigenstate: float
    kept_pointer: float
    leaked: float
    splitting: float
    splitting_after: float
    field_ratio: float
    order_parameter: float | None

    @property
    def event_rate(self) -> float:
        """Events in unit time in the doublet, rate x moment."""
        return self.rate * self.moment

    @property
    def rate_eigenstate(self) -> float:
        """Γ_01."""
        return self.event_rate * (1.0 - self.kept_eigenstate)

    @property
    def rate_pointer(self) -> float:
        """Γ_PR."""
        return self.event_rate * (1.0 - self.kept_pointer)

    @property
    def ratio(self) -> float:
        """Γ_PR/Γ_01; 2 in the limit of many atoms."""
        return (1.0 - self.kept_pointer) / (1.0 - self.kept_eigenstate)

    @property
    def limit_eigenstate(self) -> float | None:
        """Γ_01 of all atoms in one orbital: ½Γ1 N(1 - Γ/J) or ½Γ2 (N m*)²; None outside the ordered phase."""
        if self.order_parameter is None:
            return None
        if self.lost == 1:
            return 0.5 * self.rate * self.spins * (1.0 - self.field_ratio)
        return 0.5 * self.rate * (self.spins * self.order_parameter) ** 2

    @property
    def limit_pointer(self) -> float | None:
        """Γ_PR of the same: twice that."""
        return None if self.limit_eigenstate is None else 2.0 * self.limit_eigenstate

    @property
    def phase_per_event(self) -> float:
        """Change of ΔE by an event over the rate of events.

        Above 1 the time of the event is as good as a random phase, and ρ_01 summed over numbers is lost with every
        event, unless the atoms left are counted.
        """
        change = abs(self.splitting_after - self.splitting)
        return change / self.event_rate if self.event_rate else float("inf") if change else 0.0


def fewer_atoms(model: LMG | BoseJosephson, spins: int) -> LMG:
    """The same wells with another number of atoms: U = J/N and 2K = Γ unchanged.

    Raises
    ------
    InputError
        For a model other than the LMG one or the untilted condensate, or fewer than two atoms.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.atom_loss import fewer_atoms
    >>> fewer_atoms(LMG(spins=100, field=0.5), 98).coupling
    0.98
    """
    if not isinstance(model, LMG | BoseJosephson) or (isinstance(model, BoseJosephson) and model.tilt):
        raise _checks.fail("model", "an LMG model or a BoseJosephson without tilt", model)
    unit = "plain" if model.energy_unit == "J" and spins != model.spins else model.energy_unit
    return LMG(spins, model.field, model.coupling / model.spins * spins, energy_unit=unit)


def loss_matrix(before: Levels, after: Levels) -> Array:
    """<E'_c|a^n|E_d> between levels of N and of N - n atoms, n = 1 or 2; b^n has the same, times both parities.

    Parameters
    ----------
    before, after : Levels

    Returns
    -------
    ndarray, shape (k', k)

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.atom_loss import fewer_atoms, loss_matrix
    >>> model = LMG(spins=6, field=0.8)
    >>> a = loss_matrix(model.levels(7), fewer_atoms(model, 5).levels(6))
    >>> (a.T @ a).trace().round(10).item()  # the mean number in one mode, 3, times 7
    21.0
    """
    lost = before.spins - after.spins
    if lost not in (1, 2):
        raise InputError(
            f"levels after the loss must be of one or two atoms fewer; got {after.spins} of {before.spins}"
        )
    m, psi = before.on_window()
    left, kept = after.on_window()
    count = 0.5 * before.spins + m
    weight = np.sqrt(count) if lost == 1 else np.sqrt(count * np.maximum(count - 1.0, 0.0))
    targets, sites = (np.rint(2.0 * x).astype(np.int64) for x in (m - 0.5 * lost, left))
    _, source, target = np.intersect1d(targets, sites, assume_unique=True, return_indices=True)
    return np.asarray((kept[:, target] * weight[source]) @ psi[:, source].T)


def by_parity(before: Levels, after: Levels) -> tuple[Array, Array]:
    """(a^n + b^n)/√2 and (a^n - b^n)/√2 between levels, each exactly zero where parity forbids it."""
    single = loss_matrix(before, after)
    same = np.equal.outer(after.parities, before.parities)
    return np.where(same, np.sqrt(2.0) * single, 0.0), np.where(same, 0.0, np.sqrt(2.0) * single)


def loss_moment(spins: int, lost: int) -> CollectiveOperator:
    """sum_L L†L: N for one-body loss, n_a(n_a - 1) + n_b(n_b - 1) = 2Jz² + N²/2 - N for pairs."""
    if lost == 1:
        return diagonal(lambda m: np.full_like(m, float(spins)), "N")
    return diagonal(lambda m: 2.0 * m * m + 0.5 * spins * (spins - 2.0), "pairs")


def atom_loss(model: LMG | BoseJosephson, lost: int = 1, rate: float | str = 1.0) -> AtomLoss:
    """Both coherences of the doublet under one- or two-body loss from either mode.

    Parameters
    ----------
    model : LMG or BoseJosephson
    lost : int
        Atoms lost at once, 1 or 2.
    rate : float or str
        Γ1 or Γ2: a number in the model's unit, or "0.1 1/s" for physical ones.

    Returns
    -------
    AtomLoss

    Raises
    ------
    InputError, UnitError
        For another model, a tilt, fewer than two atoms left, or a rate that does not fit.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.atom_loss import atom_loss
    >>> loss = atom_loss(LMG(spins=1000, field=0.5))
    >>> print(f"{loss.kept_eigenstate:.4f} {loss.kept_pointer:.4f} {loss.ratio:.4f}")  # ¾ and ½
    0.7503 0.5006 1.9997
    """
    n = _checks.whole("lost", lost, 1, 2)
    now, then = fewer_atoms(model, model.spins), fewer_atoms(model, model.spins - n)
    before, after = now.levels(2), then.levels(2)
    even, odd = by_parity(before, after)
    moment = 0.5 * float(before.matrix(loss_moment(model.spins, n)).trace())
    p, r = (before.state(which) for which in "PR")
    kept_pointer = sum(float((p @ op @ p) * (r @ op @ r)) for op in (even, odd)) / moment
    inside = 0.5 * float((even**2).sum() + (odd**2).sum())
    return AtomLoss(
        spins=model.spins,
        lost=n,
        rate=in_unit_of(model.energy_unit, "rate", rate),
        moment=moment,
        kept_eigenstate=float(even[0, 0] * even[1, 1]) / moment,
        turned_eigenstate=float(odd[1, 0] * odd[0, 1]) / moment,
        kept_pointer=kept_pointer,
        leaked=1.0 - inside / moment,
        splitting=float(before.excitations[1]),
        splitting_after=float(after.excitations[1]),
        field_ratio=model.field_ratio,
        order_parameter=model.order_parameter if model.phase == "ordered" else None,
    )
