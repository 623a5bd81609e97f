"""CooRTweet's table: one row for each thing that a post shares.

Fields: CooRTweet, R/detect_groups.R.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_NAMES = {"content_id": "post_id", "timestamp_share": "created_at"}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    return renamed(frame, _NAMES)


COORTWEET = Format(
    name="coortweet",
    title="CooRTweet",
    fields_from="CooRTweet, R/detect_groups.R",
    marks=(frozenset({"object_id", "account_id", "content_id", "timestamp_share"}),),
    table=to_posts,
)
