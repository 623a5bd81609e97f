"""Comments on TikTok as captured by Zeeschuimer.

A comment answers another comment (`reply_id`) or, where that is "0", the video.
Fields: 4CAT, datasources/tiktok_comments/search_tiktok_comments.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import zeeschuimer
from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a comment."""
    if record.get("cid") is None:
        return "no post id in the record: left out"
    video = record.get("aweme_id")
    answered = record.get("reply_id")
    user = record.get("user")
    return {
        "post_id": record["cid"],
        "account_id": first(dig(user, "unique_id"), dig(user, "uid")),
        "text": record.get("text"),
        "created_at": record.get("create_time"),
        "language": record.get("comment_language"),
        "hashtags": strings(item.get("hashtag_name") for item in objects(record.get("text_extra"))),
        "reply_to": video if answered in (None, "0", 0, "") else answered,
        "conversation_id": video,
        "account_handle": dig(user, "unique_id"),
        "account_name": dig(user, "nickname"),
        "account_bio": dig(user, "signature"),
        "account_followers": dig(user, "follower_count"),
    }


TIKTOK_COMMENTS = Format(
    name="tiktok-comments-zeeschuimer",
    title="TikTok comments, captured with Zeeschuimer",
    fields_from="4CAT, datasources/tiktok_comments/search_tiktok_comments.py",
    marks=zeeschuimer.marks("cid", "aweme_id", "text"),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="tiktok",
)
