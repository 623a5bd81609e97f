"""Campaign ids carried from an earlier result to the next by the accounts they share."""

from __future__ import annotations

import dataclasses

import pandas as pd

from disinfo import tables
from disinfo.result import Result


def carry_campaigns(before: Result, after: Result) -> Result:
    """Give the campaigns of a result the ids that they had before, and record what became of them.

    Parameters
    ----------
    before, after
        The earlier and the later result.

    Returns
    -------
    Result
        The later one, with ids replaced in all tables and `lineage` continued. A campaign keeps an
        id when half of the smaller one's accounts are in both; the largest overlap goes first. A
        campaign left without is a split where half of its accounts come from one earlier campaign,
        else a birth; an earlier campaign that lost its id to another is a merge.
    """
    shared = _shared(before.members, after.members)
    renamed, events = _matched(shared, before, after)
    at = after.posts["created_at"].max() if len(after.posts) else pd.NaT
    rows = pd.DataFrame(events, columns=["event", "old_id", "new_id"])
    lineage = pd.concat([after.lineage, rows.assign(kind="campaign", at=at)], ignore_index=True)
    replaced = _renamed(after, renamed)
    return dataclasses.replace(replaced, lineage=tables.LINEAGE.check(lineage))


def _shared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Count the accounts that each earlier campaign shares with each later one."""
    both = before[["campaign_id", "account_id"]].merge(
        after[["campaign_id", "account_id"]], on="account_id", suffixes=("_old", "_new")
    )
    if both.empty:
        return pd.DataFrame({"campaign_id_old": [], "campaign_id_new": [], "n": []})
    counted = both.groupby(["campaign_id_old", "campaign_id_new"]).size().rename("n").reset_index()
    n_old = counted["campaign_id_old"].map(before["campaign_id"].value_counts())
    n_new = counted["campaign_id_new"].map(after["campaign_id"].value_counts())
    half = 2 * counted["n"] >= pd.concat([n_old, n_new], axis=1).min(axis=1)
    return counted[half].sort_values(
        ["n", "campaign_id_old", "campaign_id_new"], ascending=[False, True, True]
    )


def _matched(
    shared: pd.DataFrame, before: Result, after: Result
) -> tuple[dict[str, str], list[tuple[str, str | None, str]]]:
    renamed: dict[str, str] = {}
    used: set[str] = set()
    pairs = list(zip(shared["campaign_id_old"], shared["campaign_id_new"], strict=True))
    for old, new in pairs:
        if old not in used and new not in renamed:
            renamed[new] = old
            used.add(old)
    events: list[tuple[str, str | None, str]] = []
    earlier = set(before.campaigns["campaign_id"])
    for new in sorted(set(after.campaigns["campaign_id"]) - set(renamed)):
        parents = [old for old, other in pairs if other == new]
        # An id that an earlier campaign has kept must not come back for another one.
        renamed[new] = new if new not in earlier else f"{new}x"
        events.append(
            ("split", parents[0], renamed[new]) if parents else ("birth", None, renamed[new])
        )
    for old in sorted(earlier - used):
        heirs = [renamed[new] for other, new in pairs if other == old]
        if heirs:
            events.append(("merge", old, heirs[0]))
    return renamed, sorted(events, key=str)


def _renamed(result: Result, renamed: dict[str, str]) -> Result:
    def swap(column: pd.Series) -> pd.Series:
        return column.map(lambda name: renamed.get(name, name), na_action="ignore").astype("str")

    def of_subject(frame: pd.DataFrame) -> pd.DataFrame:
        about = frame["subject"] == "campaign"
        return frame.assign(
            subject_id=frame["subject_id"].where(~about, swap(frame["subject_id"])).astype("str")
        )

    changed = {
        name: frame.assign(campaign_id=swap(frame["campaign_id"]))
        for name, frame in result.tables.items()
        if "campaign_id" in frame
    }
    changed |= {name: of_subject(getattr(result, name)) for name in ("evidence", "exhibits")}
    kept_order = ("posts", "campaigns")
    checked = {
        name: tables.ALL[name].check(frame, sort=name not in kept_order)
        for name, frame in changed.items()
    }
    return dataclasses.replace(result, **checked)
