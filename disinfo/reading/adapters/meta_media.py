"""Pictures and videos of a post on Threads or Instagram."""

from __future__ import annotations

from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Record


def addresses(record: Record) -> list[str]:
    """Return the ids of the files of a post, or their addresses where ids are absent.

    An address holds a signature and a deadline and differs from capture to capture; an id does
    not.
    """
    files: list[Record] = [*objects(record.get("carousel_media"))] or [record]
    return strings(
        first(
            # The id of a single post is that of the post, and names no file.
            None if item is record else item.get("id"),
            dig(item, "video_versions", 0, "url"),
            dig(item, "image_versions2", "candidates", 0, "url"),
            item.get("display_url"),
        )
        for item in files
    )
