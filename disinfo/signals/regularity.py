"""Signal `regularity`: accounts that post at even intervals.

Innocent causes: scheduled posts of a newsroom or a shop, weather and traffic feeds, a person with a
posting routine.

References
----------
Goh and Barabasi 2008, Burstiness and memory in complex systems.
Kim and Jo 2016, Measuring burstiness for finite event sequences.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from disinfo.signals.campaign_view import CampaignView, Reading, campaign_evidence, other_posts
from disinfo.stages import Findings

_MIN_POSTS = 12
_MIN_ACCOUNTS = 3
# A pause of the night, a holiday or a hole in the collection is no interval between two posts.
_LONGEST_GAP_S = 6 * 3600.0


def regularity(findings: Findings, /) -> pd.DataFrame:
    """Compare how evenly the members post with how evenly others do.

    Parameters
    ----------
    findings
        The tables made so far.

    Returns
    -------
    DataFrame
        Evidence; the value is the share of other accounts whose intervals are burstier than the
        median member's, with pauses over six hours left out. Jitter of a few minutes defeats it.
    """
    usual = cache(lambda: _burstiness(other_posts(findings)))

    def read(view: CampaignView) -> Reading:
        members, others = _burstiness(view.member_posts), usual()
        if len(members) < _MIN_ACCOUNTS or len(others) < _MIN_ACCOUNTS:
            return Reading(
                value=None, because=f"too few accounts with {_MIN_POSTS} posts at short intervals"
            )
        middle = float(np.median(members))
        value = float((others > middle).mean())
        return Reading(
            value=value,
            because=f"the median member posts more evenly than {value:.0%} of other accounts "
            f"(burstiness {middle:.2f}; 0 is chance, -1 is clockwork)",
        )

    return campaign_evidence(findings, "regularity", read)


def burstiness(gaps: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the burstiness of intervals, corrected for their number.

    Parameters
    ----------
    gaps
        n intervals, two or more, in any unit.

    Returns
    -------
    float
        -1 for equal intervals, about 0 for random ones, towards 1 for bursts.

    Examples
    --------
    >>> burstiness(np.full(20, 60.0))
    -1.0
    """
    n = len(gaps)
    mean = float(gaps.mean())
    if mean == 0:
        return 1.0
    ratio = float(gaps.std()) / mean
    more, less = np.sqrt(n + 1), np.sqrt(n - 1)
    return float((more * ratio - less) / ((more - 2) * ratio + less))


def _burstiness(posts: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    timed = posts.loc[posts["created_at"].notna(), ["account_id", "created_at"]]
    timed = timed.sort_values(["account_id", "created_at"], kind="stable")
    gap = timed.groupby("account_id")["created_at"].diff().dt.total_seconds()
    short = gap[gap <= _LONGEST_GAP_S]
    account = timed.loc[short.index, "account_id"]
    return np.array(
        [
            burstiness(own.to_numpy(np.float64))
            for _, own in short.groupby(account)
            if len(own) >= _MIN_POSTS - 1
        ],
        dtype=np.float64,
    )
