"""Signal `obfuscation`: letters hidden or exchanged to dodge filters.

Innocent causes: text pasted from word processors, decorative fonts, right-to-left scripts.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import (
    CampaignView,
    Reading,
    campaign_evidence,
    other_posts,
)
from disinfo.stages import Findings
from disinfo.text.normal import obfuscation as find_obfuscation


def obfuscation(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's posts hides letters, beyond what others do.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is a difference of shares, from -1 to 1.
    """
    # Looked at only where a campaign asks, and once however many ask.
    elsewhere = cache(lambda: other_posts(findings)["text"].dropna().map(_hides))

    def read(view: CampaignView) -> Reading:
        own = view.posts["text"].dropna()
        if len(own) == 0 or len(elsewhere()) == 0:
            return Reading(value=None, because="no texts to compare")
        share, usual = own.map(_hides).mean(), elsewhere().mean()
        return Reading(
            value=float(share - usual),
            because=f"{share:.0%} of its posts hide or exchange letters, {usual:.0%} of others",
        )

    return campaign_evidence(findings, "obfuscation", read)


def _hides(text: str) -> bool:
    found = find_obfuscation(text)
    return found.invisible > 0 or found.mixed_tokens > 0
