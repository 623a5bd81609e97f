"""How much of the shorter text of a pair stands in the longer one, in rare character runs.

A post that quotes another and adds a comment has a low edit ratio and a high overlap. Runs that
many messages of the corpus share (a name that everybody writes, a hashtag, "breaking news") count
for little. Two long posts share runs by chance alone, and what chance gives is taken off.

Whether two texts share any rare runs is asked of very many pairs, so each text also has a sketch
of a thousand bits, one set by each run: two sketches tell at once how many runs they share at most.

References
----------
Bloom 1970, Space/time trade-offs in hash coding with allowable errors.
Whang, Vander-Zanden, Taylor 1990, A linear-time probabilistic counting algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from disinfo.links.background import Sample
from disinfo.links.minhash import shingle_hashes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BITS = 20
_TEXTS_AT_ONCE = 5_000
_PAIRS_AT_ONCE = 50_000
_WORDS = 16
_SKETCH_BITS = 64 * _WORDS
# Runs that a sketch may have missed, since two of one text can set the same bit.
_MISSED, _MISSED_SHARE = 3.0, 1.1


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The character runs of each text, weighted by how rare they are in the corpus.

    Parameters
    ----------
    table
        Weight of each hashed run of each text, shape (n, 2 ** 20), float32.
    rate
        How often each run comes among all runs of the corpus, shape (2 ** 20,).
    total
        Weight of each text, shape (n,).
    length
        Distinct runs of each text, shape (n,).
    dearest
        The share that the rarest run of each text has in its weight, shape (n,).
    sketch
        Bits set by the runs, shape (n, 16), uint64.
    """

    table: sparse.csr_array
    rate: NDArray[np.float32]
    total: NDArray[np.float32]
    length: NDArray[np.float32]
    dearest: NDArray[np.float32]
    sketch: NDArray[np.uint64]

    @classmethod
    def of(cls, texts: Sequence[str], sample: Sample) -> Runs:
        """Take the runs of n texts in normal form, n > 0; a sample says how common a run is.

        Runs weigh by the logarithm of their inverse document frequency.
        """
        chosen = sample.rows.tolist()
        frequency = sample.weights @ _shingle_table([texts[row] for row in chosen])
        rarity = np.log((sample.weights.sum() + 1) / (frequency + 0.5)).astype(np.float32)
        rarity = np.maximum(rarity, 0.01)
        starts = range(0, len(texts), _TEXTS_AT_ONCE)
        parts = [_shingle_table(texts[start : start + _TEXTS_AT_ONCE]) for start in starts]
        table = sparse.vstack(parts, format="csr")
        table.data = rarity[table.indices]
        total = table.sum(axis=1)
        return cls(
            table=table,
            rate=(frequency / frequency.sum()).astype(np.float32),
            total=total,
            length=np.diff(table.indptr).astype(np.float32),
            dearest=np.maximum.reduceat(table.data, table.indptr[:-1]) / total,
            sketch=_sketched(table),
        )

    def overlaps(self, first: Ints, second: Ints) -> Floats:
        """Return how much of the shorter text the longer one has beyond chance.

        Parameters
        ----------
        first, second
            Rows of m pairs.

        Returns
        -------
        ndarray of shape (m,), float64
            Between 0 (no more than a text of the longer one's length has by chance) and 1.

        Examples
        --------
        >>> import numpy as np
        >>> texts = ["the dam broke", "look at this the dam broke last night", "cats"]
        >>> sample = Sample(rows=np.arange(3), weights=np.ones(3))
        >>> Runs.of(texts, sample).overlaps(np.array([0, 0]), np.array([1, 2])).round(2).tolist()
        [1.0, 0.0]
        """
        result = np.zeros(len(first))
        for part, short, long in self._by_weight(first, second):
            own, other = self.table[short], self.table[long]
            other.data[:] = 1.0
            share = own.multiply(other).sum(axis=1) / self.total[short]
            by_chance = self._by_chance(short, long) / self.total[short]
            result[part] = np.clip((share - by_chance) / (1.0 - by_chance), 0.0, 1.0)
        return result

    def at_most(self, first: Ints, second: Ints) -> Floats:
        """Return what the overlap of pairs can be at most, by their sketches.

        Parameters
        ----------
        first, second
            Rows of m pairs.

        Returns
        -------
        ndarray of shape (m,), float64
            1 for long texts, whose sketches are full. Fails, in that the overlap is larger, only
            where most of what two texts share fell on the same bits.
        """
        result = np.empty(len(first))
        for part, short, long in self._by_weight(first, second):
            common = np.bitwise_count(self.sketch[short] & self.sketch[long]).sum(axis=1)
            clear = np.maximum(1.0 - common / _SKETCH_BITS, 0.5 / _SKETCH_BITS)
            runs = _MISSED - _MISSED_SHARE * _SKETCH_BITS * np.log(clear)
            result[part] = np.minimum(runs * self.dearest[short], 1.0)
        return result

    def _by_chance(self, short: Ints, long: Ints) -> NDArray[np.float32]:
        """Return the weight of a text's runs that one of the other's length has by chance."""
        # One text meets many of one length, and the answer is the same for all of them.
        lengths, place = np.unique(self.length[long], return_inverse=True)
        which = short * len(lengths) + place
        which, first, place = np.unique(which, return_index=True, return_inverse=True)
        own, length = self.table[short[first]], self.length[long[first]]
        drawn = np.repeat(length, np.diff(own.indptr))
        expected = own.data * -np.expm1(-self.rate[own.indices] * drawn)
        row: NDArray[np.float32] = np.add.reduceat(expected, own.indptr[:-1])
        return row[place]

    def _by_weight(self, first: Ints, second: Ints) -> Iterator[tuple[slice, Ints, Ints]]:
        """Yield some pairs at a time: their places, the lighter and the heavier text of each."""
        total, length = self.total, self.length
        for start in range(0, len(first), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            a, b = first[part], second[part]
            swap = (total[a] > total[b]) | ((total[a] == total[b]) & (length[a] > length[b]))
            yield part, np.where(swap, b, a), np.where(swap, a, b)


def _shingle_table(texts: Sequence[str]) -> sparse.csr_array:
    """Return which hashed shingles stand in which text, shape (n, 2 ** _BITS), ones."""
    hashes, offsets = shingle_hashes(texts)
    columns = (hashes >> np.uint64(64 - _BITS)).astype(np.int32)
    rows = np.repeat(
        np.arange(len(texts), dtype=np.int32), np.diff(np.append(offsets, len(hashes)))
    )
    shape = (len(texts), 2**_BITS)
    table = sparse.csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1.0
    return table


def _sketched(table: sparse.csr_array) -> NDArray[np.uint64]:
    """Return the bits that the runs of each text set."""
    n = table.shape[0]
    sketch = np.zeros((n, _WORDS), dtype=np.uint64)
    # Some texts at a time: on the way a run takes five times what it takes in the table.
    for start in range(0, n, _TEXTS_AT_ONCE):
        ends = table.indptr[start : start + _TEXTS_AT_ONCE + 1]
        row = np.repeat(np.arange(start, start + len(ends) - 1), np.diff(ends))
        bit = table.indices[ends[0] : ends[-1]] % _SKETCH_BITS
        mask = np.uint64(1) << (bit % 64).astype(np.uint64)
        np.bitwise_or.at(sketch, (row, bit // 64), mask)
    return sketch
