"""Expected followers: how many members of a group would act next, were they like everybody else.

Every action of a member on an object on which no member acted in the window before is a *start*.
The null says how many of the other members act on that object within the window after it, given

- how fast outsiders follow at that age of an object (fresh items are followed faster),
- how many outsiders act on this very object around that time (its own popularity, news included),
- which share of the audience of the object's source the group makes up (its taste), and how fast
  the group reacts to others in general (readers of push alerts are fast without any agreement).

Everything is estimated without the group, or without its actions on the object being tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Bin 0: no outsider acted before. Then time since the first outsider act, upper ends in seconds.
_AGE_ENDS_S = (60, 300, 3600, 21600, 86400)
_SHRINK_ACTS = 20.0
_SHRINK_SHARE = 10.0
_SLOWEST = 0.5
# Shape of the spread of follow rates between objects of one age.
SHAPE = 0.5
# With fewer outsider acts than this a layer says nothing about what outsiders do.
_MIN_OUTSIDERS = 20


@dataclass(frozen=True, kw_only=True)
class Starts:
    """The starts of a group in one layer and window, with what the null expects of each.

    Parameters
    ----------
    row
        Row of each start in the layer's `Acts`.
    followers
        How many other members acted within the window after it.
    mean, size
        Mean and size of the negative binomial that the null expects.
    fresh
        Whether no outsider had acted on the object before.
    """

    row: Ints
    followers: Ints
    mean: Floats
    size: Floats
    fresh: Mask


def group_starts(acts: Acts, members: Ints, window_s: int) -> Starts | None:
    """Find a group's starts in one layer and the followers that the null expects.

    Parameters
    ----------
    acts
        The actions of one layer.
    members
        Account codes of the group.
    window_s
        The window, in seconds; at most six hours, so that a member follows at most once.

    Returns
    -------
    Starts or None
        None where the group has no action in the layer or there are too few outsiders to compare.

    Notes
    -----
    Fails where the group is the whole audience of a kind of object that nobody else touches: there
    is nothing to compare with, and the share of the audience (at most 1) takes all credit.
    """
    inside = np.isin(acts.account, members)
    group, others = np.flatnonzero(inside), np.flatnonzero(~inside)
    if len(group) == 0 or len(others) < _MIN_OUTSIDERS:
        return None
    span = window_s * 1000
    key = acts.key[group]
    opens = np.diff(key, prepend=key[0] - span - 1) > span
    last = np.searchsorted(key, key + span, side="right")
    followers = last - np.arange(len(group)) - 1
    start = group[opens]
    age = _age_bins(acts, others)
    rate_by_age = _follow_rates(acts, others, age, span)
    mean_rate = rate_by_age[age[start]]
    share = _audience_share(acts, inside, start, age)
    nearby = _between(acts.key[others], acts.key[start] - span, acts.key[start] + span)
    size = (SHAPE + nearby).astype(np.float64)
    mean = share * size / (SHAPE / mean_rate + 2 * (1 - share))
    return Starts(
        row=start, followers=followers[opens], mean=mean, size=size, fresh=age[start] == 0
    )


def _between(sorted_keys: Ints, low: Ints, high: Ints) -> Ints:
    """Return how many keys lie in [low, high], for each pair of bounds."""
    upper = np.searchsorted(sorted_keys, high, side="right")
    count: Ints = upper - np.searchsorted(sorted_keys, low, side="left")
    return count


def _age_bins(acts: Acts, others: Ints) -> Ints:
    """Return the age bin of every act: time since the first outsider act on its object."""
    first = np.full(int(acts.item.max()) + 1, np.iinfo(np.int64).max)
    items, at = np.unique(acts.item[others], return_index=True)
    first[items] = acts.time_ms[others[at]]
    opened = first[acts.item]
    age = acts.time_ms - np.minimum(opened, acts.time_ms)
    bins = 1 + np.searchsorted(np.array(_AGE_ENDS_S) * 1000, age, side="left")
    # The first outsider's own act, and acts before it, found nobody there.
    alone = opened > acts.time_ms
    alone[others[at]] = True
    result: Ints = np.where(alone, 0, bins)
    return result


def _follow_rates(acts: Acts, others: Ints, age: Ints, span_ms: int) -> Floats:
    """Return the mean number of outsiders that follow an outsider, by age bin."""
    key = acts.key[others]
    followers = np.searchsorted(key, key + span_ms, side="right") - np.arange(len(key)) - 1
    n_bins = len(_AGE_ENDS_S) + 2
    count = np.bincount(age[others], minlength=n_bins)
    total = np.bincount(age[others], weights=followers, minlength=n_bins)
    # One follower is added to the layer, so that a rate of exactly zero never claims certainty.
    overall = (total.sum() + 1) / (count.sum() + 1)
    rate: Floats = (total + _SHRINK_ACTS * overall) / (count + _SHRINK_ACTS)
    return rate


def _audience_share(acts: Acts, inside: Mask, start: Ints, age: Ints) -> Floats:
    """Return the group's share of the audience at each start's source, times its own haste."""
    n_sources = int(acts.source.max()) + 1
    by_group = np.bincount(acts.source[inside], minlength=n_sources).astype(np.float64)
    by_others = np.bincount(acts.source[~inside], minlength=n_sources).astype(np.float64)
    size = inside.sum() / len(acts)
    place = acts.item * (int(acts.slot.max()) + 1) + acts.slot
    places, own = np.unique(place[inside], return_counts=True)
    here = own[np.searchsorted(places, place[start])]
    source = acts.source[start]
    taste = (by_group[source] - here + _SHRINK_SHARE * size) / (
        by_others[source] + _SHRINK_SHARE * (1 - size)
    )
    n_bins = len(_AGE_ENDS_S) + 2
    in_bin = np.bincount(age[inside], minlength=n_bins)
    out_bin = np.bincount(age[~inside], minlength=n_bins)
    haste = (in_bin + _SHRINK_SHARE * size) / (out_bin + _SHRINK_SHARE * (1 - size))
    haste = np.maximum(haste / (size / (1 - size)), _SLOWEST)
    haste[0] = 1.0
    odds = taste * haste[age[start]]
    share: Floats = odds / (1 + odds)
    return share
