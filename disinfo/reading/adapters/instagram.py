"""Instagram as captured by Zeeschuimer, in the two shapes that its interface has used.

Fields: 4CAT, datasources/instagram/search_instagram.py.
"""

from __future__ import annotations

from typing import Any

from disinfo.reading.adapters import meta_media, zeeschuimer
from disinfo.reading.fields import dig, first, objects, strings
from disinfo.reading.format import Format, Record


def to_post(record: Record) -> dict[str, Any] | str:
    """Return a post from a captured post."""
    post_id = first(record.get("code"), record.get("shortcode"))
    if post_id is None:
        return "no post id in the record: left out"
    user = first(record.get("user"), record.get("owner"))
    graph = dig(record, "edge_media_to_caption", "edges", 0, "node", "text")
    sound = dig(record, "clips_metadata", "music_info", "music_asset_info", "audio_asset_id")
    tagged = [dig(item, "user", "username") for item in objects(dig(record, "usertags", "in"))]
    post = {
        "post_id": post_id,
        "account_id": first(dig(user, "pk"), dig(user, "id"), dig(user, "username")),
        "text": first(dig(record, "caption", "text"), graph),
        "created_at": first(record.get("taken_at"), record.get("taken_at_timestamp")),
        "media": [
            *meta_media.addresses(record),
            *([] if sound is None else [f"instagram-music:{sound}"]),
        ],
        "account_handle": dig(user, "username"),
        "account_name": dig(user, "full_name"),
        "account_verified": dig(user, "is_verified"),
    }
    # People tagged on the picture are mentioned too; else mentions are taken from the text.
    return post | ({"tagged": strings(tagged)} if any(tagged) else {})


INSTAGRAM = Format(
    name="instagram-zeeschuimer",
    title="Instagram, captured with Zeeschuimer",
    fields_from="4CAT, datasources/instagram/search_instagram.py",
    marks=(
        *zeeschuimer.marks("code", "user", "taken_at", "caption"),
        *zeeschuimer.marks("shortcode", "owner", "taken_at_timestamp"),
    ),
    record=to_post,
    unpack=zeeschuimer.unwrapped,
    platform="instagram",
)
