"""The Lindblad equation with local noise, on permutation-symmetric density matrices.

    dρ/dt = -i[H, ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}) + sum_k γ_k sum_i (l_ki ρ l_ki† - ½{l_ki†l_ki, ρ})

H and L_k are collective, l_ki acts on spin i alone. The 4^N numbers of ρ are (N+1)(N+2)(N+3)/6 different ones, in one
block for each total spin j (see `ladder`); local noise is what moves weight between the j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..dynamics.full_generator import Commutator
from ..dynamics.full_states import initial_blocks
from ..dynamics.lindbladian import check_times
from ..errors import InputError
from ..rates import JumpOperator
from ..spin import operator
from .channel import LadderChannel
from .frame import LadderFrame, build_ladder_frame
from .generator import keeps_parity, liouvillian
from .jumps import LocalJump, check_noise
from .ladder import dimension
from .run import LocalEvolution, collective_observables
from .states import ladder_blocks

if TYPE_CHECKING:
    import xarray

_GIB = 2.0**30
# Real numbers for each element of ρ: ρ, the step taken whole and in halves, a sector's vector, scratch, Taylor terms,
# eigenvectors, and what is padded.
_WORKING = 14.0
# Bytes for each matrix element of the dissipator while it is put together.
_ASSEMBLY = 40.0


@dataclass(frozen=True)
class LocalLindbladian:
    """Liouvillian of collective and local jump operators on permutation-symmetric states of N spins.

    Parameters
    ----------
    model : LMG or alike
        With `spins`, `hamiltonian()` (a `CollectiveOperator`, real and symmetric in the Dicke basis), `energy_unit`.
    jumps : sequence of JumpOperator
        Collective ones, as `CollectiveOperator`; rates in the model's unit of energy (1/s for physical models).
    local : sequence of LocalJump
        Local ones, each acting on all spins.
    resolve : bool
        False works without parity: slower, as a check.
    memory_limit : float
        GiB that a run may need.

    Raises
    ------
    InputError, UnitError
        For a model that is no collective spin, no or invalid jump operators, an H that is not real, or more memory than
        the limit (with the number).

    Notes
    -----
    A step is the splitting of `dynamics.full_splitting`: phases in the energy basis of each j in turn with
    exp(τ𝓓), whose Taylor series takes few products with a sparse matrix of four elements a row (local dephasing).
    The noise is weak, and steps of about 1.6/J meet the default tolerance at N = 20, 50 and 100 alike. As one sparse
    matrix, -i[H, ·] + 𝓓 has the norm of H, near N J: at N = 50 and up to T2, `expm_multiply` and an explicit
    Runge-Kutta method (DOP853) on it took several times as long.

    The doublet is that of the symmetric sector, j = N/2, where the initial states lie. What local noise brings to
    j < N/2 is found in `outside` and counts as leakage. H has a doublet in every j, of another splitting: part of the
    coherence goes there with the weight (`rho_01_by_j`), and <Jz>, which sums over all j, outlives ρ_01.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.local import LocalJump, LocalLindbladian
    >>> model = LMG(spins=20, field=0.95)
    >>> rate = model.doublet().splitting / 8.8  # γ N/4
    >>> noise = LocalLindbladian(model, local=[LocalJump("dephasing", rate / 5.0)])
    >>> answer = noise.evolve("eigen-superposition", [0.0, 1.0 / rate])
    >>> print(f"{abs(answer.rho_01[-1].item()):.6f} {answer.outside[-1].item():.6f}")
    0.184051 0.524944
    """

    model: Any
    jumps: Sequence[JumpOperator] = ()
    local: Sequence[LocalJump] = ()
    resolve: bool = True
    memory_limit: float = 8.0

    def __post_init__(self) -> None:
        _checks.positive("memory_limit", self.memory_limit)
        jumps, local = check_noise(self.model, self.jumps, self.local)
        object.__setattr__(self, "jumps", jumps)
        object.__setattr__(self, "local", local)
        needed = self.memory_needed()
        if needed > self.memory_limit:
            raise InputError(
                f"spins must be few enough for {self.memory_limit:g} GiB; got {self.model.spins}, which need about "
                f"{needed:.2g} GiB for {self.dimension} elements of ρ"
            )

    @property
    def dimension(self) -> int:
        """Elements of ρ, (N+1)(N+2)(N+3)/6."""
        return dimension(self.model.spins)

    def memory_needed(self) -> float:
        """GiB that a run takes at most, worked out beforehand: vectors and the dissipator while it is put together."""
        elements = 1.0
        for jump in self.jumps:
            elements += len(jump.operator.bands) ** 2 + 2.0 * len(jump.square().bands)
        for single in self.local:
            elements += 3.0 * np.count_nonzero(single.components) ** 2 + 2.0
        return (8.0 * _WORKING + _ASSEMBLY * elements) * self.dimension / _GIB

    @cached_property
    def frame(self) -> LadderFrame:
        """Blocks of all j and their eigenvectors: parity blocks where the jump operators keep them apart."""
        divide = self.resolve and keeps_parity(self.model.spins, self.jumps, self.local)
        return build_ladder_frame(self.model.spins, self.model.hamiltonian(), self.resolve, divide)

    @cached_property
    def channel(self) -> LadderChannel:
        """The dissipator in the frame."""
        return LadderChannel(self.frame, self.jumps, self.local)

    @property
    def parity_resolved(self) -> bool:
        """Whether H and the jump operators together keep the two parity sectors apart."""
        return self.channel.divides

    @property
    def sectors(self) -> tuple[str, ...]:
        """Names of the invariant sectors."""
        return self.channel.sectors

    def matrix(self) -> Any:
        """The Liouvillian over (j, m, m') as a complex sparse matrix; see `generator.liouvillian`."""
        return liouvillian(self.model.spins, self.model.hamiltonian(), self.jumps, self.local)

    def apply(self, rho: Mapping[float, ArrayLike]) -> dict[float, NDArray[np.complex128]]:
        """dρ/dt of Hermitian blocks by j in the Dicke basis, m ascending; those not given are zero.

        Parameters
        ----------
        rho : mapping of float to array_like, shapes (2j + 1, 2j + 1)

        Returns
        -------
        dict of float to ndarray
            One for every j.
        """
        given = {round(2.0 * j): np.asarray(block, dtype=complex) for j, block in rho.items()}
        blocks = self.frame.fold(given)
        result = self.channel.generator(blocks)
        Commutator(self.frame).add(blocks, result)
        return {0.5 * k: block for k, block in self.frame.unfold_all(result).items()}

    def evolution(
        self,
        rho0: str | ArrayLike | Mapping[float, ArrayLike],
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        tolerance: float = 1e-8,
        levels: int = 16,
    ) -> LocalEvolution:
        """Set up what `evolve` works out, to be taken time by time and kept when it is interrupted.

        Parameters are those of `evolve`.

        Examples
        --------
        >>> from einselect import LMG
        >>> from einselect.local import LocalJump, LocalLindbladian
        >>> run = LocalLindbladian(LMG(4, 0.5), local=[LocalJump("emission", 0.2)]).evolution("ground", [0.0, 1.0])
        >>> _ = list(run)
        >>> {j: block.shape for j, block in run.density_blocks().items()}
        {2.0: (5, 5), 1.0: (3, 3), 0.0: (1, 1)}
        """
        grid = check_times(times)
        _checks.positive("tolerance", tolerance)
        count = min(_checks.whole("levels", levels, 2), self.model.spins + 1)
        named = collective_observables(observables or {}, operator)
        if isinstance(rho0, Mapping):
            blocks = ladder_blocks(self.frame, rho0, self.parity_resolved)
        else:
            blocks = initial_blocks(self.frame, self.model, rho0, self.parity_resolved)
        start = rho0 if isinstance(rho0, str) else "given"
        return LocalEvolution(self, blocks, grid, named, tolerance, count, start)

    def evolve(
        self,
        rho0: str | ArrayLike | Mapping[float, ArrayLike],
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        tolerance: float = 1e-8,
        levels: int = 16,
    ) -> xarray.Dataset:
        """Density matrix in time, and what is read off it.

        Parameters
        ----------
        rho0 : str, array_like or mapping
            "eigen-superposition" or "pointer" ((|E0> + |E1>)/√2), "ground" (|E0>), "spin-coherent" (mean field,
            right well); N + 1 amplitudes or an (N+1, N+1) density matrix of the symmetric sector in the Dicke basis,
            m ascending; or density-matrix blocks by j, of total trace 1, as `LocalEvolution.density_blocks` gives.
        times : array_like, shape (t,)
            Ascending, >= 0, in units of 1/energy (seconds for physical models). The state is given at 0.
        observables : mapping of str to operator, optional
            Names or `CollectiveOperator`; each becomes a variable, summed over all j.
        tolerance : float
            Accepted error of ρ in the trace norm, which bounds that of every variable.
        levels : int
            How many of the lowest populations of the symmetric sector are kept.

        Returns
        -------
        xarray.Dataset
            Over `time`: rho_01, rho_pr (complex), populations (time, level), doublet_population, leakage, all of the
            symmetric sector; outside (weight of all j < N/2), weights and rho_01_by_j (time, j), purity, trace,
            error_estimate, and the observables. Attributes: method, tolerance, error_estimate, steps, applications,
            checked_steps, sectors, parity_resolved, dimension, stored_elements, jumps, local.

        Raises
        ------
        InputError
            For times that decrease, unknown state names, a ρ that is not a density matrix (which property fails,
            and by how much), observables that are no collective operators.
        ResolutionError
            For a tolerance that rounding does not allow, or that no step meets.
        """
        run = self.evolution(rho0, times, observables, tolerance=tolerance, levels=levels)
        for _ in run:
            pass
        return run.dataset()
