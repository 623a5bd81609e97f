"""Telegram Desktop's ``result.json``: one chat, or the full export.

Message ids count within a chat, so the chat's id goes before them. `date` is local time without
a zone and is never used; older exports lack `date_unixtime` and their posts have no time.
`forwarded_from` is a display name, which many channels may share: carried along, not an object.
Fields: tg-parser, docs/TELEGRAM_FORMAT.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from disinfo.reading.fields import dig, objects, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_urls

_CHAT = "_chat"


def unpack(document: Record) -> Iterator[Record]:
    """Yield the messages of an export, each with its chat."""
    listed = dig(document, "chats", "list")
    for chat in objects(listed) if listed is not None else [document]:
        about = {name: chat.get(name) for name in ("id", "name", "type")}
        for message in objects(chat.get("messages")):
            yield {**message, _CHAT: about}


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a message."""
    if record.get("type") == "service":
        return "service message: left out"
    if record.get("id") is None:
        return "no post id in the record: left out"
    chat = dig(record, _CHAT, "id")
    pieces = _pieces(record)
    text = "".join(str(piece.get("text") or "") for piece in pieces)
    kinds = {
        kind: strings(p.get("text") for p in pieces if p.get("type") == kind)
        for kind in ("link", "hashtag", "mention")
    }
    hidden = [p.get("href") for p in pieces if p.get("type") == "text_link"]
    people = [p.get("user_id") for p in pieces if p.get("type") == "mention_name"]
    answered = record.get("reply_to_message_id")
    return {
        "post_id": f"{chat}-{record['id']}",
        "account_id": record.get("from_id") or (f"channel{chat}" if chat is not None else None),
        "text": text,
        "created_at": record.get("date_unixtime"),
        "urls": strings([*kinds["link"], *hidden]) or find_urls(text),
        "hashtags": kinds["hashtag"],
        "mentions": strings([*kinds["mention"], *people]),
        "reply_to": None if answered is None else f"{chat}-{answered}",
        "account_name": record.get("from"),
        "forwarded_from": record.get("forwarded_from"),
        "chat_name": dig(record, _CHAT, "name"),
        "media_type": record.get("media_type") or ("photo" if record.get("photo") else None),
    }


def _pieces(record: Record) -> list[dict[str, Any]]:
    """Return the text as typed pieces; `text` is a string or mixes strings and pieces."""
    typed = objects(record.get("text_entities"))
    if typed:
        return typed
    text = record.get("text")
    mixed = text if isinstance(text, list) else [text]
    return [
        piece if isinstance(piece, dict) else {"type": "plain", "text": piece}
        for piece in mixed
        if isinstance(piece, dict | str)
    ]


TELEGRAM_DESKTOP = Format(
    name="telegram-desktop",
    title="Telegram Desktop, result.json",
    fields_from="tg-parser, docs/TELEGRAM_FORMAT.md",
    marks=(frozenset({"name", "type", "id", "messages"}), frozenset({"chats.list"})),
    record=to_post,
    unpack=unpack,
    platform="telegram",
)
