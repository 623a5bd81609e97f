"""CSV of the YouTube Data Tools: comments, and lists of videos.

Quotes inside cells are escaped by a backslash, not doubled.
Fields: 4CAT, datasources/upload/import_formats.py.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_COMMENT = {
    "id": "post_id",
    "authorChannelId": "account_id",
    "authorName": "account_id",
    "publishedAt": "created_at",
    "isReplyTo": "reply_to",
    "videoId": "conversation_id",
}
_VIDEO = {
    "videoId": "post_id",
    "channelId": "account_id",
    "publishedAt": "created_at",
    "tags": "hashtags",
    "channelTitle": "account_name",
    "defaultLanguage": "language",
}


def comments_to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of comments with library names."""
    out = renamed(frame, _COMMENT)
    if "authorChannelId" in frame.columns:
        out = out.rename(columns={"authorName": "account_name"})
        # A comment of a closed account has a name and no channel.
        out["account_id"] = frame["authorChannelId"].fillna(frame["authorName"])
    return out


def videos_to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a list of videos with library names; title and description are the text."""
    out = renamed(frame, _VIDEO)
    title = frame["videoTitle"].astype("str").fillna("")
    out["text"] = (title + "\n" + frame["videoDescription"].astype("str").fillna("")).str.strip()
    return out


_FIELDS_FROM = "4CAT, datasources/upload/import_formats.py"
YOUTUBE_COMMENTS = Format(
    name="youtube-comments",
    title="YouTube Data Tools, comments",
    fields_from=_FIELDS_FROM,
    marks=(
        frozenset({"id", "authorName", "text", "publishedAt", "isReplyTo"}),
        frozenset({"id", "authorName", "text", "publishedAt", "replyCount"}),
    ),
    table=comments_to_posts,
    platform="youtube",
    escape="\\",
)
YOUTUBE_VIDEOS = Format(
    name="youtube-videos",
    title="YouTube Data Tools, lists of videos",
    fields_from=_FIELDS_FROM,
    marks=(frozenset({"videoId", "videoTitle", "videoDescription", "publishedAt"}),),
    table=videos_to_posts,
    platform="youtube",
    escape="\\",
)
