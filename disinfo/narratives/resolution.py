"""Whether the usual floor of topics fits a corpus, by how clearly its clusters stand out.

Breaking events lie far apart, essays for and against one question close together: at the usual
floor the latter would all be one topic. So the hierarchy of average linkage is also cut at other
floors, and where texts are at least twice as clearly nearer to their own cluster than to the
nearest other one (the silhouette, with mean cosines to clusters in place of mean distances), that
cut is taken. No label is needed.

References
----------
Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and validation of cluster
analysis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from disinfo.narratives.linkage import Labels, average_linkage
from disinfo.narratives.standing import Sums, units
from disinfo.neighbours import pairs_above
from disinfo.stages import Vectors

# Floors that are tried, as shares of that of families.
_CUTS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.32, 0.25, 0.18, 0.12, 0.07)
_MAX_PROPOSALS = 50
# A cut replaces the usual one only when it is clearly better: small differences are chance.
_CLEARLY = 2.0
# Enough for a mean; the choice does not follow the size of the corpus.
_MAX_FAMILIES = 3000
_MAX_TEXTS = 2000
# Fewer texts have no hierarchy to speak of.
_MIN_TEXTS = 30


def clearest_floor(embeddings: Vectors, families: Labels, *, usual: float, finest: float) -> float:
    """Return the usual floor of topics, or one at which clusters stand out far more clearly.

    Parameters
    ----------
    embeddings
        Unit rows, shape (n, d).
    families
        Family 0 … k-1 of each row.
    usual
        The floor that is kept unless another is clearly better, or for fewer than 30 texts.
    finest
        The floor of families: no cut is finer.

    Returns
    -------
    float
        A mean cosine. Of equal cuts the finer one.

    Notes
    -----
    A single cluster stands out from nothing and counts 0. Fails on corpora without clusters, where
    no cut is good.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> stories = np.repeat(np.eye(6, 40), 10, axis=0) + 0.8 * np.eye(1, 40, 39)
    >>> rows = units(stories + 0.1 * rng.normal(size=(60, 40)))
    >>> bool(clearest_floor(rows, np.arange(60), usual=0.15, finest=0.6) > 0.3)
    True
    """
    if len(families) < _MIN_TEXTS:
        return usual
    n = int(families.max()) + 1
    sums = np.zeros((n, embeddings.shape[1]))
    np.add.at(sums, families, embeddings)
    counts = np.bincount(families)
    # Evenly spaced rows of a sorted table, so that the draw comes from content.
    drawn = np.unique(np.linspace(0, n - 1, min(n, _MAX_FAMILIES)).astype(np.int64))
    place = np.full(n, -1, dtype=np.int64)
    place[drawn] = np.arange(len(drawn))
    rows = np.flatnonzero(place[families] >= 0)
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _MAX_TEXTS)).astype(int))]
    labels = np.arange(len(drawn))
    quality: dict[float, float] = {}
    for floor in sorted({usual, *(share * finest for share in _CUTS)}, reverse=True):
        labels = _coarser(sums[drawn], counts[drawn], labels, floor)
        quality[floor] = round(_silhouette(embeddings[rows], labels[place[families[rows]]]), 4)
    best = max(quality, key=lambda floor: (quality[floor], floor))
    return float(best if quality[best] > _CLEARLY * max(quality[usual], 0.0) else usual)


def _coarser(sums: Sums, counts: Labels, labels: Labels, floor: float) -> Labels:
    """Go on merging the clusters of a cut down to a lower floor."""
    groups, inverse = np.unique(labels, return_inverse=True)
    totals = np.zeros((len(groups), sums.shape[1]))
    np.add.at(totals, inverse, sums)
    sizes = np.bincount(inverse, weights=counts).astype(np.int64)
    near = pairs_above(units(totals), floor, max_neighbours=_MAX_PROPOSALS)
    none = np.empty(0, dtype=np.int64)
    merged = average_linkage(
        totals, (near.first, near.second), (none, none), floor=floor, sizes=sizes
    )
    coarser: Labels = merged[inverse]
    return coarser


def _silhouette(vectors: Vectors, labels: Labels) -> float:
    """Return the mean silhouette of texts; a text alone in its cluster counts 0."""
    groups, own = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    sums = np.zeros((len(groups), vectors.shape[1]))
    np.add.at(sums, own, vectors)
    sizes = np.bincount(own)
    mean = (vectors @ (sums / sizes[:, None]).T.astype(np.float32)).astype(np.float64)
    rest = np.einsum("ij,ij->i", vectors, sums[own] - vectors)
    inside: NDArray[np.float64] = rest / np.maximum(sizes[own] - 1, 1)
    mean[np.arange(len(vectors)), own] = -2.0
    outside = mean.max(axis=1)
    quality = (inside - outside) / np.maximum(1 - inside, 1 - outside)
    return float(np.where(sizes[own] > 1, quality, 0.0).mean())
