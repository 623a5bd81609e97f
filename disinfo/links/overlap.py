"""How much of the shorter text of a pair stands in the longer one, in rare character runs.

A post that quotes another and adds a comment has a low edit ratio and a high overlap. Runs that
many messages of the corpus share (a name that everybody writes, a hashtag, "breaking news") count
for little. Two long posts share runs by chance alone, and what chance gives is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from disinfo.links.background import Sample
from disinfo.links.minhash import shingle_hashes

_BITS = 20
_CHUNK = 50_000


def _shingle_table(texts: Sequence[str]) -> sparse.csr_array:
    """Return which hashed shingles stand in which text, shape (n, 2 ** _BITS), ones."""
    hashes, offsets = shingle_hashes(texts)
    columns = (hashes >> np.uint64(64 - _BITS)).astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), np.diff(np.append(offsets, len(hashes))))
    shape = (len(texts), 2**_BITS)
    table = sparse.csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1.0
    return table


def overlaps(
    texts: Sequence[str], sample: Sample, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how much of the shorter text the longer one has beyond chance, weighted by rarity.

    Parameters
    ----------
    texts
        n texts in normal form.
    sample
        Texts that say how common a shingle is in the corpus.
    first, second
        Rows of m pairs.

    Returns
    -------
    ndarray of shape (m,), float64
        Between 0 (no more than a text of the longer one's length has by chance) and 1. Shingles
        weigh by the logarithm of their inverse document frequency.

    Examples
    --------
    >>> import numpy as np
    >>> texts = ["the dam broke", "look at this the dam broke last night", "cats"]
    >>> sample = Sample(rows=np.arange(3), weights=np.ones(3))
    >>> overlaps(texts, sample, np.array([0, 0]), np.array([1, 2])).round(2).tolist()
    [1.0, 0.0]
    """
    result = np.zeros(len(first))
    if len(first) == 0:
        return result
    table = _shingle_table([texts[row] for row in sample.rows.tolist()])
    frequency = sample.weights @ table
    rarity = np.log((sample.weights.sum() + 1) / (frequency + 0.5)).astype(np.float32)
    rarity = np.maximum(rarity, 0.01)
    # How often each shingle comes among all shingles of the corpus.
    rate = (frequency / frequency.sum()).astype(np.float32)
    for start in range(0, len(first), _CHUNK):
        part = slice(start, start + _CHUNK)
        rows, place = np.unique(np.concatenate([first[part], second[part]]), return_inverse=True)
        plain = _shingle_table([texts[row] for row in rows.tolist()])
        weighted = plain.copy()
        weighted.data = rarity[plain.indices]
        total, length = weighted.sum(axis=1), plain.sum(axis=1)
        a, b = np.split(place, 2)
        swap = (total[a] > total[b]) | ((total[a] == total[b]) & (length[a] > length[b]))
        short, long = np.where(swap, b, a), np.where(swap, a, b)
        own = weighted[short]
        share = own.multiply(plain[long]).sum(axis=1) / total[short]
        by_chance = _by_chance(own, rate, length[long]) / total[short]
        result[part] = np.clip((share - by_chance) / (1.0 - by_chance), 0.0, 1.0)
    return result


def _by_chance(
    own: sparse.csr_array, rate: NDArray[np.float32], length: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the weight of the shingles of each row that a text of that length has by chance."""
    drawn = np.repeat(length, np.diff(own.indptr))
    expected = own.data * -np.expm1(-rate[own.indices] * drawn)
    row: NDArray[np.float32] = np.add.reduceat(expected, own.indptr[:-1])
    return row
