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
    if not isinstance(record, dict):
        record = {}
    get = record.get
    # Most posts have neither facets nor an embed nor a parent: nothing is looked for inside.
    facets, embed, reply, tags = get("facets"), get("embed"), get("reply"), get("tags")
    links: list[Any] = []
    tagged: list[Any] = []
    people: list[str] = []
    files: list[str] = []
    if facets:
        features = [f for facet in objects(facets) for f in objects(facet.get("features"))]
        links = [f.get("uri") for f in features]
        tagged = [f.get("tag") for f in features]
        people = strings(f.get("did") for f in features)
    if embed:
        attached = dig(embed, "media") or embed
        links = [*links, dig(attached, "external", "uri")]
        refs = [dig(image, "image", "ref") for image in objects(dig(attached, "images"))]
        refs.append(dig(attached, "video", "ref"))
        files = strings(first(dig(ref, "$link"), dig(ref, "link")) for ref in refs)
    if isinstance(tags, list):
        tagged = [*tagged, *tags]
    return {
        "text": get("text"),
        "language": dig(get("langs"), 0),
        "urls": strings(links) if links else links,
        "hashtags": strings(tagged) if tagged else tagged,
        "mentions": people,
        "reply_to": dig(reply, "parent", "uri") if reply else None,
        "quote_of": dig(embed, "record", "uri") or dig(embed, "record", "record", "uri"),
        "conversation_id": dig(reply, "root", "uri") if reply else None,
        "media_hash": files,
        "claimed_at": first(get("createdAt"), get("created_at")),
    }
