"""How old each object is, and how fast a crowd follows, given who counts as the crowd.

Both are asked of all accounts once, and again for each group with the group left out: `left_out`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.once import once

Ints = NDArray[np.int64]
Rows = NDArray[np.int32]
Floats = NDArray[np.float64]

# Acts of the crowd with no longer pause between them are one run of an object.
PAUSE_MS = 6 * 3600 * 1000
# Bin 0: nobody acted before. Bins 1 to 6: time since the run began, by upper end in milliseconds.
# Last bin: the crowd acted before, but the object has been quiet for longer than the pause.
_AGE_ENDS_MS = np.array([60, 300, 3600, 21600, 86400]) * 1000
REOPENED = len(_AGE_ENDS_MS) + 2
N_BINS = REOPENED + 1
# An object's run has no age beyond this.
OLDEST_MS = int(_AGE_ENDS_MS[-1])
# Bins of acts that open an object, or open it again.
OPENING = np.array([0, REOPENED])
# Bins 1 to 3: within an hour after the crowd began.
HASTY_BINS = 3
# So many others within one pause make a crowd.
CROWD = 2


def run_starts(keys: Ints) -> Ints:
    """Return, for each act of a crowd, when the run began that it is part of.

    Parameters
    ----------
    keys
        Keys of the crowd's acts, ascending.

    Returns
    -------
    ndarray of int64
        Keys.
    """
    begins = np.diff(keys, prepend=keys[:1] - PAUSE_MS - 1) > PAUSE_MS
    starts: Ints = keys[begins][np.cumsum(begins) - 1]
    return starts


def bins_after(key: Ints, last: Ints, run_start: Ints, same_item: NDArray[np.bool_]) -> Ints:
    """Return the age bins of acts, given the crowd's last act before each.

    Parameters
    ----------
    key
        Keys of acts.
    last, run_start
        Keys of the crowd's last act before each, and of the act that began its run.
    same_item
        Whether that last act is there, and on the same object.

    Returns
    -------
    ndarray of int64
        A bin an act.
    """
    bins = 1 + np.searchsorted(_AGE_ENDS_MS, key - run_start, side="left")
    return np.where(same_item, np.where(key - last > PAUSE_MS, REOPENED, bins), 0)


def followed_by(key: Ints, spans_ms: Ints) -> Rows:
    """Return how many of the acts follow each within each span.

    Parameters
    ----------
    key
        Keys of m acts, ascending.
    spans_ms
        Spans in milliseconds.

    Returns
    -------
    ndarray of shape (spans, m), int32
        Counts.
    """
    ends = np.searchsorted(key, (key + spans_ms[:, None]).ravel(), side="right")
    # No layer has two billion acts, and several of these are kept for each.
    counts: Rows = ends.reshape(len(spans_ms), -1).astype(np.int32)
    counts -= np.arange(1, len(key) + 1, dtype=np.int32)
    return counts


@dataclass(frozen=True, kw_only=True)
class Followed:
    """By age bin: how many acts of a crowd there are, and how many of it follow them.

    Parameters
    ----------
    acts
        Shape (groups, N_BINS): one crowd for each group that is left out, or a single one.
    followers
        Shape (groups, spans, N_BINS).
    """

    acts: Floats
    followers: Floats

    def __add__(self, other: Followed) -> Followed:
        return Followed(acts=self.acts + other.acts, followers=self.followers + other.followers)

    def __sub__(self, other: Followed) -> Followed:
        return Followed(acts=self.acts - other.acts, followers=self.followers - other.followers)


def counted(
    ages: Ints, followers: Ints | Rows, group: Ints | None = None, n_groups: int = 1
) -> Followed:
    """Sum up acts by age bin.

    Parameters
    ----------
    ages
        Age bin of each of m acts of the crowd.
    followers
        Their followers, shape (spans, m).
    group, n_groups
        Which of so many crowds each act is counted for; without it there is one.

    Returns
    -------
    Followed
        The sums.
    """
    bins = ages if group is None else ages + N_BINS * group
    sums = [np.bincount(bins, weights=f, minlength=N_BINS * n_groups) for f in followers]
    return Followed(
        acts=np.bincount(bins, minlength=N_BINS * n_groups).astype(float).reshape(-1, N_BINS),
        followers=np.array(sums, dtype=float).reshape(-1, n_groups, N_BINS).swapaxes(0, 1),
    )


@dataclass(frozen=True, kw_only=True)
class Everyone:
    """All accounts of a layer as the crowd; what is asked of it is kept.

    Parameters
    ----------
    key, item
        Keys and object codes of all acts of the layer, ascending.
    """

    key: Ints
    item: Ints
    _answers: dict[tuple[int, ...], tuple[Rows, Followed]] = field(default_factory=dict, repr=False)
    _since: dict[tuple[int, ...], Rows] = field(default_factory=dict, repr=False)

    @once
    def before(self) -> Ints:
        """Row of the last act strictly before each, on any object; -1 where there is none."""
        return np.searchsorted(self.key, self.key, side="left") - 1

    @once
    def run_starts(self) -> Ints:
        """See `run_starts`."""
        return run_starts(self.key)

    @property
    def recent(self) -> Rows:
        """Row of the first act on the same object within one pause before each."""
        recent: Rows = self.since(np.array([PAUSE_MS]))[0]
        return recent

    @once
    def ages(self) -> Ints:
        """Age bin of each act; acts at one moment do not come before each other."""
        last = np.maximum(self.before, 0)
        same_item = (self.before >= 0) & (self.item[last] == self.item)
        return bins_after(self.key, self.key[last], self.run_starts[last], same_item)

    @once
    def hasty(self) -> NDArray[np.bool_]:
        """Acts within an hour after their object's run began."""
        return hasty(self.ages)

    @once
    def pioneering(self) -> NDArray[np.bool_]:
        """Acts that open what at least two others then take up, or come within a minute of that."""
        early = (self.ages <= 1) | (self.ages == REOPENED)
        taken_up = self.within(PAUSE_MS) - self.within(0) >= CROWD
        pioneering: NDArray[np.bool_] = early & taken_up
        return pioneering

    @once
    def pioneers(self) -> Ints:
        """Rows of the pioneering acts."""
        return np.flatnonzero(self.pioneering)

    @once
    def ages_before(self) -> Rows:
        """How many acts of each age bin come before each row; shape (N_BINS, acts + 1)."""
        before = np.zeros((N_BINS, len(self.key) + 1), dtype=np.int32)
        for age in range(N_BINS):
            np.cumsum(self.ages == age, out=before[age, 1:])
        return before

    def followers(self, spans_ms: Ints) -> tuple[Rows, Followed]:
        """Return the followers of each act within each span, and their sums by age bin."""
        asked = tuple(spans_ms.tolist())
        if asked not in self._answers:
            followers = followed_by(self.key, spans_ms)
            self._answers[asked] = followers, counted(self.ages, followers)
        return self._answers[asked]

    def within(self, span_ms: int) -> Rows:
        """Return how many acts follow each within one span."""
        within: Rows = self.followers(np.array([span_ms]))[0][0]
        return within

    def since(self, spans_ms: Ints) -> Rows:
        """Return the first row within each span before each act, shape (spans, acts)."""
        asked = tuple(spans_ms.tolist())
        if asked not in self._since:
            begins = np.searchsorted(self.key, (self.key - spans_ms[:, None]).ravel(), side="left")
            self._since[asked] = begins.reshape(len(spans_ms), -1).astype(np.int32)
        return self._since[asked]


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
