"""Search results of Open Measures (once SMAT): hits of many sites, each with its own fields.

A hit whose fields are those of a format known here goes through that format; of the others the
usual names are taken. "Anonymous" on image boards is no account.
Fields: clients of api.smat-app.com/content.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from disinfo.reading.adapters.mastodon import MASTODON
from disinfo.reading.adapters.reddit import REDDIT
from disinfo.reading.adapters.telegram_fourcat import TELEGRAM_FOURCAT
from disinfo.reading.fields import dig, first, objects
from disinfo.reading.format import Format, Record, keys_of
from disinfo.reading.html_text import text_of

_ROUTES = (REDDIT, MASTODON, TELEGRAM_FOURCAT)
_TEXTS = ("body", "com", "text", "content", "message", "title")
_ACCOUNTS = ("author_id", "userid", "author", "username", "user", "channelusername", "name")
_TIMES = ("created_utc", "time", "created_at", "createdAtformatted", "datetime", "date", "now")
_ANSWERED = ("resto", "parent_id", "parent", "reply_to")


def unpack(document: Record) -> Iterator[Record]:
    """Yield the hits of a page, or the hit."""
    hits = dig(document, "hits", "hits")
    yield from [document] if hits is None else objects(hits)


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a hit."""
    source = record.get("_source")
    if not isinstance(source, dict):
        return "no post id in the record: left out"
    index = record.get("_index")
    site = index.partition("-")[0] if isinstance(index, str) else None
    keys = keys_of(source)
    for form in _ROUTES:
        if form.record is not None and form.fits(keys):
            routed = form.record(source)
            return routed if isinstance(routed, str) else {"platform": form.platform, **routed}
    account = first(*(source.get(name) for name in _ACCOUNTS))
    answered = first(*(source.get(name) for name in _ANSWERED))
    post_id = first(source.get("id"), source.get("no"), record.get("_id"))
    return {
        "post_id": None if post_id is None else str(post_id),
        "account_id": None if account == "Anonymous" or isinstance(account, dict) else account,
        "text": text_of(first(*(source.get(name) for name in _TEXTS))),
        "created_at": first(*(source.get(name) for name in _TIMES)),
        "platform": site,
        "reply_to": None if answered in (None, 0, "0") else answered,
    }


OPEN_MEASURES = Format(
    name="open-measures",
    title="Open Measures (SMAT), JSON",
    fields_from="clients of api.smat-app.com/content",
    marks=(frozenset({"hits.hits"}), frozenset({"_id", "_source"})),
    record=to_post,
    unpack=unpack,
)
