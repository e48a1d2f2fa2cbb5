"""Small dense matrices are multiplied by one thread.

The threads of a BLAS wait for each other after every product. Up to some 200 rows that costs what it saves, and on
cores that other work shares much more. Measured on two cores: a product took 54 µs with one thread and 62 with two at
101 rows, 118 and 106 at 136, 1230 and 850 at 300; the dynamics at the benchmark of the paper (136 and 120 rows) took
20 ms with one thread, and 140 to 500 ms with two beside other work.
"""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager, nullcontext
from typing import Any

_SMALL = 256  # rows


@functools.cache
def _controller() -> Any:
    """What sets the number of threads of the libraries that are loaded; found once, which takes some milliseconds."""
    import scipy.linalg  # noqa: F401 - its BLAS is not NumPy's, and has to be there to be found

    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:  # speed only: without it the threads stay as they are
        return None
    return ThreadpoolController()


def threads_for(size: int) -> AbstractContextManager[Any]:
    """Context in which products of square matrices with `size` rows run on as many threads as pay.

    Parameters
    ----------
    size : int
        Rows of the largest matrix.

    Returns
    -------
    context manager
        It changes the number for the whole process and puts it back.
    """
    found = _controller() if size <= _SMALL else None
    return nullcontext() if found is None else found.limit(limits=1, user_api="blas")
