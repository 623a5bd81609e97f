"""X API v2: raw pages ``{data, includes}`` and posts flattened by collection tools.

A retweet's own text and entities stop at 140 characters, so those of the retweeted post are
taken where they came along. Fields: docs of the X API v2 post object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from disinfo.reading.fields import dig, objects, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_hashtags, find_mentions, find_urls

_COUNTS = ("like_count", "reply_count", "retweet_count", "quote_count", "impression_count")


def unpack(document: Record) -> Iterator[Record]:
    """Yield the posts of a page, each with the author and the posts it refers to; or the post."""
    data = document.get("data")
    posts = [data] if isinstance(data, dict) else objects(data)
    if not posts:
        if "meta" not in document:
            yield document
        return
    users = {user.get("id"): user for user in objects(dig(document, "includes", "users"))}
    others = {post.get("id"): post for post in objects(dig(document, "includes", "tweets"))}
    for post in posts:
        referenced = [
            {**others.get(ref.get("id"), {}), **ref}
            for ref in objects(post.get("referenced_tweets"))
        ]
        author = users.get(post.get("author_id")) or post.get("author")
        yield {**post, "author": author, "referenced_tweets": referenced}


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a v2 post object."""
    if record.get("id") is None:
        return "no post id in the record: left out"
    author = record.get("author") or record.get("author_user")
    references = {ref.get("type"): ref for ref in objects(record.get("referenced_tweets"))}
    reposted = references.get("retweeted")
    text = dig(record, "note_tweet", "text") or record.get("text")
    if reposted is not None and isinstance(reposted.get("text"), str):
        text = reposted["text"]
    post = {
        "post_id": record["id"],
        "account_id": record.get("author_id") or dig(author, "id"),
        "text": text,
        "created_at": record.get("created_at"),
        "language": record.get("lang"),
        **_entities(record, reposted, text if isinstance(text, str) else ""),
        "repost_of": dig(reposted, "id"),
        "reply_to": dig(references.get("replied_to"), "id"),
        "quote_of": dig(references.get("quoted"), "id"),
        "conversation_id": record.get("conversation_id"),
        "media": strings(
            (item.get("media_key") or item.get("url")) if isinstance(item, dict) else item
            for item in dig(record, "attachments", "media_keys") or []
        ),
        "client": record.get("source"),
        "account_handle": dig(author, "username") or record.get("author_username"),
        "account_name": dig(author, "name"),
        "account_bio": dig(author, "description"),
        "account_created_at": dig(author, "created_at"),
        "account_followers": dig(author, "public_metrics", "followers_count"),
        "account_following": dig(author, "public_metrics", "following_count"),
        "account_verified": dig(author, "verified"),
    }
    return post | {name: dig(record, "public_metrics", name) for name in _COUNTS}


def _entities(record: Record, reposted: Record | None, text: str) -> dict[str, list[str]]:
    """Return links, tags and mentions of a post and of the one it reposts."""
    given = [e for e in (record.get("entities"), dig(reposted, "entities")) if e]
    if not given:
        return {
            "urls": find_urls(text), "hashtags": find_hashtags(text),
            "mentions": find_mentions(text),
        }  # fmt: skip
    return {
        "urls": strings(
            url.get("unwound_url") or url.get("expanded_url") or url.get("url")
            for entities in given
            for url in objects(dig(entities, "urls"))
        ),
        "hashtags": strings(
            tag.get("tag") for entities in given for tag in objects(dig(entities, "hashtags"))
        ),
        "mentions": strings(
            who.get("username") for entities in given for who in objects(dig(entities, "mentions"))
        ),
    }


X_API = Format(
    name="x-api-v2",
    title="X API v2",
    fields_from="X API v2 post object; 4CAT, datasources/twitterv2/search_twitter.py",
    marks=(
        frozenset({"data.id", "data.text", "includes.users"}),
        frozenset({"data.id", "data.text", "meta.result_count"}),
        frozenset({"meta.result_count"}),
        frozenset({"data.edit_history_tweet_ids"}),
        frozenset({"id", "text", "edit_history_tweet_ids"}),
        frozenset({"id", "text", "author_id", "public_metrics"}),
        frozenset({"id", "text", "author_id", "referenced_tweets"}),
        frozenset({"id", "text", "author_id", "conversation_id"}),
    ),
    record=to_post,
    unpack=unpack,
    platform="x",
)
