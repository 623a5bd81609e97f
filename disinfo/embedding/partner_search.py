"""Which texts of a corpus may have a partner, told without a transformer.

Two cheap views of each text, its static vector and its spelling (random projections of groups of
characters), are compared with those of all others. A text's score is how much nearer its nearest
neighbour is than neighbours in its part of the corpus usually are: in a corpus on one subject
everything is near, and a fixed cosine would let everything through.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from disinfo.stages import Vectors
from disinfo.text.normal import normal_form

Floats = NDArray[np.float32]

# How much the spelling counts beside the static vector, and how much of the usual nearness of the
# neighbourhood is taken off.
SPELLING = 0.5
BACKGROUND = 0.5
_GROUPS = (3, 4)
_HASHES = 2**16
_WIDTH = 256
_NEIGHBOURS = 10
_BLOCK = 1_024
_SEARCH_WIDTH = 128
_MAX_SAMPLE = 20_000


def spelling_vectors(texts: Sequence[str]) -> Floats:
    """Return unit vectors of how texts are spelled.

    Parameters
    ----------
    texts
        Texts, n of them.

    Returns
    -------
    ndarray of shape (n, 256), float32
        Random projections of the character groups of the normal form, rare ones in these texts
        weighing more. Zero for a text without letters.
    """
    hashing = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=_GROUPS,
        n_features=_HASHES,
        norm=None,
        alternate_sign=False,
        dtype=np.float32,
    )
    counts = hashing.transform([normal_form(text) for text in texts])
    shown = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(texts)) / (1 + shown)) + 1
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    signs = np.random.default_rng(0).choice(np.array([-1, 1], np.float32), (_HASHES, _WIDTH))
    projected: Floats = normalize((normalize(counts) @ signs).astype(np.float32))
    return projected


def partner_scores(vectors: Vectors, spelling: Floats) -> Floats:
    """Return for each text how much its nearest neighbour stands out.

    Parameters
    ----------
    vectors
        Static vectors, centred on the corpus, shape (n, d).
    spelling
        What `spelling_vectors` returned, shape (n, e).

    Returns
    -------
    ndarray of shape (n,), float32
        Nearness of the best partner less half of what is usual around the two; -1 for a text
        alone. Every text is compared with every other: the time is quadratic in n, the memory is
        not.
    """
    n = len(vectors)
    if n < 2:
        return np.full(n, -1, np.float32)
    joint = np.concatenate([vectors, np.sqrt(np.float32(SPELLING)) * spelling], axis=1)
    k = min(_NEIGHBOURS, n - 1)
    rows = _nearest(_narrowed(joint), k)
    near = np.empty((n, k), np.float32)
    for at in range(0, n, _BLOCK):
        span = slice(at, at + _BLOCK)
        near[span] = np.einsum("nd,nkd->nk", joint[span], joint[rows[span]])
    # All but the nearest one: a partner must not count against itself.
    usual = np.maximum((near.sum(axis=1) - near.max(axis=1)) / max(k - 1, 1), 0)
    stands_out = near - BACKGROUND / 2 * (usual[:, None] + usual[rows])
    best: Floats = stands_out.max(axis=1).astype(np.float32)
    return best


def _narrowed(joint: Floats) -> Floats:
    """Return the rows in their 128 main directions, in which neighbours are looked for."""
    if joint.shape[1] <= _SEARCH_WIDTH:
        return joint
    step = max(1, len(joint) // _MAX_SAMPLE)
    sample = joint[::step]
    _, directions = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(joint @ directions[:, -_SEARCH_WIDTH:])


def _nearest(rows: Floats, k: int) -> NDArray[np.int64]:
    """Return the k nearest other rows of each, shape (n, k), in no order."""
    nearest = np.empty((len(rows), k), np.int64)
    for at in range(0, len(rows), _BLOCK):
        products = rows[at : at + _BLOCK] @ rows.T
        own = np.arange(len(products))
        products[own, at + own] = -np.inf
        split = products.shape[1] - k
        nearest[at : at + len(products)] = np.argpartition(products, split, axis=1)[:, split:]
    return nearest
