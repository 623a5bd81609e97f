"""Threads as captured by Zeeschuimer.

Links go through Meta's redirect, whose parameter ``u`` holds the address; the canonical form of
URLs takes it out.
Fields: 4CAT, datasources/threads/search_threads.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import meta_media, zeeschuimer
from disinfo.reading.fields import dig, first, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_urls


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a captured post."""
    if record.get("code") is None:
        return "no post id in the record: left out"
    user = record.get("user")
    about = record.get("text_post_app_info")
    text = dig(record, "caption", "text")
    links = find_urls(text) if isinstance(text, str) else []
    return {
        "post_id": record["code"],
        "account_id": first(dig(user, "pk"), dig(user, "id"), dig(user, "username")),
        "text": text,
        "created_at": record.get("taken_at"),
        "urls": strings([*links, dig(about, "link_preview_attachment", "url")]),
        "repost_of": dig(about, "share_info", "reposted_post", "code"),
        "quote_of": dig(about, "share_info", "quoted_post", "code"),
        "media": meta_media.addresses(record),
        "account_handle": dig(user, "username"),
        "account_name": dig(user, "full_name"),
        "account_verified": dig(user, "is_verified"),
    }


THREADS = Format(
    name="threads-zeeschuimer",
    title="Threads, captured with Zeeschuimer",
    fields_from="4CAT, datasources/threads/search_threads.py",
    marks=zeeschuimer.marks("code", "user", "taken_at", "text_post_app_info"),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="threads",
)
