"""Broad topics above narratives: what the stories are about, at a fineness that fits the corpus.

No fixed cosine says what a topic is: breaking events lie far apart, essays for and against one
question close together. So each text is joined with its nearest ones, the graph is cut into
communities (Leiden) at several resolutions, and the finest cut is kept at which texts are about as
clearly nearer to their own topic than to the next one as they can be (the silhouette, with mean
cosines to clusters in place of mean distances). No label is needed.

References
----------
Traag, Waltman, van Eck 2019, From Louvain to Leiden, Scientific Reports 9.
Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and validation of cluster
analysis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.communities import leiden_communities
from disinfo.distinct import distinct
from disinfo.narratives.linkage import Labels
from disinfo.narratives.standing import group_sums, sums_in_parts, units
from disinfo.stages import Vectors

# Above 1 communities are what chance would join: stories, not what they are about.
_RESOLUTIONS = (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05)
_NEIGHBOURS = 15
# Of cuts that are nearly as clear as the clearest the finest is kept.
_NEARLY = 0.95
# Enough to see topics; what is not drawn joins the nearest one, so the cost does not follow n.
_MAX_TEXTS = 4000
# Fewer texts have no topics to speak of.
MIN_TEXTS = 30
# A later narrative joins a topic that is as near to it as nine in ten of its texts are.
_FLOOR_QUANTILE = 0.1


@dataclass(frozen=True, kw_only=True)
class Topics:
    """The topics of a corpus.

    Parameters
    ----------
    labels
        Topic 0 … m-1 of each narrative, shape (k,).
    floor
        Mean cosine of a narrative to a topic from which a later one joins it.
    """

    labels: Labels
    floor: float


def find_topics(embeddings: Vectors, narratives: Labels, *, seed: int = 0) -> Topics:
    """Find the topics of narratives.

    Parameters
    ----------
    embeddings
        Unit rows, shape (n, d), n at least 30; rows in an order that comes from content.
    narratives
        Narrative 0 … k-1 of each row.
    seed
        Seed of the communities.

    Returns
    -------
    Topics
        Each narrative belongs to the topic of most of its texts.

    Notes
    -----
    Of more than 4,000 texts so many are drawn, evenly; narratives without a drawn text join the
    topic of the highest mean cosine. A campaign with more wordings than a text has neighbours (15)
    may be a topic of its own. Fails on corpora without clusters, where no cut is good, and
    on texts that are about nothing: they are in some topic all the same.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = np.repeat(np.eye(3, 40), 20, axis=0) + 0.1 * rng.normal(size=(60, 40))
    >>> rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    >>> find_topics(rows, np.repeat(np.arange(12), 5)).labels.tolist()
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    n, k = len(embeddings), int(narratives.max()) + 1
    rows = np.unique(np.linspace(0, n - 1, min(n, _MAX_TEXTS)).astype(np.int64))
    drawn, told = embeddings[rows], narratives[rows]
    cut = _clearest_cut(drawn, seed)
    m = int(cut.max()) + 1
    votes = np.zeros((k, m), dtype=np.int64)
    np.add.at(votes, (told, cut), 1)
    means = group_sums(drawn, cut, m) / np.bincount(cut)[:, None]
    of_narrative: Labels = votes.argmax(axis=1)
    unseen = votes.sum(axis=1) == 0
    if unseen.any():
        for which, _, sums in sums_in_parts(embeddings, narratives, k):
            asked = np.flatnonzero(unseen[which])
            nearness = (units(sums[asked]) @ means.T).round(6)
            of_narrative[which.start + asked] = nearness.argmax(axis=1)
    own = np.einsum("ij,ij->i", drawn, means[of_narrative[told]])
    return Topics(
        labels=np.unique(of_narrative, return_inverse=True)[1].astype(np.int64),
        floor=max(0.01, float(np.quantile(own, _FLOOR_QUANTILE))),
    )


def _clearest_cut(drawn: Vectors, seed: int) -> Labels:
    """Return the community 0 … m-1 of each row at the resolution that fits."""
    edges = _nearest(drawn)
    cuts = []
    for resolution in _RESOLUTIONS:
        found = leiden_communities(len(drawn), edges, resolution=resolution, seed=seed)
        labels = np.unique(found, return_inverse=True)[1].astype(np.int64)
        cuts.append((round(silhouette(drawn, labels), 4), labels))
    best = max(quality for quality, _ in cuts)
    return next(labels for quality, labels in cuts if quality >= min(_NEARLY * best, best))


def _nearest(
    vectors: Vectors,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs of which one is among the nearest of the other, with their cosines."""
    n = len(vectors)
    k = min(_NEIGHBOURS, n - 1)
    # Rounded, so that equal neighbours tie and the first row wins, whatever the summation.
    cosine = (vectors @ vectors.T).round(5)
    np.fill_diagonal(cosine, -2.0)
    near = np.argsort(-cosine, axis=1, kind="stable")[:, :k].ravel()
    own = np.repeat(np.arange(n), k)
    keys = distinct(np.minimum(own, near) * n + np.maximum(own, near))
    first, second = keys // n, keys % n
    weight = cosine[first, second].astype(np.float64)
    kept = weight > 0
    return first[kept], second[kept], weight[kept]


def silhouette(vectors: Vectors, labels: Labels) -> float:
    """Return how clearly texts are nearer to their own cluster than to the nearest other one.

    Parameters
    ----------
    vectors
        Unit rows, shape (n, d).
    labels
        Cluster of each.

    Returns
    -------
    float
        Mean over texts, in [-1, 1]; a text alone in its cluster counts 0, and so does all in one.

    Examples
    --------
    >>> silhouette(np.eye(2, dtype=np.float32)[[0, 0, 1, 1]], np.array([0, 0, 1, 1]))
    1.0
    """
    groups, own = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    sums = group_sums(vectors, own, len(groups))
    sizes = np.bincount(own)
    mean = (vectors @ (sums / sizes[:, None]).T.astype(np.float32)).astype(np.float64)
    rest = np.einsum("ij,ij->i", vectors, sums[own] - vectors)
    inside: NDArray[np.float64] = rest / np.maximum(sizes[own] - 1, 1)
    mean[np.arange(len(vectors)), own] = -2.0
    outside = mean.max(axis=1)
    quality = (inside - outside) / np.maximum(np.maximum(1 - inside, 1 - outside), 1e-12)
    return float(np.where(sizes[own] > 1, quality, 0.0).mean())
