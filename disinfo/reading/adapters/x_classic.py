"""X API v1.1: the objects of the old API, in archives and in most data sets of research.

`id` is a number too large for many readers, so `id_str` is taken. The text of a repost is cut to
140 characters, so that of the post that it repeats is taken.
Fields: X developer documentation, Tweet object v1.1.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a v1.1 post object."""
    post_id = first(record.get("id_str"), record.get("id"))
    if post_id is None:
        return "no post id in the record: left out"
    reposted = record.get("retweeted_status")
    original = reposted if isinstance(reposted, dict) else record
    # Streams put what exceeds 140 characters into an inner object.
    parts = [part for whole in (record, original) for part in (whole, whole.get("extended_tweet"))]
    entities = [dig(part, "entities") for part in parts]
    media = [item for part in parts for item in objects(dig(part, "extended_entities", "media"))]
    user = record.get("user")
    return {
        "post_id": post_id,
        "account_id": first(dig(user, "id_str"), dig(user, "id")),
        "text": first(
            dig(original, "extended_tweet", "full_text"), original.get("full_text"),
            original.get("text"),
        ),
        "created_at": record.get("created_at"),
        "language": record.get("lang"),
        "urls": _names(entities, "urls", "expanded_url"),
        "hashtags": _names(entities, "hashtags", "text"),
        "mentions": _names(entities, "user_mentions", "screen_name"),
        "repost_of": first(dig(reposted, "id_str"), dig(reposted, "id")),
        "reply_to": first(
            record.get("in_reply_to_status_id_str"), record.get("in_reply_to_status_id")
        ),
        "quote_of": first(record.get("quoted_status_id_str"), record.get("quoted_status_id")),
        "media": strings(first(item.get("id_str"), item.get("media_url_https")) for item in media),
        "client": record.get("source"),
        "account_handle": dig(user, "screen_name"),
        "account_name": dig(user, "name"),
        "account_bio": dig(user, "description"),
        "account_created_at": dig(user, "created_at"),
        "account_followers": dig(user, "followers_count"),
        "account_following": dig(user, "friends_count"),
        "account_verified": dig(user, "verified"),
    }  # fmt: skip


def _names(entities: list[Any], kind: str, name: str) -> list[str]:
    return strings(item.get(name) for part in entities for item in objects(dig(part, kind)))


X_CLASSIC = Format(
    name="x-api-v1",
    title="X API v1.1",
    fields_from="X developer documentation, Tweet object v1.1",
    marks=(
        frozenset({"id_str", "user.screen_name", "created_at", "text"}),
        frozenset({"id_str", "user.screen_name", "created_at", "full_text"}),
    ),
    record=to_post,
    platform="x",
)
