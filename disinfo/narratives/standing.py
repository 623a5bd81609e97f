"""Clusters that stand: families by the sum of their vectors, with what they belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.narratives.linkage import Labels
from disinfo.stages import Vectors

Sums: TypeAlias = NDArray[np.float64]
_BLOCK = 65_536
# Where nothing is added up over rows, smaller pieces give the same and take less.
FEW = 8_192
# Columns in work at a time: in float64, a block of all of them takes 200 MB three times over.
_COLUMNS = 128
# Events of narratives under way: what happened, the old id, the new one.
Events: TypeAlias = list[tuple[str, str | None, str]]


@dataclass(frozen=True, kw_only=True)
class Floors:
    """Lowest mean cosine at which families, narratives and topics are one."""

    family: float
    narrative: float
    topic: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands: one row a family.

    Parameters
    ----------
    families
        family_id, narrative_id, topic_id and n_texts of each. The narrative is that of its words,
        missing where all its texts are elsewhere by their marks.
    sums
        Sum of the unit vectors of its texts, shape (n, d).
    apart
        Pairs of families with opposed texts, as rows.
    """

    families: pd.DataFrame
    sums: Sums
    apart: tuple[Labels, Labels]


def units(sums: NDArray[np.floating[Any]]) -> Vectors:
    """Bring rows to length one.

    Parameters
    ----------
    sums
        Rows, shape (n, d).

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows; a row of zeros stays one.
    """
    rows: Vectors = np.empty(sums.shape, dtype=np.float32)
    for part in blocks(len(sums), FEW):
        lengths = np.linalg.norm(sums[part], axis=1, keepdims=True)
        rows[part] = sums[part] / np.maximum(lengths, 1e-12)
    return rows


def blocks(n: int, size: int = _BLOCK) -> Iterator[slice]:
    """Yield slices of n rows: what is made of a million rows in float64 takes 3 GB at once."""
    return (slice(start, start + size) for start in range(0, n, size))


def group_sums(
    vectors: NDArray[np.floating[Any]], labels: NDArray[np.int64], n_groups: int
) -> Sums:
    """Add up the rows of each group.

    Parameters
    ----------
    vectors
        Rows, shape (n, d).
    labels
        Group 0 … n_groups-1 of each; rows with a negative one are left out.
    n_groups
        Number of groups.

    Returns
    -------
    ndarray of shape (n_groups, d), float64
        Zeros for a group without rows.

    Examples
    --------
    >>> group_sums(np.eye(3, 2), np.array([1, 1, -1]), 2).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    sums = np.zeros((n_groups, vectors.shape[1]))
    _add_rows(vectors, labels, sums)
    return sums


def _add_rows(vectors: NDArray[np.floating[Any]], labels: NDArray[np.int64], sums: Sums) -> None:
    """Add each row to the sum of its group; rows with a negative label are left out."""
    from scipy.sparse import csr_array

    for part in blocks(len(vectors)):
        own = labels[part]
        kept = np.flatnonzero(own >= 0)
        groups, place = np.unique(own[kept], return_inverse=True)
        member = csr_array((np.ones(len(kept)), (place, kept)), shape=(len(groups), len(own)))
        for columns in blocks(vectors.shape[1], _COLUMNS):
            sums[groups, columns] += member @ vectors[part, columns].astype(np.float64)


def sums_in_parts(
    vectors: Vectors, labels: NDArray[np.int64], n_groups: int
) -> Iterator[tuple[slice, NDArray[np.int64], Sums]]:
    """Yield the sums of the groups, some tens of thousands of groups at a time.

    All at once, the sums of half a million groups of one take 1.5 GB in float64.

    Parameters
    ----------
    vectors, labels, n_groups
        As in `group_sums`.

    Yields
    ------
    tuple
        Which groups, the rows that are in them, and the sums of these groups.

    Examples
    --------
    >>> [(which, rows.tolist(), sums.tolist()) for which, rows, sums in
    ...     sums_in_parts(np.eye(3, 2, dtype=np.float32), np.array([1, 1, -1]), 2)]
    [(slice(0, 2, None), [0, 1], [[0.0, 0.0], [1.0, 1.0]])]
    """
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(n_groups + 1))
    for part in blocks(n_groups):
        which = slice(part.start, min(part.stop, n_groups))
        rows = order[bounds[which.start] : bounds[which.stop]]
        sums = np.zeros((which.stop - which.start, vectors.shape[1]))
        for some in blocks(len(rows)):
            chosen = rows[some]
            _add_rows(vectors[chosen], labels[chosen] - which.start, sums)
        yield which, rows, sums
        # Else these would be held while the next ones are added up.
        del sums


def centroids(vectors: Vectors, labels: NDArray[np.int64], n_groups: int) -> Vectors:
    """Return the unit centre of each group.

    Parameters
    ----------
    vectors, labels, n_groups
        As in `group_sums`; the rows are unit rows.

    Returns
    -------
    ndarray of shape (n_groups, d), float32
        Unit rows.
    """
    rows: Vectors = np.empty((n_groups, vectors.shape[1]), dtype=np.float32)
    for which, _, sums in sums_in_parts(vectors, labels, n_groups):
        rows[which] = units(sums)
    return rows


def mint(prefix: str, content: str, taken: set[str]) -> str:
    """Make an id from content that is not taken yet, and take it.

    Parameters
    ----------
    prefix
        One letter for the kind of cluster.
    content
        What the id is made from.
    taken
        Ids in use; the new one is added.

    Returns
    -------
    str
        The id.

    Examples
    --------
    >>> taken = set()
    >>> mint("n", "t-1", taken) == mint("n", "t-1", taken)
    False
    """
    ordinal = 0
    while True:
        key = content if ordinal == 0 else f"{content} {ordinal}"
        made = f"{prefix}-{hashlib.blake2b(key.encode(), digest_size=5).hexdigest()}"
        if made not in taken:
            taken.add(made)
            return made
        ordinal += 1
