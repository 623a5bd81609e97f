"""Telegram messages as 4CAT and Telethon write them, one JSON object a line.

Message ids count within a chat, so the chat's id goes before them; a forward names the channel and
the message that it came from in the same form. Ids of photos and documents are stable: two posts
that share one show the same file.
Fields: 4CAT, datasources/telegram/search_telegram.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_urls


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a message."""
    if record.get("action") is not None:
        return "service message: left out"
    if record.get("id") is None:
        return "no post id in the record: left out"
    chat = first(
        dig(record, "_chat", "id"),
        *(
            dig(record, peer, kind)
            for peer in ("peer_id", "to_id")
            for kind in ("channel_id", "chat_id", "user_id")
        ),
        dig(record, "_chat", "username"),
    )
    text = record.get("message")
    media = record.get("media")
    answered = first(dig(record, "reply_to", "reply_to_msg_id"), record.get("reply_to_msg_id"))
    files = [
        f"telegram-{kind}:{number}"
        for kind in ("photo", "document")
        if (number := dig(media, kind, "id")) is not None
    ]
    hidden = [entity.get("url") for entity in objects(record.get("entities"))]
    found = find_urls(text) if isinstance(text, str) else []
    return {
        "post_id": f"{chat}-{record['id']}",
        "account_id": first(
            dig(record, "_sender", "id"), dig(record, "from_id", "user_id"), dig(record, "from_id"),
            chat,
        ),
        "text": text,
        "created_at": record.get("date"),
        "urls": strings([*found, *hidden, dig(media, "webpage", "url")]),
        "repost_of": _origin(record.get("fwd_from")),
        "reply_to": None if answered is None else f"{chat}-{answered}",
        "conversation_id": chat,
        "media": files,
        "chat_name": first(dig(record, "_chat", "username"), dig(record, "_chat", "title")),
        "account_handle": dig(record, "_sender", "username"),
        "account_name": first(
            dig(record, "_sender", "title"), dig(record, "_sender", "first_name")
        ),
        "account_verified": dig(record, "_sender", "verified"),
        "views": record.get("views"),
        "forwards": record.get("forwards"),
    }  # fmt: skip


def _origin(forward: object) -> str | None:
    """Return the message that was forwarded; without its number, its channel and moment."""
    whom = first(
        dig(forward, "from_id", "channel_id"), dig(forward, "channel_id"),
        dig(forward, "from_id", "user_id"), dig(forward, "from_id", "chat_id"),
    )  # fmt: skip
    if whom is None:
        return None
    number = dig(forward, "channel_post")
    return f"{whom}-{number}" if number is not None else f"{whom}@{dig(forward, 'date')}"


TELEGRAM_FOURCAT = Format(
    name="telegram-4cat",
    title="Telegram, 4CAT's JSON (Telethon)",
    fields_from="4CAT, datasources/telegram/search_telegram.py",
    marks=(
        frozenset({"id", "message", "date", "peer_id"}),
        frozenset({"id", "message", "date", "_chat", "_sender"}),
    ),
    record=to_post,
    platform="telegram",
)
