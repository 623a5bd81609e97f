"""Candidate groups: communities of loosely linked accounts, found on one half of the posts.

Any heuristic is allowed here, since the groups are tested on the other half. Loose pairs of all
layers together and of each layer alone are cut into communities at two levels of p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.communities import leiden_communities
from disinfo.coordination.acts import ActionArrays, Ints
from disinfo.coordination.group_evidence import group_evidence
from disinfo.coordination.link_accounts import combine_cells
from disinfo.coordination.pair_null import pair_evidence

LOOSE_P = (1e-3, 1e-5)
# What a group must show on the half that found it, to be worth a hypothesis on the other.
MIN_LOG_E = 3.0
# Weights of edges are capped, so that one pair of twins does not pull a community apart.
_MAX_WEIGHT = 50.0


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A group of accounts to test.

    Parameters
    ----------
    members
        Account codes, ascending.
    log_e
        Log e-value on the half that found it; it orders the candidates and proves nothing.
    """

    members: Ints
    log_e: float


def find_candidates(
    arrays: ActionArrays, windows_s: tuple[int, ...], *, min_accounts: int, seed: int
) -> list[Candidate]:
    """Find groups of accounts that seem to act together.

    Parameters
    ----------
    arrays
        The actions of the discovery half.
    windows_s
        Windows in seconds.
    min_accounts
        Smallest group.
    seed
        Seed of the community detection.

    Returns
    -------
    list of Candidate
        Strongest first; a weaker one that shares half of its accounts (or of the stronger one's)
        with a stronger one is left out.
    """
    pairs, _ = pair_evidence(arrays, windows_s)
    if len(pairs) == 0:
        return []
    combined = combine_cells(pairs, n_cells=len(arrays.layers) * len(windows_s))
    graphs = [combined]
    for acts in arrays.layers:
        of_layer = pairs[pairs["layer"] == acts.layer]
        if len(of_layer):
            graphs.append(combine_cells(of_layer, n_cells=len(windows_s)))
    groups: dict[bytes, Ints] = {}
    for graph in graphs:
        for loose in LOOSE_P:
            for members in _communities(graph[graph["p"] <= loose], seed):
                if len(members) >= min_accounts:
                    groups[members.tobytes()] = members
    found = []
    for _, members in sorted(groups.items()):
        evidence = group_evidence(arrays, members, windows_s)
        if evidence is not None and evidence.log_e >= MIN_LOG_E:
            found.append(Candidate(members=members, log_e=evidence.log_e))
    return _without_overlaps(found)


def _communities(graph: pd.DataFrame, seed: int) -> list[Ints]:
    if len(graph) == 0:
        return []
    first, second = graph["first"].to_numpy(np.int64), graph["second"].to_numpy(np.int64)
    nodes, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    weight: NDArray[np.float64] = np.minimum(
        -np.log(np.maximum(graph["p"].to_numpy(), 1e-300)), _MAX_WEIGHT
    )
    ends = (place[: len(first)], place[len(first) :], weight)
    labels = leiden_communities(len(nodes), ends, resolution=1.0, seed=seed)
    return [nodes[labels == label] for label in np.unique(labels)]


def _without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-round(c.log_e, 6), c.members.tolist())):
        if not any(overlapping(candidate.members, other.members) for other in kept):
            kept.append(candidate)
    return kept


def overlapping(a: Ints, b: Ints) -> bool:
    """Tell whether two groups share at least half of the smaller one.

    Parameters
    ----------
    a, b
        Account codes.

    Returns
    -------
    bool
        Whether they do.

    Examples
    --------
    >>> import numpy as np
    >>> overlapping(np.array([1, 2, 3]), np.array([2, 3, 4, 5]))
    True
    """
    return 2 * len(np.intersect1d(a, b)) >= min(len(a), len(b))
