r"""QuTiP both ways: Hamiltonians, states, jump operators and Redfield tensors out, a user's own system in.

Order of basis states. QuTiP lists \|j, m> by *descending* m (`qutip.jmat`, `spin_state`, `spin_coherent`), einselect
by ascending m. What goes out is turned round (``order="qutip"``, the default), so that it combines with QuTiP's own
spin operators; ``order="einselect"`` leaves it ascending. What comes in says its order the same way. On energy
levels there is nothing to turn: both count from the lowest.

QuTiP's collapse operators have the rate inside: the jump operator L with rate γ goes out as √γ L. Its superoperators
stack columns, einselect's stack rows.
"""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..dynamics.redfield import Redfield
from ..errors import InputError
from ..level_set import LevelSet
from ..levels import DickeVector
from ..matrix_levels import MatrixOperator
from ..models.custom import CustomModel
from ..rates import JumpOperator
from ..spin import CollectiveOperator, operator
from .imported import ImportedSystem, imported

Qobj = Any
ORDERS = ("qutip", "einselect")


def _qutip() -> Any:
    try:
        import qutip
    except ImportError:
        raise InputError("qutip must be installed (pip install 'einselect[qutip]')") from None
    return qutip


def to_qutip(
    thing: Any, *, spins: int | None = None, levels: LevelSet | None = None, order: str = "qutip"
) -> Qobj | list[Qobj]:
    """Turn something of einselect into a `qutip.Qobj`.

    Parameters
    ----------
    thing : operator, state, Levels or matrix
        - a model: its Hamiltonian on the symmetric sector, dimension N + 1;
        - an operator (`CollectiveOperator`, a name such as "Jz", a matrix with m ascending);
        - a `JumpOperator`: the collapse operator √γ L;
        - a `DickeVector`, such as ``model.doublet().state("P")``: a ket;
        - `Levels`: the Hamiltonian on them, diagonal, energies counted from E_0 (so that ΔE keeps its digits);
        - a `Redfield`: its superoperator on its levels, Hamiltonian part included;
        - a list or tuple of these: a list.
    spins : int, optional
        N, for operators, and for states on a window of m.
    levels : Levels or MatrixLevels, optional
        Project operators on these levels instead; then `order` plays no part.
    order : {"qutip", "einselect"}
        m descending, as in `qutip.jmat`, or ascending.

    Returns
    -------
    qutip.Qobj, or list of them
        Operators of a collective spin are sparse.

    Raises
    ------
    InputError
        If qutip is missing, for an object that has no counterpart, or without `spins` where N is not known.

    Examples
    --------
    >>> import qutip
    >>> from einselect import LMG
    >>> from einselect.interop.qutip import to_qutip
    >>> model = LMG(spins=6, field=0.5)
    >>> h = to_qutip(model)
    >>> bool((h + (1 / 6) * qutip.jmat(3, "z") ** 2 + 0.5 * qutip.jmat(3, "x")).norm() < 1e-14)
    True
    """
    _checks.one_of("order", order, ORDERS)
    qutip = _qutip()
    if isinstance(thing, list | tuple):
        return [to_qutip(one, spins=spins, levels=levels, order=order) for one in thing]
    if isinstance(thing, LevelSet):
        return qutip.Qobj(np.diag(thing.excitations))
    if isinstance(thing, Redfield):
        k = len(thing.levels)
        rows = thing.generator().reshape(k, k, k, k)
        return qutip.Qobj(rows.transpose(1, 0, 3, 2).reshape(k * k, k * k), dims=[[[k], [k]], [[k], [k]]])
    if isinstance(thing, DickeVector):
        return _ket(qutip, thing, spins, order)
    if isinstance(thing, JumpOperator):
        return math.sqrt(thing.rate) * cast(Any, to_qutip(thing.operator, spins=spins, levels=levels, order=order))
    if isinstance(thing, MatrixOperator):
        return qutip.Qobj(levels.matrix(thing)) if levels is not None else qutip.Qobj(_as_matrix(thing.matrix))
    if hasattr(thing, "hamiltonian") and hasattr(thing, "spins"):
        return to_qutip(thing.hamiltonian(), spins=thing.spins, levels=levels, order=order)
    if isinstance(thing, CollectiveOperator | str):
        return _collective(qutip, operator(thing), spins, levels, order)
    if hasattr(thing, "shape"):
        if levels is not None:
            return qutip.Qobj(levels.matrix(thing))
        return qutip.Qobj(_turned(thing, order))
    raise _checks.fail(
        "thing", "a model, an operator, a JumpOperator, a DickeVector, Levels, Redfield or a list of these", thing
    )


def _collective(qutip: Any, op: CollectiveOperator, spins: int | None, levels: LevelSet | None, order: str) -> Qobj:
    from scipy.sparse import diags_array

    if levels is not None:
        return qutip.Qobj(levels.matrix(op))
    if spins is None:
        raise InputError(f"spins must be given (or levels) to turn the operator {op.name} into a matrix; got neither")
    n = _checks.whole("spins", spins, 1)
    m = np.arange(n + 1) - n / 2.0
    # <m+s|O|m> stands s below the diagonal for ascending m; elements that would leave the matrix are dropped.
    bands = {s: values for s, values in op.coefficients(m, n / 2.0).items() if abs(s) <= n}
    diagonals = [values[: n + 1 - s] if s >= 0 else values[-s:] for s, values in bands.items()]
    matrix = diags_array(diagonals, offsets=[-s for s in bands], shape=(n + 1, n + 1), dtype=complex).tocsr()
    return qutip.Qobj(_as_matrix(_turned(matrix, order)))


def _as_matrix(matrix: Any) -> Any:
    """QuTiP knows SciPy's sparse matrices, not its newer sparse arrays."""
    from scipy.sparse import csr_matrix

    return csr_matrix(matrix)


def _turned(matrix: Any, order: str) -> Any:
    """From ascending to the asked order of m, or back: the same turn."""
    return matrix if order == "einselect" else matrix[::-1, ::-1]


def _ket(qutip: Any, vector: DickeVector, spins: int | None, order: str) -> Qobj:
    whole = len(vector.m) > 1 and vector.m[-1] == -vector.m[0] == (len(vector.m) - 1) / 2.0
    if spins is None and not whole:
        raise InputError("spins must be given for a state on a window of m (or ask for it with whole=True); got none")
    n = len(vector.m) - 1 if spins is None else _checks.whole("spins", spins, 1)
    places = np.rint(vector.m + n / 2.0).astype(int)
    if places[0] < 0 or places[-1] > n or np.any(np.abs(places - n / 2.0 - vector.m) > 1e-9):
        raise InputError(f"spins must be that of the state, whose m are {vector.m[0]} to {vector.m[-1]}; got {n}")
    amplitudes = np.zeros(n + 1, dtype=complex)
    amplitudes[places] = vector.amplitudes
    return qutip.Qobj(amplitudes[::-1] if order == "qutip" else amplitudes)


def operator_from_qutip(qobj: Qobj, *, order: str = "qutip") -> NDArray[np.complex128]:
    """Matrix of a QuTiP operator on a collective spin, m ascending, as `Levels.matrix` and `JumpOperator` take it.

    Parameters
    ----------
    qobj : qutip.Qobj
    order : {"qutip", "einselect"}
        Order of m in it: descending or ascending.

    Returns
    -------
    ndarray, shape (N + 1, N + 1)

    Examples
    --------
    >>> import qutip
    >>> from einselect import LMG, JumpOperator, dephasing_coefficient
    >>> from einselect.interop.qutip import operator_from_qutip
    >>> levels = LMG(spins=20, field=0.5).levels(2)
    >>> jump = JumpOperator(operator_from_qutip(qutip.jmat(10, "z")))
    >>> round(dephasing_coefficient(levels, "E0", "E1", [jump]) / dephasing_coefficient(levels, "E0", "E1"), 12)
    1.0
    """
    _checks.one_of("order", order, ORDERS)
    matrix = np.asarray(qobj.full(), dtype=complex)
    if matrix.shape[0] != matrix.shape[1]:
        raise InputError(f"operator must be square; got shape {matrix.shape}")
    return np.ascontiguousarray(_turned(matrix, order))


def state_from_qutip(ket: Qobj, *, order: str = "qutip") -> DickeVector:
    """Dicke amplitudes of a QuTiP ket of a collective spin, m ascending (real where they are).

    Parameters
    ----------
    ket : qutip.Qobj
    order : {"qutip", "einselect"}
        Order of m in it: descending or ascending.

    Returns
    -------
    DickeVector
    """
    _checks.one_of("order", order, ORDERS)
    amplitudes = np.asarray(ket.full())
    if amplitudes.shape[1] != 1:
        raise InputError(f"state must be a ket; got shape {amplitudes.shape}")
    found: Any = amplitudes[::-1, 0] if order == "qutip" else amplitudes[:, 0]
    m = np.arange(len(found)) - (len(found) - 1) / 2.0
    return DickeVector(np.asarray(m, dtype=np.float64), found if np.any(found.imag) else found.real.copy())


def from_qutip(
    hamiltonian: Qobj,
    parity: Qobj,
    jumps: Qobj | list[Qobj] | tuple[Qobj, ...] = (),
    *,
    count: int | None = None,
    energy_unit: str = "plain",
    broken_parity: bool = False,
) -> ImportedSystem:
    """A user's own H, parity and collapse operators as levels and jump operators for rates and dynamics.

    Parameters
    ----------
    hamiltonian, parity : qutip.Qobj
        H (Hermitian) and Π (unitary, Π² a phase) with ΠHΠ† = H, on one space of any structure; plain matrices too.
        Since only products of parities matter, the ground state is called even whatever the phase of Π.
    jumps : qutip.Qobj or list of them
        Collapse operators with the rate inside, as `qutip.mesolve` takes them.
    count : int, optional
        Levels to keep. Default: all of them.
    energy_unit : {"plain", "J", "rad/s"}
        "plain": numbers in the user's own unit, ħ = 1. "rad/s": physical ones.
    broken_parity : bool
        Carry on where H violates the parity (see `CustomModel`).

    Returns
    -------
    ImportedSystem
        `levels` and `jumps`, for `dephasing_coefficient`, `Lindbladian` and `Redfield`, with the parity relations as
        they were found numerically.

    Raises
    ------
    InputError
        If H is not Hermitian, Π not unitary or not an involution, or ΠHΠ† ≠ H: with the norm that fails.

    Examples
    --------
    The quantum Rabi model, which is not a collective spin: its photon loss is odd.

    >>> import qutip
    >>> from einselect import dephasing_coefficient
    >>> from einselect.interop.qutip import from_qutip
    >>> a, sz, sx = qutip.destroy(25) & qutip.qeye(2), qutip.qeye(25) & qutip.sigmaz(), qutip.qeye(25) & qutip.sigmax()
    >>> parity = (1j * 3.141592653589793 * (a.dag() * a)).expm() * sz
    >>> system = from_qutip(a.dag() * a + 0.5 * sz + 1.2 * (a + a.dag()) * sx, parity, [0.1 * a], count=4)
    >>> system.jump_parities, system.levels.parities
    (('odd',), array([ 1, -1,  1, -1]))
    >>> round(dephasing_coefficient(system.levels, "P", "R", system.jumps) /
    ...       dephasing_coefficient(system.levels, "E0", "E1", system.jumps), 2)
    2.0
    """
    listed = list(jumps) if isinstance(jumps, list | tuple) else [jumps]
    model = CustomModel(
        _full(hamiltonian),
        _full(parity),
        [_full(jump) for jump in listed],
        broken_parity=broken_parity,
        energy_unit=energy_unit,
    )
    return imported(model, model.dimension if count is None else _checks.whole("count", count, 2, model.dimension))


def _full(thing: Any) -> NDArray[Any]:
    return np.asarray(thing.full() if hasattr(thing, "full") else thing)
