"""Signal `rhythm`: accounts that post round the clock.

Innocent causes: shared newsroom accounts, automatic feeds that say what they are, members who live
in several time zones (each account is measured on its own).
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

# With fewer posts an account that never sleeps cannot be told from one that does.
_MIN_POSTS = 20
_MIN_ACCOUNTS = 3


def rhythm(findings: Findings, /) -> pd.DataFrame:
    """Compare the members' longest daily pause with that of other accounts.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of other accounts whose longest daily pause is longer
        than the median member's.
    """
    usual = cache(lambda: _pauses(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _pauses(view.member_posts), usual()
        if len(members) < _MIN_ACCOUNTS or len(others) < _MIN_ACCOUNTS:
            return Reading(value=None, because=f"too few accounts with {_MIN_POSTS} timed posts")
        middle = float(np.median(members))
        return Reading(
            value=float((others > middle).mean()),
            because=f"the median member pauses {middle:.0f} hours a day, "
            f"other accounts {np.median(others):.0f}",
        )

    return campaign_evidence(findings, "rhythm", read)


def _pauses(posts: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return each busy account's longest run of hours of the day without a post."""
    timed = posts[posts["created_at"].notna()]
    busy = timed.groupby("account_id")["post_id"].transform("size") >= _MIN_POSTS
    hours = timed[busy].groupby("account_id")["created_at"].agg(lambda t: frozenset(t.dt.hour))
    return np.array([_longest_gap(found) for found in hours], dtype=np.float64)


def _longest_gap(hours: frozenset[int]) -> int:
    ordered = sorted(hours)
    gaps = [b - a - 1 for a, b in zip(ordered, [*ordered[1:], ordered[0] + 24], strict=True)]
    return max(gaps)
