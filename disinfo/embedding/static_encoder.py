"""Posts to vectors by looking words up: the weighted sum of the vectors of a post's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from disinfo.embedding.static_table import WordTable
from disinfo.embedding.static_words import (
    LONGEST_CUT,
    SHORTEST_STEM,
    keys,
    parts,
    spelled,
    words,
)
from disinfo.stages import Vectors

_CHUNK = 8_192
# A word that is cut says less than a whole one, a word by its spelling less still.
CUT_WEIGHT = 0.8
SPELLED_WEIGHT = 0.5
_TINY = 1e-6


@dataclass(frozen=True, kw_only=True)
class StaticEncoder:
    """A word table that gives one unit vector a text.

    Parameters
    ----------
    table
        The word vectors.
    """

    table: WordTable

    def __call__(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """Embed texts, each with the words of its language.

        Parameters
        ----------
        texts
            Texts in readable form, n of them.
        languages
            n language codes. In a language without words, every word goes by its spelling: copies
            are found, translations are not.

        Returns
        -------
        ndarray of shape (n, d), float32
            Unit rows, each of its text alone. A text without any word (an emoji, nothing) has the
            direction of its characters.
        """
        vectors = np.empty((len(texts), self.table.width), np.float32)
        for at in range(0, len(texts), _CHUNK):
            span = slice(at, at + _CHUNK)
            tongues = np.array(languages[span], dtype=object)
            chunk = list(texts[span])
            for language in sorted(set(tongues)):
                rows = np.flatnonzero(tongues == language)
                vectors[at + rows] = self._one_language([chunk[row] for row in rows], language)
        return vectors

    def _one_language(self, texts: Sequence[str], language: str) -> Vectors:
        place: dict[str, int] = {}
        columns: list[int] = []
        ends = np.zeros(len(texts) + 1, np.int64)
        for row, text in enumerate(texts):
            columns += [place.setdefault(word, len(place)) for word in words(text)]
            ends[row + 1] = len(columns)
        counts = csr_array(
            (np.ones(len(columns), np.float32), np.array(columns, np.int64), ends),
            shape=(len(texts), len(place)),
        )
        sums: Vectors = np.asarray(counts @ self.word_vectors(list(place), language), np.float32)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        for row in np.flatnonzero(lengths[:, 0] < _TINY).tolist():
            sums[row], lengths[row] = spelled([texts[row]], self.table.width)[0], 1.0
        sums /= lengths
        return sums

    def word_vectors(self, listed: Sequence[str], language: str) -> NDArray[np.float32]:
        """Return the weighted vector of each word.

        Parameters
        ----------
        listed
            Distinct lowered words, n of them.
        language
            Their language.

        Returns
        -------
        ndarray of shape (n, d), float32
            From the table; else from the word's parts, else from its stem, else by its spelling.
        """
        known = language in self.table.languages
        rows = (
            self.table.rows(keys(listed, language)) if known else np.full(len(listed), -1, np.int64)
        )
        vectors = np.zeros((len(listed), self.table.width), np.float32)
        found = np.flatnonzero(rows >= 0)
        vectors[found] = self.table.weighted(rows[found])
        missing = np.flatnonzero(rows < 0)
        stems = self._stems([listed[row] for row in missing.tolist()], language)
        cut = stems >= 0
        vectors[missing[cut]] = np.float32(CUT_WEIGHT) * self.table.weighted(stems[cut])
        unknown = []
        for row, has_stem in zip(missing.tolist(), cut.tolist(), strict=True):
            pieces = parts(listed[row])
            if known and len(pieces) > 1:
                vectors[row] = self.word_vectors(pieces, language).sum(axis=0)
            elif not has_stem:
                unknown.append(row)
        if unknown:
            spelling = spelled([listed[row] for row in unknown], self.table.width)
            vectors[unknown] = np.float32(SPELLED_WEIGHT) * spelling
        return vectors

    def _stems(self, listed: Sequence[str], language: str) -> NDArray[np.int64]:
        """Return the row of the longest known stem of each word, -1 where none is known."""
        rows = np.full(len(listed), -1, np.int64)
        if language not in self.table.languages:
            return rows
        for cut in range(1, LONGEST_CUT + 1):
            open_ = [
                row
                for row in np.flatnonzero(rows < 0).tolist()
                if len(listed[row]) - cut >= SHORTEST_STEM and not listed[row].isdecimal()
            ]
            if open_:
                rows[open_] = self.table.rows(keys([listed[row][:-cut] for row in open_], language))
        return rows
