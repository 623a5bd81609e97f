"""Signal `shared_avatar`: accounts with one and the same picture.

Innocent causes: the platform's default picture, a club's badge, a ribbon for a cause, the logo of
one organisation.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.signals.coincidence import MIN_ACCOUNTS, last_known
from disinfo.stages import Findings

# Carried as the source has them; a hash is the better of the two, since addresses change.
_COLUMNS = ("account_avatar_hash", "account_avatar")


def shared_avatar(findings: Findings, /) -> pd.DataFrame:
    """Measure how many members show another member's picture, beyond what is usual.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of members whose picture another member has and no more
        than one in a hundred other accounts, from 0 to 1. Pictures made one by one by a machine
        escape it.
    """
    usual = cache(lambda: _pictures(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _pictures(view.member_posts), usual()
        if len(members) < MIN_ACCOUNTS or len(others) < MIN_ACCOUNTS:
            absent = f"too few pictures of accounts ({' or '.join(_COLUMNS)})"
            return Reading(value=None, because=absent)
        counts = members.map(members.value_counts())
        common = members.map(others.value_counts()).fillna(0) > len(others) / 100
        n = int(((counts > 1) & ~common).sum())
        return Reading(
            value=n / len(members),
            because=f"{n} of {len(members)} members show the same picture as another member, one "
            "that is rare among other accounts",
        )

    return campaign_evidence(findings, "shared_avatar", read)


def _pictures(posts: pd.DataFrame) -> pd.Series:
    for column in _COLUMNS:
        pictures = last_known(posts, column).astype("str")
        pictures = pictures[pictures.str.len() > 0]
        if len(pictures):
            return pictures
    return pd.Series([], dtype="str")
