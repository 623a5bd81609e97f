"""Expected followers: how many members of a group would act next, were they like everybody else.

Every action of a member on an object on which no member acted in the window before is a *start*.
The null says how many of the other members act on that object within the window after it, given

- how fast outsiders follow at that age of an object (fresh items are followed faster),
- how many outsiders act on this very object around that time (its own popularity, news included),
- which share of the audience of the object's source the group makes up (its taste), and how fast
  the group reacts to others in general (readers of push alerts are fast without any agreement).

Everything is estimated without the group, or without the acts on the event being tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Outsider acts with no longer pause between them are one run of an object.
_PAUSE_S = 6 * 3600
# Bin 0: no outsider acted before. Bins 1 to 6: time since the run began, by upper end in seconds.
# Last bin: outsiders acted before, but the object has been quiet for longer than the pause.
_AGE_ENDS_S = (60, 300, 3600, 21600, 86400)
_REOPENED = len(_AGE_ENDS_S) + 2
_N_BINS = _REOPENED + 1
_SHRINK_ACTS = 20.0
_SHRINK_SHARE = 10.0
_SLOWEST = 0.5
_HASTY_BINS = 3
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
        Whether no outsider had acted on the object in the six hours before.
    """

    row: Ints
    followers: Ints
    mean: Floats
    size: Floats
    fresh: Mask


def group_starts(acts: Acts, members: Ints, windows_s: tuple[int, ...]) -> dict[int, Starts]:
    """Find a group's starts in one layer and the followers that the null expects.

    Parameters
    ----------
    acts
        The actions of one layer.
    members
        Account codes of the group.
    windows_s
        Windows, in seconds; each at most six hours, so that a member follows at most once.

    Returns
    -------
    dict of int to Starts
        The starts by window; empty where no two members ever meet in the layer, or where there are
        too few outsiders to compare with.

    Notes
    -----
    Fails where the group is the whole audience of a kind of object that nobody else touches: there
    is nothing to compare with, and the share of the audience (at most 1) takes all credit.
    """
    inside = np.isin(acts.account, members)
    group, others = np.flatnonzero(inside), np.flatnonzero(~inside)
    key = acts.key[group]
    meets = len(group) > 1 and bool((np.diff(key) <= max(windows_s) * 1000).any())
    if not meets or len(others) < _MIN_OUTSIDERS:
        return {}
    age = _age_bins(acts, others)
    share = _audience_share(acts, inside, group, age)
    starts = {}
    for window_s in windows_s:
        span = window_s * 1000
        opens = np.diff(key, prepend=key[0] - span - 1) > span
        last = np.searchsorted(key, key + span, side="right")
        followers = (last - np.arange(len(group)) - 1)[opens]
        row = group[opens]
        rate = _follow_rates(acts, others, age, span)[age[row]]
        nearby = _between(acts.key[others], acts.key[row] - span, acts.key[row] + span)
        size = (SHAPE + nearby).astype(np.float64)
        # Members' share of what follows, given what outsiders did nearby.
        mean = share[opens] * size / (SHAPE / rate + 2 * (1 - share[opens]))
        starts[window_s] = Starts(
            row=row,
            followers=followers,
            mean=mean,
            size=size,
            fresh=np.isin(age[row], (0, _REOPENED)),
        )
    return starts


def _between(sorted_keys: Ints, low: Ints, high: Ints) -> Ints:
    """Return how many keys lie in [low, high], for each pair of bounds."""
    upper = np.searchsorted(sorted_keys, high, side="right")
    count: Ints = upper - np.searchsorted(sorted_keys, low, side="left")
    return count


def _age_bins(acts: Acts, others: Ints) -> Ints:
    """Return the age bin of every act, by what outsiders did on its object before it."""
    key = acts.key[others]
    pause = _PAUSE_S * 1000
    begins = np.diff(key, prepend=key[0] - pause - 1) > pause
    run_start = key[begins][np.cumsum(begins) - 1]
    # The last outsider act strictly before each act; simultaneous ones count as not before.
    before = np.searchsorted(key, acts.key, side="left") - 1
    known = np.maximum(before, 0)
    same_item = (before >= 0) & (acts.item[others][known] == acts.item)
    quiet = acts.key - key[known] > pause
    age = (acts.key - run_start[known]) / 1000
    bins = 1 + np.searchsorted(np.array(_AGE_ENDS_S), age, side="left")
    result: Ints = np.where(same_item, np.where(quiet, _REOPENED, bins), 0)
    return result


def _follow_rates(acts: Acts, others: Ints, age: Ints, span_ms: int) -> Floats:
    """Return the mean number of outsiders that follow an outsider, by age bin."""
    key = acts.key[others]
    followers = np.searchsorted(key, key + span_ms, side="right") - np.arange(len(key)) - 1
    count = np.bincount(age[others], minlength=_N_BINS)
    total = np.bincount(age[others], weights=followers, minlength=_N_BINS)
    # One follower is added to the layer, so that a rate of exactly zero never claims certainty.
    overall = (total.sum() + 1) / (count.sum() + 1)
    rate: Floats = (total + _SHRINK_ACTS * overall) / (count + _SHRINK_ACTS)
    return rate


def _audience_share(acts: Acts, inside: Mask, start: Ints, age: Ints) -> Floats:
    """Return the group's share of the audience at each start's source, times its own haste.

    Acts on the start's own event are left out on both sides: a wave must not explain itself. A
    source with few acts is judged by its language, and that by the whole layer.
    """
    size = inside.sum() / len(acts)
    sides = _Sides(inside=inside, event=acts.event, start=start)
    whole = np.full(len(start), size)
    of_language = sides.share(acts.language, acts.language[start], whole)
    taste = sides.share(acts.source, acts.source[start], of_language)
    # Haste is a matter of the first hour after others; it is asked of every start that opens an
    # object or comes within that hour, since whoever is fast will also follow fast.
    hasty = ((age > 0) & (age <= _HASTY_BINS)).astype(np.int64)
    soon = age[start] <= _HASTY_BINS
    haste = sides.share(hasty, np.ones(len(start), dtype=np.int64), whole)
    eager = np.maximum(_odds(haste) / _odds(whole), _SLOWEST)
    odds = _odds(taste) * np.where(soon, eager, 1.0)
    share: Floats = odds / (1 + odds)
    return share


def _odds(share: Floats) -> Floats:
    return share / (1 - share)


@dataclass(frozen=True, kw_only=True)
class _Sides:
    """The group and the others, for counting what each does elsewhere than at a start's event."""

    inside: Mask
    event: Ints
    start: Ints

    def share(self, kind: Ints, asked: Ints, prior: Floats) -> Floats:
        """Return the group's share of all acts of the kind asked for, shrunk towards a prior."""
        n_kinds = int(kind.max(initial=0)) + 1
        places, at = np.unique(self.event * n_kinds + kind, return_inverse=True)
        where = self.event[self.start] * n_kinds + asked
        found = np.minimum(np.searchsorted(places, where), len(places) - 1)
        exists = places[found] == where
        counts = []
        for side in (self.inside, ~self.inside):
            total = np.bincount(kind[side], minlength=max(n_kinds, int(asked.max(initial=0)) + 1))
            here = np.bincount(at[side], minlength=len(places))
            own = np.where(exists, here[found], 0)
            counts.append((total[asked] - own).astype(np.float64))
        group, others = counts
        share: Floats = (group + _SHRINK_SHARE * prior) / (group + others + _SHRINK_SHARE)
        return share
