"""TikTok videos as captured by Zeeschuimer.

A sound is a shared thing with an exact id; a duet or stitch answers another video. Captions drawn
on the picture (`stickersOnItem`) are part of what is said.
Fields: 4CAT, datasources/tiktok/search_tiktok.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import zeeschuimer
from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a video."""
    if record.get("id") is None:
        return "no post id in the record: left out"
    author = record.get("author")
    stats = record.get("authorStats") or dig(author, "stats")
    extras = objects(record.get("textExtra"))
    stickers = strings(
        line
        for sticker in objects(record.get("stickersOnItem"))
        for line in sticker.get("stickerText") or []
    )
    written = record.get("desc") if isinstance(record.get("desc"), str) else ""
    duet = dig(record, "duetInfo", "duetFromId")
    sound = dig(record, "music", "id")
    return {
        "post_id": record["id"],
        # Older captures name the author only, as text.
        "account_id": first(dig(author, "uniqueId"), dig(author, "unique_id"), author),
        "text": "\n".join([written or "", *stickers]).strip(),
        "created_at": record.get("createTime"),
        "language": record.get("textLanguage"),
        "hashtags": strings(
            [
                *(extra.get("hashtagName") for extra in extras),
                *(item.get("title") for item in objects(record.get("challenges"))),
            ]
        ),
        "mentions": strings(extra.get("userUniqueId") for extra in extras),
        "reply_to": None if duet in (None, "0", 0, "") else duet,
        "media": [] if sound is None else [f"tiktok-music:{sound}"],
        "account_handle": dig(author, "uniqueId"),
        "account_name": dig(author, "nickname"),
        "account_bio": dig(author, "signature"),
        "account_verified": dig(author, "verified"),
        "account_created_at": dig(author, "createTime") or None,
        "account_followers": dig(stats, "followerCount"),
        "account_following": dig(stats, "followingCount"),
    }


TIKTOK_ZEESCHUIMER = Format(
    name="tiktok-zeeschuimer",
    title="TikTok videos, captured with Zeeschuimer",
    fields_from="4CAT, datasources/tiktok/search_tiktok.py",
    marks=zeeschuimer.marks("desc", "createTime", "author"),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="tiktok",
)
