"""Candidate near copies: banded MinHash over character shingles.

Two texts become a candidate pair when all values of one band agree. With 32 bands of 4 values a
pair of Jaccard similarity s is found with probability 1 - (1 - s^4)^32: .42 at half chance, .9999
at s = .7.

References
----------
Broder 1997, On the resemblance and containment of documents.
Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3 (banding).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from disinfo.distinct import distinct

BANDS = 32
ROWS = 4
# Characters, not words: a post of three words still has shingles.
SHINGLE = 4
# A bucket above this size gives a star and a window instead of all its pairs.
MAX_BUCKET = 100
_CHUNK = 5_000
_WINDOW = 5
# Pairs that several bands find are made one when so many wait.
_MOST_WAITING = 5_000_000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Indices = NDArray[np.int64]


def _signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return MinHash signatures, shape (n, BANDS * ROWS)."""
    rng = np.random.default_rng(0)
    n_hashes = BANDS * ROWS
    odd = rng.integers(0, 2**31, n_hashes, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    flip = rng.integers(0, 2**32, n_hashes, dtype=np.uint32)
    out = np.empty((len(texts), n_hashes), dtype=np.uint32)
    for start in range(0, len(texts), _CHUNK):
        hashes, offsets = shingle_hashes(texts[start : start + _CHUNK])
        # 32 bits are enough to rank the shingles of one post, and twice as fast.
        high = (hashes >> np.uint64(32)).astype(np.uint32)
        mixed = np.empty_like(high)
        for column in range(n_hashes):
            np.bitwise_xor(high, flip[column], out=mixed)
            np.multiply(mixed, odd[column], out=mixed)
            out[start : start + _CHUNK, column] = np.minimum.reduceat(mixed, offsets)
    return out


def shingle_hashes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], Indices]:
    """Return the hashes of all shingles, and where each text's begin."""
    # Padding gives a text shorter than a shingle one shingle, and marks where words begin and end.
    padded = [f" {text} ".ljust(SHINGLE, "\x00") for text in texts]
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rolling = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for position in range(SHINGLE):
        part = codes[position : len(codes) - SHINGLE + 1 + position].astype(np.uint64)
        rolling = rolling * _MULTIPLIER + part
    ends = np.cumsum(lengths)
    keep = np.ones(len(rolling), dtype=bool)
    for back in range(1, SHINGLE):
        border = ends[:-1] - back
        keep[border] = False
    rolling ^= rolling >> np.uint64(29)
    rolling *= _MULTIPLIER
    counts = lengths - SHINGLE + 1
    return rolling[keep], np.concatenate(([0], np.cumsum(counts)[:-1]))


def candidate_pairs(texts: Sequence[str]) -> tuple[Indices, Indices, Indices]:
    """Return pairs of texts that may be near copies.

    Parameters
    ----------
    texts
        n distinct texts in normal form.

    Returns
    -------
    first, second : ndarray of int64
        Rows of each pair, first < second, each pair once, sorted.
    crowded : ndarray of int64
        Rows that were in a bucket too large for all its pairs; each is still paired with the
        bucket's first text and its next few.

    Examples
    --------
    >>> first, second, _ = candidate_pairs(["the bridge is closed", "a cat", "the bridge is closd"])
    >>> first.tolist(), second.tolist()
    ([0], [2])
    """
    n = len(texts)
    none = np.empty(0, dtype=np.int64)
    if n < 2:
        return none, none, none
    signatures = _signatures(texts)
    found = [none]
    crowded = np.zeros(n, dtype=bool)
    for band in range(BANDS):
        rows = signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        key = rows[:, 0]
        for column in range(1, ROWS):
            key = key * _MULTIPLIER + rows[:, column]
        found.append(_bucket_pairs(key, crowded))
        if sum(map(len, found[1:])) > max(_MOST_WAITING, len(found[0])):
            found = [distinct(*found)]
    pairs = distinct(*found)
    return pairs // n, pairs % n, np.flatnonzero(crowded)


def _bucket_pairs(key: NDArray[np.uint64], crowded: NDArray[np.bool_]) -> Indices:
    """Return ``first * n + second`` for the pairs that share a key; mark those of large buckets."""
    n = len(key)
    order = np.argsort(key, kind="stable")  # keeps the members of a bucket in ascending order
    borders = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] ^ np.uint64(1)))
    sizes = np.diff(np.append(borders, n))
    borders, sizes = borders[sizes > 1], sizes[sizes > 1]
    pairs: list[Indices] = []
    # All buckets of one size at once: there are far fewer sizes than buckets.
    for size in distinct(sizes[sizes <= MAX_BUCKET]).tolist():
        members = order[borders[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        pairs.append((members[:, left] * n + members[:, right]).ravel())
    for start, size in zip(borders[sizes > MAX_BUCKET], sizes[sizes > MAX_BUCKET], strict=True):
        members = order[start : start + size]
        crowded[members] = True
        pairs.append(members[0] * n + members[1:])
        pairs += [members[:-step] * n + members[step:] for step in range(1, _WINDOW + 1)]
    return np.concatenate(pairs) if pairs else np.empty(0, dtype=np.int64)
