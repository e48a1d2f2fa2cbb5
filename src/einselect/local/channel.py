"""All jump operators as one real sparse matrix in the parity blocks, and its exponential.

ρ and M = Re ρ + Im ρ have ρ = ½(1+i) M + ½(1-i) Mᵀ, so that a map R of Hermitian matrices acts on M as Re R + Im R T,
T the transposition. The matrix is divided by sectors: ρ -> ΠρΠ commutes with it if every jump operator has a definite
parity, but also if emission and pumping have the same rate, where only the two together do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Array, Blocks, Sparse
from ..rates import JumpOperator
from .frame import LadderFrame
from .generator import dissipator_pieces
from .jumps import LocalJump
from .layout import build_layout

_NEGLIGIBLE = 1e-13
_TERMS = 80
_PART = 3.0  # ‖τ𝓓‖ of one Taylor series: rounding is magnified by at most e³
_ALL = "all"
_Triplets = tuple[Array, NDArray[Any], NDArray[Any]]


class LadderChannel:
    """The dissipator 𝓓 on the vectors of a layout, in the block basis.

    Parameters
    ----------
    frame : LadderFrame
    jumps, local : sequences of JumpOperator and LocalJump

    Attributes
    ----------
    layout : Layout
    divides : bool
        Whether the two parity sectors do not mix.
    sectors : tuple of str
    norm : float
        Bound on ‖𝓓‖ for every sector.
    """

    def __init__(self, frame: LadderFrame, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]) -> None:
        self.layout = build_layout(frame)
        triplets = _triplets(frame, dissipator_pieces(frame.spins, jumps, local))
        sizes = [frame.maps[p].shape[0] * frame.maps[q].shape[0] for p, q in frame.pairs]
        odd = np.repeat([frame.sector_of(key) == "coherences" for key in frame.pairs], sizes)
        resolved = frame.parities[0] != 0
        self.divides = resolved and bool(np.all(odd[triplets[1]] == odd[triplets[2]]))
        self.sectors: tuple[str, ...] = ("populations", "coherences") if self.divides else (_ALL,)
        self._matrices = {}
        for name in self.sectors:
            inside = np.ones(len(odd), dtype=bool) if name == _ALL else odd == (name == "coherences")
            self._matrices[name] = self._sector(name, triplets, inside)
        self.norm = max(_norm_bound(matrix) for matrix in self._matrices.values())

    def _sector(self, name: str, triplets: _Triplets, inside: NDArray[np.bool_]) -> Sparse:
        """The matrix elements of one sector, as a matrix over its vector."""
        from scipy import sparse

        values, rows, columns = triplets
        places, size = self.layout.places(name), self.layout.length(name)
        index = np.zeros(len(inside), dtype=rows.dtype)
        index[inside] = np.concatenate([places[key] for key in self.layout.frame.pairs if key in places])
        if name != _ALL:
            kept = inside[rows]
            values, rows, columns = values[kept], rows[kept], columns[kept]
        return sparse.coo_array((values, (index[rows], index[columns])), shape=(size, size)).tocsr()

    @property
    def elements(self) -> int:
        """Matrix elements that are stored."""
        return sum(int(matrix.nnz) for matrix in self._matrices.values())

    def generator(self, blocks: Blocks) -> Blocks:
        """𝓓M, as new blocks; those of a sector that is empty stay absent."""
        result = {key: np.empty_like(block) for key, block in blocks.items()}
        for name, matrix in self._matrices.items():
            if self.layout.holds(blocks, name):
                self.layout.store(matrix @ self.layout.load(blocks, name), result, name)
        return result

    def exponential(self, sector: str, tau: float, vector: Array) -> Array:
        """exp(τ𝓓) on the vector of a sector, by Taylor series."""
        matrix = self._matrices[sector]
        parts = max(1, math.ceil(abs(tau) * self.norm / _PART))
        step = tau / parts
        for _ in range(parts):
            term, size = vector, float(np.linalg.norm(vector))
            vector = vector.copy()
            for k in range(1, _TERMS):
                term = matrix @ term
                term *= step / k
                vector += term
                if float(np.linalg.norm(term)) <= 1e-17 * size:
                    break
        return vector


def _triplets(frame: LadderFrame, pieces: Iterable[tuple[int, int, Sparse]]) -> _Triplets:
    """From (m, m') to the block basis and from ρ to M: values, rows and columns, one pair of blocks after the other."""
    from scipy import sparse

    into: dict[int, Sparse] = {}
    places: dict[int, int] = {}
    start = 0
    for p, q in frame.pairs:
        twice_j = frame.twice_j[p]
        part = sparse.kron(frame.maps[p], frame.maps[q], format="csr")
        places.setdefault(twice_j, start)
        into[twice_j] = sparse.vstack((into[twice_j], part), format="csr") if twice_j in into else part
        start += part.shape[0]
    index = np.int32 if start < 2**31 else np.int64
    found = []
    for source, target, matrix in pieces:
        whole = matrix
        if np.iscomplexobj(whole.data):
            turned = np.arange((source + 1) ** 2).reshape(source + 1, source + 1).T.ravel()
            whole = (whole.real + whole.imag.tocsc()[:, turned]).tocsr()
        part = (into[target] @ whole @ into[source].T).tocoo()
        # What parity forbids is the rounding of a sum: it must not count as an element.
        kept = np.abs(part.data) > _NEGLIGIBLE * np.abs(part.data).max(initial=0.0)
        rows, columns = part.row[kept] + places[target], part.col[kept] + places[source]
        found.append((part.data[kept], rows.astype(index), columns.astype(index)))
    total = sum(len(values) for values, _, _ in found)
    result = np.empty(total), np.empty(total, dtype=index), np.empty(total, dtype=index)
    while found:  # let go of each piece when it is copied
        entries = found.pop()
        total -= len(entries[0])
        for into_whole, own in zip(result, entries, strict=True):
            into_whole[total : total + len(own)] = own
    return result


def _norm_bound(matrix: Sparse) -> float:
    """‖𝓓‖ <= sqrt(‖𝓓‖_1 ‖𝓓‖_∞)."""
    if not matrix.nnz:
        return 0.0
    size = abs(matrix)
    return float(math.sqrt(size.sum(axis=0).max() * size.sum(axis=1).max()))
