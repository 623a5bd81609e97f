"""Make formats.md from the formats themselves and from their fixtures, which show what is taken.

python docs/build_formats.py
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from disinfo.reading import Format, read_posts
from disinfo.reading.formats import FORMATS
from disinfo.tables import POSTS

HERE = Path(__file__).parent
PAGE = HERE / "formats.md"
FIXTURES = HERE.parent / "tests" / "reading" / "fixtures"
NOW = "2026-01-01"

_ATTRIBUTES = ("account_handle", "account_name", "account_bio", "account_created_at",
               "account_followers", "account_following", "account_verified")  # fmt: skip
_FIELDS = (*POSTS.columns, *_ATTRIBUTES)
_FROM_TEXT = ("urls", "hashtags", "mentions")
_HEAD = """# Formats

Made by `python docs/build_formats.py`; do not edit.

`disinfo.read_posts` recognises a format by the keys of its records or by the header of its table,
never by the name of the file. `format=` (on the command line `--format`) takes one of these names
and overrides that; `columns={"text": "body"}` overrides single columns. A file that fits none of
them is read as `generic` if its columns have usual names; otherwise it is refused, with the keys
that were seen and the nearest formats. [Adding one](add-a-format.md) takes one small file.

Files may be packed with gzip, zstd (also with the window of the Pushshift dumps), bzip2 or xz. A
zip archive or a folder is read file by file, in order of name.

Links, tags and mentions for which a format has no field are found in the text; those are marked
with a star. A field is listed as taken when the format's example file in `tests/reading/fixtures`
fills it. Every format also fills what it has of `post_id`, `account_id`, `text`, `created_at` and
`platform`, and carries its other columns along untouched. Links are brought to one canonical form.

"""


def _marks(form: Format) -> str:
    shown = ["all of " + ", ".join(f"`{key}`" for key in sorted(mark)) for mark in form.marks]
    return "; or ".join(shown) + (", and nothing else" if form.nothing_else else "")


def _watched(form: Format, seen: set[str]) -> Format:
    """Return the format with a note taken of every column that it gives."""

    def record(source: Mapping[str, Any]) -> dict[str, Any] | str:
        post = form.record(source) if form.record else {}
        seen.update(() if isinstance(post, str) else post)
        return post

    def table(frame: pd.DataFrame) -> pd.DataFrame:
        posts = form.table(frame) if form.table else frame
        seen.update(posts.columns)
        return posts

    return dataclasses.replace(
        form, record=record if form.record else None, table=table if form.table else None
    )


def taken(form: Format) -> dict[str, bool]:
    """Return the library's columns that a format fills, with whether a field of its own does."""
    own: set[str] = set()
    filled: set[str] = set()
    for path in sorted(FIXTURES.glob(f"{form.name}.*")):
        posts = read_posts(path, format=_watched(form, own), now=NOW).table
        for name in (name for name in _FIELDS if name in posts.columns):
            known = posts[name].map(
                lambda cell: cell if isinstance(cell, list) else not pd.isna(cell)
            )
            if known.map(bool).any():
                filled.add(name)
    return {name: name in own or name not in _FROM_TEXT for name in _FIELDS if name in filled}


def _row(form: Format) -> str:
    fields = taken(form)
    shown = ", ".join(name if own else f"{name}*" for name, own in fields.items())
    absent = ", ".join(name for name in _FIELDS if name not in fields)
    cells = (f"`{form.name}`", form.title, _marks(form), shown, absent, form.fields_from)
    return f"| {' | '.join(cells)} |"


def build() -> str:
    """Return the page."""
    lines = [
        "| name | what | recognised by | taken | absent | field names from |",
        "| --- | --- | --- | --- | --- | --- |",
        *map(_row, FORMATS),
    ]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(build(), encoding="utf-8")
