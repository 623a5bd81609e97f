"""Signal `synchrony`: how soon after each other the accounts act on the same object.

Innocent causes: push alerts, live events, syndication within a newsroom.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings


def synchrony(findings: Findings, /) -> pd.DataFrame:
    """Measure the typical delay between members on one object.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is minus the decimal logarithm of the median delay in seconds, so that
        0 is a second and -3.6 an hour.
    """

    def read(view: CampaignView) -> Reading:
        acts = view.objects.merge(view.posts[["post_id", "account_id", "created_at"]], on="post_id")
        acts = acts.drop_duplicates(["kind", "object_id", "post_id"])
        acts = acts.sort_values(["kind", "object_id", "created_at", "account_id"], kind="stable")
        gap = acts.groupby(["kind", "object_id"])["created_at"].diff().dt.total_seconds()
        switched = acts.groupby(["kind", "object_id"])["account_id"].shift() != acts["account_id"]
        delays = gap[gap.notna() & switched]
        if len(delays) == 0:
            return Reading(value=None, because="no two actions of different accounts to compare")
        median = float(delays.median())
        return Reading(
            value=-float(np.log10(max(median, 1.0))),
            because=f"half of the time the next account acts within {_duration(median)}",
        )

    return campaign_evidence(findings, "synchrony", read)


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
