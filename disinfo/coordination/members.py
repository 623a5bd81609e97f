"""Who of a group is supported: nobody is named because of the company he keeps.

A group that passes may hold free riders, accounts that happened to be near. Each account is tested
on its own, given the others: at every start of another member, did it follow more often than its
share of the expected followers says? Accounts are named by the chance that they only passed by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints
from disinfo.coordination.followers import Starts, group_starts
from disinfo.coordination.group_evidence import (
    JOIN,
    LEAST_TURNOUT,
    likelihood_ratios,
    log_mean,
    log_products,
    mixed_with_silence,
    sessions,
)
from disinfo.distinct import distinct

Floats = NDArray[np.float64]

# One shared moment is a coincidence.
MIN_SHARED_ACTS = 2
# Nobody is named for the company he keeps: no single chance above so many times the rate.
_MOST_DOUBT = 2.0
# What is believed of the share of members before an account is looked at weighs as much as so many
# accounts: a group of three says little about itself.
_KNOWN = 10
_ROUNDS = 100
_LARGEST_LOG = 700.0


@dataclass(frozen=True, kw_only=True)
class Support:
    """The evidence for each account of a group.

    Parameters
    ----------
    members
        Account codes.
    log_e
        Natural logarithm of each account's e-value.
    shared_acts
        How many actions of each lie within the window of another member's on the same object.
    """

    members: Ints
    log_e: Floats
    shared_acts: Ints

    def of(self, members: Ints) -> Floats:
        """Return the log e-values of some of the accounts.

        Parameters
        ----------
        members
            Account codes, all among `members`.

        Returns
        -------
        ndarray of float64
            Logs.
        """
        return self.log_e[np.searchsorted(self.members, members)]

    def named(self, alpha: float) -> Ints:
        """Return the accounts that are supported at false discovery rate alpha within the group.

        Parameters
        ----------
        alpha
            The rate.

        Returns
        -------
        ndarray of int64
            Account codes, ascending.

        Notes
        -----
        How many of a called group are members is learned from all of them together (`_share`):
        with a share s, the chance that an account only passed by is (1 - s) / (1 - s + s E). Named
        are those with the smallest chances whose mean is at most alpha, and none whose own chance
        is above twice that.

        References
        ----------
        Newton, Noueiry, Sarkar, Ahlquist 2004, Detecting differential gene expression with a
        semiparametric hierarchical mixture method, Biostatistics 5 (the mean of the chances).
        """
        passer_by = 1 - _belongs(self.log_e, _share(self.log_e))
        order = np.argsort(passer_by, kind="stable")
        ascending = passer_by[order]
        passes = np.cumsum(ascending) / np.arange(1, len(order) + 1) <= alpha
        passes &= ascending <= _MOST_DOUBT * alpha
        supported = np.zeros(len(order), dtype=bool)
        supported[order] = passes
        return self.members[supported & (self.shared_acts >= MIN_SHARED_ACTS)]


def _belongs(log_e: Floats, share: float) -> Floats:
    """Return the chance that each account is a member where so large a share of them are."""
    e = np.exp(np.minimum(log_e, _LARGEST_LOG))
    chance: Floats = share * e / (1 - share + share * e)
    return chance


def _share(log_e: Floats) -> float:
    """Return the share of members among accounts: the most likely one, drawn towards one half.

    Among accounts that only pass by, e-values have a mean of at most 1, and the most likely share
    is about none. A few accounts can hardly move it from one half.
    """
    share = 0.5
    for _ in range(_ROUNDS):
        share = (float(_belongs(log_e, share).sum()) + _KNOWN / 2) / (len(log_e) + _KNOWN)
    return share


def mean_support(supports: list[Support]) -> Support:
    """Average what several tests say of each account; a test without the account says 0.

    Parameters
    ----------
    supports
        Tests of one group in several layers of one half, or over several splits.

    Returns
    -------
    Support
        All accounts of the tests. A mean of e-values is an e-value, whatever their dependence.
    """
    members, log_e, shared = _aligned(supports)
    mean = np.logaddexp.reduce(log_e, axis=0) - np.log(len(supports))
    return Support(members=members, log_e=mean, shared_acts=shared.max(axis=0))


def both_halves(supports: list[Support]) -> Support:
    """Multiply what the halves say of each account; one without it has no say.

    Parameters
    ----------
    supports
        One for each half that a group was tested on.

    Returns
    -------
    Support
        All accounts. An account that was lucky on one half and idle on the other is not named.

    Notes
    -----
    What an account does on one half is independent, under the null, of what it does on the other,
    and each factor is an e-value given the rest of the group. The product is one as far as the rest
    of the group, which was found on the same data, does not depend on the account: for groups of
    more than a few accounts it hardly does, but that is an assumption. The rate of wrongly named
    accounts is measured, not proved (see docs/coordination.md).
    """
    members, log_e, shared = _aligned(supports)
    product = np.where(np.isneginf(log_e), 0.0, log_e).sum(axis=0)
    return Support(members=members, log_e=product, shared_acts=shared.max(axis=0))


def _aligned(supports: list[Support]) -> tuple[Ints, Floats, Ints]:
    """Return all accounts, and by test and account the log e-value (-inf) and shared acts (0)."""
    members = distinct(*(support.members for support in supports))
    log_e = np.full((len(supports), len(members)), -np.inf)
    shared = np.zeros((len(supports), len(members)), dtype=np.int64)
    for row, support in enumerate(supports):
        place = np.searchsorted(members, support.members)
        log_e[row, place] = support.log_e
        shared[row, place] = support.shared_acts
    return members, log_e, shared


def member_support(
    acts: Acts, members: Ints, windows_s: tuple[int, ...], found: Floats | None = None
) -> Support:
    """Test each account of a group given the others.

    Parameters
    ----------
    acts
        The actions of the layer that carries the group, in the half that it was tested on.
    members
        Account codes of the group, ascending.
    windows_s
        Windows, in seconds; the evidence is averaged over them.
    found
        The group's own grid for this layer on the half that found it, which tells where to look:
        half of the weight goes by it (see `group_evidence`).

    Returns
    -------
    Support
        One entry a member.
    """
    starts = group_starts(acts, [members], windows_s)
    log_e = np.zeros(len(members))
    if len(starts) == 0:
        shared = np.zeros(len(members), dtype=np.int64)
        return Support(members=members, log_e=log_e, shared_acts=shared)
    own = likelihood_ratios(starts, len(members))
    of = sessions(acts, starts)
    activity = _counts(acts.account, members).astype(np.float64)
    starter = acts.account[starts.row]
    rest = activity.sum() - activity[np.searchsorted(members, starter)]
    for at, member in enumerate(members):
        share = np.minimum(activity[at] / np.maximum(rest, 1.0), 1.0)
        chance = -np.expm1(-starts.mean * share)
        joining = _joining_ratios(_joined(acts, starts, member), chance, starts)
        ratios = np.where((starter == member)[:, None, None], own, joining)
        log_e[at] = _mean_of_grid(log_products(ratios, of), found)
    return Support(
        members=members, log_e=log_e, shared_acts=shared_acts(acts, members, windows_s[-1])
    )


def _mean_of_grid(grid: Floats, found: Floats | None) -> float:
    even = log_mean(grid)
    if found is None:
        return even
    there = np.logaddexp.reduce((grid + found).ravel()) - np.logaddexp.reduce(found.ravel())
    return float(np.logaddexp(even, there) - np.log(2))


def _joining_ratios(joined: NDArray[np.bool_], chance: Floats, starts: Starts) -> Floats:
    """Return the likelihood ratio of one account's joining or not, for every eta and rho."""
    chance = (1 - starts.freak) * chance + starts.freak / 2
    null = np.where(joined, chance, 1 - chance)[:, None]
    # The mean of a turnout that varies is all that one account shows of it.
    turnout = np.append(JOIN, (1 + LEAST_TURNOUT) / 2)
    signal = np.where(joined[:, None], turnout, 1 - turnout)
    ratio = signal / null
    # Staying away from what everybody joins is no evidence of membership.
    return mixed_with_silence(
        np.where(joined[:, None], ratio, np.minimum(ratio, 1.0)), starts.fresh
    )


def _joined(acts: Acts, starts: Starts, member: int) -> NDArray[np.bool_]:
    """Return whether a member acted within the window after each start."""
    key, begin = acts.key[acts.rows_of(np.array([member]))], acts.key[starts.row]
    first = np.searchsorted(key, begin, side="left")
    joined: NDArray[np.bool_] = (
        np.searchsorted(key, begin + starts.window_s * 1000, "right") > first
    )
    return joined


def shared_acts(acts: Acts, members: Ints, window_s: int) -> Ints:
    """Count each member's actions that lie within the window of another member's.

    Parameters
    ----------
    acts
        The actions of one layer.
    members
        Account codes.
    window_s
        The window, in seconds.

    Returns
    -------
    ndarray of int64
        A count a member.
    """
    return _counts(acts.account[shared_rows(acts, members, window_s)], members)


def _counts(accounts: Ints, members: Ints) -> Ints:
    """Return how often each member occurs among account codes."""
    counts: Ints = np.bincount(accounts, minlength=int(members.max()) + 1)[members]
    return counts


def shared_rows(acts: Acts, members: Ints, window_s: int) -> Ints:
    """Return the rows of members' actions within the window of another member's on one object.

    Parameters
    ----------
    acts
        The actions of one layer.
    members
        Account codes.
    window_s
        The window, in seconds.

    Returns
    -------
    ndarray of int64
        Row numbers in `acts`, ascending.
    """
    rows = acts.rows_of(members)
    close = np.zeros(len(rows), dtype=bool)
    key, account = acts.key[rows], acts.account[rows]
    # Two neighbours in time suffice: if the next action is one's own, the one after is looked at.
    for step in (1, 2):
        near = (key[step:] - key[:-step] <= window_s * 1000) & (account[step:] != account[:-step])
        close[step:] |= near
        close[:-step] |= near
    return rows[close]
