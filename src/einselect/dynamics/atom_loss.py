r"""What losing atoms does to both coherences of a two-mode condensate: Eq. 12 from one atom number to the next.

Either mode loses atoms one by one or in pairs, and both together lose pairs of one atom from each,

    dρ/dt = -i[H,ρ] + Γ1 sum_(L = a, b) D[L]ρ + Γ2 sum_(L = a², b²) D[L]ρ + Γ12 D[ab]ρ,   D[L]ρ = LρL† - ½{L†L,ρ},

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
    mixed        κ_01 = 1               κ_10 = 0                 κ_PR = 1

of Γ1 N, Γ2 N²(1 + m*²)/2 and Γ12 N²(1 - m*²)/4 events in unit time, so that

    one-body     Γ_01 = ½Γ1 N (1 - Γ/J),     Γ_PR = Γ1 N (1 - Γ/J)
    two-body     Γ_01 = ½Γ2 (N m*)²,         Γ_PR = Γ2 (N m*)²
    mixed        Γ_01 = Γ_PR = Γ12 N (1 - m*)²/(4m*).

Again the pointer states lose their coherence twice as fast: what is lost says from which mode it came, and the odd part
of that is all that ρ_01 pays for. A pair of one atom from each mode says nothing: ab is even, and both wells lose it at
the same rate. What is left, smaller by 1/N, is that the atoms left are not in their own ground state: with <m> = N m*/2
and a variance V = N(1 - m*²)/4m* of m, the wells move by dm = -1/m* and ab weighs m by -2m*/sqrt(1 - m*²) a unit, and
Γ_ab/Γ12 is the square of the sum of both excitations, (N sqrt(1 - m*²)/2) dm/2√V + m*√V/sqrt(1 - m*²).

These are rates of rare events: what leaks out of the doublet by two of them within the time of an oscillation in a well
adds up as amplitudes. And Γ_ab leaves one thing out. ΔE depends on the number, so that the time of a loss
becomes a phase of ρ_01: `AtomLoss.phase_per_event`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import _checks
from ..models.bose_josephson import BoseJosephson
from ..models.lmg import LMG
from ..rates import in_unit_of
from .loss_operators import by_parity, fewer_atoms, loss_matrix, loss_moment

__all__ = ["AtomLoss", "atom_loss", "by_parity", "fewer_atoms", "loss_matrix", "loss_moment"]


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
        Γ1, Γ2 or Γ12, in the model's unit of energy over ħ.
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
    mixed : bool
        Whether the pair is of one atom from each mode.
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
    mixed: bool = False

    @property
    def kind(self) -> str:
        """What is lost: "one-body", "two-body" or "mixed"."""
        return "mixed" if self.mixed else ("one-body", "two-body")[self.lost - 1]

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
        """Γ_PR/Γ_01; in the limit of many atoms 2, and 1 for mixed pairs."""
        return (1.0 - self.kept_pointer) / (1.0 - self.kept_eigenstate)

    @property
    def limit_eigenstate(self) -> float | None:
        """Γ_01 of many atoms: ½Γ1 N(1 - Γ/J), ½Γ2 (N m*)² or Γ12 N(1 - m*)²/4m*; None outside the ordered phase."""
        if self.order_parameter is None:
            return None
        if self.mixed:
            return 0.25 * self.rate * self.spins * (1.0 - self.order_parameter) ** 2 / self.order_parameter
        if self.lost == 1:
            return 0.5 * self.rate * self.spins * (1.0 - self.field_ratio)
        return 0.5 * self.rate * (self.spins * self.order_parameter) ** 2

    @property
    def limit_pointer(self) -> float | None:
        """Γ_PR of the same: twice that, or for mixed pairs the same."""
        return None if self.limit_eigenstate is None else (1.0 if self.mixed else 2.0) * self.limit_eigenstate

    @property
    def phase_per_event(self) -> float:
        """Change of ΔE by an event over the rate of events.

        Above 1 the time of the event is as good as a random phase, and ρ_01 summed over numbers is lost with every
        event, unless the atoms left are counted.
        """
        change = abs(self.splitting_after - self.splitting)
        return change / self.event_rate if self.event_rate else float("inf") if change else 0.0


def atom_loss(model: LMG | BoseJosephson, lost: int = 1, rate: float | str = 1.0, *, mixed: bool = False) -> AtomLoss:
    """Both coherences of the doublet under one- or two-body loss.

    Parameters
    ----------
    model : LMG or BoseJosephson
    lost : int
        Atoms lost at once, 1 or 2.
    rate : float or str
        Γ1, Γ2 or Γ12: a number in the model's unit, or "0.1 1/s" for physical ones.
    mixed : bool
        Pairs of one atom from each mode, L = ab, in place of a² and b².

    Returns
    -------
    AtomLoss

    Raises
    ------
    InputError, UnitError
        For another model, a tilt, fewer than two atoms left, a rate that does not fit, or mixed single atoms.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.atom_loss import atom_loss
    >>> loss = atom_loss(LMG(spins=1000, field=0.5))
    >>> print(f"{loss.kept_eigenstate:.4f} {loss.kept_pointer:.4f} {loss.ratio:.4f}")  # ¾ and ½
    0.7503 0.5006 1.9997
    >>> pairs = atom_loss(LMG(spins=1000, field=0.5), 2, mixed=True)
    >>> print(f"{pairs.kept_eigenstate:.4f} {pairs.kept_pointer:.4f} {pairs.ratio:.4f}")
    0.9999 0.9999 1.0000
    """
    n = _checks.whole("lost", lost, 1, 2)
    if mixed and n != 2:
        raise _checks.fail("lost", "2 for mixed pairs", lost)
    now = fewer_atoms(model, model.spins)
    if model.spins < n + 2:
        what = "a pair" if n == 2 else "an atom"
        raise _checks.fail("spins", f"at least {n + 2} to lose {what} and leave a doublet", model.spins)
    then = fewer_atoms(model, model.spins - n)
    before, after = now.levels(2), then.levels(2)
    even, odd = by_parity(before, after, mixed=mixed)
    moment = 0.5 * float(before.matrix(loss_moment(model.spins, n, mixed=mixed)).trace())
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
        mixed=mixed,
    )
