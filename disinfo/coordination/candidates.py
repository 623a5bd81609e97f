"""Candidate groups: communities of loosely linked accounts, found on one half of the posts.

Any heuristic is allowed here, since the groups are tested on the other half. Two kinds of graph are
cut into communities at two resolutions: loose pairs by p, of all layers together and of each alone,
and pairs that share much of their activity, by layer and window. The second kind finds campaigns
that make up so much of a layer that they explain their own popularity to the pair test. Each group
is grown by the accounts that act on most of its events, and groups that act on the same events are
tried as one, since a community algorithm likes to cut a dense campaign in two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.communities import leiden_communities
from disinfo.coordination.acts import ActionArrays, Ints
from disinfo.coordination.group_evidence import GroupEvidence, group_evidence
from disinfo.coordination.link_accounts import combined_pairs
from disinfo.coordination.members import shared_rows
from disinfo.coordination.pair_null import PairCell, pair_evidence

Floats = NDArray[np.float64]

LOOSE_P = (1e-3, 1e-5)
# What a group must show on the half that found it, to be worth a hypothesis on the other.
MIN_LOG_E = 3.0
MIN_OVERLAP = (0.2, 0.4)
_MIN_CO_ACTIONS = 2
_RESOLUTIONS = (0.2, 1.0)
# Two groups are tried as one when they share half of the events of the one that has fewer.
_SAME_EVENTS = 0.5
_MIN_EVENTS = 2
_MAX_GROWTH = 3
# Weights of edges are capped, so that one pair of twins does not pull a community apart.
_MAX_WEIGHT = 50.0


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A group of accounts to test.

    Parameters
    ----------
    members
        Account codes, ascending.
    evidence
        What the half that found it says; it orders the candidates and proves nothing.
    """

    members: Ints
    evidence: GroupEvidence

    @property
    def log_e(self) -> float:
        """Log e-value on the half that found it."""
        return self.evidence.log_e


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
    cells, _ = pair_evidence(arrays, windows_s)
    if not cells:
        return []
    groups: dict[bytes, Ints] = {}
    for graph in _graphs(arrays, cells, windows_s):
        for members in _communities(graph, seed):
            if len(members) >= min_accounts:
                groups[members.tobytes()] = members
    found = [
        candidate
        for _, members in sorted(groups.items())
        if (candidate := _weighed(arrays, members, windows_s)) is not None
    ]
    grown = [_grown(arrays, candidate, windows_s) for candidate in _without_overlaps(found)]
    return _without_overlaps(_with_unions(arrays, grown, windows_s))


@dataclass(frozen=True, kw_only=True)
class _Graph:
    """A graph of accounts: both ends and the weight of each edge."""

    first: Ints
    second: Ints
    weight: Floats


def _graphs(
    arrays: ActionArrays, cells: list[PairCell], windows_s: tuple[int, ...]
) -> Iterator[_Graph]:
    """Yield the graphs in whose communities candidates are sought."""
    layers = sorted({cell.layer for cell in cells})
    of_layers = [
        combined_pairs([cell for cell in cells if cell.layer == layer], n_cells=len(windows_s))
        for layer in layers
    ]
    every = combined_pairs(cells, n_cells=len(arrays.layers) * len(windows_s))
    for pairs in (every, *of_layers):
        for loose in LOOSE_P:
            kept = pairs.p <= loose
            weight = np.minimum(-np.log(np.maximum(pairs.p[kept], 1e-300)), _MAX_WEIGHT)
            yield _Graph(first=pairs.first[kept], second=pairs.second[kept], weight=weight)
    for cell in cells:
        often = cell.co_actions >= _MIN_CO_ACTIONS
        for least in MIN_OVERLAP:
            kept = often & (cell.overlap >= least)
            yield _Graph(
                first=cell.first[kept], second=cell.second[kept], weight=cell.overlap[kept]
            )


def _weighed(arrays: ActionArrays, members: Ints, windows_s: tuple[int, ...]) -> Candidate | None:
    """Return the candidate if it shows anything on the half that found it."""
    evidence = group_evidence(arrays, members, windows_s)
    if evidence is None or evidence.log_e < MIN_LOG_E:
        return None
    return Candidate(members=members, evidence=evidence)


def _grown(arrays: ActionArrays, candidate: Candidate, windows_s: tuple[int, ...]) -> Candidate:
    """Add the accounts that act on most of the group's events, while that shows more."""
    for _ in range(_MAX_GROWTH):
        counts = np.zeros(len(arrays.accounts), dtype=np.int64)
        events = _events(arrays, candidate.members, windows_s)
        for acts in arrays.layers:
            own = [event for layer, event in events if layer == acts.layer]
            there = np.isin(acts.event, own)
            pairs = np.unique(np.stack([acts.account[there], acts.event[there]]), axis=1)
            counts += np.bincount(pairs[0], minlength=len(counts))
        often = np.flatnonzero(counts >= max(_MIN_EVENTS, _SAME_EVENTS * len(events)))
        members = np.union1d(candidate.members, often)
        if len(members) == len(candidate.members):
            break
        larger = _weighed(arrays, members, windows_s)
        if larger is None or larger.log_e <= candidate.log_e:
            break
        candidate = larger
    return candidate


def _with_unions(
    arrays: ActionArrays, candidates: list[Candidate], windows_s: tuple[int, ...]
) -> list[Candidate]:
    """Join candidates that act on the same events, where the union shows more than its parts."""
    pool = [(candidate, _events(arrays, candidate.members, windows_s)) for candidate in candidates]
    joined: list[Candidate] = []
    while pool:
        candidate, events = pool.pop(0)
        rest = []
        for other, other_events in pool:
            shared = len(events & other_events)
            fewer = min(len(events), len(other_events))
            if shared >= max(_MIN_EVENTS, _SAME_EVENTS * fewer):
                members = np.union1d(candidate.members, other.members)
                union = _weighed(arrays, members, windows_s)
                if union is not None and union.log_e >= candidate.log_e:
                    candidate, events = union, events | other_events
                    continue
            rest.append((other, other_events))
        pool = rest
        joined.append(candidate)
    return joined


def _events(
    arrays: ActionArrays, members: Ints, windows_s: tuple[int, ...]
) -> set[tuple[str, int]]:
    """Return the events on which two members act within the longest window."""
    return {
        (acts.layer, int(event))
        for acts in arrays.layers
        for event in np.unique(acts.event[shared_rows(acts, members, windows_s[-1])])
    }


def _communities(graph: _Graph, seed: int) -> list[Ints]:
    if len(graph.weight) == 0:
        return []
    nodes, place = np.unique(np.concatenate([graph.first, graph.second]), return_inverse=True)
    half = len(graph.first)
    ends = (place[:half], place[half:], graph.weight)
    found: list[Ints] = []
    for resolution in _RESOLUTIONS:
        labels = leiden_communities(len(nodes), ends, resolution=resolution, seed=seed)
        # Labels are nodes, so sorting by them puts every community side by side.
        order = np.argsort(labels, kind="stable")
        found.extend(np.split(nodes[order], np.flatnonzero(np.diff(labels[order])) + 1))
    return found


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
