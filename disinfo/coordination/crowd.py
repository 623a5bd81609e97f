"""How old each object is, and how fast a crowd follows, given who counts as the crowd.

Both are asked of all accounts once, and again for each group with the group left out. Leaving a
group out changes only the objects that it acts on, so the second answer is the first one, less what
it says of those objects, plus what they say without the group: the work is in the group's own
objects, however much else the data hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Acts of the crowd with no longer pause between them are one run of an object.
_PAUSE_MS = 6 * 3600 * 1000
# Bin 0: nobody acted before. Bins 1 to 6: time since the run began, by upper end in milliseconds.
# Last bin: the crowd acted before, but the object has been quiet for longer than the pause.
_AGE_ENDS_MS = np.array([60, 300, 3600, 21600, 86400]) * 1000
REOPENED = len(_AGE_ENDS_MS) + 2
N_BINS = REOPENED + 1
# Bins of acts that open an object, or open it again.
OPENING = np.array([0, REOPENED])
# Bins 1 to 3: within an hour after the crowd began.
HASTY_BINS = 3
# So many others within one pause make a crowd.
_CROWD = 2


def age_bins(key: Ints, item: Ints, crowd: Ints) -> Ints:
    """Return the age bin of every act, by what a crowd did on its object before it.

    Parameters
    ----------
    key, item
        Keys and object codes of acts, sorted by key (see `Acts`); all acts of the objects.
    crowd
        Rows of the crowd's acts, ascending, at least one.

    Returns
    -------
    ndarray of int64
        A bin an act.
    """
    keys = key[crowd]
    begins = np.diff(keys, prepend=keys[0] - _PAUSE_MS - 1) > _PAUSE_MS
    run_start = keys[begins][np.cumsum(begins) - 1]
    # The crowd's last act strictly before each act; simultaneous ones count as not before.
    before = np.searchsorted(keys, key, side="left") - 1
    known = np.maximum(before, 0)
    same_item = (before >= 0) & (item[crowd][known] == item)
    quiet = key - keys[known] > _PAUSE_MS
    bins = 1 + np.searchsorted(_AGE_ENDS_MS, key - run_start[known], side="left")
    result: Ints = np.where(same_item, np.where(quiet, REOPENED, bins), 0)
    return result


def followed_by(key: Ints, spans_ms: Ints) -> Ints:
    """Return how many of the acts follow each within each span.

    Parameters
    ----------
    key
        Keys of m acts, ascending.
    spans_ms
        Spans in milliseconds.

    Returns
    -------
    ndarray of shape (spans, m), int64
        Counts.
    """
    ends = np.searchsorted(key, (key + spans_ms[:, None]).ravel(), side="right")
    counts: Ints = ends.reshape(len(spans_ms), -1) - np.arange(len(key)) - 1
    return counts


@dataclass(frozen=True, kw_only=True)
class Followed:
    """By age bin: how many acts of a crowd there are, and how many of it follow them.

    Parameters
    ----------
    acts
        Shape (N_BINS,).
    followers
        Shape (spans, N_BINS).
    """

    acts: Floats
    followers: Floats

    def __add__(self, other: Followed) -> Followed:
        return Followed(acts=self.acts + other.acts, followers=self.followers + other.followers)

    def __sub__(self, other: Followed) -> Followed:
        return Followed(acts=self.acts - other.acts, followers=self.followers - other.followers)


def counted(ages: Ints, followers: Ints) -> Followed:
    """Sum up acts by age bin.

    Parameters
    ----------
    ages
        Age bin of each of m acts of the crowd.
    followers
        Their followers, shape (spans, m).

    Returns
    -------
    Followed
        The sums.
    """
    n_spans = len(followers)
    place = (ages + N_BINS * np.arange(n_spans)[:, None]).ravel()
    sums = np.bincount(place, weights=followers.ravel(), minlength=N_BINS * n_spans)
    return Followed(
        acts=np.bincount(ages, minlength=N_BINS).astype(np.float64),
        followers=sums.astype(np.float64).reshape(n_spans, N_BINS),
    )


@dataclass(frozen=True, kw_only=True)
class Everyone:
    """All accounts of a layer as the crowd; what is asked of it is kept.

    Parameters
    ----------
    key
        Keys of all acts of the layer, ascending.
    ages
        Age bin of each act among all acts.
    """

    key: Ints
    ages: Ints
    _answers: dict[tuple[int, ...], tuple[Ints, Followed]] = field(default_factory=dict, repr=False)

    @cached_property
    def hasty(self) -> NDArray[np.bool_]:
        """Acts within an hour after their object's run began."""
        return hasty(self.ages)

    @cached_property
    def pioneering(self) -> NDArray[np.bool_]:
        """Acts that open what a crowd takes up, or come within a minute of that."""
        return pioneering(self.key, self.ages, self.key)

    def followers(self, spans_ms: Ints) -> tuple[Ints, Followed]:
        """Return the followers of each act within each span, and their sums by age bin."""
        asked = tuple(spans_ms.tolist())
        if asked not in self._answers:
            followers = followed_by(self.key, spans_ms)
            self._answers[asked] = followers, counted(self.ages, followers)
        return self._answers[asked]


def hasty(ages: Ints) -> NDArray[np.bool_]:
    """Tell which acts come within an hour after the crowd began.

    Parameters
    ----------
    ages
        Age bins.

    Returns
    -------
    ndarray of bool
        One an act.
    """
    return (ages > 0) & (ages <= HASTY_BINS)


def between(keys: Ints, low: Ints, high: Ints) -> Ints:
    """Return how many keys lie in [low, high], for each pair of bounds.

    Parameters
    ----------
    keys
        Keys of acts, ascending.
    low, high
        Bounds, of one length.

    Returns
    -------
    ndarray of int64
        A count a pair.
    """
    upper = np.searchsorted(keys, high, side="right")
    count: Ints = upper - np.searchsorted(keys, low, side="left")
    return count


def pioneering(key: Ints, ages: Ints, crowd_key: Ints) -> NDArray[np.bool_]:
    """Tell which acts open what a crowd then takes up, or come within a minute of its opening.

    Parameters
    ----------
    key
        Keys of acts.
    ages
        Their age bins among the acts of everybody, a group included: what a group opens for others
        counts as opened.
    crowd_key
        Keys of the acts of the crowd that may take an object up, ascending.

    Returns
    -------
    ndarray of bool
        One an act.
    """
    early: NDArray[np.bool_] = (ages <= 1) | (ages == REOPENED)
    return early & (between(crowd_key, key + 1, key + _PAUSE_MS) >= _CROWD)
