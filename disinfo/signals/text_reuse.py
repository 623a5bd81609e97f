"""Signals `copypasta` and `paraphrase`: how the accounts repeat each other's messages.

Innocent causes of copies: syndication, a call to action, an app's share button. Of rewordings:
headlines of one event by many outlets; few people reword one another at length by hand, and fewer
translate one another.
"""

from __future__ import annotations

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings


def copypasta(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's posts copies another member's letters.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is a share from 0 to 1.
    """
    near = findings.links[findings.links["kind"] == "near"]
    return campaign_evidence(findings, "copypasta", lambda view: _share(view, near, exact=True))


def paraphrase(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's posts rewords or translates another member's.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is a share from 0 to 1.
    """
    other = findings.links[findings.links["kind"].isin(["reworded", "translated"])]
    return campaign_evidence(findings, "paraphrase", lambda view: _share(view, other, exact=False))


def _share(view: CampaignView, links: pd.DataFrame, *, exact: bool) -> Reading:
    posts = view.posts
    written = posts[posts["text_id"].notna()] if "text_id" in posts else posts.iloc[:0]
    if len(written) == 0:
        return Reading(value=None, because="the campaign's posts have no text")
    accounts = written.groupby("text_id")["account_id"].agg(lambda s: frozenset(s)).to_dict()
    reused = {text for text, who in accounts.items() if len(who) > 1} if exact else set()
    for a, b in zip(links["text_a"], links["text_b"], strict=True):
        if a in accounts and b in accounts and len(accounts[a] | accounts[b]) > 1:
            reused |= {a, b}
    n = int(written["text_id"].isin(reused).sum())
    how = "repeat another member's text letter by letter or nearly so"
    if not exact:
        how = "say what another member says in other words or another language"
    return Reading(value=n / len(written), because=f"{n} of {len(written)} posts {how}")
