"""What a signal looks at of one campaign, and how its answer becomes evidence rows."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.stages import Findings


@dataclass(frozen=True, kw_only=True)
class CampaignView:
    """One campaign and everybody else.

    Parameters
    ----------
    campaign_id
        The campaign.
    members
        Its rows of `members`.
    objects
        Its rows of `campaign_objects`.
    posts
        Posts that carry its shared objects, written by its members.
    member_posts
        All posts of its members.
    other_posts
        Posts of accounts in no campaign at all: the population to compare with.
    """

    campaign_id: str
    members: pd.DataFrame
    objects: pd.DataFrame
    posts: pd.DataFrame
    member_posts: pd.DataFrame
    other_posts: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a signal says of one campaign.

    Parameters
    ----------
    value
        The measurement; higher is more suspicious. None when it cannot be made.
    because
        A sentence that an analyst can quote, or why there is no value.
    """

    value: float | None
    because: str


# The views of findings that are still in use: every signal of a run asks for the same ones.
_VIEWS: dict[int, tuple[CampaignView, ...]] = {}


def campaign_views(findings: Findings) -> tuple[CampaignView, ...]:
    """Return each campaign beside everybody else.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    tuple of CampaignView
        In order of campaign_id. They are made once for the same findings and share one frame
        `other_posts`.
    """
    key = id(findings)
    if key not in _VIEWS:
        _VIEWS[key] = tuple(_views(findings))
        weakref.finalize(findings, _VIEWS.pop, key, None)
    return _VIEWS[key]


def other_posts(findings: Findings) -> pd.DataFrame:
    """Return the posts of accounts in no campaign at all: the population to compare with.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Rows of `posts`.
    """
    in_any = findings.posts["account_id"].isin(findings.members["account_id"])
    return findings.posts[~in_any & findings.posts["account_id"].notna()]


def _views(findings: Findings) -> Iterator[CampaignView]:
    if findings.groups.empty:
        return
    others = other_posts(findings)
    members_of = dict(iter(findings.members.groupby("campaign_id")))
    objects_of = dict(iter(findings.campaign_objects.groupby("campaign_id")))
    rows_of = findings.posts.groupby("account_id").indices
    for campaign_id in findings.groups["campaign_id"]:
        members = members_of.get(campaign_id, findings.members.iloc[:0])
        objects = objects_of.get(campaign_id, findings.campaign_objects.iloc[:0])
        rows = [rows_of[account] for account in members["account_id"] if account in rows_of]
        own = findings.posts.iloc[np.sort(np.concatenate(rows)) if rows else []]
        yield CampaignView(
            campaign_id=campaign_id,
            members=members,
            objects=objects,
            posts=own[own["post_id"].isin(objects["post_id"])],
            member_posts=own,
            other_posts=others,
        )


def campaign_evidence(
    findings: Findings, signal: str, read: Callable[[CampaignView], Reading]
) -> pd.DataFrame:
    """Ask a signal about every campaign.

    Parameters
    ----------
    findings
        The tables made so far.
    signal
        Its name.
    read
        What it says of one campaign.

    Returns
    -------
    DataFrame
        Rows of `evidence`, with 0 bits: the score weighs them.
    """
    rows = []
    for view in campaign_views(findings):
        reading = read(view)
        rows.append(
            {
                "subject": "campaign",
                "subject_id": view.campaign_id,
                "signal": signal,
                "value": reading.value,
                "bits": 0.0,
                "because": reading.because,
                "status": "missing" if reading.value is None else "ok",
            }
        )
    if not rows:
        return tables.EVIDENCE.empty()
    return tables.EVIDENCE.check(pd.DataFrame(rows), source=f"signal {signal}")
