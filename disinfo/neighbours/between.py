"""Pairs between two sets of unit vectors above a similarity, by blocked products."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import ParameterError
from disinfo.stages import Vectors

_CELLS = 50_000_000


def pairs_between(
    asked: Vectors, known: Vectors, threshold: float, *, max_neighbours: int = 50
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of a row of one set and a row of the other that are near enough.

    Parameters
    ----------
    asked
        Unit rows, float32 of shape (n, d).
    known
        Unit rows, float32 of shape (m, d).
    threshold
        Lowest cosine, in (-1, 1].
    max_neighbours
        A row of `asked` keeps at most so many, its nearest.

    Returns
    -------
    asked, known : ndarray of shape (k,), int64
        Row numbers, sorted. Exact; the time grows with n times m.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(3, dtype=np.float32)
    >>> pairs_between(rows[1:], rows, 0.9)
    (array([0, 1]), array([1, 2]))
    """
    if not -1 < threshold <= 1 or max_neighbours < 1:
        msg = f"threshold {threshold} must be in (-1, 1], max_neighbours {max_neighbours} positive"
        raise ParameterError(msg)
    none = np.empty(0, dtype=np.int64)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = [(none, none)]
    block = max(1, _CELLS // max(len(known), 1))
    for start in range(0, len(asked) if len(known) else 0, block):
        products = asked[start : start + block] @ known.T
        hit = products >= threshold
        for row in np.flatnonzero(hit.sum(axis=1) > max_neighbours):
            columns = np.flatnonzero(hit[row])
            order = np.lexsort((columns, -products[row, columns]))
            hit[row, columns[order[max_neighbours:]]] = False
        left, right = np.nonzero(hit)
        parts.append((left + start, right))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
