"""Bluesky's Jetstream: one event a line; posts and reposts are kept.

`createdAt` is what the client claims; `time_us` is when the network saw the event, and co-timing
needs that. Reposts are events of their own, without a text.
Fields: bluesky-social/jetstream, docs/README.md; lexicon app.bsky.feed.post.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters.bluesky_record import content_of
from disinfo.reading.fields import dig
from disinfo.reading.format import Format, Record

_POST = "app.bsky.feed.post"
_REPOST = "app.bsky.feed.repost"


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from an event."""
    commit = record.get("commit")
    collection = dig(commit, "collection")
    if dig(commit, "operation") != "create" or collection not in (_POST, _REPOST):
        return "event is neither a new post nor a repost: left out"
    content = dig(commit, "record")
    did = record.get("did")
    return {
        "post_id": f"at://{did}/{collection}/{dig(commit, 'rkey')}",
        "account_id": did,
        "created_at": record.get("time_us"),
        "repost_of": dig(content, "subject", "uri") if collection == _REPOST else None,
        **content_of(content),
    }


JETSTREAM = Format(
    name="bluesky-jetstream",
    title="Bluesky, Jetstream",
    fields_from="bluesky-social/jetstream, docs/README.md; lexicon app.bsky.feed.post",
    marks=(frozenset({"did", "time_us", "kind"}), frozenset({"did", "time_us", "commit"})),
    record=to_post,
    platform="bluesky",
    resolution_s=1e-6,
)
