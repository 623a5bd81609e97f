"""What is done to the teacher's word vectors: centring, flattening, drawing together, weighing.

References
----------
Arora, Liang, Ma 2017, A simple but tough-to-beat baseline for sentence embeddings (weights).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PIVOT_NEIGHBOURS = 5
_PIVOT_SOFTNESS = 0.05
_CHUNK = 2_048


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit rows from which the mean of a language's words is taken."""
    return unit(vectors - vectors.mean(axis=0))


def spectrum_map(languages: Any, config: Mapping[str, Any]) -> NDArray[np.float32]:
    """Return the map that flattens the spectrum of all words, shape (d, d).

    Parameters
    ----------
    languages
        The vectors of each language's words, one array after another.
    config
        The configuration; ``spectrum_power`` is the power to which eigenvalues are raised.

    Returns
    -------
    ndarray of shape (d, d), float32
        Symmetric, so that directions keep their meaning.
    """
    total: Any = 0.0
    for vectors in languages:
        rows = centred(vectors).astype(np.float64)
        total = total + rows.T @ rows / len(rows)
    values, directions = np.linalg.eigh(total)
    flat = np.maximum(values / values[-1], 1e-6) ** config["spectrum_power"]
    turned: NDArray[np.float32] = ((directions * flat) @ directions.T).astype(np.float32)
    return turned


def drawn_together(vectors: NDArray[np.float32], pivot: NDArray[np.float32]) -> NDArray[np.float32]:
    """Draw words towards the words of the pivot language that they mean.

    A word and its translation, both drawn towards the same few words, come to lie closer than two
    words of one language that only keep company: which is what tells a translation from another
    post on the same subject.

    Parameters
    ----------
    vectors
        Unit vectors of the words of one language, shape (n, d).
    pivot
        Unit vectors of frequent words of the pivot language, shape (m, d).

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows: each word plus the mean of its nearest pivot words, as heavy as the nearest one
        is near. A word near to none stays where it is.
    """
    near = min(_PIVOT_NEIGHBOURS, len(pivot))
    drawn = np.empty_like(vectors)
    for at in range(0, len(vectors), _CHUNK):
        part = vectors[at : at + _CHUNK]
        cosine = part @ pivot.T
        rows = np.argpartition(cosine, len(pivot) - near, axis=1)[:, len(pivot) - near :]
        close = np.take_along_axis(cosine, rows, axis=1)
        best = close.max(axis=1, keepdims=True)
        share = np.exp((close - best) / _PIVOT_SOFTNESS)
        share *= np.maximum(best, 0) / share.sum(axis=1, keepdims=True)
        drawn[at : at + len(part)] = part + np.einsum("nk,nkd->nd", share, pivot[rows])
    return unit(drawn)


def rarity_weights(
    frequencies: NDArray[np.float64], config: Mapping[str, Any]
) -> NDArray[np.float64]:
    """Return the smooth inverse frequency of words, in (0, 1]."""
    weights: NDArray[np.float64] = config["rarity"] / (config["rarity"] + frequencies)
    return weights


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of length one; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return scaled
