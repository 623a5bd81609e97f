"""Signal `dedication`: how much of their activity the accounts give to the campaign.

Innocent causes: accounts made for one purpose (a wire service, a petition app, a club).
"""

from __future__ import annotations

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings


def dedication(findings: Findings, /) -> pd.DataFrame:
    """Measure the share of the members' posts that carry the campaign's objects.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is a share from 0 to 1, the median over members.
    """

    def read(view: CampaignView) -> Reading:
        if len(view.member_posts) == 0:
            return Reading(value=None, because="the members' posts are not in the data")
        shared = view.member_posts["post_id"].isin(view.objects["post_id"])
        shares = shared.groupby(view.member_posts["account_id"]).mean()
        value = float(shares.median())
        return Reading(
            value=value,
            because=f"half of the accounts give {value:.0%} or more of their posts to it",
        )

    return campaign_evidence(findings, "dedication", read)
