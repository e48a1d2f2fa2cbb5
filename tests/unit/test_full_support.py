"""Products that are spared on empty levels change nothing; the set of levels grows where the state does."""

import numpy as np
import pytest

from einselect import LMG, JumpOperator
from einselect.dynamics.full_channel import build_channel
from einselect.dynamics.full_frame import build_frame, jump_matrices, norm
from einselect.dynamics.full_splitting import Splitting
from einselect.dynamics.full_support import clear_beyond, edge_reached, filled, widened

MODEL = LMG(spins=160, field=0.95)
FRAME = build_frame(MODEL.spins, MODEL.hamiltonian())
SIZES = tuple(len(e) for e in FRAME.energies)


def ground_doublet():
    """(|E0> + |E1>)/√2 as blocks in the energy basis."""
    blocks = {(p, q): np.zeros((SIZES[p], SIZES[q])) for p, q in FRAME.pairs}
    for block in blocks.values():
        block[0, 0] = 0.5
    return blocks


def advanced(channel, everywhere, step, count):
    splitting, blocks = Splitting(FRAME, channel, everywhere), ground_doublet()
    for _ in range(count):
        splitting.advance(blocks, step, 4)
    return blocks, splitting


def difference(a, b):
    return norm({key: a[key] - b[key] for key in a})


@pytest.mark.parametrize("rate", [1e-6, 1e-3])
@pytest.mark.parametrize("operator", ["Jz", "Jx", "J-"])
def test_sparing_empty_levels_changes_nothing(rate, operator):
    channel = build_channel(FRAME, jump_matrices([JumpOperator(operator, rate)], MODEL.spins))
    step = min(2.0, 0.5 / channel.norm)
    spared, _ = advanced(channel, False, step, 3)
    whole, _ = advanced(channel, True, step, 3)
    # Rounding of a hundred changes of basis.
    assert difference(spared, whole) <= 1e-13


def test_levels_are_spared_while_the_state_stays_low():
    channel = build_channel(FRAME, jump_matrices([JumpOperator("Jz", 1e-6)], MODEL.spins))
    blocks, splitting = advanced(channel, False, 2.0, 2)
    assert max(splitting.levels) < 0.6 * min(SIZES)
    assert not any(np.any(block[splitting.levels[p] :]) for (p, _), block in blocks.items())


def test_the_set_grows_to_all_levels_as_heating_reaches_them():
    channel = build_channel(FRAME, jump_matrices([JumpOperator("Jz", 0.02)], MODEL.spins))
    spared, splitting = advanced(channel, False, 0.5, 12)
    whole, _ = advanced(channel, True, 0.5, 12)
    assert splitting.levels == SIZES
    assert difference(spared, whole) <= 1e-13


def test_an_operator_that_skips_levels_is_found_out():
    """L takes the doublet to the top of the spectrum, and fills nothing between."""
    (even, odd), (low, high) = FRAME.maps, FRAME.vectors
    top, bottom = even.T @ low[:, -1], even.T @ low[:, 0]
    jump = np.outer(top, bottom) + np.outer(bottom, top)
    channel = build_channel(FRAME, [(0.05, build_sparse(jump))])
    spared, splitting = advanced(channel, False, 0.5, 2)
    whole, _ = advanced(channel, True, 0.5, 2)
    assert whole[0, 0][-1, -1] > 0.01
    assert splitting.levels == SIZES
    assert difference(spared, whole) <= 1e-13
    assert odd.shape[0] == len(high)


def build_sparse(matrix):
    from scipy import sparse

    return sparse.csr_array(matrix)


def test_rows_that_are_filled_are_counted():
    blocks = {(0, 0): np.zeros((30, 30)), (1, 1): np.zeros((29, 29)), (0, 1): np.zeros((30, 29))}
    blocks[0, 0][3, 7] = 1.0
    blocks[0, 1][11, 5] = 1e-3
    sizes = (30, 29)
    assert filled(blocks, sizes, 1e-4) == (12, 6)
    assert filled(blocks, sizes, 1e-2) == (8, 0)
    assert widened((12, 6), sizes) == (21, 14)
    assert widened((20, 6), sizes) == (30, 14)
    assert edge_reached(blocks, (12, 9), sizes, 1e-5)
    assert not edge_reached(blocks, (20, 14), sizes, 1e-5)
    clear_beyond(blocks, (10, 14))
    assert not np.any(blocks[0, 1])
    assert blocks[0, 0][3, 7] == 1.0
