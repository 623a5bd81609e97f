"""Texts that follow their marks: the story that a text's links and tags are used for.

Each mark points to the narratives of the other texts that carry it, as far as they are more often
there than texts with marks are anyhow. A text goes where its marks point on average, if they do so
clearly and not to where it is. A mark of many stories (#news, a portal's page of the day) points
nowhere, and so does one of a narrative that holds most of the corpus; no list of such marks is
needed. Only shares are counted, never pairs of texts: the cost is that of the marks carried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.narratives.linkage import IndexPairs, Labels

# A mark that fewer texts carry is no common one.
MIN_CARRIERS = 3
# Marks must point to a narrative with this share of their carriers beyond what is there anyhow, and
# with so many times that of the text's own narrative. Between .1 and .3, and 1 and 3, simulated
# elections come out nearly the same.
MIN_EXCESS = 0.25
_CLEARLY = 1.5
# Two carriers more are imagined that point nowhere, so that one alone never suffices.
_IMAGINED = 2
# Smaller shares are left out: at most twenty narratives a mark are looked at.
_SMALLEST = 0.05
# A text that has come by its marks makes them point more clearly; a third round changes nothing.
_ROUNDS = 2
_BLOCK = 65_536
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """What is known of texts that stay where they are.

    Parameters
    ----------
    counts
        How many of them carry a mark in a narrative, sparse, shape (n_marks, n_narratives).
    carrying
        How many of them carry any mark, by narrative.
    inhabited
        Narratives that hold some of them by their words.
    """

    counts: Any
    carrying: Floats
    inhabited: NDArray[np.bool_]


def nowhere(n_marks: int, n_narratives: int) -> Elsewhere:
    """Return that there are no other texts.

    Parameters
    ----------
    n_marks, n_narratives
        Numbers of both.

    Returns
    -------
    Elsewhere
        Zeros.

    Examples
    --------
    >>> nowhere(2, 3).counts.shape
    (2, 3)
    """
    from scipy.sparse import csr_array

    return Elsewhere(
        counts=csr_array((n_marks, n_narratives)),
        carrying=np.zeros(n_narratives),
        inhabited=np.zeros(n_narratives, dtype=bool),
    )


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Where texts have gone.

    Parameters
    ----------
    narratives
        Narrative of each text.
    pointless
        Codes of common marks that point to no narrative.
    """

    narratives: Labels
    pointless: Labels


def follow_marks(
    cores: Labels,
    carried: tuple[Labels, Labels],
    apart: tuple[IndexPairs, IndexPairs],
    others: Elsewhere,
) -> Followed:
    """Let texts go where their marks point.

    Parameters
    ----------
    cores
        Narrative 0 … k-1 of each text by its words.
    carried
        Row and mark of each mark that a text carries.
    apart
        Pairs of rows that must not share a narrative, and pairs of a row with a narrative that
        must not hold it.
    others
        Texts that stay, with k narratives and all marks.

    Returns
    -------
    Followed
        A narrative keeps at least one text that is in it by its words.

    Notes
    -----
    Ties go to the smaller number, so numbers should come from content. Fails where one tag serves
    two stories of about the same size: its texts stay where their words put them.

    Examples
    --------
    >>> none = np.empty(0, dtype=np.int64)
    >>> cores = np.array([0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 1])
    >>> carried = np.arange(10), np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    >>> apart = (none, none), (none, none)
    >>> follow_marks(cores, carried, apart, nowhere(2, 3)).narratives.tolist()
    [0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 1]
    """
    from scipy.sparse import csr_array

    n, (n_marks, k) = len(cores), others.counts.shape
    rows, marks = carried
    held = csr_array((np.ones(len(rows)), (rows, marks)), shape=(n, n_marks))
    totals = np.bincount(marks, minlength=n_marks) + np.asarray(others.counts.sum(axis=1)).ravel()
    common = totals >= MIN_CARRIERS
    held = csr_array(held[:, np.flatnonzero(common)])
    carrying = np.zeros(n, dtype=bool)
    carrying[rows] = True
    labels = cores.copy()
    staying = csr_array(others.counts[np.flatnonzero(common)])
    pointing = np.zeros(staying.shape[0], dtype=bool)
    for _ in range(_ROUNDS):
        member = csr_array((np.ones(n), (np.arange(n), labels)), shape=(n, k))
        counts = csr_array(staying + held.T @ member)
        usual = others.carrying + np.bincount(labels[carrying], minlength=k)
        usual = usual / max(usual.sum(), 1.0)
        shares = _excess(counts, totals[common], usual)
        pointing = _pointing(shares)
        # What points nowhere has no say, or #news beside a tag would halve what the tag says.
        asked = csr_array(held.multiply(pointing[None, :]))
        asked.eliminate_zeros()
        if asked.nnz == 0:
            break
        target = _targets(asked, labels, (counts, shares, totals[common], usual))
        if np.array_equal(target, labels):
            break
        labels = _settled(cores, target, apart, others.inhabited)
    return Followed(narratives=labels, pointless=np.flatnonzero(common)[~pointing])


def _excess(counts: Any, totals: Floats, usual: Floats) -> Any:
    """Return the share of each mark's carriers in each narrative beyond the usual one."""
    from scipy.sparse import csr_array

    mark = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    share = counts.data / _asked(totals)[mark]
    kept = share >= _SMALLEST
    at, where = mark[kept], counts.indices[kept]
    excess = np.maximum(share[kept] - usual[where], 0.0) / np.maximum(1 - usual[where], 1e-9)
    return csr_array((excess, (at, where)), shape=counts.shape)


def _pointing(shares: Any) -> NDArray[np.bool_]:
    """Return which marks point to any narrative."""
    pointing = np.zeros(shares.shape[0], dtype=bool)
    mark = np.repeat(np.arange(shares.shape[0]), np.diff(shares.indptr))
    pointing[mark[shares.data >= MIN_EXCESS]] = True
    return pointing


def _asked(totals: Floats) -> Floats:
    """Return the carriers of whom a mark asks: the text itself does not count."""
    asked: Floats = totals - 1 + _IMAGINED
    return asked


def _targets(held: Any, labels: Labels, pointing: tuple[Any, Any, Floats, Floats]) -> Labels:
    """Return where the marks of each text point, or where it is."""
    counts, shares, totals, usual = pointing
    target = labels.copy()
    n_marks = np.diff(held.indptr)
    asked = np.flatnonzero(n_marks)
    stays = _own_shares(held, labels, (counts, totals, usual))
    # A narrative that its marks bear out holds texts that carry a common mark only (#breaking).
    n_asked = np.bincount(labels[asked], minlength=len(usual))
    told = np.bincount(labels[asked], weights=stays[asked], minlength=len(usual))
    borne = told / np.maximum(n_asked, 1)
    needed = np.maximum(_CLEARLY * stays, np.maximum(borne[labels], MIN_EXCESS))
    for start in range(0, len(asked), _BLOCK):
        rows = asked[start : start + _BLOCK]
        votes = (held[rows] @ shares).tocoo()
        asks, to = votes.coords
        value = (votes.data / n_marks[rows][asks]).round(9)
        away = (to != labels[rows][asks]) & (value >= needed[rows][asks])
        asks, to, value = asks[away], to[away], value[away]
        order = np.lexsort((to, -value, asks))
        first = order[np.unique(asks[order], return_index=True)[1]]
        target[rows[asks[first]]] = to[first]
    return target


def _own_shares(held: Any, labels: Labels, pointing: tuple[Any, Floats, Floats]) -> Floats:
    """Return how far the marks of each text point to where it is."""
    counts, totals, usual = pointing
    n_marks = np.diff(held.indptr)
    text = np.repeat(np.arange(len(labels)), n_marks)
    home, mark = labels[text], held.indices
    there = np.asarray(counts[mark, home]).ravel()
    share = (there - 1) / _asked(totals)[mark]
    own = np.maximum(share - usual[home], 0) / np.maximum(1 - usual[home], 1e-9)
    stays: Floats = np.bincount(text, weights=own, minlength=len(labels)) / np.maximum(n_marks, 1)
    return stays


def _settled(
    cores: Labels,
    target: Labels,
    apart: tuple[IndexPairs, IndexPairs],
    inhabited: NDArray[np.bool_],
) -> Labels:
    """Send texts back that would meet their contrary, or would leave a narrative to strangers."""
    labels = target.copy()
    (first, second), (banned, where) = apart
    while True:
        moved = labels != cores
        back = np.zeros(len(labels), dtype=bool)
        meeting = labels[first] == labels[second]
        back[first[meeting]] = back[second[meeting]] = True
        back[banned[labels[banned] == where]] = True
        by_words = inhabited.copy()
        by_words[cores[~moved]] = True
        deserted = np.zeros(len(inhabited), dtype=bool)
        deserted[labels[moved]] = True
        back |= (deserted & ~by_words)[cores]
        back &= moved
        if not back.any():
            return labels
        labels[back] = cores[back]
