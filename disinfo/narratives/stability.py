"""Whether a narrative would come out again from other texts of the same kind: resampling.

Half of the texts are drawn, families keep those of theirs that were drawn, and families are merged
into narratives again. A narrative is stable as far as one cluster of that run holds its drawn texts
and no others (Jaccard), on average over the draws.

References
----------
Hennig 2007, Cluster-wise assessment of cluster stability, Computational Statistics and Data
Analysis 52: clusters below .6 should not be trusted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from disinfo.narratives.linkage import IndexPairs, Labels, average_linkage
from disinfo.narratives.standing import group_sums, units
from disinfo.neighbours import pairs_above
from disinfo.stages import Vectors

# A narrative less stable than this is marked as weak.
WEAK = 0.6
_ROUNDS = 10
_DRAWN = 0.5
# Families that take part; the largest narratives come first.
_MAX_FAMILIES = 1500
_MAX_PROPOSALS = 50


def resampled_stability(
    embeddings: Vectors,
    families: Labels,
    narratives: Labels,
    apart: IndexPairs,
    *,
    floor: float,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Return how stable each narrative is.

    Parameters
    ----------
    embeddings
        Unit rows, shape (n, d), in an order that comes from content.
    families
        Family 0 … f-1 of each row.
    narratives
        Narrative 0 … k-1 of each row.
    apart
        Pairs of rows that must stay apart.
    floor
        Lowest mean cosine of two narratives that are one.
    seed
        Seed of the draws.

    Returns
    -------
    ndarray of shape (k,), float64
        From 0 to 1; missing for narratives of one text and, in large corpora, for those that are
        not among the largest (1,500 families take part).

    Notes
    -----
    Families themselves are not formed again, so what is judged is which messages make a story.

    Examples
    --------
    >>> rows = np.eye(4, dtype=np.float32)[[0, 0, 0, 0, 1, 1, 1, 1]]
    >>> none = (np.array([], dtype=int), np.array([], dtype=int))
    >>> code = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    >>> resampled_stability(rows, code, code, none, floor=0.3).tolist()
    [1.0, 1.0]
    """
    n_texts = np.bincount(narratives)
    n_families, k = int(families.max()) + 1, len(n_texts)
    home = np.zeros(n_families, dtype=np.int64)
    home[families] = narratives
    order = np.argsort(-n_texts, kind="stable")
    counts = np.bincount(home, minlength=k)[order]
    part = np.zeros(k, dtype=bool)
    part[order[(np.cumsum(counts) <= _MAX_FAMILIES) & (n_texts[order] > 1)]] = True
    kept = np.flatnonzero(part[home])
    place = np.full(n_families, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    own = place[families]
    pair = own[apart[0]], own[apart[1]]
    both = (pair[0] >= 0) & (pair[1] >= 0) & (pair[0] != pair[1])
    pair = pair[0][both], pair[1][both]
    rng = np.random.default_rng(seed)
    total, seen = np.zeros(k), np.zeros(k)
    for _ in range(_ROUNDS):
        drawn = np.where(rng.random(len(own)) < _DRAWN, own, -1)
        sizes = np.bincount(drawn[drawn >= 0], minlength=len(kept))
        likeness = _likeness(embeddings, drawn, sizes, home[kept], pair, floor=floor, k=k)
        there = np.bincount(home[kept], weights=sizes, minlength=k) > 0
        total[there] += likeness[there]
        seen += there
    found: NDArray[np.float64] = np.where(seen > 0, total / np.maximum(seen, 1), np.nan)
    return found


def _likeness(
    embeddings: Vectors,
    drawn: Labels,
    sizes: Labels,
    home: Labels,
    apart: IndexPairs,
    *,
    floor: float,
    k: int,
) -> NDArray[np.float64]:
    """Return the Jaccard index of each narrative with the cluster of one draw that is most like it.

    `drawn` is the family of each row or -1, `home` the narrative of each family.
    """
    sums = group_sums(embeddings, drawn, len(sizes))
    near = pairs_above(units(sums), floor, max_neighbours=_MAX_PROPOSALS)
    sizes_used = np.maximum(sizes, 1)
    labels = average_linkage(sums, (near.first, near.second), apart, floor=floor, sizes=sizes_used)
    narrative = np.bincount(home, weights=sizes, minlength=k)
    cluster = np.bincount(labels, weights=sizes, minlength=len(sizes))
    keys, inverse = np.unique(home * len(sizes) + labels, return_inverse=True)
    shared = np.bincount(inverse, weights=sizes)
    of, to = keys // len(sizes), keys % len(sizes)
    likeness = np.zeros(k)
    union = np.maximum(narrative[of] + cluster[to] - shared, 1)
    np.maximum.at(likeness, of, shared / union)
    return likeness
