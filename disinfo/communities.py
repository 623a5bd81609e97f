"""Communities of a weighted graph by Leiden, independent of the order of its edges.

References
----------
Traag, Waltman, van Eck 2019, From Louvain to Leiden, Scientific Reports 9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]


def leiden_communities(
    n: int,
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    *,
    resolution: float,
    seed: int,
) -> Labels:
    """Partition nodes 0 … n-1.

    Parameters
    ----------
    n
        Number of nodes; a node without edges is a community of its own.
    edges
        First ends, second ends and weights, each of shape (m,); weights are positive.
    resolution
        Resolution of the modularity; higher gives more communities.
    seed
        Seed of the random refinement.

    Returns
    -------
    ndarray of shape (n,), int64
        A label a node: the smallest node of its community.

    Notes
    -----
    Fails, as all modularity methods do, on communities much smaller than the square root of the
    number of edges (the resolution limit).

    Examples
    --------
    >>> import numpy as np
    >>> pairs = (np.array([0, 1, 3]), np.array([1, 2, 4]), np.ones(3))
    >>> leiden_communities(6, pairs, resolution=1.0, seed=0).tolist()
    [0, 0, 0, 3, 3, 5]
    """
    from graspologic_native import leiden

    labels = np.arange(n)
    first, second, weight = edges
    if len(first) == 0:
        return labels
    low, high = np.minimum(first, second), np.maximum(first, second)
    # The same seed gives another partition when the edge list is shuffled, so it is sorted.
    order = np.lexsort((high, low))
    # Zero-padded names keep the library's own ordering of nodes that of the numbers.
    width = len(str(n))
    listed = [
        (f"{a:0{width}d}", f"{b:0{width}d}", w)
        for a, b, w in zip(
            low[order].tolist(), high[order].tolist(), weight[order].tolist(), strict=True
        )
    ]
    _, found = leiden(
        edges=listed,
        starting_communities=None,
        resolution=resolution,
        randomness=0.001,
        iterations=2,
        use_modularity=True,
        seed=seed,
        trials=1,
    )
    # Names are zero-padded numbers of nodes; those of a community are labelled by its first node.
    node = np.fromiter(map(int, found), dtype=np.int64, count=len(found))
    community = np.fromiter(found.values(), dtype=np.int64, count=len(found))
    order = np.lexsort((node, community))
    node, community = node[order], community[order]
    begins = np.flatnonzero(np.diff(community, prepend=-1))
    labels[node] = np.repeat(node[begins], np.diff(begins, append=len(node)))
    return labels
