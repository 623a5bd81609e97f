"""How near a text lies to texts of other messages: the background of its topic.

In a corpus about one election two posts of two messages have a cosine that in a corpus of all
sorts only two rewordings have, so no one cosine means "same message" everywhere. What does mean
it is how far a pair stands above what its texts have with the rest of the corpus.

References
----------
Conneau et al. 2018, Word translation without parallel data (similarity corrected by the nearness
of each side to its neighbourhood).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.stages import Vectors

# The background of a text is the cosine that one in forty of other messages reaches with it: high
# enough to know its topic, low enough to hold some texts in a small corpus.
QUANTILE = 0.975
# Above this cosine two texts count as one message here, so that a campaign of thousands of
# rewordings is not its own background.
_TWIN = 0.5
# What a corpus of all sorts has, and how many texts it takes to move half way from there.
_REFERENCE = 0.2
_SHRINK_TEXTS = 50.0
_MAX_SAMPLE = 1500
_BLOCK = 4096


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Some texts that stand for a corpus.

    Parameters
    ----------
    rows
        Row numbers, int64 of shape (s,).
    weights
        What each counts, float64 of shape (s,): the less, the more twins it has in the sample.
    """

    rows: NDArray[np.int64]
    weights: NDArray[np.float64]


def sample_corpus(vectors: Vectors, text_ids: NDArray[np.object_]) -> Sample:
    """Draw texts evenly by their ids, whatever the order of rows.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    text_ids
        n ids, hashes of the texts.

    Returns
    -------
    Sample
        At most 2,999 rows.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    >>> sample_corpus(rows, np.array(["t-a", "t-b", "t-c"], dtype=object)).weights.tolist()
    [0.5, 0.5, 1.0]
    """
    order = np.argsort(text_ids.astype(str), kind="stable")
    rows = np.sort(order[:: max(1, len(order) // _MAX_SAMPLE)])
    own = vectors[rows]
    weights = 1.0 / np.maximum((own @ own.T >= _TWIN).sum(axis=1), 1)
    return Sample(rows=rows.astype(np.int64), weights=weights.astype(np.float64))


def background(vectors: Vectors, sample: Sample) -> NDArray[np.float64]:
    """Return the cosine that each text has with the nearest fortieth of other messages.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    sample
        Texts that stand for the corpus.

    Returns
    -------
    ndarray of shape (n,), float64
        Cosines below 0.5, shrunk towards 0.2 where the sample is small.

    Notes
    -----
    Fails where more than one in forty messages of the corpus are the same story told anew each
    time: they raise each other's background and stay apart.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.eye(4, dtype=np.float32)
    >>> sample = sample_corpus(rows, np.array(["t-a", "t-b", "t-c", "t-d"], dtype=object))
    >>> background(rows, sample).round(2).tolist()
    [0.19, 0.19, 0.19, 0.19]
    """
    result = np.full(len(vectors), _REFERENCE)
    if len(sample.rows) == 0:
        return result
    reference = vectors[sample.rows]
    for start in range(0, len(vectors), _BLOCK):
        cosine = vectors[start : start + _BLOCK] @ reference.T
        order = np.argsort(cosine, axis=1)
        ranked = np.take_along_axis(cosine, order, axis=1)
        weight = np.where(ranked < _TWIN, sample.weights[order], 0.0)
        reached = np.cumsum(weight, axis=1)
        total = reached[:, -1]
        place = (reached >= QUANTILE * total[:, None]).argmax(axis=1)
        own = np.minimum(ranked[np.arange(len(ranked)), place], _TWIN)
        trust = total / (total + _SHRINK_TEXTS)
        result[start : start + _BLOCK] = trust * own + (1 - trust) * _REFERENCE
    return result
