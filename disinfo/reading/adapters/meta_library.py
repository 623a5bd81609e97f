"""CSV of the Meta Content Library.

Names are dotted. `post_owner` wrote the post; `surface` is the page or group on which it stands,
and is taken where the owner is withheld.
Fields: Meta's Content Library data page; csds-preprocessor, src/types/index.ts.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_NAMES = {
    "id": "post_id",
    "post_owner.id": "account_id",
    "surface.id": "account_id",
    "creation_time": "created_at",
    "lang": "language",
    "link_attachment.link": "urls",
    "shared_post_id": "repost_of",
    "multimedia": "media",
    "post_owner.username": "account_handle",
    "post_owner.name": "account_name",
}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    out = renamed(frame, _NAMES)
    if {"post_owner.id", "surface.id"} <= set(frame.columns):
        out["account_id"] = frame["post_owner.id"].fillna(frame["surface.id"])
    return out


META_LIBRARY = Format(
    name="meta-content-library",
    title="Meta Content Library, CSV",
    fields_from="Content Library data page; csds-preprocessor, src/types/index.ts",
    marks=(
        frozenset({"id", "text", "creation_time", "post_owner.id"}),
        frozenset({"id", "text", "creation_time", "surface.id"}),
    ),
    table=to_posts,
    platform="meta",
)
