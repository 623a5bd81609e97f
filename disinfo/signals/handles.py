"""Signal `handle_template`: handles made after one pattern.

Innocent causes: the platform's own suggestions (a name and eight digits), an organisation whose
branches name themselves alike, a fashion among fans.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.signals.coincidence import coincidence, last_known
from disinfo.stages import Findings

_PARTS = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
_LETTERS = re.compile(r"[^\W\d_]{4,}")
# Longer handles are no handles.
_MAX_CHARACTERS = 60


def handle_template(findings: Findings, /) -> pd.DataFrame:
    """Measure how many members have handles of one pattern, beyond what is usual.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the largest share of members with one pattern (letters and digits in
        one order, with one number of digits; or one word of four letters or more), less the share
        of other accounts with it. It says little where the platform makes the handles.
    """
    usual = cache(lambda: _patterns(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        found = coincidence(_patterns(view.member_posts), usual())
        if found is None:
            return Reading(value=None, because="too few handles of accounts (account_handle)")
        return Reading(
            value=found.excess,
            because=f"{found.n} of {found.of} members have handles of the pattern "
            f"{found.value!r}, against {found.usual:.0%} of other accounts",
        )

    return campaign_evidence(findings, "handle_template", read)


def patterns_of(handle: str) -> set[str]:
    """Return what a handle has in common with others made like it.

    Parameters
    ----------
    handle
        A handle.

    Returns
    -------
    set of str
        Its shape, and its words of four letters or more.

    Examples
    --------
    >>> sorted(patterns_of("real_news_0042"))
    ['*_*_9999', 'news', 'real']
    """
    lower = handle[:_MAX_CHARACTERS].lower()
    parts = _PARTS.findall(lower)
    shape = "".join(
        "9" * len(part) if part.isdigit() else "*" if part.isalpha() else part for part in parts
    )
    return {shape, *_LETTERS.findall(lower)}


def _patterns(posts: pd.DataFrame) -> pd.DataFrame:
    handles = last_known(posts, "account_handle")
    rows = [
        (account, pattern)
        for account, handle in handles.items()
        for pattern in sorted(patterns_of(str(handle)))
    ]
    return pd.DataFrame(rows, columns=["account_id", "value"])
