"""Facebook as captured by Zeeschuimer: the nested stories of Facebook's own interface.

Fields: 4CAT, datasources/facebook/search_facebook.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from disinfo.reading.adapters import zeeschuimer
from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record
from disinfo.text.entities import find_urls


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a story."""
    sections = record.get("comet_sections")
    story = dig(sections, "content", "story")
    post_id = first(dig(story, "post_id"), record.get("post_id"))
    if post_id is None:
        return "no post id in the record: left out"
    author = dig(story, "actors", 0)
    text = dig(story, "message", "text")
    found = find_urls(text) if isinstance(text, str) else []
    attached = objects(dig(story, "attachments"))
    about = next(_stamps(sections), {})
    return {
        "post_id": post_id,
        "account_id": first(dig(author, "id"), dig(author, "url")),
        "text": text,
        "created_at": about.get("creation_time"),
        "urls": strings([*found, *(_link(item) for item in attached)]),
        "repost_of": dig(story, "attached_story", "post_id"),
        "media": strings(
            f"facebook-photo:{dig(item, 'target', 'id')}"
            for item in attached
            if dig(item, "target", "__typename") == "Photo"
        ),
        "account_name": dig(author, "name"),
        "account_handle": _tail(dig(author, "url")),
        "post_address": dig(story, "wwwURL"),
    }


def _stamps(sections: object) -> Iterator[dict[str, Any]]:
    """Yield the part of a story's head that carries its time."""
    layout = dig(sections, "context_layout", "story", "comet_sections", "metadata")
    for part in objects(layout):
        story = part.get("story")
        if isinstance(story, dict) and story.get("creation_time") is not None:
            yield story


def _link(attachment: Record) -> Any:
    style = dig(attachment, "styles", "attachment")
    return first(
        dig(style, "story_attachment_link_renderer", "attachment", "web_link", "url"),
        dig(style, "external_url"),
    )


def _tail(address: object) -> str | None:
    if not isinstance(address, str) or "profile.php" in address:
        return None
    return address.rstrip("/").rpartition("/")[2] or None


FACEBOOK = Format(
    name="facebook-zeeschuimer",
    title="Facebook, captured with Zeeschuimer",
    fields_from="4CAT, datasources/facebook/search_facebook.py",
    marks=zeeschuimer.marks("comet_sections"),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="facebook",
)
