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
from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
IndexPairs = tuple[Labels, Labels]


class _Agglomeration:
    """Average-linkage merging over a sparse graph of proposals."""

    def __init__(self, sums: NDArray[np.float64], sizes: Labels, floor: float) -> None:
        self.floor = floor
        self.sums = sums
        self.sizes = sizes
        self.standing = np.zeros(len(sums), dtype=bool)
        self.near: list[set[int]] = [set() for _ in range(len(sums))]
        self.apart: list[set[int]] = [set() for _ in range(len(sums))]
        self.heap: list[tuple[float, int, int, int, int]] = []

    def push(self, a: int, b: int) -> None:
        """Queue a merge, unless the two are too far apart or must stay apart."""
        a, b = min(a, b), max(a, b)
        if b in self.apart[a] or (self.standing[a] and self.standing[b]):
            return
        size_a, size_b = int(self.sizes[a]), int(self.sizes[b])
        affinity = float(self.sums[a] @ self.sums[b]) / (size_a * size_b)
        if affinity >= self.floor:
            # The sizes tell later whether either side has changed since.
            heapq.heappush(self.heap, (-affinity, a, b, size_a, size_b))

    def merge(self, keep: int, gone: int) -> None:
        """Merge one cluster into another and queue what the union is now near to."""
        self.sums[keep] += self.sums[gone]
        self.sizes[keep] += self.sizes[gone]
        self.sizes[gone] = 0
        self.standing[keep] |= self.standing[gone]
        for relation in (self.near, self.apart):
            for other in relation[gone]:
                relation[other].discard(gone)
                if other != keep:
                    relation[other].add(keep)
                    relation[keep].add(other)
            relation[gone] = set()
        for other in sorted(self.near[keep]):
            self.push(keep, other)

    def run(self) -> Labels:
        """Merge until nothing is left to merge; return the cluster of each row."""
        parent = np.arange(len(self.sizes))
        while self.heap:
            _, a, b, size_a, size_b = heapq.heappop(self.heap)
            if (self.sizes[a], self.sizes[b]) != (size_a, size_b) or b in self.apart[a]:
                continue
            if self.standing[a] and self.standing[b]:
                continue
            # The busier side keeps its name, so that its long neighbour list need not move.
            keep, gone = (a, b) if len(self.near[a]) >= len(self.near[b]) else (b, a)
            parent[gone] = keep
            self.merge(keep, gone)
        while not np.array_equal(parent, parent[parent]):
            parent = parent[parent]
        return parent


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
    used = np.unique(np.concatenate(near))
    clusters = _Agglomeration(vectors[used].astype(np.float64), counted[used].copy(), floor)
    clusters.standing[:] = used < n_standing
    both = np.isin(apart[0], used) & np.isin(apart[1], used)
    pairs = [np.searchsorted(used, side) for side in near]
    never = [np.searchsorted(used, side[both]) for side in apart]
    for relation, (first, second) in ((clusters.apart, never), (clusters.near, pairs)):
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            relation[a].add(b)
            relation[b].add(a)
    for a, b in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        clusters.push(a, b)
    labels = np.arange(len(vectors))
    labels[used] = used[_smallest_member(clusters.run())]
    return labels


def _smallest_member(labels: Labels) -> Labels:
    """Rename each cluster after its smallest row."""
    smallest = np.full(len(labels), len(labels), dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(len(labels)))
    return smallest[labels]
