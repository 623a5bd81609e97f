"""Bluesky's Jetstream: one event a line; posts and reposts are taken.

`createdAt` is what the client claims; `time_us` is when the network saw the event, and co-timing
needs that. Image CIDs are hashes of the content: equal CIDs are equal images.
Fields: bluesky-social/jetstream, docs/README.md; lexicon app.bsky.feed.post.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.fields import dig, objects, strings
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
    reposted = dig(content, "subject", "uri") if collection == _REPOST else None
    features = [
        f for facet in objects(dig(content, "facets")) for f in objects(facet.get("features"))
    ]
    embed = dig(content, "embed")
    attached = dig(embed, "media") or embed
    return {
        "post_id": f"at://{did}/{collection}/{dig(commit, 'rkey')}",
        "account_id": did,
        "text": dig(content, "text"),
        "created_at": record.get("time_us"),
        "language": dig(content, "langs", 0),
        "urls": strings([*(f.get("uri") for f in features), dig(attached, "external", "uri")]),
        "hashtags": strings([*(f.get("tag") for f in features), *(dig(content, "tags") or [])]),
        "mentions": strings(f.get("did") for f in features),
        "repost_of": reposted,
        "reply_to": dig(content, "reply", "parent", "uri"),
        "quote_of": dig(embed, "record", "uri") or dig(embed, "record", "record", "uri"),
        "conversation_id": dig(content, "reply", "root", "uri"),
        "media_hash": strings(
            [
                *(
                    dig(image, "image", "ref", "$link")
                    for image in objects(dig(attached, "images"))
                ),
                dig(attached, "video", "ref", "$link"),
            ]
        ),
        "claimed_at": dig(content, "createdAt"),
    }


JETSTREAM = Format(
    name="bluesky-jetstream",
    marks=(frozenset({"did", "time_us", "kind"}), frozenset({"did", "time_us", "commit"})),
    record=to_post,
    platform="bluesky",
)
