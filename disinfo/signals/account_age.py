"""Signals `young_accounts` and `creation_burst`: when the accounts were made.

Innocent causes: a platform's growth spurt, a club that joins together, an event for which people
sign up.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from disinfo.signals.campaign_view import (
    CampaignView,
    Reading,
    campaign_evidence,
    other_posts,
)
from disinfo.stages import Findings

_BURST_DAYS = 14
_MIN_ACCOUNTS = 3
_ABSENT = "no creation dates of accounts (column account_created_at)"


def young_accounts(findings: Findings, /) -> pd.DataFrame:
    """Compare the members' age with that of accounts in no campaign.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of other accounts that are older than the median member.
    """
    usual = cache(lambda: _created(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _created(view.member_posts), usual()
        if len(members) < _MIN_ACCOUNTS or len(others) < _MIN_ACCOUNTS:
            return Reading(value=None, because=_ABSENT)
        middle = members.sort_values().iloc[len(members) // 2]
        value = float((others < middle).mean())
        return Reading(
            value=value, because=f"the median member is younger than {value:.0%} of other accounts"
        )

    return campaign_evidence(findings, "young_accounts", read)


def creation_burst(findings: Findings, /) -> pd.DataFrame:
    """Measure whether the members were made together.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the largest share of members made within 14 days, less the share of
        other accounts made within the same 14 days.
    """
    usual = cache(lambda: _created(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _created(view.member_posts), usual()
        if len(members) < _MIN_ACCOUNTS or len(others) < _MIN_ACCOUNTS:
            return Reading(value=None, because=_ABSENT)
        days = np.sort(_days(members))
        within = np.searchsorted(days, days + _BURST_DAYS, side="right") - np.arange(len(days))
        at = int(within.argmax())
        share = within[at] / len(days)
        other_days = _days(others)
        elsewhere = ((other_days >= days[at]) & (other_days <= days[at] + _BURST_DAYS)).mean()
        return Reading(
            value=float(share - elsewhere),
            because=f"{within[at]} of {len(days)} members were made within {_BURST_DAYS} days, "
            f"against {elsewhere:.0%} of other accounts",
        )

    return campaign_evidence(findings, "creation_burst", read)


def _created(posts: pd.DataFrame) -> pd.Series:
    """Return the creation time of each account that has one."""
    if "account_created_at" not in posts:
        return pd.Series([], dtype="datetime64[us, UTC]")
    times = pd.to_datetime(posts["account_created_at"], utc=True, errors="coerce")
    return times.groupby(posts["account_id"]).min().dropna()


def _days(times: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    days: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        times.to_numpy("datetime64[s]").astype(np.int64) / 86400.0
    )
    return days
