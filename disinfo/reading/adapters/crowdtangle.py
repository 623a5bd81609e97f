"""CSV of CrowdTangle, which Meta closed in 2024 and many archives still hold.

Pages, groups and Instagram differ in a few columns. There is no column for the post's id: it is
the tail of its address. Times name the zone of the person who exported ("EDT").
Fields: 4CAT, datasources/upload/import_formats.py.
"""

from __future__ import annotations

import pandas as pd

from disinfo.reading.format import Format
from disinfo.reading.tabular import renamed

_NAMES = {
    "Message": "text",
    "Facebook Id": "account_id",
    "User Name": "account_handle",
    "Page Name": "account_name",
    "Group Name": "account_name",
    "Account": "account_name",
    "Page Description": "account_bio",
    "Page Created": "account_created_at",
    "Followers at Posting": "account_followers",
    "Likes at Posting": "account_followers",
    "Size at Posting": "account_followers",
    "Final Link": "urls",
    "Link": "urls",
    "Photo": "media",
}
# What a post without a message shows instead, best first.
_OTHER_TEXTS = ("Link Text", "Description", "Image Text", "Title")
_ZONES = {
    " EDT": "-04:00", " EST": "-05:00", " CDT": "-05:00", " CST": "-06:00", " MDT": "-06:00",
    " MST": "-07:00", " PDT": "-07:00", " PST": "-08:00", " CEST": "+02:00", " CET": "+01:00",
    " BST": "+01:00", " GMT": "+00:00", " UTC": "+00:00",
}  # fmt: skip


def to_posts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with library names."""
    out = renamed(frame, _NAMES)
    address = frame["URL"].astype("str").str.rstrip("/")
    # Not by partition, which gives a single column where no row has an address.
    out["post_id"] = address.str.replace(r"(?s)^.*/", "", regex=True)
    instagram = address.str.contains("instagram.com", regex=False).fillna(False).astype(bool)
    platform = pd.Series("facebook", index=frame.index, dtype="str")
    out["platform"] = platform.mask(instagram, "instagram")
    times = frame["Post Created"].astype("str").str.strip()
    for name, offset in _ZONES.items():
        times = times.str.replace(f"{name}$", offset, regex=True)
    out["created_at"] = times
    text = out["text"] if "text" in out.columns else pd.Series(None, frame.index, dtype="str")
    for name in _OTHER_TEXTS:
        if name in frame.columns:
            text = text.fillna(frame[name])
    out["text"] = text
    # Instagram has no number, and a page's number may be withheld: the user name is as good.
    if "User Name" in frame.columns:
        known = out["account_id"] if "account_id" in out.columns else text.mask(text.notna())
        out["account_id"] = known.astype("str").fillna(frame["User Name"])
    if {"Final Link", "Link"} <= set(frame.columns):
        # A shortened link is the address of the page only where the final one is known.
        out["urls"] = frame["Final Link"].fillna(frame["Link"])
    if "urls" in out.columns:
        # A post without a link carries its own address there.
        out["urls"] = out["urls"].where(out["urls"].astype("str").str.rstrip("/") != address)
    return out


CROWDTANGLE = Format(
    name="crowdtangle",
    title="CrowdTangle, CSV of pages, groups or Instagram",
    fields_from="4CAT, datasources/upload/import_formats.py",
    marks=(
        frozenset({"Post Created", "URL", "Message", "Overperforming Score"}),
        frozenset({"Post Created", "URL", "Message", "Facebook Id"}),
        frozenset({"Post Created", "URL", "Account", "User Name"}),
    ),
    table=to_posts,
)
