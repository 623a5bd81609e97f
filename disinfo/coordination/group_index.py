"""Which groups share accounts: an index by account, so that groups that share none never meet."""

from __future__ import annotations

from collections import Counter

from disinfo.coordination.crowd import Ints


class GroupIndex:
    """Groups by account.

    Examples
    --------
    >>> import numpy as np
    >>> groups = GroupIndex()
    >>> groups.add(np.array([1, 2, 3]))
    >>> groups.overlapping(np.array([2, 3, 4, 5])), groups.overlapping(np.array([3, 4, 5]))
    ([0], [])
    """

    def __init__(self) -> None:
        self._groups: dict[int, list[int]] = {}
        self._sizes: list[int] = []

    def add(self, members: Ints) -> None:
        """Add a group; its number is how many there were before it.

        Parameters
        ----------
        members
            Account codes, each once.
        """
        for account in members.tolist():
            self._groups.setdefault(account, []).append(len(self._sizes))
        self._sizes.append(len(members))

    def overlapping(self, members: Ints) -> list[int]:
        """Return the groups that share at least half of the smaller one.

        Parameters
        ----------
        members
            Account codes of a group, each once.

        Returns
        -------
        list of int
            Numbers, ascending.
        """
        return [
            at
            for at, shared in self._shared(members)
            if 2 * shared >= min(len(members), self._sizes[at])
        ]

    def alike(self, members: Ints, least: float) -> list[int]:
        """Return the groups of which so much of the union is common to both.

        Parameters
        ----------
        members
            Account codes of a group, each once.
        least
            Lowest share of the union (Jaccard index), above 0.

        Returns
        -------
        list of int
            Numbers, ascending.
        """
        return [
            at
            for at, shared in self._shared(members)
            if shared >= least * (len(members) + self._sizes[at] - shared)
        ]

    def _shared(self, members: Ints) -> list[tuple[int, int]]:
        """Return the groups that share accounts, and how many."""
        counts = Counter(at for account in members.tolist() for at in self._groups.get(account, ()))
        return sorted(counts.items())
