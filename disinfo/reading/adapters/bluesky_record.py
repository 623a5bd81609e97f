"""What a Bluesky post record says, the same in the stream and in the API.

Image and video references are content ids: equal ones are equal files.
Fields: lexicon app.bsky.feed.post; 4CAT, datasources/bsky/search_bsky.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.fields import dig, first, objects, strings


def content_of(record: object) -> dict[str, Any]:
    """Return the library's columns that a post record fills.

    Parameters
    ----------
    record
        The record, as the network or as a Python client writes it.

    Returns
    -------
    dict
        Text, language, links, tags, mentions, replies, quote and media hashes.
    """
    features = [
        feature
        for facet in objects(dig(record, "facets"))
        for feature in objects(facet.get("features"))
    ]
    embed = dig(record, "embed")
    attached = dig(embed, "media") or embed
    files = [dig(image, "image", "ref") for image in objects(dig(attached, "images"))]
    files.append(dig(attached, "video", "ref"))
    tags = dig(record, "tags")
    return {
        "text": dig(record, "text"),
        "language": dig(record, "langs", 0),
        "urls": strings([*(f.get("uri") for f in features), dig(attached, "external", "uri")]),
        "hashtags": strings(
            [*(f.get("tag") for f in features), *(tags if isinstance(tags, list) else [])]
        ),
        "mentions": strings(f.get("did") for f in features),
        "reply_to": dig(record, "reply", "parent", "uri"),
        "quote_of": dig(embed, "record", "uri") or dig(embed, "record", "record", "uri"),
        "conversation_id": dig(record, "reply", "root", "uri"),
        "media_hash": strings(first(dig(ref, "$link"), dig(ref, "link")) for ref in files),
        "claimed_at": first(dig(record, "createdAt"), dig(record, "created_at")),
    }
