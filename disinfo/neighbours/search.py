"""All pairs where that is affordable, cells where it is not."""

from __future__ import annotations

from disinfo.errors import ParameterError
from disinfo.neighbours.cells import pairs_in_cells
from disinfo.neighbours.exact import Pairs, Worth, exact_pairs
from disinfo.stages import Vectors

# All pairs of so many rows take about a minute on two cores.
EXACT_ROWS = 40_000


def pairs_above(
    vectors: Vectors,
    threshold: float,
    *,
    max_neighbours: int = 200,
    exact_rows: int = EXACT_ROWS,
    worth: Worth | None = None,
) -> Pairs:
    """Return pairs of rows whose cosine reaches the threshold.

    Parameters
    ----------
    vectors
        Unit rows, float32 of shape (n, d).
    threshold
        Lowest cosine, in (-1, 1].
    max_neighbours
        A row keeps at most this many neighbours, its nearest. A pair is returned when either of
        its rows keeps it. Rows that had more are named in `saturated`.
    exact_rows
        Up to so many rows all pairs are compared; above it, pairs that share a cell.
    worth
        Asked about the pairs that reach the threshold (rows, rows, cosines); the others are no
        neighbours. None keeps all of them.

    Returns
    -------
    Pairs
        Sorted by (first, second).

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> found = pairs_above(np.eye(3, dtype=np.float32)[[0, 1, 0]], 0.9)
    >>> found.first.tolist(), found.second.tolist()
    ([0], [2])
    """
    if not -1 < threshold <= 1 or max_neighbours < 1:
        msg = f"threshold {threshold} must be in (-1, 1], max_neighbours {max_neighbours} positive"
        raise ParameterError(msg)
    search = exact_pairs if len(vectors) <= exact_rows else pairs_in_cells
    return search(vectors, threshold, max_neighbours=max_neighbours, worth=worth)
