"""The campaign stage: groups that pass a joint test, with the false discovery rate controlled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.acts import REPEAT_S, ActionArrays, Ints, action_arrays
from disinfo.coordination.cross_fit import Group, halves_of, tested_groups, without_overlaps
from disinfo.coordination.link_accounts import usable_windows
from disinfo.coordination.members import (
    Support,
    both_halves,
    mean_support,
    member_support,
    shared_rows,
)
from disinfo.distinct import Names, distinct
from disinfo.errors import ParameterError, outside_unit_interval, raise_all
from disinfo.schema import Table
from disinfo.stages import GROUPS

_STAGE = "campaigns"
_WINDOWS_S = (60, 600, 3600, 21600)
_MAX_SPLITS = 20


@dataclass(frozen=True, kw_only=True)
class GroupTest:
    """Find campaigns by a cross-fitted group test with e-values (built-in `GroupAccounts` stage).

    Groups are proposed by pairs of accounts on one half of the posts and tested jointly on the
    other half, both ways, over several splits. A group passes by weighted e-BH over all candidates;
    its accounts are named only where each is supported on its own, and three of them at least.

    Parameters
    ----------
    alpha
        False discovery rate over campaigns, and within a campaign over its accounts.
    min_accounts
        Smallest campaign.
    windows_s
        Windows in seconds, at most six hours; None for 60 s, 10 min, 1 h and 6 h, of which those
        shorter than the time resolution are left out.
    n_splits
        Number of splits into halves. More find more and take longer, in proportion.
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
    and whether that is inauthentic is for the signals to say. Breaking news is where it is most
    likely to fail (see docs/coordination.md).

    References
    ----------
    Wang and Ramdas 2022, False discovery rate control with e-values, JRSS B 84.
    """

    alpha: float = 0.05
    min_accounts: int = 3
    windows_s: tuple[int, ...] | None = None
    n_splits: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        problems = outside_unit_interval(alpha=self.alpha)
        if self.min_accounts < 3:
            problems.append(f"min_accounts must be at least 3, not {self.min_accounts}")
        if self.windows_s is not None and any(not 0 < w <= REPEAT_S for w in self.windows_s):
            problems.append(f"windows_s must lie between 1 and {REPEAT_S} s, not {self.windows_s}")
        if not 1 <= self.n_splits <= _MAX_SPLITS:
            problems.append(f"n_splits must be 1 to {_MAX_SPLITS}, not {self.n_splits}")
        raise_all(problems, ParameterError, "GroupTest")

    def __call__(self, actions: pd.DataFrame, edges: pd.DataFrame, /) -> dict[str, pd.DataFrame]:
        """Return `groups`, `members`, `campaign_objects` and `dropped`; edges are not used."""
        del edges  # pairs are estimated again on each half: those of all the data would leak
        arrays = action_arrays(actions)
        windows = usable_windows(self.windows_s, _WINDOWS_S, arrays.resolution_s)
        tested, n_not_grown = tested_groups(
            arrays, windows, n_splits=self.n_splits, min_accounts=self.min_accounts, seed=self.seed
        )
        called = [group for group in tested if group.q <= self.alpha]
        groups = without_overlaps(called)
        supports = _supports(groups, arrays, self.n_splits, windows)
        rows = [
            self._campaign(group, arrays, support)
            for group, support in zip(groups, supports, strict=True)
        ]
        # Two groups that come down to the same accounts are one campaign, the stronger one.
        distinct = {row["groups"]["campaign_id"].iloc[0]: row for row in rows[::-1] if row}
        named = list(distinct.values())
        counts: dict[str, tuple[int, str | None]] = {
            "candidate group tested and not called": (len(tested) - len(called), None),
            "candidate group tested as small as it was found: too many to grow or join": (
                n_not_grown,
                None,
            ),
            "group called, its accounts those of a stronger one: folded into it": (
                len(called) - len(rows) + sum(row is not None for row in rows) - len(named),
                None,
            ),
            f"group called, with fewer than {self.min_accounts} accounts supported: not named": (
                sum(row is None for row in rows),
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

    def _campaign(
        self, group: Group, arrays: ActionArrays, support: Support
    ) -> dict[str, pd.DataFrame] | None:
        """Name the supported accounts of a group; None when they are too few."""
        named = support.named(self.alpha)
        if len(named) < self.min_accounts:
            return None
        ids = arrays.accounts[named]
        campaign_id = _campaign_id(ids)
        carrier = group.tested[0].evidence
        layers = sorted({layer for t in group.tested for layer in t.evidence.layers})
        objects = _objects(arrays, named, layers, carrier.window_s)
        return {
            "groups": pd.DataFrame(
                {
                    "campaign_id": [campaign_id],
                    "layers": [layers],
                    "window_s": [carrier.window_s],
                    "p": [group.p],
                    "q": [group.q],
                }
            ),
            "members": pd.DataFrame(
                {
                    "campaign_id": campaign_id,
                    "account_id": ids,
                    "strength": support.of(named) / np.log(2),
                    "dedication": _dedication(arrays, named, objects),
                }
            ),
            "campaign_objects": _object_rows(campaign_id, arrays, objects),
        }


def _supports(
    groups: list[Group], arrays: ActionArrays, n_splits: int, windows: tuple[int, ...]
) -> list[Support]:
    """Test each account of groups, over all splits."""
    of_splits: list[list[Support]] = [[] for _ in groups]
    for split in range(n_splits if groups else 0):
        halves = halves_of(arrays, split)
        for group, found in zip(groups, of_splits, strict=True):
            of_halves = _of_halves(group, split, halves, windows)
            if of_halves:
                found.append(both_halves(of_halves))
    return [mean_support(found) for found in of_splits]


def _of_halves(
    group: Group,
    split: int,
    halves: tuple[ActionArrays, ActionArrays],
    windows: tuple[int, ...],
) -> list[Support]:
    """Test each account in the layers that carry the group, on the halves that did not find it."""
    of_halves = []
    for half in (0, 1):
        supports = [
            member_support(acts, tested.members, windows, tested.found.grid.get(acts.layer))
            for tested in group.tested
            if (tested.split, tested.half) == (split, half)
            for acts in halves[1 - half].layers
            if acts.layer in tested.evidence.layers
        ]
        if supports:
            of_halves.append(mean_support(supports))
    return of_halves


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
    shared = distinct(
        *(acts.post[objects[acts.layer]] for acts in arrays.layers if acts.layer in objects)
    )
    shares = []
    for account in named[:, None]:
        rows = [acts.post[acts.rows_of(account)] for acts in arrays.layers]
        own = distinct(*rows)
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


def _campaign_id(account_ids: Names) -> str:
    content = "\x00".join(sorted(account_ids))
    return "c-" + hashlib.blake2b(content.encode(), digest_size=5).hexdigest()


def _concat(table: Table, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return table.check(pd.concat(parts, ignore_index=True)) if parts else table.empty()
