"""Words that a text shares with a claim, weighed by how rare they are: BM25.

References
----------
Robertson and Zaragoza 2009, The probabilistic relevance framework: BM25 and beyond.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# The usual values; not tuned here.
_SATURATION = 1.2
_LENGTH = 0.75
# So many shared words, each as rare as a word can be, are half of what can be had.
_HALF = 4.0
_WORD = r"(?u)\b\w+\b"


class SharedWords:
    """An index of claims by their words.

    Parameters
    ----------
    claims
        Their texts, as a person reads them.

    Examples
    --------
    >>> index = SharedWords(["the bridge is closed", "the mayor resigned"])
    >>> scores = index.scores(["They say the bridge is closed again"])
    >>> bool(scores[0, 0] > scores[0, 1])
    True
    """

    def __init__(self, claims: Sequence[str]) -> None:
        from scipy.sparse import csr_array
        from sklearn.feature_extraction.text import CountVectorizer

        self._words = CountVectorizer(token_pattern=_WORD)
        try:
            counts = csr_array(self._words.fit_transform(claims), dtype=np.float64)
        except ValueError:  # no claim has a word
            counts = csr_array((len(claims), 0), dtype=np.float64)
        n = len(claims)
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5))
        length = np.asarray(counts.sum(axis=1)).ravel()
        row = np.repeat(np.arange(n), np.diff(counts.indptr))
        relative = length[row] / max(length.mean(), 1e-12) if n else length[row]
        saturation = counts.data + _SATURATION * (1 - _LENGTH + _LENGTH * relative)
        counts.data = counts.data * (_SATURATION + 1) / saturation * rarity[counts.indices]
        self._weights = counts.T.tocsr()
        self._half = _HALF * np.log(1 + (n + 0.5) / 1.5)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Score texts against all claims.

        Parameters
        ----------
        texts
            Texts as a person reads them, n of them.

        Returns
        -------
        ndarray of shape (n, number of claims), float64
            From 0 (no word in common) towards 1.

        Notes
        -----
        Fails across languages, where only names and numbers are shared, and on languages written
        without spaces.
        """
        if self._weights.shape[0] == 0:
            return np.zeros((len(texts), self._weights.shape[1]))
        asked = self._words.transform(texts)
        raw: NDArray[np.float64] = (asked.astype(bool).astype(np.float64) @ self._weights).toarray()
        scores: NDArray[np.float64] = raw / (raw + self._half)
        return scores
