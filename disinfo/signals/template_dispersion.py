"""Signal `template_dispersion`: accounts that write as with one hand.

Length, punctuation, capitals, tags and pictographs are habits. Strangers differ in them; accounts
that one person or one prompt writes for differ less. Innocent causes: one newsroom's house style, a
form that people fill in, a language with a small register.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.stages import Findings

Floats = NDArray[np.float64]
_MIN_POSTS = 3
_MIN_ACCOUNTS = 3
_MIN_OTHERS = 20
_ROUNDS = 200
_PICTOGRAPHS = 0x2190


def template_dispersion(findings: Findings, /) -> pd.DataFrame:
    """Compare how much the members' habits differ with random sets of other accounts.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of 200 random sets of as many other accounts, drawn among
        those that write the members' main language, that differ more among themselves. All posts
        of an account count, so members who write much else escape it.
    """
    usual = cache(lambda: _habits(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _habits(view.member_posts), usual()
        if len(members) >= _MIN_ACCOUNTS:
            main = members["language"].mode().min()
            members = members[members["language"] == main]
            others = others[others["language"] == main]
        if len(members) < _MIN_ACCOUNTS or len(others) < max(_MIN_OTHERS, len(members)):
            return Reading(
                value=None, because=f"too few accounts with {_MIN_POSTS} texts in one language"
            )
        ours, theirs = (t.drop(columns="language").to_numpy(np.float64) for t in (members, others))
        value = _looser(ours, theirs)
        return Reading(
            value=value,
            because=f"{value:.0%} of random sets of {len(members)} other accounts differ more in "
            "length, punctuation, capitals, tags and pictographs",
        )

    return campaign_evidence(findings, "template_dispersion", read)


def _looser(members: Floats, others: Floats) -> float:
    """Return the share of random sets whose habits scatter more than the members' do."""
    scale = others.std(axis=0) + 1e-9
    members, others = members / scale, others / scale
    own = float(members.var(axis=0).sum())
    # The same draws for the same data, whatever the order of rows.
    rng = np.random.default_rng(0)
    drawn = [
        float(others[rng.choice(len(others), len(members), replace=False)].var(axis=0).sum())
        for _ in range(_ROUNDS)
    ]
    return float((np.array(drawn) > own).mean())


def _habits(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the mean habits of each account that writes enough, by account_id."""
    if "language" not in posts:
        return pd.DataFrame({"language": []})
    written = posts[posts["text"].notna() & posts["account_id"].notna() & posts["language"].notna()]
    enough = written.groupby("account_id")["post_id"].transform("size") >= _MIN_POSTS
    written = written[enough]
    distinct = {text: _habits_of(text) for text in written["text"].unique()}
    table = pd.DataFrame(written["text"].map(distinct).tolist(), index=written.index)
    means = table.groupby(written["account_id"]).mean()
    language = written.groupby("account_id")["language"].agg(lambda own: own.mode().min())
    return means.assign(language=language).sort_index()


def _habits_of(text: str) -> tuple[float, ...]:
    n = max(len(text), 1)
    signs = sum(char in ".,;:!?…" for char in text)
    return (
        float(np.log(n)),
        signs / n,
        float(text.count("!") + text.count("?")),
        sum(char.isupper() for char in text) / n,
        float(text.count("#")),
        float(sum(ord(char) >= _PICTOGRAPHS for char in text)),
        float(any(char in "—–" for char in text)),
        float(text[-1:].isalnum()),
    )
