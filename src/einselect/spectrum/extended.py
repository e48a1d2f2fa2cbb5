"""Lowest eigenvalue of a symmetric tridiagonal matrix to any number of digits, in decimal arithmetic.

Where a splitting is far below double precision, two eigenvalues are worked out to so many digits that their
difference has enough of its own. Only the squares b_i² of the off-diagonal elements enter: with the pivots from both
ends,

    p_i = a_i - λ - b_{i-1}²/p_{i-1},   r_i = a_i - λ - b_i²/r_{i+1},   γ = p_k + r_k - (a_k - λ),

the vector z with (A - λ)z = γ e_k, z_k = 1, has z_i² = z_{i+1}² b_i²/p_i² to the left and alike to the right, and
λ + γ/|z|² is its Rayleigh quotient: each step doubles the digits. The arithmetic is that of Python's `decimal`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

Chain = tuple[Sequence[Decimal], Sequence[Decimal]]
_START = 30
_GUARD = 8


def lowest_eigenvalue(chain: Callable[[], Chain], guess: Decimal, twist: int, digits: int) -> Decimal:
    """Eigenvalue next to `guess`, to `digits` digits after the decimal point in the scale of the matrix.

    Parameters
    ----------
    chain : callable
        Gives the diagonal a (n entries) and the squares b² (n - 1 entries, all positive) in the precision of the
        current decimal context.
    guess : Decimal
        Good to much less than the distance to the next eigenvalue.
    twist : int
        Where the vector is large.
    digits : int

    Returns
    -------
    Decimal
    """
    schedule = [digits + _GUARD]
    while schedule[-1] > 2 * _START:
        schedule.append(schedule[-1] // 2 + _GUARD)
    value = guess
    while True:
        precision = schedule.pop() if len(schedule) > 1 else schedule[0]
        with localcontext() as context:
            context.prec = precision
            step = _step(*chain(), +value, twist)
            value += step
        # The next step would be about the square of this one.
        if precision == digits + _GUARD and step.copy_abs() < Decimal(10) ** (-(digits // 2) - 4):
            return value


def _step(diagonal: Sequence[Decimal], squares: Sequence[Decimal], value: Decimal, twist: int) -> Decimal:
    """Rayleigh quotient less the value."""
    left: list[Decimal] = []
    pivot = diagonal[0] - value
    for i in range(twist):
        left.append(squares[i] / pivot)
        pivot = diagonal[i + 1] - value - left[i]
    gamma = pivot
    right: list[Decimal] = []
    pivot = diagonal[-1] - value
    for i in range(len(squares) - 1, twist - 1, -1):
        right.append(squares[i] / pivot)
        pivot = diagonal[i] - value - right[-1]
    gamma += pivot - (diagonal[twist] - value)
    one = norm = Decimal(1)
    # z_i²/z_{i+1}² = b_i²/p_i² = (b_i²/p_i)²/b_i². The norm need not be as exact as the rest.
    with localcontext() as context:
        context.prec = max(_START, context.prec // 2 + _GUARD)
        for ratios, order in ((left, range(twist - 1, -1, -1)), (right, range(twist, len(squares)))):
            square = one
            offset = len(squares) - 1
            for i in order:
                ratio = ratios[i] if ratios is left else ratios[offset - i]
                square = square * ratio * ratio / squares[i]
                norm += square
                if square < Decimal(10) ** (-context.prec):
                    break
    return gamma / norm
