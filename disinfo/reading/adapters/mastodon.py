"""Statuses of Mastodon and of networks made from it, Truth Social and Gab among them.

Texts are HTML. `id` counts within one server, and the same status is seen from many, so `uri`
names it; accounts are named by ``name@server`` for the same reason.
Fields: docs.joinmastodon.org/entities/Status; 4CAT, datasources/truth/search_truth.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import zeeschuimer
from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record
from disinfo.reading.html_text import links_of, text_of

_PLATFORMS = {"truthsocial.com": "truthsocial", "gab.com": "gab"}


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a status."""
    post_id = first(record.get("uri"), record.get("url"), record.get("id"))
    if post_id is None:
        return "no post id in the record: left out"
    account = record.get("account")
    shared = first(record.get("reblog"))
    original = shared if isinstance(shared, dict) else record
    html = original.get("content")
    server = _host(first(dig(account, "url"), record.get("uri")))
    handle = dig(account, "acct")
    attached = objects(original.get("media_attachments"))
    mentioned = objects(original.get("mentions"))
    return {
        "post_id": post_id,
        "account_id": _full_handle(handle, server) or dig(account, "id"),
        "text": text_of(html),
        "created_at": record.get("created_at"),
        "platform": _PLATFORMS.get(server, "mastodon"),
        "language": original.get("language"),
        "urls": strings([*links_of(html), dig(original, "card", "url")]),
        "hashtags": strings(tag.get("name") for tag in objects(original.get("tags"))),
        "mentions": strings(
            _full_handle(who.get("acct"), _host(who.get("url")) or server) for who in mentioned
        ),
        "repost_of": first(dig(shared, "uri"), dig(shared, "url"), dig(shared, "id")),
        "reply_to": record.get("in_reply_to_id"),
        "quote_of": first(
            dig(record, "quote", "quoted_status", "uri"), dig(record, "quote", "uri"),
            record.get("quote_id"),
        ),
        "media": strings(first(item.get("url"), item.get("id")) for item in attached),
        "media_hash": strings(
            f"blurhash:{item['blurhash']}" for item in attached if item.get("blurhash")
        ),
        "account_handle": handle,
        "account_name": dig(account, "display_name"),
        "account_bio": text_of(dig(account, "note")),
        "account_created_at": dig(account, "created_at"),
        "account_followers": dig(account, "followers_count"),
        "account_following": dig(account, "following_count"),
        "account_verified": dig(account, "verified"),
    }  # fmt: skip


def _host(address: object) -> str:
    if not isinstance(address, str):
        return ""
    return address.partition("://")[2].partition("/")[0].lower().removeprefix("www.")


def _full_handle(handle: object, server: str) -> str | None:
    if not isinstance(handle, str) or not handle:
        return None
    return handle if "@" in handle or not server else f"{handle}@{server}"


MASTODON = Format(
    name="mastodon",
    title="Mastodon, Truth Social, Gab",
    fields_from="docs.joinmastodon.org/entities/Status; 4CAT, datasources/truth/search_truth.py",
    marks=(
        *zeeschuimer.marks("content", "created_at", "account", "uri"),
        *zeeschuimer.marks("content", "created_at", "account", "reblog"),
        frozenset({"content", "created_at", "account.acct"}),
    ),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
)
