"""All pairs of unit vectors above a similarity, by blocked products.

Exact, with memory linear in the number of rows. The time is quadratic: about 10 s for 20,000 rows
of 384 dimensions on two cores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.progress import steps
from disinfo.stages import Vectors

_BLOCK = 1_024
# Pairs looked at in one block: where most texts are near to most, each takes a hundred bytes.
_MOST_CELLS = 8_000_000
_LEAST_BLOCK = 64

# Says of pairs (rows, rows, cosines) which are worth keeping; the same of both directions.
Worth = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]], NDArray[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of rows, first < second, sorted.

    Parameters
    ----------
    first, second
        Row numbers, int64 of shape (m,).
    similarity
        Cosine, float32 of shape (m,).
    saturated
        Rows that had more neighbours than were kept, int64; their nearest ones were kept.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    similarity: NDArray[np.float32]
    saturated: NDArray[np.int64]


def exact_pairs(
    vectors: Vectors, threshold: float, *, max_neighbours: int = 200, worth: Worth | None = None
) -> Pairs:
    """Return every pair of rows whose cosine reaches the threshold.

    Parameters
    ----------
    vectors
        Unit rows, float32 of shape (n, d).
    threshold
        Lowest cosine, in (-1, 1].
    max_neighbours
        A row keeps at most this many neighbours, its nearest. A pair is returned when either of
        its rows keeps it. Rows that had more are named in `saturated`.
    worth
        Asked about the pairs that reach the threshold; the others are no neighbours. None keeps
        all of them.

    Returns
    -------
    Pairs
        Sorted by (first, second).

    Examples
    --------
    >>> import numpy as np
    >>> found = exact_pairs(np.eye(3, dtype=np.float32)[[0, 1, 0]], 0.9)
    >>> found.first.tolist(), found.second.tolist()
    ([0], [2])
    """
    n = len(vectors)
    kept: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []
    saturated: list[int] = []
    size = max(min(_BLOCK, _MOST_CELLS // max(n, 1)), _LEAST_BLOCK)
    blocks = range(0, n, size)
    for start in steps(blocks, total=len(blocks), name="neighbours", unit=" blocks"):
        products = vectors[start : start + size] @ vectors.T
        rows = np.arange(len(products))
        products[rows, start + rows] = -2.0
        left, right = np.nonzero(products >= threshold)
        similarity = products[left, right]
        if worth is not None:
            asked = worth(left + start, right, similarity)
            left, right, similarity = left[asked], right[asked], similarity[asked]
        crowded, nearest = _nearest(left, similarity, max_neighbours)
        saturated.extend((start + crowded).tolist())
        kept.append((left[nearest] + start, right[nearest], similarity[nearest]))
    if not kept:
        none = np.empty(0, dtype=np.int64)
        return Pairs(first=none, second=none, similarity=none.astype(np.float32), saturated=none)
    left, right = (np.concatenate([part[side] for part in kept]) for side in (0, 1))
    similarity = np.concatenate([part[2] for part in kept])
    first, second = np.minimum(left, right), np.maximum(left, right)
    # Both directions of a pair give the same product up to rounding; the first one stands.
    _, unique = np.unique(first.astype(np.int64) * n + second, return_index=True)
    return Pairs(
        first=first[unique],
        second=second[unique],
        similarity=similarity[unique],
        saturated=np.array(saturated, dtype=np.int64),
    )


def _nearest(
    left: NDArray[np.int64], similarity: NDArray[np.float32], max_neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows that have too many neighbours, and which pairs are left to each row."""
    count = np.bincount(left)
    ends = np.cumsum(count)
    nearest = np.ones(len(left), dtype=bool)
    crowded = np.flatnonzero(count > max_neighbours)
    for row in crowded.tolist():
        own = slice(ends[row] - count[row], ends[row])
        those = similarity[own]
        last = np.partition(those, len(those) - max_neighbours)[len(those) - max_neighbours]
        near = those > last
        # Pairs come by column, and ties break by it: the choice hangs on no algorithm.
        near[np.flatnonzero(those == last)[: max_neighbours - int(near.sum())]] = True
        nearest[own] = near
    return crowded, nearest
