"""Take the average of a corpus out of its vectors, language by language.

Reference means remove what a language adds to a vector; what the corpus adds (all posts are about
one election, all are book reviews) still draws every pair together. The mean of each language's
texts in the corpus removes that. Two guards: a text counts the less the more near twins it has, so
that a large campaign does not become the average and vanish; and the mean is shrunk towards the
reference (zero, for vectors that are already centred) where a language has few texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from disinfo.stages import Vectors

# With so many texts of a language, half of their mean is taken out. Not tuned.
SHRINK_TEXTS = 30.0
_TWIN_COSINE = 0.5
# Twins are counted among so many texts drawn from the language: enough for a share.
_MAX_COMPARED = 2000


def centre_by_language(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Subtract each language's mean in the corpus and renormalise.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d), already centred by reference means or not.
    languages
        Language of each row.

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows. They depend on the corpus: vectors of two corpora do not compare.

    Notes
    -----
    Fails on a corpus in which a language tells one story in a few dozen unlike texts: part of that
    story is then taken for the language.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(4, dtype=np.float32)
    >>> centre_by_language(rows, ["en"] * 4).shape
    (4, 4)
    """
    out = vectors.astype(np.float32, copy=True)
    names = np.asarray(languages, dtype=object)
    for language in sorted(set(languages)):
        rows = np.flatnonzero(names == language)
        own = vectors[rows]
        weight = 1.0 / _twins(own)
        # The effective number of texts, not the number: copies teach nothing about a language.
        effective = float(weight.sum())
        mean = (weight[:, None] * own).sum(axis=0) / effective
        out[rows] = own - mean * (effective / (effective + SHRINK_TEXTS))
    lengths = np.linalg.norm(out, axis=1, keepdims=True)
    degenerate = lengths[:, 0] < 1e-6
    out[degenerate], lengths[degenerate] = vectors[degenerate], 1.0
    centred: Vectors = out / lengths
    return centred


def _twins(own: Vectors) -> NDArray[np.float64]:
    """Return how many texts of the language each text resembles, itself included."""
    step = max(1, len(own) // _MAX_COMPARED)
    compared = own[::step]
    count = ((own @ compared.T) >= _TWIN_COSINE).sum(axis=1) * step
    twins: NDArray[np.float64] = np.maximum(count, 1).astype(np.float64)
    return twins
