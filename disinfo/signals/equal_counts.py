"""Signal `equal_counts`: accounts with the very same number of followers or followed accounts.

Innocent causes: fresh accounts (nobody follows them yet), a platform's limits (5,000 followed), a
starter pack that many people took.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.signals.coincidence import coincidence, last_known
from disinfo.stages import Findings

_COLUMNS = {"account_followers": "followers", "account_following": "followed accounts"}


def equal_counts(findings: Findings, /) -> pd.DataFrame:
    """Measure how many members have one and the same count, beyond what is usual.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the largest share of members with one number of followers, or one
        of followed accounts, less the share of other accounts with that number. Counts taken on
        different days hide it.
    """
    usual = cache(lambda: _counts(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        found = coincidence(_counts(view.member_posts), usual())
        if found is None:
            absent = "too few counts of followers (account_followers, account_following)"
            return Reading(value=None, because=absent)
        return Reading(
            value=found.excess,
            because=f"{found.n} of {found.of} members have exactly {found.value or 'equal counts'}"
            f", against {found.usual:.0%} of other accounts",
        )

    return campaign_evidence(findings, "equal_counts", read)


def _counts(posts: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for column, what in _COLUMNS.items():
        numbers = pd.to_numeric(last_known(posts, column), errors="coerce").dropna()
        values = [f"{number:.0f} {what}" for number in numbers]
        parts.append(pd.DataFrame({"account_id": numbers.index, "value": values}))
    return pd.concat(parts, ignore_index=True)
