"""Signal `paraphrase_signature`: one meaning in words that have less in common than is usual.

People who tell the same news share its words; a machine told to reword shares as few as it can.
Innocent causes: translations by hand, summaries of one long text, headlines by several newsrooms.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.stages import Findings

_MIN_PAIRS = 5


def paraphrase_signature(findings: Findings, /) -> pd.DataFrame:
    """Compare the wording of the members' rewordings with that of other accounts' rewordings.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of rewordings among other accounts that have more letters
        in common than the campaign's median pair. It needs rewordings on both sides; a campaign
        that changes few words escapes it.
    """
    reworded = findings.links[findings.links["kind"] == "reworded"]
    usual = cache(lambda: _pairs(other_posts(findings), reworded))

    def read(view: CampaignView) -> Reading:
        own = _pairs(view.posts, reworded)
        if len(own) < _MIN_PAIRS or len(usual()) < _MIN_PAIRS:
            return Reading(
                value=None, because=f"fewer than {_MIN_PAIRS} rewordings to compare on either side"
            )
        middle = float(own.median())
        value = float((usual() > middle).mean())
        return Reading(
            value=value,
            because=f"its rewordings share {middle:.0%} of their letters, less than {value:.0%} of "
            "the rewordings of other accounts",
        )

    return campaign_evidence(findings, "paraphrase_signature", read)


def _pairs(posts: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Return the lexical similarity of the linked pairs that different accounts wrote."""
    if "text_id" not in posts or len(links) == 0:
        return pd.Series([], dtype="float64")
    writer = posts.dropna(subset=["text_id"]).groupby("text_id")["account_id"].agg(["min", "max"])
    inside = links[links["text_a"].isin(writer.index) & links["text_b"].isin(writer.index)]
    a, b = (writer.loc[inside[name]].to_numpy() for name in ("text_a", "text_b"))
    # Two texts of one and the same account are no pair.
    alone = (a[:, 0] == a[:, 1]) & (b[:, 0] == b[:, 1]) & (a[:, 0] == b[:, 0])
    return inside["lexical_similarity"][~alone]
