"""The windowed join: pairs of accounts that act on one object within a window.

Sorted arrays and binary search, never all pairs of an object: the work is in the pairs that lie
within the window. Popular objects are guarded: an action is paired with at most so many that follow
it; what is skipped is counted, and the popularity of the object is counted in full, so that a
viral object weighs as little as it should.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints

# Followers of one action within the window; a viral URL has thousands, a campaign's rarely so many.
MAX_FOLLOWERS = 300


@dataclass(frozen=True, kw_only=True)
class CoActions:
    """Co-actions of one layer: one row for each pair of accounts and event.

    Parameters
    ----------
    first, second
        Account codes, first < second.
    event
        Event code.
    delay_ms
        Shortest delay between the two, signed: positive when `first` acted first.
    n_skipped
        Pairs that the guard did not form.
    """

    first: Ints
    second: Ints
    event: Ints
    delay_ms: Ints
    n_skipped: int


def co_actions(acts: Acts, window_s: float) -> CoActions:
    """Join the actions of a layer with themselves within a window.

    Parameters
    ----------
    acts
        The actions of one layer.
    window_s
        Longest delay, in seconds.

    Returns
    -------
    CoActions
        Sorted by first, second, event.
    """
    upper = np.searchsorted(acts.key, acts.key + int(window_s * 1000), side="right")
    followers = upper - np.arange(len(acts)) - 1
    formed = np.minimum(followers, MAX_FOLLOWERS)
    left = np.repeat(np.arange(len(acts)), formed)
    begin = np.repeat(np.cumsum(formed) - formed, formed)
    right = left + 1 + (np.arange(len(left)) - begin)
    different = acts.account[left] != acts.account[right]
    left, right = left[different], right[different]
    a, b = acts.account[left], acts.account[right]
    delay = acts.time_ms[right] - acts.time_ms[left]
    first, second = np.minimum(a, b), np.maximum(a, b)
    signed = np.where(a == first, delay, -delay)
    event = acts.event[left]
    order = np.lexsort((signed, delay, event, second, first))
    first, second, event = first[order], second[order], event[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(first) != 0) | (np.diff(second) != 0) | (np.diff(event) != 0)
    return CoActions(
        first=first[fresh],
        second=second[fresh],
        event=event[fresh],
        delay_ms=signed[order][fresh],
        n_skipped=int((followers - formed).sum()),
    )


def event_hits(acts: Acts, joined: CoActions, window_s: float) -> NDArray[np.float64]:
    """Return, for each event, how many pairs of accounts act on it within a window.

    Parameters
    ----------
    acts
        The actions of the layer.
    joined
        Its co-actions within at least this window.
    window_s
        The window, in seconds.

    Returns
    -------
    ndarray of float64
        By event code; events whose pairs the guard cut are counted in full from their actions.
    """
    n_events = int(acts.event.max(initial=-1)) + 1
    within = np.abs(joined.delay_ms) <= window_s * 1000
    hits = np.bincount(joined.event[within], minlength=n_events).astype(np.float64)
    upper = np.searchsorted(acts.key, acts.key + int(window_s * 1000), side="right")
    followers = upper - np.arange(len(acts)) - 1
    if followers.max(initial=0) > MAX_FOLLOWERS:
        full = np.bincount(acts.event, weights=followers, minlength=n_events)
        cut = np.unique(acts.event[followers > MAX_FOLLOWERS])
        hits[cut] = np.maximum(hits[cut], full[cut])
    return hits
