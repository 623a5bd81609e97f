"""Pairs of unit vectors above a similarity, found within cells, where all pairs are too many.

The vectors are divided into cells around centres (k-means on a sample); each row belongs to the few
cells whose centres are nearest, and pairs are sought within a cell only. Two rows are missed when
they share none of their cells.

References
----------
Jégou, Douze, Schmid 2011, Product quantization for nearest neighbor search (inverted file).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from disinfo.neighbours.exact import Pairs, Worth, exact_pairs
from disinfo.progress import steps
from disinfo.stages import Vectors

# Rows a cell would have if each row were in one.
_ROWS_A_CELL = 500
# A row is sought in so many cells: of pairs of one message in simulated elections 99.9 % share one.
_PROBES = 4
_ROUNDS = 5
_SAMPLE_A_CELL = 40
_BLOCK = 8192
# A larger cell is cut up: a swarm of a hundred thousand wordings must not be squared.
_MAX_CELL = 20_000


def pairs_in_cells(
    vectors: Vectors, threshold: float, *, max_neighbours: int = 200, worth: Worth | None = None
) -> Pairs:
    """Return the pairs of rows whose cosine reaches the threshold and that share a cell.

    Parameters
    ----------
    vectors
        Unit rows, float32 of shape (n, d).
    threshold
        Lowest cosine, in (-1, 1].
    max_neighbours, worth
        As in `pairs_above`; rows of cells that had to be cut up count as saturated.

    Returns
    -------
    Pairs
        Sorted by (first, second). The same whatever the order of rows.

    Notes
    -----
    Fails on pairs just above a low threshold: they are the likeliest to share no cell.

    Examples
    --------
    >>> import numpy as np
    >>> found = pairs_in_cells(np.eye(3, dtype=np.float32)[[0, 1, 0]], 0.9)
    >>> found.first.tolist(), found.second.tolist()
    ([0], [2])
    """
    n = len(vectors)
    cells = _cells(vectors, _centres(vectors))
    parts: list[tuple[NDArray[np.int64], NDArray[np.float32]]] = []
    saturated = np.zeros(n, dtype=bool)
    for rows in steps(cells, total=len(cells), name="neighbours", unit=" cells"):
        found = exact_pairs(
            vectors[rows], threshold, max_neighbours=max_neighbours, worth=_within(rows, worth)
        )
        keys = rows[found.first] * n + rows[found.second]
        parts.append((keys, found.similarity))
        saturated[rows[found.saturated]] = True
    keys = np.concatenate([keys for keys, _ in parts]) if parts else np.empty(0, dtype=np.int64)
    similarity = np.concatenate([values for _, values in parts]) if parts else np.empty(0)
    keys, unique = np.unique(keys, return_index=True)
    return Pairs(
        first=keys // n,
        second=keys % n,
        similarity=similarity[unique].astype(np.float32),
        saturated=np.flatnonzero(saturated),
    )


def _within(rows: NDArray[np.int64], worth: Worth | None) -> Worth | None:
    """Return what is asked about pairs of some of the rows."""
    if worth is None:
        return None
    return lambda first, second, cosine: worth(rows[first], rows[second], cosine)


def _centres(vectors: Vectors) -> Vectors:
    """Return centres of cells, shape (k, d), that do not depend on the order of rows."""
    n_cells = max(1, len(vectors) // _ROWS_A_CELL)
    order = np.lexsort(vectors[:, :3].T)
    sample = vectors[order[:: max(1, len(order) // (n_cells * _SAMPLE_A_CELL))]]
    centres = sample[np.linspace(0, len(sample) - 1, n_cells).astype(np.int64)]
    for _ in range(_ROUNDS):
        own = np.concatenate(
            [
                (sample[start : start + _BLOCK] @ centres.T).argmax(axis=1)
                for start in range(0, len(sample), _BLOCK)
            ]
        )
        sums = np.zeros_like(centres)
        np.add.at(sums, own, sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        # An empty cell keeps its centre.
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres)
    return centres.astype(np.float32)


def _cells(vectors: Vectors, centres: Vectors) -> list[NDArray[np.int64]]:
    """Return the rows of each cell, ascending; large cells come in pieces."""
    probes = min(_PROBES, len(centres))
    nearest = np.empty((len(vectors), probes), dtype=np.int64)
    for start in range(0, len(vectors), _BLOCK):
        cosine = vectors[start : start + _BLOCK] @ centres.T
        nearest[start : start + _BLOCK] = np.argpartition(-cosine, probes - 1, axis=1)[:, :probes]
    flat = nearest.ravel()
    order = np.argsort(flat, kind="stable")
    rows, cell = order // probes, flat[order]
    pieces = []
    for start, end in zip(*_runs(cell), strict=True):
        members = np.sort(rows[start:end])
        if len(members) > _MAX_CELL:
            # Cut where neighbours lie together, and not by row number.
            members = members[np.lexsort(vectors[members, :3].T)]
        starts = range(0, len(members), _MAX_CELL)
        pieces += [np.sort(members[at : at + _MAX_CELL]) for at in starts]
    return pieces


def _runs(sorted_values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each run of equal values begins and ends."""
    starts = np.flatnonzero(np.diff(sorted_values, prepend=-1))
    return starts, np.append(starts[1:], len(sorted_values))
