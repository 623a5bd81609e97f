"""Reddit submissions and comments as Pushshift and Reddit's own API write them.

Accounts are named by `author`: the name cannot be changed, while `author_fullname` is absent from
older dumps and would make one account two. `[deleted]` is no account and no text. `created_utc` is
a number in some dumps and text in others.
Fields: Baumgartner et al. 2020, The Pushshift Reddit Dataset; structure notes of the dumps.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.fields import dig, first, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_urls

_GONE = ("[deleted]", "[removed]", "")
_OWN = ("https://www.reddit.com/r/", "http://www.reddit.com/r/", "/r/")


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a submission or a comment."""
    if record.get("id") is None:
        return "no post id in the record: left out"
    is_comment = "body" in record
    post_id = (
        f"{'t1' if is_comment else 't3'}_{str(record['id']).partition('_')[2] or record['id']}"
    )
    parts = [record.get("body")] if is_comment else [record.get("title"), record.get("selftext")]
    text = "\n".join(part for part in parts if isinstance(part, str) and part not in _GONE)
    author = record.get("author")
    crossposted = record.get("crosspost_parent")
    return {
        "post_id": post_id,
        "account_id": None if author in _GONE else author,
        "text": text,
        "created_at": record.get("created_utc"),
        "urls": strings([*find_urls(text), None if is_comment else _shared_link(record)]),
        "repost_of": crossposted,
        "reply_to": record.get("parent_id") if is_comment else None,
        "conversation_id": first(record.get("link_id"), None if is_comment else post_id),
        "account_created_at": record.get("author_created_utc"),
        "channel": record.get("subreddit"),
        "score": record.get("score"),
    }


def _shared_link(record: Record) -> str | None:
    """Return the link that a submission shares; its own address is none."""
    url = record.get("url")
    if not isinstance(url, str) or record.get("is_self") or url.startswith(_OWN):
        return None
    return url if dig(record, "permalink") is None or record["permalink"] not in url else None


REDDIT = Format(
    name="reddit",
    title="Reddit, Pushshift dumps and API",
    fields_from="Baumgartner et al. 2020; structure notes of the Pushshift dumps",
    marks=(
        frozenset({"id", "created_utc", "subreddit", "author", "title"}),
        frozenset({"id", "created_utc", "subreddit", "author", "body"}),
    ),
    record=to_post,
    platform="reddit",
)
