"""Average linkage over a sparse graph: the clustering behind families, narratives and topics.

Connected components chain: A resembles B, B resembles C, and soon a cluster holds two messages.
Average linkage does not: two clusters merge only while the mean cosine over all pairs between them
stays above a floor. For unit vectors that mean is the product of the two vector sums divided by
the two sizes, so no pair has to be formed; a sparse list of proposals says which merges to try,
nearest first. Two clusters with a pair that must stay apart never merge.

References
----------
Sokal and Michener 1958, A statistical method for evaluating systematic relationships.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.distinct import distinct

Labels = NDArray[np.int64]
IndexPairs = tuple[Labels, Labels]

# Pairs in work at a time.
_BLOCK = 8_192


class _Agglomeration:
    """Average-linkage merging over a sparse graph of proposals.

    A merge never brings a cluster nearer to a third one than the nearer of its parts was. So what
    was queued before a merge bounds what holds after it, and is weighed again only when its turn
    comes: a merge costs nothing for the thousands that the cluster of a popular story is near to.
    """

    def __init__(
        self, sums: NDArray[np.float64], sizes: Labels, n_standing: int, floor: float
    ) -> None:
        self.floor = floor
        self.sums = sums
        self.sizes: list[int] = sizes.tolist()
        self.standing = [row < n_standing for row in range(len(sums))]
        self.apart: dict[int, set[int]] = {}
        self.parent = list(range(len(sums)))
        self.grown = [False] * len(sums)
        self.again: list[tuple[float, int, int, int, int]] = []
        # The sizes at which two clusters were weighed last.
        self.weighed: dict[tuple[int, int], tuple[int, int]] = {}

    def keep_apart(self, first: Labels, second: Labels) -> None:
        """Note pairs of rows that never are in one cluster."""
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def run(self, first: Labels, second: Labels) -> Labels:
        """Merge until nothing is left to merge; return the cluster of each row."""
        for bound, a, b in self._proposals(first, second):
            while self.again and self.again[0] < (bound, a, b):
                self._take(*heapq.heappop(self.again))
            self._take(bound, a, b, 0, 0)
        while self.again:
            self._take(*heapq.heappop(self.again))
        return np.array([self._root(row) for row in range(len(self.parent))], dtype=np.int64)

    def _proposals(self, first: Labels, second: Labels) -> Iterator[tuple[float, int, int]]:
        """Yield the pairs of rows that may merge, nearest first, as their bound and both rows."""
        bound = -self._affinities(first, second)
        kept = np.flatnonzero((bound <= -self.floor) & (first != second))
        low, high = np.minimum(first, second)[kept], np.maximum(first, second)[kept]
        order = np.lexsort((high, low, bound[kept]))
        # A few at a time: as Python objects they take ten times their memory.
        for at in range(0, len(order), _BLOCK):
            some = order[at : at + _BLOCK]
            listed = (bound[kept[some]].tolist(), low[some].tolist(), high[some].tolist())
            yield from zip(*listed, strict=True)

    def _affinities(self, first: Labels, second: Labels) -> NDArray[np.float64]:
        """Return the mean cosine of each pair of rows."""
        found = np.empty(len(first))
        sizes = np.array(self.sizes, dtype=np.float64)
        for at in range(0, len(first), _BLOCK):
            a, b = first[at : at + _BLOCK], second[at : at + _BLOCK]
            products = np.einsum("ij,ij->i", self.sums[a], self.sums[b])
            found[at : at + _BLOCK] = products / (sizes[a] * sizes[b])
        return found

    def _root(self, row: int) -> int:
        parent = self.parent
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    def _take(self, bound: float, a: int, b: int, size_a: int, size_b: int) -> None:
        """Merge two clusters, or queue them again where they have changed since they were weighed.

        Sizes are those at that time; a proposal has none, and is of two rows as they were given.
        """
        first, second = self._root(a), self._root(b)
        if first == second or (self.standing[first] and self.standing[second]):
            return
        if second in self.apart.get(first, ()):
            return
        first, second = min(first, second), max(first, second)
        sizes = self.sizes[first], self.sizes[second]
        if sizes == (size_a, size_b) or (not size_a and self._as_given(first, a, second, b)):
            self._merge(first, second)
            return
        if self.weighed.get((first, second)) == sizes:
            return
        self.weighed[first, second] = sizes
        affinity = float(self.sums[first] @ self.sums[second]) / (sizes[0] * sizes[1])
        if affinity >= self.floor:
            heapq.heappush(self.again, (-affinity, first, second, *sizes))

    def _as_given(self, first: int, a: int, second: int, b: int) -> bool:
        return (first, second) == (a, b) and not (self.grown[a] or self.grown[b])

    def _merge(self, keep: int, gone: int) -> None:
        self.sums[keep] += self.sums[gone]
        self.sizes[keep] += self.sizes[gone]
        self.grown[keep] = True
        self.standing[keep] = self.standing[keep] or self.standing[gone]
        self.parent[gone] = keep
        for other in self.apart.pop(gone, ()):
            self.apart[other].discard(gone)
            self.apart[other].add(keep)
            self.apart.setdefault(keep, set()).add(other)


def average_linkage(
    vectors: NDArray[np.floating[Any]],
    near: IndexPairs,
    apart: IndexPairs,
    *,
    floor: float,
    sizes: Labels | None = None,
    n_standing: int = 0,
) -> Labels:
    """Cluster unit vectors, or clusters of them.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d); where `sizes` is given, each row is the sum of so many unit rows.
    near
        Pairs of rows that may be merged, as two index arrays of shape (m,).
    apart
        Pairs of rows that never are in one cluster.
    floor
        Lowest mean cosine between two clusters that may merge.
    sizes
        Number of unit rows that each row stands for, shape (n,); one each if not given.
    n_standing
        The first so many rows are clusters that stand: none of them merges with another.

    Returns
    -------
    ndarray of shape (n,), int64
        A label a row: the smallest row of its cluster. A row without proposals stays alone.

    Notes
    -----
    Fails on clusters that form a long chain (a story that drifts over weeks): they come out as
    several. The result depends on the order of rows only through ties.

    Examples
    --------
    >>> import numpy as np
    >>> vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> none = (np.array([], dtype=int), np.array([], dtype=int))
    >>> average_linkage(vectors, (np.array([0, 1]), np.array([1, 2])), none, floor=0.4).tolist()
    [0, 0, 2]
    """
    counted = np.ones(len(vectors), dtype=np.int64) if sizes is None else sizes
    # Only rows with a proposal are copied: a million in float64 are 3 GB, and most stay alone.
    used = distinct(*near)
    sums = np.empty((len(used), vectors.shape[1]))
    for at in range(0, len(used), _BLOCK):
        sums[at : at + _BLOCK] = vectors[used[at : at + _BLOCK]]
    clusters = _Agglomeration(
        sums,
        counted[used],
        int(np.searchsorted(used, n_standing)),
        floor,
    )
    both = np.isin(apart[0], used) & np.isin(apart[1], used)
    clusters.keep_apart(*(np.searchsorted(used, side[both]) for side in apart))
    found = clusters.run(*(np.searchsorted(used, side) for side in near))
    labels = np.arange(len(vectors))
    labels[used] = used[_smallest_member(found)]
    return labels


def _smallest_member(labels: Labels) -> Labels:
    """Rename each cluster after its smallest row."""
    smallest = np.full(len(labels), len(labels), dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(len(labels)))
    return smallest[labels]
