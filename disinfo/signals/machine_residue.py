"""Signal `machine_residue`: refusals and prompts of a language model left in posts.

Innocent causes: people quote such phrases to mock them or to report them, and people who are open
about their use of a model leave them too.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from disinfo import tables
from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.stages import Findings
from disinfo.text.residue import Residue, find_residue

# The most posts that get a row of their own, earliest ids first.
_MAX_ROWS = 1000


def machine_residue(findings: Findings, /) -> pd.DataFrame:
    """Measure which share of the campaign's posts holds residue, beyond what others do.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence on campaigns, the value a difference of shares; and a row for each post that holds
        residue, with the phrase (at most 1,000 of them). Careful operators leave none.
    """
    found = {
        text_id: residue
        for text_id, text in zip(findings.texts["text_id"], findings.texts["text"], strict=True)
        if (residue := find_residue(text)) is not None
    }

    @cache
    def usual() -> float:
        return _share(other_posts(findings), found)

    def read(view: CampaignView) -> Reading:
        if "text_id" not in view.posts or view.posts["text_id"].notna().sum() == 0:
            return Reading(value=None, because="the campaign's posts have no text")
        share = _share(view.posts, found)
        n = int(view.posts["text_id"].isin(found).sum())
        return Reading(
            value=share - usual(),
            because=f"{n} of its posts hold words of a language model about itself, a refusal or "
            f"a prompt, {usual():.1%} of others",
        )

    campaigns = campaign_evidence(findings, "machine_residue", read)
    rows = pd.concat([campaigns, _of_posts(findings.posts, found)], ignore_index=True)
    return tables.EVIDENCE.check(rows, source="signal machine_residue")


def _share(posts: pd.DataFrame, found: dict[str, Residue]) -> float:
    if "text_id" not in posts or len(posts) == 0:
        return 0.0
    return float(posts["text_id"].isin(found).mean())


def _of_posts(posts: pd.DataFrame, found: dict[str, Residue]) -> pd.DataFrame:
    if "text_id" not in posts or not found:
        return tables.EVIDENCE.empty()
    hit = posts[posts["text_id"].isin(found)].sort_values("post_id").head(_MAX_ROWS)
    rows = pd.DataFrame(
        {
            "subject": "post",
            "subject_id": hit["post_id"],
            "signal": "machine_residue",
            "value": 1.0,
            "bits": 0.0,
            "because": [
                f"holds {found[text_id].phrase!r}; people also quote such phrases"
                for text_id in hit["text_id"]
            ],
            "status": "ok",
        }
    )
    return tables.EVIDENCE.check(rows)
