"""Co-actions of a crowded layer: pairs of accounts that meet at least twice.

The number of pairs that meet grows faster than the number of actions, and nearly all of them meet
once. Among millions of such pairs a lone meeting can be no evidence: its p is at best about the
share of pairs that meet on so rare an event, while the number of pairs tested is that of all of
them. So in a crowded layer a pair of accounts is formed when it meets twice; the rest are counted.

The work is done twice over instead of being kept: one pass finds which pairs repeat, by sorting
one number a meeting, and a second forms those. Memory is eight bytes a meeting, and the number of
meetings is bounded: where there would be more, each action is paired with fewer of those that
follow it, the nearest in time. An object with fewer followers than that loses nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints
from disinfo.coordination.co_actions import (
    MAX_FOLLOWERS,
    CoActions,
    followers_within,
    formed_pairs,
    paired,
)
from disinfo.distinct import distinct

# With fewer meetings than this in a layer, lone ones are cheap and are judged as well.
CROWDED = 2_000_000
MOST_MEETINGS = 40_000_000
_CHUNK = 1_000_000
_SLOTS_LOG2 = 26
# Odd, from the golden ratio: multiplying by it spreads neighbouring numbers over all high bits.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def is_crowded(acts: Acts, window_s: float) -> bool:
    """Return whether a layer has too many meetings to judge the lone ones.

    Parameters
    ----------
    acts
        The actions of one layer.
    window_s
        Longest delay, in seconds.

    Returns
    -------
    bool
        True when the join would form more than `CROWDED` pairs.
    """
    followers = followers_within(acts.key, window_s)
    return int(np.minimum(followers, MAX_FOLLOWERS).sum()) > CROWDED


def repeated_co_actions(acts: Acts, window_s: float) -> CoActions:
    """Join the actions of a crowded layer; only pairs that meet at least twice come out.

    Parameters
    ----------
    acts
        The actions of one layer.
    window_s
        Longest delay, in seconds.

    Returns
    -------
    CoActions
        Sorted by first, second, event; `n_lone` counts the pairs that meet once.

    Notes
    -----
    Fails to see a group whose members meet pair by pair only once, however many they are.
    """
    followers = followers_within(acts.key, window_s)
    formed = np.minimum(followers, _most_followers(followers))
    width = int(acts.account.max(initial=0)) + 1
    repeated, n_lone = _repeated(acts, formed, width)
    # Most lone pairs are turned away by one look-up in a table of marks.
    marked = np.zeros(1 << _SLOTS_LOG2, dtype=bool)
    marked[_slot(repeated)] = True
    lefts, rights = [], []
    for left, right, pair in _meetings(acts, formed, width):
        maybe = np.flatnonzero(marked[_slot(pair)])
        at = np.minimum(np.searchsorted(repeated, pair[maybe]), len(repeated) - 1)
        kept = maybe[repeated[at] == pair[maybe]]
        lefts.append(left[kept])
        rights.append(right[kept])
    found = paired(
        np.concatenate(lefts),
        np.concatenate(rights),
        account=acts.account,
        event=acts.event,
        time_ms=acts.time_ms,
    )
    return CoActions(**found, n_skipped=int((followers - formed).sum()), n_lone=n_lone)


def _repeated(acts: Acts, formed: Ints, width: int) -> tuple[Ints, int]:
    """Return the pairs that meet more than once, ascending, and how many meet once."""
    pairs = np.empty(int(formed.sum()), dtype=np.int64)
    filled = 0
    for _, _, pair in _meetings(acts, formed, width):
        pairs[filled : filled + len(pair)] = pair
        filled += len(pair)
    pairs = pairs[:filled]
    pairs.sort()
    again = pairs[1:] == pairs[:-1]
    repeated = distinct(pairs[1:][again])
    return repeated, len(pairs) - int(again.sum()) - len(repeated)


def _meetings(acts: Acts, formed: Ints, width: int) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield meetings of different accounts, some rows at a time: rows, and the pair's number."""
    done = np.cumsum(formed)
    cuts = np.searchsorted(done, np.arange(_CHUNK, int(done[-1]), _CHUNK), side="left") + 1
    bounds = np.unique(np.concatenate([[0], cuts, [len(formed)]]))
    for begin, end in itertools.pairwise(bounds.tolist()):
        left, right = formed_pairs(formed[begin:end], first_row=begin)
        a, b = acts.account[left], acts.account[right]
        pair = np.minimum(a, b) * width + np.maximum(a, b)
        different = a != b
        yield left[different], right[different], pair[different]


def _most_followers(followers: Ints) -> int:
    """Return with how many followers each action may be paired, to stay below the bound."""
    low, high = 1, MAX_FOLLOWERS
    while low < high:
        middle = (low + high + 1) // 2
        fits = int(np.minimum(followers, middle).sum()) <= MOST_MEETINGS
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def _slot(pair: Ints) -> NDArray[np.uint64]:
    return (pair.astype(np.uint64) * _SPREAD) >> np.uint64(64 - _SLOTS_LOG2)
