"""CSV of Communalytic (Bluesky): four columns with names that many tables have.

Recognised only where the header has nothing else, since a table with more columns may name its
accounts better.
Fields: csds-preprocessor, README.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_NAMES = {"id": "post_id", "username": "account_id", "date": "created_at"}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    return renamed(frame, _NAMES)


COMMUNALYTIC = Format(
    name="communalytic",
    title="Communalytic, CSV of Bluesky",
    fields_from="csds-preprocessor, README",
    marks=(frozenset({"id", "username", "text", "date"}),),
    nothing_else=True,
    table=to_posts,
    platform="bluesky",
)
