"""Candidate groups: communities of loosely linked accounts, found on one half of the posts.

Any heuristic is allowed here, since the groups are tested on the other half. Two kinds of graph are
cut into communities at two resolutions: loose pairs by p, of all layers together and of each alone,
and pairs that share much of their activity, by layer and window. The second kind finds campaigns
that make up so much of a layer that they explain their own popularity to the pair test. Each group
is grown by the accounts that are at most of its meetings; groups that act on the same events are
tried as one, since a community algorithm likes to cut a dense campaign in two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.communities import leiden_communities
from disinfo.coordination.acts import ActionArrays, Acts, Ints, ranges
from disinfo.coordination.group_evidence import GroupEvidence, group_evidence
from disinfo.coordination.group_index import GroupIndex
from disinfo.coordination.link_accounts import combined_pairs
from disinfo.coordination.members import shared_rows
from disinfo.coordination.pair_null import PairCell, pair_evidence
from disinfo.distinct import distinct, numbered

Floats = NDArray[np.float64]

LOOSE_P = (1e-3, 1e-5)
# So many accounts, or fewer, are looked at with these p-values; with more, p falls as they grow,
# or an account would have ever more loose partners by chance alone.
_FEW_ACCOUNTS = 5000
# What a group must show on the half that found it, to be worth a hypothesis on the other.
MIN_LOG_E = 3.0
MIN_OVERLAP = (0.2, 0.4)
_MIN_CO_ACTIONS = 2
_RESOLUTIONS = (0.2, 1.0)
# Two groups are tried as one when they share half of the events of the one that has fewer.
_SAME_EVENTS = 0.5
_MIN_EVENTS = 2
_MAX_GROWTH = 3
# Groups are grown, strongest first, until those grown have so many acts. A small group that meets
# by chance on popular objects would take in their crowd, and there are more of these in more data.
_MOST_GROWN_ACTS = 500_000
# Groups are tried as one, strongest first, until the unions have so many acts: in a dense corpus
# most groups meet on the same popular objects, and pairs of groups are quadratic in their number.
_MOST_JOINED_ACTS = 2_000_000
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
) -> tuple[list[Candidate], int]:
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
    candidates : list of Candidate
        Strongest first; a weaker one that shares half of its accounts (or of the stronger one's)
        with a stronger one is left out.
    n_as_found : int
        Weaker candidates that were left as small as they were found, for want of time.
    """
    found = _weighed(arrays, _proposed(arrays, windows_s, min_accounts, seed), windows_s)
    apart = _without_overlaps([one for one in found if one])
    # Each of K candidates pays ln K on the other half: what shows less than that on its own, where
    # it was chosen for showing much, makes the others pay and cannot win.
    apart = [one for one in apart if one.log_e >= np.log(len(apart))]
    grown, n_not_grown = _grown(arrays, apart, windows_s)
    joined, n_not_joined = _with_unions(arrays, grown, windows_s)
    return _without_overlaps(joined), max(n_not_grown, n_not_joined)


def _proposed(
    arrays: ActionArrays, windows_s: tuple[int, ...], min_accounts: int, seed: int
) -> list[Ints]:
    """Return the communities of all graphs, each once; what pairs show takes memory until then."""
    cells, _ = pair_evidence(arrays, windows_s)
    groups: dict[bytes, Ints] = {}
    for graph in _graphs(arrays, cells, windows_s) if cells else ():
        for members in _communities(graph, seed):
            if len(members) >= min_accounts:
                groups[members.tobytes()] = members
    return [members for _, members in sorted(groups.items())]


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
    combined = [combined_pairs(cells, n_cells=len(arrays.layers) * len(windows_s))]
    if len(arrays.layers) > 1:
        for layer in sorted({cell.layer for cell in cells}):
            own = [cell for cell in cells if cell.layer == layer]
            combined.append(combined_pairs(own, n_cells=len(windows_s)))
    share = min(1.0, _FEW_ACCOUNTS / max(_n_acting(arrays), 1))
    for pairs in combined:
        for loose in LOOSE_P:
            kept = pairs.p <= loose * share
            weight = np.minimum(-np.log(np.maximum(pairs.p[kept], 1e-300)), _MAX_WEIGHT)
            yield _Graph(first=pairs.first[kept], second=pairs.second[kept], weight=weight)
    for cell in cells:
        often = cell.co_actions >= _MIN_CO_ACTIONS
        for least in MIN_OVERLAP:
            kept = often & (cell.overlap >= least)
            yield _Graph(
                first=cell.first[kept], second=cell.second[kept], weight=cell.overlap[kept]
            )


def _n_acting(arrays: ActionArrays) -> int:
    """Return how many accounts act in any layer."""
    acting = np.zeros(len(arrays.accounts), dtype=bool)
    for acts in arrays.layers:
        acting[acts.account] = True
    return int(acting.sum())


def _weighed(
    arrays: ActionArrays, groups: Sequence[Ints], windows_s: tuple[int, ...]
) -> list[Candidate | None]:
    """Return a candidate for each group that shows anything on the half that found it."""
    return [
        Candidate(members=members, evidence=evidence)
        if evidence is not None and evidence.log_e >= MIN_LOG_E
        else None
        for members, evidence in zip(groups, group_evidence(arrays, groups, windows_s), strict=True)
    ]


def _grown(
    arrays: ActionArrays, candidates: list[Candidate], windows_s: tuple[int, ...]
) -> tuple[list[Candidate], int]:
    """Add to each the accounts that are at most of its meetings, while that shows more."""
    grown, n_not_grown, acts_left = list(candidates), 0, _MOST_GROWN_ACTS
    growing = list(range(len(grown)))
    for _ in range(_MAX_GROWTH):
        groups = [_with_regulars(arrays, grown[at].members, windows_s) for at in growing]
        more = [n for n, at in enumerate(growing) if len(groups[n]) > len(grown[at].members)]
        sizes = [sum(acts.n_rows_of(groups[n]) for acts in arrays.layers) for n in more]
        n_in_time = int(np.searchsorted(np.cumsum(sizes), acts_left, side="right"))
        n_not_grown += len(more) - n_in_time
        acts_left -= sum(sizes[:n_in_time])
        more = more[:n_in_time]
        larger = _weighed(arrays, [groups[n] for n in more], windows_s)
        growing = [growing[n] for n in more]
        better = {
            at: one
            for at, one in zip(growing, larger, strict=True)
            if one is not None and one.log_e > grown[at].log_e
        }
        growing = sorted(better)
        for at, one in better.items():
            grown[at] = one
    return grown, n_not_grown


def _with_regulars(arrays: ActionArrays, members: Ints, windows_s: tuple[int, ...]) -> Ints:
    """Return a group with all accounts that are at most of its meetings, by event.

    On popular objects busy accounts are at most meetings of anybody. So presence must surprise, by
    the null of pairs, more than the most surprising of so many accounts would.
    """
    met = [_Meetings.of(acts, members, windows_s[-1]) for acts in arrays.layers]
    accounts, at, counts = np.unique(
        np.concatenate([one.account for one in met]), return_inverse=True, return_counts=True
    )
    n_events = sum(one.n_events for one in met)
    surprise = np.bincount(at, weights=np.concatenate([one.surprise for one in met]))
    regular = counts >= max(_MIN_EVENTS, _SAME_EVENTS * n_events)
    regular &= surprise >= np.log(max(len(accounts), 1))
    return distinct(members, accounts[regular])


@dataclass(frozen=True, kw_only=True)
class _Meetings:
    """Who is at a group's meetings in one layer: an entry an account and event."""

    account: Ints
    surprise: Floats
    n_events: int

    @classmethod
    def of(cls, acts: Acts, members: Ints, window_s: int) -> _Meetings:
        meetings = shared_rows(acts, members, window_s)
        events = distinct(acts.event[meetings])
        span = window_s * 1000
        begin = np.searchsorted(acts.key, acts.key[meetings] - span, side="left")
        end = np.searchsorted(acts.key, acts.key[meetings] + span, side="right")
        near = distinct(ranges(begin, end))
        near = near[np.isin(acts.event[near], events)]
        event = np.searchsorted(events, acts.event[near])
        once = distinct(acts.account[near] * max(len(events), 1) + event)
        account, event_of = np.divmod(once, max(len(events), 1))
        crowd = np.bincount(event, minlength=len(events))
        product = acts.activity[account] * crowd[event_of]
        chance = -np.expm1(-product / len(acts)) if len(acts) else np.ones(0)
        return cls(account=account, surprise=-np.log(chance), n_events=len(events))


def _with_unions(
    arrays: ActionArrays, candidates: list[Candidate], windows_s: tuple[int, ...]
) -> tuple[list[Candidate], int]:
    """Join candidates that act on the same events, where the union shows more than its parts.

    Also says for how many not all unions could be tried.
    """
    events = [_events(arrays, candidate.members, windows_s) for candidate in candidates]
    on_event: dict[tuple[str, int], list[int]] = {}
    for at, own in enumerate(events):
        for event in own:
            on_event.setdefault(event, []).append(at)
    near = [_others_on(own, on_event, events, after=at) for at, own in enumerate(events)]
    n_in_time = _in_time(arrays, candidates, near)
    n_left = sum(map(bool, near[n_in_time:]))
    near[n_in_time:] = [[] for _ in near[n_in_time:]]
    # Weighed together, which costs far less than one by one; few are the stronger for it.
    pairs = [(at, other) for at, others in enumerate(near) for other in others]
    unions = [distinct(candidates[a].members, candidates[b].members) for a, b in pairs]
    of_pair = dict(zip(pairs, _weighed(arrays, unions, windows_s), strict=True))
    taken: set[int] = set()
    joined: list[Candidate] = []
    for at, candidate in enumerate(candidates):
        if at in taken:
            continue
        own = events[at]
        others = [other for other in near[at] if other not in taken]
        weighed = [of_pair[at, other] for other in others]
        while found := _first_stronger(candidate, weighed):
            place, candidate = found
            other = others[place]
            own = own | events[other]
            taken.add(other)
            others = _others_on(own, on_event, events, after=other)
            others = [other for other in others if other not in taken]
            unions = [distinct(candidate.members, candidates[n].members) for n in others]
            weighed = _weighed(arrays, unions, windows_s)
        joined.append(candidate)
    return joined, n_left


def _in_time(arrays: ActionArrays, candidates: list[Candidate], near: list[list[int]]) -> int:
    """Return how many candidates, strongest first, can be tried with all that they are near to."""
    own = np.array(
        [sum(acts.n_rows_of(one.members) for acts in arrays.layers) for one in candidates], np.int64
    )
    work = [int(own[at] * len(others) + own[others].sum()) for at, others in enumerate(near)]
    return int(np.searchsorted(np.cumsum(work), _MOST_JOINED_ACTS, side="right"))


def _first_stronger(
    candidate: Candidate, unions: Sequence[Candidate | None]
) -> tuple[int, Candidate] | None:
    """Return the first union that shows no less than a candidate alone, and its place."""
    stronger = (
        (place, union)
        for place, union in enumerate(unions)
        if union is not None and union.log_e >= candidate.log_e
    )
    return next(stronger, None)


def _others_on(
    own: set[tuple[str, int]],
    on_event: dict[tuple[str, int], list[int]],
    events: list[set[tuple[str, int]]],
    *,
    after: int,
) -> list[int]:
    """Return the later candidates that share half of the events of the one that has fewer."""
    shared = Counter(at for event in own for at in on_event[event] if at > after)
    return sorted(
        at
        for at, count in shared.items()
        if count >= max(_MIN_EVENTS, _SAME_EVENTS * min(len(own), len(events[at])))
    )


def _events(
    arrays: ActionArrays, members: Ints, windows_s: tuple[int, ...]
) -> set[tuple[str, int]]:
    """Return the events on which two members act within the longest window."""
    return {
        (acts.layer, event)
        for acts in arrays.layers
        for event in distinct(acts.event[shared_rows(acts, members, windows_s[-1])]).tolist()
    }


def _communities(graph: _Graph, seed: int) -> list[Ints]:
    if len(graph.weight) == 0:
        return []
    nodes, place = numbered(np.concatenate([graph.first, graph.second]))
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
    index = GroupIndex()
    for candidate in sorted(candidates, key=lambda c: (-round(c.log_e, 6), c.members.tolist())):
        if not index.overlapping(candidate.members):
            index.add(candidate.members)
            kept.append(candidate)
    return kept
