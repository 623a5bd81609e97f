"""The campaign stage: groups that pass a joint test, with the false discovery rate controlled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.acts import REPEAT_S, ActionArrays, Ints, action_arrays
from disinfo.coordination.candidates import find_candidates, overlapping
from disinfo.coordination.fdr import e_benjamini_hochberg
from disinfo.coordination.group_evidence import GroupEvidence, group_evidence
from disinfo.coordination.halves import first_half
from disinfo.coordination.link_accounts import usable_windows
from disinfo.coordination.members import (
    Support,
    both_halves,
    mean_support,
    member_support,
    shared_rows,
)
from disinfo.errors import ParameterError, raise_all
from disinfo.schema import Table
from disinfo.stages import GROUPS

_STAGE = "campaigns"
_WINDOWS_S = (60, 600, 3600, 21600)


@dataclass(frozen=True, kw_only=True)
class _Tested:
    """A candidate with its evidence from the half that did not find it."""

    members: Ints
    evidence: GroupEvidence
    log_weighted_e: float
    half: int


@dataclass(frozen=True, kw_only=True)
class _Group:
    """One campaign: a candidate, or one found from both halves."""

    tested: tuple[_Tested, ...]
    q: float

    @property
    def strongest(self) -> _Tested:
        return max(self.tested, key=lambda t: (t.evidence.log_e, -t.half))

    @property
    def log_e(self) -> float:
        """Log of the mean e-value over the halves that found the group."""
        logs = np.array([t.evidence.log_e for t in self.tested])
        return float(logs.max() + np.log(np.exp(logs - logs.max()).mean()))


@dataclass(frozen=True, kw_only=True)
class GroupTest:
    """Find campaigns by a cross-fitted group test with e-values (built-in `GroupAccounts` stage).

    Groups are proposed by pairs of accounts on one half of the posts and tested jointly on the
    other half, both ways. A group passes by weighted e-BH over all candidates of both halves; its
    accounts are named only where each is supported on its own, and three of them at least.

    Parameters
    ----------
    alpha
        False discovery rate over campaigns, and within a campaign over its accounts.
    min_accounts
        Smallest campaign.
    windows_s
        Windows in seconds, at most six hours; None for 60 s, 10 min, 1 h and 6 h, of which those
        shorter than the time resolution are left out.
    seed
        Seed of the community detection that proposes groups.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    The guarantee is as good as the null of `followers`: that null knows taste by source, popularity
    and haste, not every reason for which people act together. Honest groups that truly act together
    (a newsroom's two feeds, fans on one alert) pass, and should: that they are coordinated is true,
    and whether that is inauthentic is for the signals to say. Under breaking news with campaigns
    hidden in it the false discovery rate is not shown to hold (see docs/coordination.md).

    References
    ----------
    Wang and Ramdas 2022, False discovery rate control with e-values, JRSS B 84.
    """

    alpha: float = 0.05
    min_accounts: int = 3
    windows_s: tuple[int, ...] | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        problems = []
        if not 0 < self.alpha < 1:
            problems.append(f"alpha must be in (0, 1), not {self.alpha}")
        if self.min_accounts < 3:
            problems.append(f"min_accounts must be at least 3, not {self.min_accounts}")
        if self.windows_s is not None and any(not 0 < w <= REPEAT_S for w in self.windows_s):
            problems.append(f"windows_s must lie between 1 and {REPEAT_S} s, not {self.windows_s}")
        raise_all(problems, ParameterError, "GroupTest")

    def __call__(self, actions: pd.DataFrame, edges: pd.DataFrame, /) -> dict[str, pd.DataFrame]:
        """Return `groups`, `members`, `campaign_objects` and `dropped`; edges are not used."""
        del edges  # pairs are estimated again on each half: those of all the data would leak
        arrays = action_arrays(actions)
        windows = usable_windows(self.windows_s, _WINDOWS_S, arrays.resolution_s)
        side = first_half(arrays)
        halves = (arrays.where_posts(side), arrays.where_posts(~side))
        tested = self._tested(halves, windows)
        groups = [group for group in _matched(tested) if group.q <= self.alpha]
        rows = [self._campaign(group, arrays, halves, windows) for group in _disjoint(groups)]
        # Two groups that come down to the same accounts are one campaign.
        distinct = {row["groups"]["campaign_id"].iloc[0]: row for row in rows[::-1] if row}
        named = list(distinct.values())
        counts: dict[str, tuple[int, str | None]] = {
            "candidate group tested and not called": (len(_matched(tested)) - len(groups), None),
            f"group called, with fewer than {self.min_accounts} accounts supported: not named": (
                len(rows) - len(named),
                None,
            ),
        }
        return {
            "groups": _concat(GROUPS, [row["groups"] for row in named]),
            "members": _concat(tables.MEMBERS, [row["members"] for row in named]),
            "campaign_objects": _concat(
                tables.CAMPAIGN_OBJECTS, [row["campaign_objects"] for row in named]
            ),
            "dropped": tables.dropped_rows(_STAGE, counts),
        }

    def _tested(
        self, halves: tuple[ActionArrays, ActionArrays], windows: tuple[int, ...]
    ) -> list[_Tested]:
        """Discover on each half, test on the other."""
        tested = []
        for half in (0, 1):
            candidates = find_candidates(
                halves[half], windows, min_accounts=self.min_accounts, seed=self.seed
            )
            for candidate in candidates:
                evidence = group_evidence(halves[1 - half], candidate.members, windows)
                if evidence is None:
                    continue
                tested.append(
                    _Tested(
                        members=candidate.members,
                        evidence=evidence,
                        # All candidates of a half share its weight of one half, seen or not.
                        log_weighted_e=evidence.log_e - np.log(2 * len(candidates)),
                        half=half,
                    )
                )
        return tested

    def _campaign(
        self,
        group: _Group,
        arrays: ActionArrays,
        halves: tuple[ActionArrays, ActionArrays],
        windows: tuple[int, ...],
    ) -> dict[str, pd.DataFrame] | None:
        """Name the supported accounts of a group; None when they are too few."""
        support = _group_support(group, halves, windows)
        named = support.named(self.alpha)
        if len(named) < self.min_accounts:
            return None
        ids = arrays.accounts[named]
        campaign_id = _campaign_id(ids)
        strength = support.log_e[np.searchsorted(support.members, named)] / np.log(2)
        carrier = group.strongest.evidence
        layers = sorted({layer for t in group.tested for layer in t.evidence.layers})
        objects = _objects(arrays, named, layers, carrier.window_s)
        return {
            "groups": pd.DataFrame(
                {
                    "campaign_id": [campaign_id],
                    "layers": [layers],
                    "window_s": [carrier.window_s],
                    "p": [float(np.exp(min(-group.log_e, 0.0)))],
                    "q": [group.q],
                }
            ),
            "members": pd.DataFrame(
                {
                    "campaign_id": campaign_id,
                    "account_id": ids,
                    "strength": strength,
                    "dedication": _dedication(arrays, named, objects),
                }
            ),
            "campaign_objects": _object_rows(campaign_id, arrays, objects),
        }


def _group_support(
    group: _Group, halves: tuple[ActionArrays, ActionArrays], windows: tuple[int, ...]
) -> Support:
    """Test each account in the layers that carry the group, on the half that did not find it."""
    of_halves = []
    for half in (0, 1):
        supports = [
            member_support(acts, tested.members, windows)
            for tested in group.tested
            if tested.half == half
            for acts in halves[1 - half].layers
            if acts.layer in tested.evidence.layers
        ]
        if supports:
            of_halves.append(mean_support(supports))
    return both_halves(of_halves)


def _matched(tested: list[_Tested]) -> list[_Group]:
    """Join the same group found from both halves, then give every group its q.

    Done before e-BH: the same campaign rejected twice would count twice and pay for a false one.
    """
    order = sorted(tested, key=lambda t: (-round(t.log_weighted_e, 6), t.members.tolist()))
    rows: list[tuple[_Tested, ...]] = []
    for one in order:
        for at, row in enumerate(rows):
            if len(row) == 1 and row[0].half != one.half and _jaccard(row[0], one) >= 0.5:
                rows[at] = (*row, one)
                break
        else:
            rows.append((one,))
    mean = np.array([_log_mean([t.log_weighted_e for t in row]) for row in rows])
    q = e_benjamini_hochberg(mean) if rows else mean
    return [_Group(tested=row, q=float(value)) for row, value in zip(rows, q, strict=True)]


def _log_mean(logs: list[float]) -> float:
    top = max(logs)
    return top + float(np.log(np.mean(np.exp(np.array(logs) - top))))


def _jaccard(a: _Tested, b: _Tested) -> float:
    shared = len(np.intersect1d(a.members, b.members))
    return shared / (len(a.members) + len(b.members) - shared)


def _disjoint(groups: list[_Group]) -> list[_Group]:
    """Fold a group that overlaps a stronger one into it: the same accounts are one campaign."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda g: (g.q, g.strongest.members.tolist())):
        for at, other in enumerate(kept):
            if overlapping(group.strongest.members, other.strongest.members):
                kept[at] = _Group(tested=(*other.tested, *group.tested), q=other.q)
                break
        else:
            kept.append(group)
    return kept


def _objects(
    arrays: ActionArrays, named: Ints, layers: list[str], window_s: int
) -> dict[str, Ints]:
    """Return, by layer, the rows of the named accounts' actions that they share."""
    return {
        acts.layer: shared_rows(acts, named, window_s)
        for acts in arrays.layers
        if acts.layer in layers
    }


def _dedication(arrays: ActionArrays, named: Ints, objects: dict[str, Ints]) -> NDArray[np.float64]:
    """Return the share of each account's acting posts that carry a shared object."""
    owner = np.concatenate([acts.account for acts in arrays.layers])
    post = np.concatenate([acts.post for acts in arrays.layers])
    shared = np.unique(
        np.concatenate(
            [acts.post[objects[acts.layer]] for acts in arrays.layers if acts.layer in objects]
        )
    )
    shares = []
    for account in named:
        own = np.unique(post[owner == account])
        shares.append(np.isin(own, shared).mean())
    return np.array(shares)


def _object_rows(campaign_id: str, arrays: ActionArrays, objects: dict[str, Ints]) -> pd.DataFrame:
    parts = []
    for acts in arrays.layers:
        rows = objects.get(acts.layer, np.empty(0, dtype=np.int64))
        post_ids = pd.Series(arrays.posts[acts.post[rows]], dtype="str")
        parts.append(
            pd.DataFrame(
                {
                    "campaign_id": campaign_id,
                    "kind": acts.layer,
                    "object_id": acts.names[acts.item[rows]],
                    # A lone action's made-up post name is no post id.
                    "post_id": post_ids.mask(post_ids.str.startswith("\x00"), ""),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).drop_duplicates()


def _campaign_id(account_ids: NDArray[np.object_]) -> str:
    content = "\x00".join(sorted(account_ids))
    return "c-" + hashlib.blake2b(content.encode(), digest_size=5).hexdigest()


def _concat(table: Table, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return table.check(pd.concat(parts, ignore_index=True)) if parts else table.empty()
