"""The CSV export of 4CAT, whatever source it was collected from.

Its fixed columns are id, thread_id, author, body and timestamp; the rest differs by source.
Message ids of Telegram count within a channel, so the channel goes before them; a forward names
the channel and the moment of the original, which together stand for that message.
Fields: 4CAT, datasources/*/search_*.py.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.columns import rename
from disinfo.reading.format import Format

_NAMES = {
    "id": "post_id",
    "thread_id": "conversation_id",
    "body": "text",
    "unix_timestamp": "created_at",
    "author_fullname": "account_name",
    "author_name": "account_name",
    "author_username": "account_handle",
    "language_guess": "language",
    "languages": "language",
    "quote_tweet_id": "quote_of",
    "tags": "hashtags",
    "images": "media",
    "entities_mentioned": "mentions",
    "author_followers": "account_followers",
}
_LINKS = ("urls", "links", "link_attached", "entities_linked")


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a 4CAT table with library names."""
    seen = set(frame.columns)
    names = {old: new for old, new in _NAMES.items() if old in seen and new not in seen}
    names["author_id" if "author_id" in seen else "author"] = "account_id"
    if "unix_timestamp" not in seen:
        names["timestamp"] = "created_at"
    links = next((name for name in _LINKS if name in seen), None)
    if links is not None:
        names[links] = "urls"
    out = frame.rename(columns=names)
    out = out.loc[:, ~out.columns.duplicated()]
    if "author_forwarded_from_name" in seen:
        out = _telegram(out)
    # What is left goes by its alias, but the post's own address is no shared link.
    own = {"link": "post_address", "url": "post_address"} if "urls" not in out.columns else {}
    own = {old: new for old, new in own.items() if old in out.columns}
    return rename(out.rename(columns=own))[0]


def _telegram(frame: pd.DataFrame) -> pd.DataFrame:
    ids = frame["post_id"].astype("str")
    counted = ids.str.fullmatch(r"\d+").fillna(False).astype(bool)
    out = frame.assign(
        post_id=ids.mask(counted, frame["conversation_id"].astype("str") + "-" + ids)
    )
    if {"author_forwarded_from_id", "unix_timestamp_forwarded_from"} <= set(frame.columns):
        origin = frame["author_forwarded_from_id"].astype("str")
        moment = frame["unix_timestamp_forwarded_from"].astype("str")
        out["repost_of"] = "telegram:" + origin + "@" + moment
    # Replies name the message within the channel too.
    if "reply_to" in frame.columns:
        reply = frame["reply_to"].astype("str")
        out["reply_to"] = frame["conversation_id"].astype("str") + "-" + reply
    if "platform" not in frame.columns:
        out["platform"] = "telegram"
    return out


FOURCAT = Format(
    name="4cat",
    title="4CAT, CSV of any source",
    fields_from="4CAT, datasources/*/search_*.py; datasources/upload/import_formats.py",
    marks=(frozenset({"id", "thread_id", "author", "body", "timestamp"}),),
    table=to_posts,
)
