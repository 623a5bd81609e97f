"""Cross-fitting: find groups on one half of the posts and test them on the other, repeatedly.

One split may be unlucky and put a campaign's waves on one side, so several are made. A group that
turns up more than once is one hypothesis. Its e-value is the weighted sum over its appearances, and
the weights of all candidates of all splits sum to one, which keeps weighted e-BH valid under any
dependence, that between splits included.

References
----------
Ren and Barber 2024, Derandomised knockoffs: leveraging e-values, JRSS B 86 (averaging over splits).
Wang and Ramdas 2022, False discovery rate control with e-values, JRSS B 84.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from disinfo.coordination.acts import ActionArrays, Ints
from disinfo.coordination.candidates import Candidate, find_candidates
from disinfo.coordination.fdr import e_benjamini_hochberg
from disinfo.coordination.group_evidence import GroupEvidence, group_evidence
from disinfo.coordination.group_index import GroupIndex
from disinfo.coordination.halves import first_half

Found = tuple[list[Candidate], int]

# With more acts than this one half is worked on at a time: the pairs of both would fill the memory.
_MOST_ACTS_AT_ONCE = 5_000_000
# Two groups are one hypothesis when so much of their union is common to both.
_SAME_GROUP = 0.5


@dataclass(frozen=True, kw_only=True)
class Tested:
    """A candidate with its evidence from the half that did not find it.

    Parameters
    ----------
    members
        Account codes, ascending.
    found
        What the half that found it says.
    evidence
        What the other half says.
    log_weighted_e
        Log of weight times e-value.
    split, half
        Where it was found: number of the split, and 0 or 1.
    """

    members: Ints
    found: GroupEvidence
    evidence: GroupEvidence
    log_weighted_e: float
    split: int
    half: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """One hypothesis: a candidate with all its appearances, strongest first.

    Parameters
    ----------
    tested
        The appearances.
    log_weighted_e
        Log of the sum of their weighted e-values.
    q
        Lowest level at which weighted e-BH rejects it.
    """

    tested: tuple[Tested, ...]
    log_weighted_e: float
    q: float

    @property
    def members(self) -> Ints:
        """Accounts of the strongest appearance."""
        return self.tested[0].members

    @property
    def p(self) -> float:
        """A p-value for this group alone, from the mean of its e-values (Markov's inequality)."""
        logs = np.array([tested.evidence.log_e for tested in self.tested])
        mean = float(np.logaddexp.reduce(logs) - np.log(len(logs)))
        return float(np.exp(min(-mean, 0.0)))


def halves_of(arrays: ActionArrays, split: int) -> tuple[ActionArrays, ActionArrays]:
    """Return both halves of a split.

    Parameters
    ----------
    arrays
        All actions.
    split
        Number of the split.

    Returns
    -------
    tuple of ActionArrays
        Half 0 and half 1.
    """
    side = first_half(arrays, split)
    return arrays.where_posts(side), arrays.where_posts(~side)


def tested_groups(
    arrays: ActionArrays,
    windows_s: tuple[int, ...],
    *,
    n_splits: int,
    min_accounts: int,
    seed: int,
) -> tuple[list[Group], int]:
    """Find and test groups over several splits.

    Parameters
    ----------
    arrays
        All actions.
    windows_s
        Windows in seconds.
    n_splits
        How many splits to make.
    min_accounts
        Smallest group.
    seed
        Seed of the community detection.

    Returns
    -------
    groups : list of Group
        All hypotheses with their q, most significant first.
    n_not_grown : int
        Candidates that were too many to be grown.
    """
    tested: list[Tested] = []
    n_not_grown = 0
    for split in range(n_splits):
        outcomes, halves = _found(arrays, split, windows_s, min_accounts, seed)
        for half, (found, n_small) in enumerate(outcomes):
            n_not_grown += n_small
            where = (split, half)
            tested += _on_the_other(found, halves[1 - half], windows_s, where, 2 * n_splits)
        # Before the next ones are made.
        del halves
    return _ranked(_appearances(tested)), n_not_grown


def _found(
    arrays: ActionArrays, split: int, windows_s: tuple[int, ...], min_accounts: int, seed: int
) -> tuple[list[Found], tuple[ActionArrays, ActionArrays]]:
    """Return the candidates of each half of a split, and the halves."""
    halves = halves_of(arrays, split)

    def find(half: ActionArrays) -> Found:
        return find_candidates(half, windows_s, min_accounts=min_accounts, seed=seed)

    if sum(len(acts) for half in halves for acts in half.layers) > _MOST_ACTS_AT_ONCE:
        # What is computed of one half while groups are found is gone before the next is asked.
        return [find(half.afresh()) for half in halves], halves
    # Side by side: numpy lets go of the interpreter while it sorts and counts.
    with ThreadPoolExecutor(len(halves)) as threads:
        return list(threads.map(find, halves)), halves


def _on_the_other(
    found: list[Candidate],
    other: ActionArrays,
    windows_s: tuple[int, ...],
    where: tuple[int, int],
    n_halves: int,
) -> list[Tested]:
    """Test the candidates that one half of a split gave on the other."""
    evidence = group_evidence(
        other,
        [candidate.members for candidate in found],
        windows_s,
        found=[candidate.evidence for candidate in found],
    )
    return [
        Tested(
            members=candidate.members,
            found=candidate.evidence,
            evidence=one,
            # Known before the other half was opened: all candidates share alike.
            log_weighted_e=one.log_e - np.log(n_halves * len(found)),
            split=where[0],
            half=where[1],
        )
        for candidate, one in zip(found, evidence, strict=True)
        if one is not None
    ]


def _appearances(tested: list[Tested]) -> list[tuple[Tested, ...]]:
    """Put the appearances of one group together, at most one from each half of each split."""
    order = sorted(tested, key=lambda t: (-round(t.log_weighted_e, 6), t.members.tolist()))
    rows: list[list[Tested]] = []
    index = GroupIndex()
    for one in order:
        for at in index.alike(one.members, _SAME_GROUP):
            if all((other.split, other.half) != (one.split, one.half) for other in rows[at]):
                rows[at].append(one)
                break
        else:
            rows.append([one])
            index.add(one.members)
    return [tuple(row) for row in rows]


def _ranked(rows: list[tuple[Tested, ...]]) -> list[Group]:
    if not rows:
        return []
    sums = np.array([np.logaddexp.reduce([t.log_weighted_e for t in row]) for row in rows])
    q = e_benjamini_hochberg(sums)
    groups = [
        Group(tested=row, log_weighted_e=float(log_e), q=float(value))
        for row, log_e, value in zip(rows, sums, q, strict=True)
    ]
    return sorted(groups, key=lambda g: (-round(g.log_weighted_e, 6), g.members.tolist()))


def without_overlaps(groups: list[Group]) -> list[Group]:
    """Fold a group that overlaps a stronger one into it: the same accounts are one campaign.

    Parameters
    ----------
    groups
        Groups, strongest first.

    Returns
    -------
    list of Group
        Groups of which no two share half of the smaller one.
    """
    kept: list[Group] = []
    index = GroupIndex()
    for group in groups:
        among = index.overlapping(group.members)
        if among:
            other = kept[among[0]]
            kept[among[0]] = Group(
                tested=(*other.tested, *group.tested),
                log_weighted_e=other.log_weighted_e,
                q=other.q,
            )
        else:
            index.add(group.members)
            kept.append(group)
    return kept
