"""Signal `platform_spread`: one message on several platforms.

Innocent causes: organisations and newsrooms that post everywhere at once, people who quote another
platform.
"""

from __future__ import annotations

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings


def platform_spread(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's messages its members tell on several platforms.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of its posts whose family the members tell on two or more
        platforms. Data of one platform cannot show it.
    """
    posts = findings.posts
    n_platforms = posts["platform"].nunique() if "platform" in posts else 0

    def read(view: CampaignView) -> Reading:
        if n_platforms < 2:
            return Reading(value=None, because="the data hold one platform only")
        if "family_id" not in view.posts or view.posts["family_id"].notna().sum() == 0:
            return Reading(value=None, because="the campaign's posts have no text")
        told = view.posts[view.posts["family_id"].notna()]
        spread = told.groupby("family_id")["platform"].nunique()
        n = int(told["family_id"].isin(spread.index[spread > 1]).sum())
        return Reading(
            value=n / len(told),
            because=f"{n} of {len(told)} posts carry a message that the members tell on several "
            f"platforms ({told['platform'].nunique()} in all)",
        )

    return campaign_evidence(findings, "platform_spread", read)
