"""A text's place among the texts that carry its message for certain.

Of one message told ten times, two tellings may share few words and lie far apart, and yet each lies
near most of the others. So each vector is drawn towards the mean of its certain neighbours, and
what is particular to one wording or language cancels out.

References
----------
Wu et al. 2019, Simplifying graph convolutional networks (a step of averaging over neighbours).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from disinfo.stages import Vectors

# Of a swarm of thousands the nearest say as much as all.
MOST = 32
_BLOCK = 65_536


def drawn_together(
    vectors: Vectors,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    nearness: NDArray[np.float64],
) -> Vectors:
    """Return the vectors, each drawn towards the mean of its certain neighbours.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    first, second
        Rows of m pairs of one message, each pair once.
    nearness
        Of the m pairs; of more than 32 neighbours the nearest count.

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows. With k neighbours their mean weighs k / (k + 1) against the text's own vector.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(3, dtype=np.float32)
    >>> drawn = drawn_together(rows, np.array([0]), np.array([1]), np.ones(1))
    >>> [[f"{value:.2f}" for value in row] for row in drawn]
    [['0.89', '0.45', '0.00'], ['0.45', '0.89', '0.00'], ['0.00', '0.00', '1.00']]
    """
    n = len(vectors)
    row, column = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((column, -np.concatenate([nearness, nearness]), row))
    row, column = row[order], column[order]
    starts = np.searchsorted(row, np.arange(n))
    kept = np.arange(len(row)) - starts[row] < MOST
    row, column = row[kept], column[kept]
    count = np.bincount(row, minlength=n).astype(np.float32)
    # mean x k / (k + 1) = sum / (k + 1)
    share = (1.0 / (count + 1.0))[row]
    table = sparse.csr_array((share, (row, column)), shape=(n, n))
    moved = table @ vectors
    # In place and some rows at a time: each copy of a million vectors takes 1.5 GB.
    for at in range(0, n, _BLOCK):
        part = slice(at, at + _BLOCK)
        moved[part] += vectors[part]
        moved[part] /= np.linalg.norm(moved[part], axis=1, keepdims=True)
    result: Vectors = moved.astype(np.float32, copy=False)
    return result
