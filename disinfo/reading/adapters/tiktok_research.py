"""TikTok's Research API: pages of JSON, and the CSV that its clean room hands out.

There is no number for an account, only its name. Sounds and effects are shared things with exact
ids. `region_code` is where the account was registered and is no language.
Fields: developers.tiktok.com, Research API, query videos; csds-preprocessor, src/types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from disinfo.reading.fields import dig, objects, split_list, strings
from disinfo.reading.format import Format, Record
from disinfo.reading.tabular import renamed

_NAMES = {
    "video_id": "post_id",
    "id": "post_id",
    "author_name": "account_id",
    "username": "account_id",
    "video_description": "text",
    "create_time": "created_at",
    "hashtag_names": "hashtags",
    "video_mention_list": "mentions",
}


def unpack(document: Record) -> Iterator[Record]:
    """Yield the videos of a page, or the video."""
    videos = dig(document, "data", "videos")
    yield from [document] if videos is None else objects(videos)


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a video."""
    if record.get("id") is None:
        return "no post id in the record: left out"
    post = {
        "post_id": record["id"],
        "account_id": record.get("username"),
        "text": record.get("video_description"),
        "created_at": record.get("create_time"),
        "media": _media(record.get("music_id"), record.get("effect_ids")),
        "account_handle": record.get("username"),
    }
    # Named only where the request asked for them; else they are taken from the text.
    for name, field in (("hashtags", "hashtag_names"), ("mentions", "video_mention_list")):
        if record.get(field) is not None:
            post[name] = strings(split_list(record[field]))
    carried = ("region_code", "voice_to_text", "view_count", "like_count", "share_count",
               "comment_count")  # fmt: skip
    return post | {name: record[name] for name in carried if name in record}


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    out = renamed(frame, _NAMES)
    absent = [None] * len(frame)
    music = frame["music_id"].tolist() if "music_id" in frame.columns else absent
    effects = frame["effect_ids"].tolist() if "effect_ids" in frame.columns else absent
    media = [_media(sound, effect) for sound, effect in zip(music, effects, strict=True)]
    return out.assign(media=pd.Series(media, index=frame.index, dtype="object"))


def _media(music: object, effects: object) -> list[str]:
    return [
        *(f"tiktok-music:{item}" for item in split_list(music)),
        *(f"tiktok-effect:{item}" for item in split_list(effects)),
    ]


TIKTOK_RESEARCH = Format(
    name="tiktok-research-api",
    title="TikTok Research API, JSON or CSV",
    fields_from="developers.tiktok.com, Research API, query videos; csds-preprocessor",
    marks=(
        frozenset({"data.videos", "data.has_more"}),
        frozenset({"data.videos", "error"}),
        frozenset({"id", "video_description", "create_time", "username"}),
        frozenset({"video_id", "video_description", "create_time", "author_name"}),
    ),
    record=to_post,
    table=to_posts,
    unpack=unpack,
    platform="tiktok",
)
