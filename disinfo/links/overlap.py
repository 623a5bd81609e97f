"""How much of the shorter text of a pair stands in the longer one, in rare character runs.

A post that quotes another and adds a comment has a low edit ratio and a high overlap. Runs that
many messages of the corpus share (a name that everybody writes, a hashtag, "breaking news") count
for little.
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
    """Return the weighted share of the shorter text's shingles that the longer one has.

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
        Between 0 and 1. Shingles weigh by the logarithm of their inverse document frequency.

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
    for start in range(0, len(first), _CHUNK):
        part = slice(start, start + _CHUNK)
        rows, place = np.unique(np.concatenate([first[part], second[part]]), return_inverse=True)
        plain = _shingle_table([texts[row] for row in rows.tolist()])
        weighted = plain.copy()
        weighted.data = rarity[plain.indices]
        total = weighted.sum(axis=1)
        a, b = np.split(place, 2)
        shared = weighted[a].multiply(plain[b]).sum(axis=1)
        result[part] = shared / np.minimum(total[a], total[b])
    return result
