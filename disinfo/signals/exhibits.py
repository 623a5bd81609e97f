"""Exhibits: the posts that show a campaign best, for a reader to check.

Posts of different accounts that carry one message in different words come first; where the
campaign shares no text, the posts that act on its commonest object.
"""

from __future__ import annotations

import pandas as pd

from disinfo import tables
from disinfo.stages import Findings

_MOST = 8


def exhibits(findings: Findings) -> pd.DataFrame:
    """Choose posts to show for every campaign.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        The `exhibits` table: at most eight posts a campaign, each of another account where there
        are enough, rank 1 first.
    """
    parts = []
    posts = findings.posts[["post_id", "account_id", "created_at", "text"]]
    for campaign_id, objects in findings.campaign_objects.groupby("campaign_id"):
        acts = objects.merge(posts, on="post_id")
        if len(acts) == 0:
            continue
        families = acts[acts["kind"] == "family"]
        shown = families if len(families) else acts
        signal = "paraphrase" if len(families) else "synchrony"
        spread = shown.groupby(["kind", "object_id"])["account_id"].nunique()
        kind, object_id = min(spread.index[spread == spread.max()])
        best = shown[(shown["kind"] == kind) & (shown["object_id"] == object_id)]
        best = best.sort_values(["created_at", "post_id"], kind="stable").drop_duplicates("post_id")
        # One wording an account first, then the rest.
        best = best.assign(again=best.groupby("account_id").cumcount())
        chosen = best.sort_values(["again", "created_at", "post_id"], kind="stable").head(_MOST)
        parts.append(
            pd.DataFrame(
                {
                    "subject": "campaign",
                    "subject_id": campaign_id,
                    "signal": signal,
                    "post_id": chosen["post_id"].to_numpy(),
                    "rank": range(1, len(chosen) + 1),
                }
            )
        )
    if not parts:
        return tables.EXHIBITS.empty()
    return tables.EXHIBITS.check(pd.concat(parts, ignore_index=True))
