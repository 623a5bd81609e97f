"""Signal `topic_switch`: accounts that took up another subject halfway, as recycled ones do.

Innocent causes: the news moved on, an election began, a person changed his job.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.stages import Findings

# Halves of fewer posts differ by chance.
_MIN_POSTS = 10
_MIN_ACCOUNTS = 3


def topic_switch(findings: Findings, /) -> pd.DataFrame:
    """Compare how much the members' subjects changed halfway with how much others' did.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of other accounts whose first and second half of posts
        have more tags in common than the median member's. Accounts bought before the data begin
        have switched already and are not seen.
    """
    usual = cache(lambda: _overlaps(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _overlaps(view.member_posts), usual()
        if len(members) < _MIN_ACCOUNTS or len(others) < _MIN_ACCOUNTS:
            return Reading(
                value=None, because=f"too few accounts with {_MIN_POSTS} posts with hashtags"
            )
        middle = float(np.median(members))
        return Reading(
            value=float((others > middle).mean()),
            because=f"the median member's halves share {middle:.0%} of their hashtags, "
            f"{np.median(others):.0%} among other accounts",
        )

    return campaign_evidence(findings, "topic_switch", read)


def _overlaps(posts: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return, for each account with enough tagged posts, the overlap of its halves' tags."""
    if "hashtags" not in posts:
        return np.empty(0)
    tagged = posts[posts["hashtags"].map(bool) & posts["created_at"].notna()]
    tagged = tagged.sort_values(["account_id", "created_at", "post_id"], kind="stable")
    found = []
    for _, own in tagged.groupby("account_id")["hashtags"]:
        if len(own) < _MIN_POSTS:
            continue
        middle = len(own) // 2
        first, second = (
            pd.Series([tag for tags in half for tag in tags]).value_counts(normalize=True)
            for half in (own.iloc[:middle], own.iloc[middle:])
        )
        found.append(float(np.minimum(first, second.reindex(first.index).fillna(0)).sum()))
    return np.array(found, dtype=np.float64)
