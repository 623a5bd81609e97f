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

from disinfo.coordination.acts import Acts
from disinfo.coordination.crowd import (
    HASTY_BINS,
    OPENING,
    Ints,
    age_bins,
    between,
    counted,
    followed_by,
    hasty,
    pioneering,
)

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SHRINK_ACTS = 20.0
_SHRINK_SHARE = 10.0
_SLOWEST = 0.5
# Shape of the spread of follow rates between objects of one age.
SHAPE = 0.5
# So many outsiders within an hour take an object up.
_NEWS_CROWD = 3
_NEWS_MS = 3600 * 1000
# With fewer outsider acts than this a layer says nothing about what outsiders do.
_MIN_OUTSIDERS = 20


@dataclass(frozen=True, kw_only=True)
class Starts:
    """The starts of a group in one layer, in every window, with what the null expects of each.

    Parameters
    ----------
    row
        Row of each start in the layer's `Acts`.
    window_s
        Window of each start, in seconds; ascending.
    followers
        How many other members acted within the window after it.
    mean, size
        Mean and size of the negative binomial that the null expects.
    fresh
        Whether no outsider had acted on the object in the six hours before.
    news
        Whether outsiders took the object up: within an hour after the start at least three of them
        acted on it, and no fewer than members followed.
    """

    row: Ints
    window_s: Ints
    followers: Ints
    mean: Floats
    size: Floats
    fresh: Mask
    news: Mask

    def __len__(self) -> int:
        return len(self.row)


NO_STARTS = Starts(
    row=np.empty(0, dtype=np.int64),
    window_s=np.empty(0, dtype=np.int64),
    followers=np.empty(0, dtype=np.int64),
    mean=np.empty(0),
    size=np.empty(0),
    fresh=np.empty(0, dtype=bool),
    news=np.empty(0, dtype=bool),
)


def group_starts(acts: Acts, members: Ints, windows_s: tuple[int, ...]) -> Starts:
    """Find a group's starts in one layer and the followers that the null expects.

    Parameters
    ----------
    acts
        The actions of one layer.
    members
        Account codes of the group.
    windows_s
        Windows, in seconds, ascending; each at most six hours, so that a member follows at most
        once.

    Returns
    -------
    Starts
        Empty where no two members ever meet in the layer, or where there are too few outsiders to
        compare with.

    Notes
    -----
    Fails where the group is the whole audience of a kind of object that nobody else touches: there
    is nothing to compare with, and the share of the audience (at most 1) takes all credit.
    """
    own = acts.rows_of(members)
    key = acts.key[own]
    meets = len(own) > 1 and bool((np.diff(key) <= windows_s[-1] * 1000).any())
    if not meets or len(acts) - len(own) < _MIN_OUTSIDERS:
        return NO_STARTS
    scene = _Scene.of(acts, own)
    windows = np.array(windows_s, dtype=np.int64)
    spans = windows[:, None] * 1000
    opens = np.diff(key, prepend=key[0] - spans.max() - 1) > spans
    window, start = np.nonzero(opens)
    followers = followed_by(key, windows * 1000)[opens]
    ages = scene.ages[scene.group[start]]
    rate = scene.follow_rates(windows * 1000)[window, ages]
    span = spans[window, 0]
    outside = acts.key[scene.rows[scene.others]]
    crowd = between(outside, key[start], key[start] + _NEWS_MS)
    size = SHAPE + between(outside, key[start] - span, key[start] + span).astype(np.float64)
    # Members' share of what follows, given what outsiders did nearby.
    share = scene.audience_share()[start]
    return Starts(
        row=own[start],
        window_s=windows[window],
        followers=followers,
        mean=share * size / (SHAPE / rate + 2 * (1 - share)),
        size=size,
        fresh=np.isin(ages, OPENING),
        news=crowd >= np.maximum(_NEWS_CROWD, followers),
    )


def _odds(share: Floats) -> Floats:
    return share / (1 - share)


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """The objects that a group acts on, with everybody who acts there.

    Parameters
    ----------
    acts
        All actions of the layer.
    rows
        Rows in `acts` of all actions on the group's objects, ascending.
    group, others
        Places in `rows` of the group's actions (all that it has) and of the rest.
    ages
        Age bin of each of `rows`, the group left out.
    """

    acts: Acts
    rows: Ints
    group: Ints
    others: Ints
    ages: Ints

    @classmethod
    def of(cls, acts: Acts, own: Ints) -> _Scene:
        """Set the scene for a group whose actions are the rows `own`."""
        rows = acts.rows_on(np.unique(acts.item[own]))
        inside = np.zeros(len(rows), dtype=bool)
        group = np.searchsorted(rows, own)
        inside[group] = True
        others = np.flatnonzero(~inside)
        ages = np.zeros(len(rows), dtype=np.int64)
        if len(others):
            ages = age_bins(acts.key[rows], acts.item[rows], others)
        return cls(acts=acts, rows=rows, group=group, others=others, ages=ages)

    def follow_rates(self, spans_ms: Ints) -> Floats:
        """Return the mean number of outsiders that follow an outsider, by span and age bin."""
        everyone = self.acts.everyone
        with_group, whole = everyone.followers(spans_ms)
        here = counted(everyone.ages[self.rows], with_group[:, self.rows])
        outside_key = self.acts.key[self.rows[self.others]]
        left = counted(self.ages[self.others], followed_by(outside_key, spans_ms))
        outside = whole - here + left
        # One follower is added to the layer, so that a rate of exactly zero never claims certainty.
        overall = (outside.followers.sum(axis=1) + 1) / (outside.acts.sum() + 1)
        gained = outside.followers + _SHRINK_ACTS * overall[:, None]
        rate: Floats = gained / (outside.acts + _SHRINK_ACTS)
        return rate

    def audience_share(self) -> Floats:
        """Return the group's share of the audience at each act's source, times its own haste.

        Acts on the start's own event are left out on both sides: a wave must not explain itself. A
        source with few acts is judged by its language, and that by the whole layer.
        """
        whole = np.full(len(self.group), len(self.group) / len(self.acts))
        taste = whole
        for name, counts in reversed(self.acts.kind_counts.items()):
            kind = getattr(self.acts, name)[self.rows]
            taste = self._share(kind, kind[self.group], counts, taste)
        # Haste is a matter of the first hour after others; it is asked of every start that opens an
        # object or comes within that hour, since whoever is fast will also follow fast.
        everyone = self.acts.everyone
        haste = np.maximum(
            self._eagerness(hasty(self.ages), everyone.hasty, whole),
            self._eagerness(self._pioneering(), everyone.pioneering, whole),
        )
        eager = np.maximum(haste, _SLOWEST)
        soon = self.ages[self.group] <= HASTY_BINS
        odds = _odds(taste) * np.where(soon, eager, 1.0)
        share: Floats = odds / (1 + odds)
        return share

    def _pioneering(self) -> Mask:
        """Tell which of the scene's acts open what a crowd of outsiders takes up, or nearly so."""
        key = self.acts.key[self.rows]
        return pioneering(key, self.acts.everyone.ages[self.rows], key[self.others])

    def _eagerness(self, here: Mask, everywhere: Mask, whole: Floats) -> Floats:
        """Return the odds of the group among some acts over its odds among all, by group act.

        `here` tells which acts of the scene are meant, `everywhere` which of the layer are when
        the group is not left out.
        """
        outside = int(everywhere.sum()) - int(everywhere[self.rows].sum())
        total = np.array([0, outside + int(here.sum())])
        asked = np.ones(len(self.group), dtype=np.int64)
        eager: Floats = _odds(self._share(here.astype(np.int64), asked, total, whole))
        return eager / _odds(whole)

    def _share(self, kind: Ints, asked: Ints, total: Ints, prior: Floats) -> Floats:
        """Return the group's share of all acts of the kind asked for, shrunk towards a prior.

        `kind` is the kind of each act of the scene, `total` the acts of each kind anywhere.
        """
        event, n_kinds = self.acts.event[self.rows], len(total)
        places = np.concatenate([event * n_kinds + kind, event[self.group] * n_kinds + asked])
        places, at = np.unique(places, return_inverse=True)
        own_event = at[len(event) :]
        of_group = np.bincount(kind[self.group], minlength=n_kinds)
        counts = []
        for side, anywhere in ((self.group, of_group), (self.others, total - of_group)):
            here = np.bincount(at[side], minlength=len(places))
            counts.append((anywhere[asked] - here[own_event]).astype(np.float64))
        group, others = counts
        share: Floats = (group + _SHRINK_SHARE * prior) / (group + others + _SHRINK_SHARE)
        return share
