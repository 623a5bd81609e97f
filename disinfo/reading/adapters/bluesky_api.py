"""Posts of Bluesky's API, as its feeds, its search and 4CAT's JSON hold them.

A feed wraps each post, with the account that reposted it beside it. Only `indexedAt` was seen by
the network; `createdAt` is the client's claim.
Fields: lexicon app.bsky.feed.defs; 4CAT, datasources/bsky/search_bsky.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from disinfo.reading.adapters.bluesky_record import content_of
from disinfo.reading.fields import dig, first, objects
from disinfo.reading.format import Format, Record


def unpack(document: Record) -> Iterator[Record]:
    """Yield the posts of a page, or the post."""
    page = document.get("feed", document.get("posts"))
    yield from [document] if page is None else objects(page)


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a post view, or a repost from a feed item."""
    inner = record.get("post")
    view = inner if isinstance(inner, dict) else record
    uri = view.get("uri")
    if uri is None:
        return "no post id in the record: left out"
    content = content_of(view.get("record"))
    reason = record.get("reason") if view is inner else None
    actor = dig(reason, "by")
    if actor is not None:
        # Who reposted acts, at the time of the repost.
        return {
            "post_id": f"{uri}#repost-by-{dig(actor, 'did')}",
            **content,
            **_account(actor),
            "created_at": first(dig(reason, "indexedAt"), dig(reason, "indexed_at")),
            "repost_of": uri,
        }
    seen = first(view.get("indexedAt"), view.get("indexed_at"), content["claimed_at"])
    return {"post_id": uri, **content, **_account(view.get("author")), "created_at": seen}


def _account(author: object) -> dict[str, Any]:
    return {
        "account_id": dig(author, "did"),
        "account_handle": dig(author, "handle"),
        "account_name": first(dig(author, "displayName"), dig(author, "display_name")),
        "account_created_at": first(dig(author, "createdAt"), dig(author, "created_at")),
    }


BLUESKY_API = Format(
    name="bluesky-api",
    title="Bluesky, API and 4CAT's JSON",
    fields_from="lexicon app.bsky.feed.defs; 4CAT, datasources/bsky/search_bsky.py",
    marks=(
        frozenset({"uri", "cid", "author.did", "record"}),
        frozenset({"post.uri", "post.record"}),
        frozenset({"feed.post"}),
        frozenset({"posts.uri", "posts.record"}),
    ),
    record=to_post,
    unpack=unpack,
    platform="bluesky",
)
