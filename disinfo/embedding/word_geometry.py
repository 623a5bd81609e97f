"""What is done to the teacher's word vectors so that a word and its translations lie together.

All that is learned here is learned from the vectors themselves: no dictionary and no parallel text
is read. Words of two languages that are each other's nearest (mutual neighbours) are taken for
translations; of some thousand such pairs most are right, and wrong ones are near misses.

References
----------
Arora, Liang, Ma 2017, A simple but tough-to-beat baseline for sentence embeddings (weights);
Hatch, Kajarekar, Stolcke 2006, Within-class covariance normalization (flattening);
Artetxe, Labaka, Agirre 2018, A robust self-learning method for fully unsupervised cross-lingual
mappings of word embeddings (mutual neighbours).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

_PIVOT_NEIGHBOURS = 5
_PIVOT_SOFTNESS = 0.05
# What all pivot languages together weigh beside the word itself.
_PULL = 1.0
# Shares of the mean variance that are added before a map is learned from few pairs.
_FLOOR_WITHIN = 0.1
_FLOOR_JOINT = 1.0
_CHUNK = 2_048


def centred(vectors: Floats) -> Floats:
    """Return unit rows from which the mean of a language's words is taken."""
    return unit(vectors - vectors.mean(axis=0))


def power_map(covariance: NDArray[Any], power: float, *, floor: float = 0.0) -> Floats:
    """Return the symmetric map that raises the spectrum of a covariance to a power.

    Parameters
    ----------
    covariance
        Symmetric, shape (d, d).
    power
        Exponent of the eigenvalues; a negative one flattens.
    floor
        Share of the mean eigenvalue that is added to each, so that directions of which little is
        known are not blown up.

    Returns
    -------
    ndarray of shape (d, d), float32
        The map, with the largest direction kept at its length.

    Examples
    --------
    >>> power_map(np.diag([4.0, 1.0]), -0.5).round(2).tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    values, directions = np.linalg.eigh(np.asarray(covariance, np.float64))
    values = np.maximum(values, 0) + floor * values.mean()
    flat = np.maximum(values / values[-1], 1e-6) ** power
    turned: Floats = ((directions * flat) @ directions.T).astype(np.float32)
    return turned


def mutual_neighbours(a: Floats, b: Floats) -> Pairs:
    """Return the pairs of rows that are each other's nearest.

    Parameters
    ----------
    a, b
        Unit rows, shapes (n, d) and (m, d).

    Returns
    -------
    pair of ndarray
        Rows of `a` and of `b`, as many of each.

    Examples
    --------
    >>> rows = np.eye(3, dtype=np.float32)
    >>> [part.tolist() for part in mutual_neighbours(rows, rows[[2, 0]])]
    [[0, 2], [1, 0]]
    """
    forth = np.empty(len(a), np.int64)
    back = np.zeros(len(b), np.int64)
    best = np.full(len(b), -np.inf, np.float32)
    for at in range(0, len(a), _CHUNK):
        cosine = a[at : at + _CHUNK] @ b.T
        forth[at : at + _CHUNK] = cosine.argmax(axis=1)
        nearest = cosine.argmax(axis=0)
        found = cosine[nearest, np.arange(len(b))]
        back = np.where(found > best, nearest + at, back)
        best = np.maximum(best, found)
    rows = np.flatnonzero(back[forth] == np.arange(len(a)))
    return rows, forth[rows]


def dictionaries(
    languages: Mapping[str, Floats], pivots: Sequence[str]
) -> dict[tuple[str, str], Pairs]:
    """Return the mutual neighbours of each language with each pivot language.

    Parameters
    ----------
    languages
        Centred unit vectors of the frequent words of each language.
    pivots
        Languages that the others are compared with.

    Returns
    -------
    dict
        Pairs of rows by (language, pivot), each two languages once.
    """
    every = np.concatenate(list(languages.values()))
    flat = power_map(every.T @ every, -0.25)
    flattened = {language: unit(vectors @ flat) for language, vectors in languages.items()}
    found: dict[tuple[str, str], Pairs] = {}
    for language, vectors in flattened.items():
        for pivot in pivots:
            if pivot != language and (pivot, language) not in found:
                found[language, pivot] = mutual_neighbours(vectors, flattened[pivot])
    return found


def joint_maps(languages: Mapping[str, Floats], pivots: Sequence[str]) -> dict[str, list[Floats]]:
    """Learn what brings the words of each language to the words that they mean elsewhere.

    Parameters
    ----------
    languages
        Centred unit vectors of the frequent words of each language.
    pivots
        Languages that the others are compared with.

    Returns
    -------
    dict of str to list of ndarray
        Two maps of shape (d, d) for each language. The first, the same for all, shrinks the
        directions in which a word and its translation differ. The second is the language's own:
        ridge regression onto the translations, drawn towards leaving all as it is.
    """
    pairs = dictionaries(languages, pivots)
    width = next(iter(languages.values())).shape[1]
    within = np.zeros((width, width))
    for (a, b), (rows, matched) in pairs.items():
        apart = languages[a][rows] - languages[b][matched]
        within += apart.T @ apart
    shrink = power_map(within, -0.5, floor=_FLOOR_WITHIN) if within.any() else _same(width)
    near = {language: unit(vectors @ shrink) for language, vectors in languages.items()}
    maps = {}
    for language in languages:
        own, others = [], []
        for (a, b), (rows, matched) in pairs.items():
            if language in (a, b):
                sides = (near[a][rows], near[b][matched])
                own.append(sides[language == b])
                others.append(sides[language == a])
        maps[language] = [shrink, _ridge(own, others) if own else _same(width)]
    return maps


def _same(width: int) -> Floats:
    return np.eye(width, dtype=np.float32)


def _ridge(own: Sequence[Floats], others: Sequence[Floats]) -> Floats:
    x, y = np.concatenate(own).astype(np.float64), np.concatenate(others).astype(np.float64)
    gram = x.T @ x
    held = np.eye(len(gram)) * _FLOOR_JOINT * np.trace(gram) / len(gram)
    learned: Floats = np.linalg.solve(gram + held, x.T @ y + held).astype(np.float32)
    return learned


def mapped(vectors: Floats, maps: Sequence[Floats]) -> Floats:
    """Return centred vectors after each map, as unit rows."""
    for one in maps:
        vectors = unit(vectors @ one)
    return vectors


def drawn_together(vectors: Floats, pivots: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Draw words towards the words of the pivot languages that they mean.

    A word and its translation, both drawn towards the same few words, come to lie closer than two
    words of one language that only keep company: which is what tells a translation from another
    post on the same subject.

    Parameters
    ----------
    vectors
        Unit vectors of the words of one language, shape (n, d).
    pivots
        Unit vectors of frequent words of each pivot language, shapes (m, d).

    Returns
    -------
    pair of ndarray
        Unit rows, shape (n, d): each word plus the means of its nearest pivot words, as heavy as
        those are near; and how near they are, shape (n,), from 0 to 1. A word that is near to none
        stays where it is.
    """
    drawn = vectors.copy()
    nearness = np.zeros(len(vectors), np.float32)
    for pivot in pivots:
        near = min(_PIVOT_NEIGHBOURS, len(pivot))
        for at in range(0, len(vectors), _CHUNK):
            span = slice(at, at + _CHUNK)
            cosine = vectors[span] @ pivot.T
            rows = np.argpartition(cosine, len(pivot) - near, axis=1)[:, len(pivot) - near :]
            close = np.take_along_axis(cosine, rows, axis=1)
            share = np.exp((close - close.max(axis=1, keepdims=True)) / _PIVOT_SOFTNESS)
            share /= share.sum(axis=1, keepdims=True)
            how_near = np.maximum((share * close).sum(axis=1), 0)
            share *= _PULL / len(pivots) * how_near[:, None]
            drawn[span] += np.einsum("nk,nkd->nd", share, pivot[rows])
            nearness[span] += how_near / len(pivots)
    return unit(drawn), nearness


def rarity_weights(
    frequencies: NDArray[np.float64], config: Mapping[str, Any]
) -> NDArray[np.float64]:
    """Return the smooth inverse frequency of words, in (0, 1]."""
    weights: NDArray[np.float64] = config["rarity"] / (config["rarity"] + frequencies)
    return weights


def trust(nearness: Floats, config: Mapping[str, Any]) -> Floats:
    """Return what words weigh by how near words of the pivot languages are, 1 on average.

    Parameters
    ----------
    nearness
        What `drawn_together` found, shape (n,).
    config
        The configuration; ``trust_power`` is the power to which nearness is raised.

    Returns
    -------
    ndarray of shape (n,), float32
        Factors; all 1 where nothing is near to anything.
    """
    raised = np.maximum(nearness, 0) ** config["trust_power"]
    if not raised.any():
        return np.ones(len(nearness), np.float32)
    weights: Floats = (raised / raised.mean()).astype(np.float32)
    return weights


def unit(vectors: Floats) -> Floats:
    """Return rows of length one; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = vectors / np.maximum(lengths, 1e-9)
    return scaled
