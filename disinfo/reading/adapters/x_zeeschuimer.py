"""X as captured by Zeeschuimer: the objects of X's own web interface.

The text of a repost is cut to 140 characters, so that of the post that it repeats is taken.
Fields: 4CAT, datasources/twitter-import/search_twitter.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import zeeschuimer
from disinfo.reading.fields import dig, objects, strings
from disinfo.reading.format import Format, Record


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a captured post object."""
    # Posts with limited visibility wrap the post once more.
    tweet = dig(record, "tweet") if "legacy" not in record else record
    post_id = dig(tweet, "rest_id")
    if post_id is None:
        return "no post id in the record: left out"
    legacy = dig(tweet, "legacy")
    shared = dig(legacy, "retweeted_status_result", "result")
    reposted = dig(shared, "tweet") or shared
    original = tweet if reposted is None else reposted
    entities = [dig(part, "legacy", "entities") for part in (tweet, reposted) if part is not None]
    conversation = dig(legacy, "conversation_id_str")
    author = dig(tweet, "core", "user_results", "result")
    about = dig(author, "legacy")
    return {
        "post_id": post_id,
        "account_id": dig(legacy, "user_id_str") or dig(author, "rest_id"),
        "text": dig(original, "note_tweet", "note_tweet_results", "result", "text")
        or dig(original, "legacy", "full_text"),
        "created_at": dig(legacy, "created_at"),
        "language": dig(legacy, "lang"),
        "urls": _names(entities, "urls", "expanded_url"),
        "hashtags": _names(entities, "hashtags", "text"),
        "mentions": _names(entities, "user_mentions", "screen_name"),
        "repost_of": dig(reposted, "rest_id"),
        "reply_to": dig(legacy, "in_reply_to_status_id_str"),
        "quote_of": dig(legacy, "quoted_status_id_str")
        or dig(tweet, "quoted_status_result", "result", "rest_id"),
        "conversation_id": conversation,
        "media": strings(
            item.get("media_key") or item.get("media_url_https")
            for item in objects(dig(original, "legacy", "extended_entities", "media"))
        ),
        "client": dig(tweet, "source"),
        "account_handle": dig(author, "core", "screen_name") or dig(about, "screen_name"),
        "account_name": dig(author, "core", "name") or dig(about, "name"),
        "account_bio": dig(about, "description"),
        "account_created_at": dig(author, "core", "created_at") or dig(about, "created_at"),
        "account_followers": dig(about, "followers_count"),
        "account_following": dig(about, "friends_count"),
        "account_verified": dig(author, "is_blue_verified"),
    }


def _names(entities: list[Any], kind: str, name: str) -> list[str]:
    return strings(item.get(name) for part in entities for item in objects(dig(part, kind)))


X_ZEESCHUIMER = Format(
    name="x-zeeschuimer",
    title="X, captured with Zeeschuimer",
    fields_from="4CAT, datasources/twitter-import/search_twitter.py",
    marks=(
        *zeeschuimer.marks("rest_id", "legacy"),
        *zeeschuimer.marks("tweet", "limitedActionResults"),
    ),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="x",
)
