"""Signals `language_spread` and `language_switch`: one message in many tongues, one account in two.

Innocent causes: international agencies, diaspora communities, multilingual people.
"""

from __future__ import annotations

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings
from disinfo.text.language import UNKNOWN

_MIN_POSTS = 4


def language_spread(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's messages is told in several languages.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of its posts whose family the members tell in two or more
        languages.
    """
    language_of = findings.texts.set_index("text_id")["language"]

    def read(view: CampaignView) -> Reading:
        posts = view.posts
        if "family_id" not in posts or posts["family_id"].notna().sum() == 0:
            return Reading(value=None, because="the campaign's posts have no text")
        told = posts[posts["family_id"].notna()]
        language = told["text_id"].map(language_of)
        known = language != UNKNOWN
        counts = language[known].groupby(told["family_id"][known]).nunique()
        several = counts.index[counts > 1]
        n = int(told["family_id"].isin(several).sum())
        return Reading(
            value=n / len(told),
            because=f"{n} of {len(told)} posts carry a message that the members tell in several "
            f"languages ({language[known].nunique()} in all)",
        )

    return campaign_evidence(findings, "language_spread", read)


def language_switch(findings: Findings, /) -> pd.DataFrame:
    """Measure how many members changed their language halfway.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of members whose commonest language in the first half of
        their posts differs from that in the second half.
    """
    language_of = findings.texts.set_index("text_id")["language"]

    def read(view: CampaignView) -> Reading:
        if "text_id" not in view.member_posts:
            return Reading(value=None, because="the members' posts have no text")
        posts = view.member_posts.assign(language=view.member_posts["text_id"].map(language_of))
        posts = posts[posts["language"].notna() & (posts["language"] != UNKNOWN)]
        posts = posts.sort_values(["account_id", "created_at", "post_id"], kind="stable")
        switched = [
            _commonest(own["language"].iloc[: len(own) // 2])
            != _commonest(own["language"].iloc[len(own) // 2 :])
            for _, own in posts.groupby("account_id")
            if len(own) >= _MIN_POSTS
        ]
        if not switched:
            return Reading(value=None, because=f"no member has {_MIN_POSTS} posts with a language")
        return Reading(
            value=sum(switched) / len(switched),
            because=f"{sum(switched)} of {len(switched)} members changed their main language",
        )

    return campaign_evidence(findings, "language_switch", read)


def _commonest(languages: pd.Series) -> str:
    counts = languages.value_counts()
    return str(min(counts.index[counts == counts.max()]))
