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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts
from disinfo.coordination.crowd import HASTY_BINS, OPENING, Ints
from disinfo.coordination.left_out import LeftOut, OwnActs

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SHRINK_ACTS = 20.0
_SHRINK_SHARE = 10.0
_SLOWEST = 0.5
# Shape of the spread of follow rates between objects of one age.
SHAPE = 0.5
LEAST_FREAK = 0.003
# So many outsiders within an hour take an object up.
_NEWS_CROWD = 3
_NEWS_MS = 3600 * 1000


@dataclass(frozen=True, kw_only=True)
class Starts:
    """The starts of groups in one layer, in every window, with what the null expects of each.

    Parameters
    ----------
    group
        Number of the group of each start.
    row
        Row of each start in the layer's `Acts`; ascending within a group and window.
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
    freak
        How often at least the null must be taken to be wrong of a start: see `freak_rate`.
    """

    group: Ints
    row: Ints
    window_s: Ints
    followers: Ints
    mean: Floats
    size: Floats
    fresh: Mask
    news: Mask
    freak: Floats

    def __len__(self) -> int:
        return len(self.row)


NO_STARTS = Starts(
    group=np.empty(0, dtype=np.int64),
    row=np.empty(0, dtype=np.int64),
    window_s=np.empty(0, dtype=np.int64),
    followers=np.empty(0, dtype=np.int64),
    mean=np.empty(0),
    size=np.empty(0),
    fresh=np.empty(0, dtype=bool),
    news=np.empty(0, dtype=bool),
    freak=np.empty(0),
)


def group_starts(acts: Acts, groups: Sequence[Ints], windows_s: tuple[int, ...]) -> Starts:
    """Find groups' starts in one layer and the followers that the null expects.

    Parameters
    ----------
    acts
        The actions of one layer.
    groups
        Account codes of each group.
    windows_s
        Windows, in seconds, ascending; each at most six hours, so that a member follows at most
        once.

    Returns
    -------
    Starts
        None of a group of which no two members ever meet in the layer, or where there are too few
        outsiders to compare with. A group's starts do not depend on the other groups.

    Notes
    -----
    Fails where a group is the whole audience of a kind of object that nobody else touches: there
    is nothing to compare with, and the share of the audience (at most 1) takes all credit.
    """
    windows = np.array(windows_s, dtype=np.int64)
    own = OwnActs.of(acts, groups, 1000 * windows_s[-1])
    if len(own) == 0:
        return NO_STARTS
    left_out = LeftOut(acts=acts, own=own)
    key = acts.key[own.row]
    opens = np.diff(key, prepend=0) > windows[:, None] * 1000
    opens |= np.diff(own.group, prepend=-1) != 0
    window, start = np.nonzero(opens)
    group, row, key = own.group[start], own.row[start], key[start]
    # What everybody's acts say is looked up by row: a search for each start would take longer.
    spans = windows * 1000
    after, since = acts.everyone.followers(spans)[0], acts.everyone.since(spans)
    until = row + 1 + after[window, row]
    followers = own.among(group, row + 1, until)
    ages = left_out.ages[left_out.mine][start]
    rate = _follow_rates(left_out, spans)[group, window, ages]
    around = left_out.outsiders(group, since[window, row].astype(np.int64), until)
    size = SHAPE + around.astype(np.float64)
    # Members' share of what follows, given what outsiders did nearby.
    share = _audience_share(left_out)[start]
    until = row + 1 + acts.everyone.within(_NEWS_MS)[row]
    crowd = left_out.outsiders(group, acts.everyone.before[row] + 1, until)
    return Starts(
        group=group,
        row=row,
        window_s=windows[window],
        followers=followers,
        mean=share * size / (SHAPE / rate + 2 * (1 - share)),
        size=size,
        fresh=np.isin(ages, OPENING),
        news=crowd >= np.maximum(_NEWS_CROWD, followers),
        freak=freak_rate(own.n_rows - own.size[group]),
    )


def freak_rate(n_acts: Ints) -> Floats:
    """Return how often the null must be taken to be wrong, for all that others' acts can show.

    Parameters
    ----------
    n_acts
        How many acts of outsiders the null was learned from.

    Returns
    -------
    ndarray of float64
        The rule of three: what was never seen in n acts may still happen in 3 of n, at 95 %
        confidence. Never below .003: the null is not believed beyond one start in three hundred.

    Notes
    -----
    Fails where acts come in bursts: fifty of one afternoon have shown less than fifty of a month.

    Examples
    --------
    >>> freak_rate(np.array([50, 300])).tolist()
    [0.06, 0.01]

    References
    ----------
    Hanley and Lippman-Hand 1983, If nothing goes wrong, is everything all right?, JAMA 249.
    """
    rate: Floats = np.clip(3 / np.maximum(n_acts, 1), LEAST_FREAK, 1.0)
    return rate


def _odds(share: Floats) -> Floats:
    return share / (1 - share)


def _follow_rates(left_out: LeftOut, spans_ms: Ints) -> Floats:
    """Return the mean number of outsiders that follow an outsider, by group, span and age bin."""
    outside = left_out.followed(spans_ms)
    # One follower is added to the layer, so that a rate of exactly zero never claims certainty.
    overall = (outside.followers.sum(axis=2) + 1) / (outside.acts.sum(axis=1) + 1)[:, None]
    gained = outside.followers + _SHRINK_ACTS * overall[:, :, None]
    rate: Floats = gained / (outside.acts + _SHRINK_ACTS)[:, None]
    return rate


def _audience_share(left_out: LeftOut) -> Floats:
    """Return a group's share of the audience at each act's source, times its own haste.

    Acts on the start's own event are left out on both sides: a wave must not explain itself. A
    source with few acts is judged by its language, and that by the whole layer.
    """
    own = left_out.own
    whole = own.size[own.group] / own.n_rows
    taste = whole
    for kind in ("language", "source"):
        taste = _share(*_of_kind(left_out, kind), taste)
    # Haste is a matter of the first hour after others; it is asked of every start that opens an
    # object or comes within that hour, since whoever is fast will also follow fast.
    shares = [_share(*_of_moment(left_out, name), whole) for name in ("hasty", "pioneering")]
    haste = _odds(np.maximum(*shares)) / _odds(whole)
    soon = left_out.ages[left_out.mine] <= HASTY_BINS
    odds = _odds(taste) * np.where(soon, np.maximum(haste, _SLOWEST), 1.0)
    share: Floats = odds / (1 + odds)
    return share


def _share(group: Ints | Floats, others: Ints | Floats, prior: Floats) -> Floats:
    """Return a group's share of acts, shrunk towards a prior."""
    share: Floats = (group + _SHRINK_SHARE * prior) / (group + others + _SHRINK_SHARE)
    return share


def _of_kind(left_out: LeftOut, kind: str) -> tuple[Ints, Ints]:
    """Count, by own act, acts of its source or language on other events: own, and others'."""
    acts, own = left_out.acts, left_out.own
    total = acts.kind_counts[kind]
    kinds = getattr(acts, kind)[own.row]
    place = acts.event[own.row] * len(total) + kinds
    codes, counts = acts.occurrences[kind]
    everybody = total[kinds] - counts[np.searchsorted(codes, place)]
    group = _times(own.group * len(total) + kinds)
    group -= _times(own.group * (int(codes[-1]) + 1) + place)
    return group, everybody - group


def _times(codes: Ints) -> Ints:
    """Return how often each code occurs."""
    _, at, counts = np.unique(codes, return_inverse=True, return_counts=True)
    times: Ints = counts[at]
    return times


def _of_moment(left_out: LeftOut, moment: str) -> tuple[Floats, Floats]:
    """Count, by own act, the early acts of a kind on other events: own, and others'."""
    acts, own, changes = left_out.acts, left_out.own, left_out.changes(moment)
    everywhere, of_event = acts.early[moment]
    event, n_events = acts.event[own.row], len(of_event)
    events, at = np.unique(own.group * n_events + event, return_inverse=True)
    place = changes.group * n_events + acts.event[changes.row]
    found = np.minimum(np.searchsorted(events, place), len(events) - 1)
    there = events[found] == place
    on_event = np.bincount(found[there], weights=changes.change[there], minlength=len(events))
    changed = np.bincount(changes.group, weights=changes.change, minlength=own.n_groups)
    mine = changes.mine
    group = np.bincount(own.group, weights=mine)[own.group] - np.bincount(at, weights=mine)[at]
    others = everywhere - of_event[event] + changed[own.group] - on_event[at]
    return group.astype(float), others.astype(float)
