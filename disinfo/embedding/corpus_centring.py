"""Take the average of a corpus out of its vectors, language by language.

Reference means remove what a language adds to a vector; what the corpus adds (all posts are about
one election, all are book reviews) still draws every pair together. The mean of each language's
texts in the corpus removes that. Two guards: a text counts the less the more near twins it has, so
that a large campaign does not become the average and vanish; and the mean is shrunk towards the
reference (zero, for vectors that are already centred) where a language has few texts. Twins are
texts halfway from the usual cosine of the corpus to equality: where all texts are alike in kind
(long essays on a few questions), that they are is no sign of a campaign.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from disinfo.stages import Vectors

# With so many texts of a language, half of their mean is taken out. Not tuned.
SHRINK_TEXTS = 30.0
# A twin lies at least this share of the way from the usual cosine of two texts to 1.
_TWIN_SHARE = 0.5
# Fewer texts than this may all be one campaign: no usual cosine is taken from them.
_MIN_USUAL = 100
# Twins are counted among so many texts drawn from the language: enough for a share.
_MAX_COMPARED = 2000
# Rows at a time: a million of them beside the texts compared are 8 GB.
_BLOCK = 65_536


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
    Fails on a corpus in which a language tells one story in a few dozen unlike texts, and on one of
    which seven tenths are wordings of one message: part of that is then taken for the language.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(4, dtype=np.float32)
    >>> centre_by_language(rows, ["en"] * 4).shape
    (4, 4)
    """
    return subtract_means(vectors, languages, corpus_means(vectors, languages))


def corpus_means(vectors: Vectors, languages: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return what `centre_by_language` takes from the vectors of each language.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    languages
        Language of each row.

    Returns
    -------
    dict of str to ndarray of shape (d,), float32
        The shrunk mean of each language.
    """
    names = np.asarray(languages, dtype=object)
    twin = _twin_cosine(vectors)
    means = {}
    for language in sorted(set(languages)):
        own = np.flatnonzero(names == language)
        weight = 1.0 / _twins(vectors, own, twin)
        # The effective number of texts, not the number: copies teach nothing about a language.
        effective = float(weight.sum())
        total = sum(
            (weight[at : at + _BLOCK, None] * vectors[own[at : at + _BLOCK]]).sum(axis=0)
            for at in range(0, len(own), _BLOCK)
        )
        mean = total / effective
        means[language] = (mean * (effective / (effective + SHRINK_TEXTS))).astype(np.float32)
    return means


def subtract_means(
    vectors: Vectors, languages: Sequence[str], means: Mapping[str, NDArray[np.float32]]
) -> Vectors:
    """Subtract the mean of each row's language and renormalise.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    languages
        Language of each row.
    means
        From `corpus_means`, of this corpus or an earlier one; rows of other languages stay.

    Returns
    -------
    ndarray of shape (n, d), float32
        Unit rows.
    """
    centred: Vectors = vectors.astype(np.float32, copy=True)
    names = np.asarray(languages, dtype=object)
    known = sorted(set(languages) & set(means))
    # In place and some rows at a time: each copy of a million vectors takes 1.5 GB.
    for at in range(0, len(centred), _BLOCK):
        part = slice(at, at + _BLOCK)
        block, spoken = centred[part], names[part]
        for language in known:
            block[spoken == language] -= means[language]
        lengths = np.linalg.norm(block, axis=1, keepdims=True)
        degenerate = lengths[:, 0] < 1e-6
        block[degenerate], lengths[degenerate] = vectors[part][degenerate], 1.0
        block /= lengths
    return centred


def _twin_cosine(vectors: Vectors) -> float:
    """Return the cosine from which two texts of this corpus are twins."""
    drawn = vectors[:: max(1, len(vectors) // _MAX_COMPARED)]
    usual = 0.0
    if len(drawn) >= _MIN_USUAL:
        # The median over pairs of all languages: a campaign would have to be most of them.
        pairs = (drawn @ drawn.T)[np.triu_indices(len(drawn), 1)]
        usual = max(0.0, float(np.median(pairs)))
    return usual + _TWIN_SHARE * (1.0 - usual)


def _twins(vectors: Vectors, own: NDArray[np.int64], twin: float) -> NDArray[np.float64]:
    """Return how many texts of the language each of its rows resembles, itself included."""
    step = max(1, len(own) // _MAX_COMPARED)
    compared = vectors[own[::step]]
    count = [
        ((vectors[own[at : at + _BLOCK]] @ compared.T) >= twin).sum(axis=1)
        for at in range(0, len(own), _BLOCK)
    ]
    twins: NDArray[np.float64] = np.maximum(np.concatenate(count) * step, 1).astype(np.float64)
    return twins


def encode_means(means: Mapping[str, NDArray[np.float32]]) -> dict[str, str]:
    """Write means as text that JSON can hold, bit for bit.

    Parameters
    ----------
    means
        By language, shape (d,).

    Returns
    -------
    dict of str to str
        Base64 of the little-endian float32 values.

    Examples
    --------
    >>> decode_means(encode_means({"en": np.array([0.5], np.float32)}))["en"].tolist()
    [0.5]
    """
    return {
        language: base64.b64encode(mean.astype("<f4").tobytes()).decode("ascii")
        for language, mean in means.items()
    }


def decode_means(encoded: Mapping[str, str]) -> dict[str, NDArray[np.float32]]:
    """Read what `encode_means` wrote.

    Parameters
    ----------
    encoded
        By language.

    Returns
    -------
    dict of str to ndarray of shape (d,), float32
        The means.
    """
    return {
        language: np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)
        for language, text in encoded.items()
    }
