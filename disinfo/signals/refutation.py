"""Signal `no_refutation`: the accounts spread a claim and do not refute one.

Fact-checkers answer the same claims on the same days and so are coordinated in effect; what sets
them apart is the vocabulary of refutation. Innocent causes of its absence: nearly everything.
"""

from __future__ import annotations

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence
from disinfo.stages import Findings
from disinfo.text.normal import readable
from disinfo.text.opposition import stance


def no_refutation(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's posts does not use the vocabulary of refutation.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is a share from 0 to 1. A campaign that poses as fact-checking defeats
        it, so it weighs little above the middle.
    """
    language_of = findings.texts.set_index("text_id")["language"]

    def read(view: CampaignView) -> Reading:
        if "text_id" not in view.posts:
            return Reading(value=None, because="the campaign's posts have no text")
        written = view.posts[view.posts["text_id"].notna()]
        if len(written) == 0:
            return Reading(value=None, because="the campaign's posts have no text")
        language = written["text_id"].map(language_of)
        n = sum(
            stance(readable(text), str(code)).refutes
            for text, code in zip(written["text"], language, strict=True)
        )
        return Reading(
            value=1 - n / len(written),
            because=f"{n} of {len(written)} posts refute something (false, fake, fact check …)",
        )

    return campaign_evidence(findings, "no_refutation", read)
