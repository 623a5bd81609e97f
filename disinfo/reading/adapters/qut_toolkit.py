"""The table of QUT's coordination-network-toolkit.

That tool goes by the place of the columns and ignores their names; asked for by name, so does
this.
Fields: QUT coordination-network-toolkit, README.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp",
            "urls")  # fmt: skip
_NAMES = {
    "message_id": "post_id",
    "user_id": "account_id",
    "username": "account_handle",
    "repost_id": "repost_of",
    "reply_id": "reply_to",
    "message": "text",
    "timestamp": "created_at",
}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    return renamed(frame, _NAMES)


QUT_TOOLKIT = Format(
    name="qut-toolkit",
    title="QUT coordination-network-toolkit",
    fields_from="QUT coordination-network-toolkit, README",
    marks=(frozenset(_COLUMNS),),
    positions=_COLUMNS,
    table=to_posts,
)
