"""What a signal looks at of one campaign, and how its answer becomes evidence rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


def campaign_views(findings: Findings) -> Iterator[CampaignView]:
    """Yield each campaign in turn.

    Parameters
    ----------
    findings
        The tables made so far.

    Yields
    ------
    CampaignView
        In order of campaign_id.
    """
    in_any = findings.posts["account_id"].isin(findings.members["account_id"])
    others = findings.posts[~in_any & findings.posts["account_id"].notna()]
    for campaign_id in findings.groups["campaign_id"]:
        members = findings.members[findings.members["campaign_id"] == campaign_id]
        objects = findings.campaign_objects[findings.campaign_objects["campaign_id"] == campaign_id]
        own = findings.posts[findings.posts["account_id"].isin(members["account_id"])]
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
