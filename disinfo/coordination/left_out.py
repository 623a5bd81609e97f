"""A layer as it is without a group, for many groups at once.

Who acts is compared with all others, so the group itself must be left out of what "all others" do.
That changes little. How old an object is changes only where the group alone kept a run of it going,
and what a crowd takes up only where hardly anybody did; those acts are looked at again. That
members follow an outsider is summed up from how many outsiders act before each of theirs. All else
is what is known of all accounts, so a popular object costs hardly more than another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, ranges
from disinfo.coordination.crowd import (
    CROWD,
    N_BINS,
    OLDEST_MS,
    PAUSE_MS,
    Followed,
    Ints,
    bins_after,
    counted,
    hasty,
)
from disinfo.coordination.once import once
from disinfo.distinct import distinct

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# With fewer outsider acts than this a layer says nothing about what outsiders do.
MIN_OUTSIDERS = 20


@dataclass(frozen=True, kw_only=True)
class OwnActs:
    """The acts of several groups in one layer, group after group.

    Parameters
    ----------
    group
        Number of the group of each act.
    row
        Row of each act in the layer's `Acts`, ascending within its group.
    n_groups
        How many groups were asked for; one that has no acts here has nothing to say.
    n_rows
        How many acts the layer has.
    """

    group: Ints
    row: Ints
    n_groups: int
    n_rows: int

    @classmethod
    def of(cls, acts: Acts, groups: Sequence[Ints], longest_ms: int) -> OwnActs:
        """Collect the acts of groups of which two members meet, and that have outsiders."""
        rows = [acts.rows_of(members) for members in groups]
        for at, own in enumerate(rows):
            meets = len(own) > 1 and bool((np.diff(acts.key[own]) <= longest_ms).any())
            if not meets or len(acts) - len(own) < MIN_OUTSIDERS:
                rows[at] = own[:0]
        return cls(
            group=np.repeat(np.arange(len(groups)), [len(own) for own in rows]),
            row=np.concatenate([np.empty(0, dtype=np.int64), *rows]),
            n_groups=len(groups),
            n_rows=len(acts),
        )

    def __len__(self) -> int:
        return len(self.row)

    @once
    def size(self) -> Ints:
        """How many acts each group has."""
        return np.bincount(self.group, minlength=self.n_groups)

    @once
    def place(self) -> Ints:
        """One ascending number an act, in which no two groups touch."""
        return self.places(self.group, self.row)

    def places(self, group: Ints, row: Ints) -> Ints:
        """Return the place of rows as a group would have them."""
        places: Ints = group * (self.n_rows + 1) + row
        return places

    def among(self, group: Ints, begin: Ints, end: Ints) -> Ints:
        """Return how many of the rows from `begin` to before `end` are the group's own."""
        upper = np.searchsorted(self.place, self.places(group, end))
        count: Ints = upper - np.searchsorted(self.place, self.places(group, begin))
        return count


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A layer without each of several groups.

    Parameters
    ----------
    acts
        All actions of the layer.
    own
        Those of the groups, at least one.
    """

    acts: Acts
    own: OwnActs

    def outsiders(self, group: Ints, begin: Ints, end: Ints) -> Ints:
        """Return how many outsiders act in the rows from `begin` to before `end`, by group."""
        count: Ints = end - begin - self.own.among(group, begin, end)
        return count

    @once
    def _around(self) -> tuple[Ints, Ints]:
        """Rows of the outsider next before and next after each own act on its object, or -1."""
        row, item = self.own.row, self.acts.item
        apart = np.diff(self.own.place, prepend=-2) != 1
        apart[1:] |= np.diff(item[row]) != 0
        begin = np.flatnonzero(apart)
        length = np.diff(begin, append=len(row))
        before = np.repeat(row[begin] - 1, length)
        after = np.repeat(row[begin + length - 1] + 1, length)
        before[item[np.maximum(before, 0)] != item[row]] = -1
        last = len(item) - 1
        after[(after > last) | (item[np.minimum(after, last)] != item[row])] = -1
        return before, after

    @once
    def _bridges(self) -> Mask:
        """Own acts without which a run of outsiders begins with the next of them."""
        before, after = self._around
        key = self.acts.key
        return (after >= 0) & ((before < 0) | (key[after] - key[before] > PAUSE_MS))

    @once
    def _near(self) -> Ints:
        """Places of the own acts, and of all others whose object's age may change; ascending."""
        group, row, bridges = self.own.group, self.own.row, self._bridges
        after = self._around[1][bridges]
        until = np.searchsorted(self.acts.key, self.acts.key[after] + OLDEST_MS, side="right")
        return self._places(
            np.concatenate([group, group[bridges]]),
            np.concatenate([row, row[bridges]]),
            np.concatenate([row + 1, until]),
        )

    def _places(self, group: Ints, begin: Ints, end: Ints) -> Ints:
        """Return the places of the rows in some ranges of groups, each once and ascending."""
        begin, end = self.own.places(group, begin), self.own.places(group, end)
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], end[order]
        # What an earlier range has reached is not visited again.
        reached = np.maximum.accumulate(end)
        begin[1:] = np.maximum(begin[1:], reached[:-1])
        fresh = begin < end
        return ranges(begin[fresh], end[fresh])

    @once
    def group(self) -> Ints:
        """Group of each act of the neighbourhoods."""
        return self._near // (self.own.n_rows + 1)

    @once
    def row(self) -> Ints:
        """Row of each act of the neighbourhoods."""
        return self._near % (self.own.n_rows + 1)

    @once
    def mine(self) -> Ints:
        """Where in the neighbourhoods the groups' own acts are."""
        return np.searchsorted(self._near, self.own.place)

    @once
    def others(self) -> Mask:
        """Which acts of the neighbourhoods are outsiders'."""
        others = np.ones(len(self._near), dtype=bool)
        others[self.mine] = False
        return others

    @once
    def ages(self) -> Ints:
        """Age bin of each act of the neighbourhoods, by what outsiders did before."""
        everyone = self.acts.everyone
        last = everyone.before[self.row]
        at = self._own_at(self.group, last)
        last = np.where(at >= 0, self._around[0][at], last)
        known = np.maximum(last, 0)
        same_item = (last >= 0) & (self.acts.item[known] == self.acts.item[self.row])
        run_start = np.maximum(everyone.run_starts[known], self._begun(known))
        return bins_after(self.acts.key[self.row], self.acts.key[known], run_start, same_item)

    def _begun(self, row: Ints) -> Ints:
        """Return the key at which a run began for lack of the group, at or before each row."""
        bridges = self._bridges
        first = distinct(self.own.places(self.own.group[bridges], self._around[1][bridges]))
        if len(first) == 0:
            return np.zeros(len(row), dtype=np.int64)
        at = np.searchsorted(first, self.own.places(self.group, row), side="right") - 1
        begun = first[np.maximum(at, 0)]
        there = (at >= 0) & (begun // (self.own.n_rows + 1) == self.group)
        start = begun % (self.own.n_rows + 1)
        there &= self.acts.item[start] == self.acts.item[row]
        key: Ints = np.where(there, self.acts.key[start], 0)
        return key

    def followed(self, spans_ms: Ints) -> Followed:
        """Return, by group and age bin, the acts of outsiders and the outsiders who follow them."""
        everyone, own, group, row = self.acts.everyone, self.own, self.group, self.row
        counts, whole = everyone.followers(spans_ms)
        ages, n_groups = everyone.ages[row], own.n_groups
        by_all = counts[:, row]
        by_own = np.stack([own.among(group, row + 1, row + 1 + n) for n in by_all])
        left = (by_all - by_own)[:, self.others]
        # Elsewhere ages stay, and only members no longer follow.
        without = whole - counted(ages, by_all - by_own, group, n_groups) - self._met(spans_ms)
        return without + counted(self.ages[self.others], left, group[self.others], n_groups)

    def _met(self, spans_ms: Ints) -> Followed:
        """Return, by group and age bin of the acts followed, how often members follow anybody."""
        own, upto = self.own, self.acts.everyone.ages_before
        key, met = self.acts.key[own.row], np.zeros((own.n_groups, len(spans_ms), N_BINS))
        for at, span in enumerate(spans_ms):
            begin = np.searchsorted(self.acts.key, key - span, side="left")
            preceding = upto[:, own.row] - upto[:, begin]
            for age in range(N_BINS):
                sums = np.bincount(own.group, weights=preceding[age], minlength=own.n_groups)
                met[:, at, age] = sums
        return Followed(acts=np.zeros((own.n_groups, N_BINS)), followers=met)

    def changes(self, moment: str) -> Changes:
        """Return what leaving the groups out changes of the early acts of a kind.

        Parameters
        ----------
        moment
            ``"hasty"`` or ``"pioneering"``, see `crowd`.

        Returns
        -------
        Changes
            The acts that are no longer counted, and those that are now.
        """
        if moment == "hasty":
            now, before = hasty(self.ages), self.acts.everyone.hasty[self.row]
            change = (now & self.others).astype(np.int64) - before
            return Changes(group=self.group, row=self.row, change=change, mine=now[self.mine])
        own, pioneers = self.own, self.acts.everyone.pioneers
        begin = np.searchsorted(pioneers, self.acts.everyone.recent[own.row])
        end = np.searchsorted(pioneers, own.row + 1)
        place = self._places(own.group, begin, end)
        group, row = place // (own.n_rows + 1), pioneers[place % (own.n_rows + 1)]
        at_once, soon = (self.acts.everyone.within(span)[row] for span in (0, PAUSE_MS))
        taken_up = self.outsiders(group, row + 1 + at_once, row + 1 + soon) >= CROWD
        inside = self._own_at(group, row) >= 0
        ours = taken_up & inside
        mine = np.zeros(len(own), dtype=bool)
        mine[self._own_at(group[ours], row[ours])] = True
        return Changes(group=group, row=row, change=-(~taken_up | inside).astype(int), mine=mine)

    def _own_at(self, group: Ints, row: Ints) -> Ints:
        """Return which own act each row is to a group, or -1."""
        place = self.own.places(group, row)
        at = np.minimum(np.searchsorted(self.own.place, place), len(self.own) - 1)
        return np.where(self.own.place[at] == place, at, -1)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What leaving groups out changes of a count of acts.

    Parameters
    ----------
    group, row
        Group and row of each act that was counted, or is now.
    change
        What to add for it: 1, 0 or -1. Own acts are counted no more.
    mine
        For each own act, whether it would be counted with the group left out of the crowd.
    """

    group: Ints
    row: Ints
    change: Ints
    mine: Mask
