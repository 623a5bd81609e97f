"""From columns with library names to a checked `posts` table: the last step of every format."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from disinfo.reading.duplicates import one_row_a_post
from disinfo.reading.fields import split_list
from disinfo.reading.identifiers import as_ids, by_platform, fill_post_ids, without_damaged
from disinfo.reading.ledger import Ledger
from disinfo.reading.posts import Posts
from disinfo.reading.times import parse_times, plausible, resolution_s
from disinfo.schema import TIME_DTYPE
from disinfo.tables import POSTS
from disinfo.text.entities_of_many import JoinedTexts
from disinfo.text.urls import canonical_url, canonical_urls

# One list for all empty cells while rows are shaped; the last check gives each row its own.
_NOTHING: list[str] = []
LONGEST_TEXT = 1_000_000
_IDS = (
    "post_id",
    "account_id",
    "repost_of",
    "reply_to",
    "quote_of",
    "conversation_id",
    "object_id",
)
_LISTS = ("urls", "hashtags", "mentions", "media", "media_hash")
# What rows may share besides their words. `domain_id` is carried as it is and counts as shared.
_SHARED = (*_LISTS, "repost_of", "reply_to", "quote_of", "object_id", "domain_id")
_STUBS = ("[deleted]", "[removed]")
_YES = frozenset(["true", "yes", "1", "1.0", "t", "y"])
_NO = frozenset(["false", "no", "0", "0.0", "f", "n"])


def shape_rows(
    frame: pd.DataFrame, *, platform: str | None, now: pd.Timestamp, ledger: Ledger
) -> pd.DataFrame:
    """Return rows of one source with every cell in its final form.

    Parameters
    ----------
    frame
        One row a post, library names; cells as the source had them.
    platform
        The platform of rows that name none.
    now
        The present, for times in the future.
    ledger
        Counts so far; added to.

    Returns
    -------
    DataFrame
        Rows that have a text or something shared, in order.

    Raises
    ------
    SchemaError
        When ids have lost digits.
    """
    frame = _first_of_a_name(frame.reset_index(drop=True), ledger)
    columns: dict[str, pd.Series] = {str(column): frame[column] for column in frame.columns}
    columns |= {column: as_ids(columns[column], column) for column in _IDS if column in columns}
    columns["text"] = _texts(columns.get("text"), frame.index, columns.get("post_id"), ledger)
    columns |= _shared_things(columns)
    columns["platform"] = _platforms(columns.get("platform"), frame.index, platform)
    if "language" in columns:
        columns["language"] = _first_word(columns["language"])
    columns |= _account_attributes(columns, ledger)
    rows = _with_something(pd.DataFrame(columns, index=frame.index), ledger)
    return _accounts(_times(rows, now, ledger), ledger)


def _first_of_a_name(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return the frame with the first of columns that mean the same, as of ``link`` and ``url``."""
    names = frame.columns.map(str)
    again = names.duplicated()
    for name in sorted(set(names[again])):
        ledger.note(f"several columns give {name!r}: the first is taken")
    return frame.loc[:, ~again] if again.any() else frame


def finish_posts(
    rows: pd.DataFrame, *, name: str, resolution: float | None, ledger: Ledger, n_read: int
) -> Posts:
    """Return checked posts from the shaped rows of all sources.

    Parameters
    ----------
    rows
        What `shape_rows` gave.
    name
        The format's name.
    resolution
        Time resolution in seconds, or None to infer it.
    ledger
        Counts so far; added to.
    n_read
        Rows seen in the source.

    Returns
    -------
    Posts
        Kept rows in the order of the input.
    """
    rows = rows.reset_index(drop=True)
    rows["account_id"] = by_platform(rows["account_id"], rows["platform"], ledger)
    if "post_id" in rows.columns:
        rows["post_id"] = without_damaged(rows["post_id"], ledger, "post id")
    made = "post_id" not in rows.columns or bool(rows["post_id"].isna().all())
    rows["post_id"] = fill_post_ids(rows)
    # Ids made of contents are told apart already, and to look at millions again takes seconds.
    if not made:
        rows = one_row_a_post(rows, ledger)
    count_missing(rows, ledger)
    table = POSTS.check(rows, source=f"format {name!r}", sort=False, distinct=made)
    return Posts(
        table=table,
        dropped=ledger.table(),
        format=name,
        resolution_s=resolution_s(table["created_at"]) if resolution is None else resolution,
        notes=tuple(ledger.notes),
        n_read=n_read,
    )


def _missing(index: pd.Index) -> pd.Series:
    return pd.Series(np.nan, index=index, dtype="str")


def _texts(
    given: pd.Series | None, index: pd.Index, ids: pd.Series | None, ledger: Ledger
) -> pd.Series:
    """Return texts as strings without NUL, cut at the longest length, missing where blank."""
    if given is None:
        return _missing(index)
    if given.dtype == object:
        # A number or an object in the place of a text is not what anybody wrote.
        given = given.map(lambda value: value if isinstance(value, str) else None)
    text = given.astype("str")
    named = _missing(index) if ids is None else ids
    nul = _where(text, pc.match_substring, "\0") if _may_hold_nul(text) else np.zeros(0, bool)
    if nul.any():
        ledger.add_rows("NUL byte in a text: removed, row kept", nul, named)
        text = text.str.replace("\0", "", regex=False)
    # A text has no more characters than bytes, and those are known without looking at it.
    n_bytes = pc.binary_length(pa.array(text)).to_numpy(zero_copy_only=False)
    if (n_bytes > LONGEST_TEXT).any():
        long = (text.str.len() > LONGEST_TEXT).fillna(False).to_numpy(bool)
        ledger.add_rows(f"text longer than {LONGEST_TEXT:,} characters: cut", long, named)
        text = text.str.slice(stop=LONGEST_TEXT)
    blank = (n_bytes == 0) | _where(text, pc.utf8_is_space)
    if np.isin(n_bytes, list(map(len, _STUBS))).any():
        blank |= text.isin(_STUBS).to_numpy(bool)
    return text.mask(blank) if blank.any() else text


def _may_hold_nul(text: pd.Series) -> bool:
    """Return whether the bytes behind a column hold a NUL: a quick look before each is searched."""
    array = pa.array(text)
    parts = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    return any(
        buffer is not None and buffer.size and not np.frombuffer(buffer, dtype=np.uint8).min()
        for part in parts
        for buffer in part.buffers()[2:]
    )


def _where(text: pd.Series, test: Callable[..., Any], *arguments: object) -> np.ndarray:
    """Return where a test of Arrow holds; it does not for missing values."""
    found = pc.fill_null(test(pa.array(text), *arguments), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _shared_things(columns: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Return links, tags, mentions and media as lists, from their fields or from the text."""
    out = {}
    for name in _LISTS:
        if name in columns:
            out[name] = _list_column(columns[name], urls=name in ("urls", "media"))
    texts: JoinedTexts | None = None
    has_texts = bool(columns["text"].notna().any())
    for name in ("urls", "hashtags", "mentions"):
        if name not in columns:
            if not has_texts:
                # Columns of empty lists would be most of the memory of millions of bare actions.
                continue
            texts = texts or JoinedTexts(pa.array(columns["text"]))
            out[name] = _series(getattr(texts, name)(), columns["text"].index)
        elif name == "urls":
            out["urls"] = _canonical(out["urls"])
        else:
            marks = "#＃" if name == "hashtags" else "@＠"
            out[name] = _series(
                [[item.lstrip(marks).casefold() for item in cell] if cell else cell
                 for cell in out[name].tolist()], out[name].index
            )  # fmt: skip
    return out


def _canonical(urls: pd.Series) -> pd.Series:
    """Return links in their canonical form, each once."""
    cells = urls.tolist()
    forms = canonical_urls(chain.from_iterable(cells))
    return _series(
        [_once([form for url in cell if (form := forms[url])]) if cell else cell
         for cell in cells], urls.index
    )  # fmt: skip


def _once(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items)) if len(items) > 1 else items


def _series(cells: list[list[str]], index: pd.Index) -> pd.Series:
    return pd.Series(cells, index=index, dtype=object)


def _list_column(values: pd.Series, *, urls: bool) -> pd.Series:
    given = values.tolist() if values.dtype == object else []
    if set(map(type, given)) == {list} and set(map(type, chain.from_iterable(given))) <= {str}:
        return _series(given, values.index)
    cells: list[list[str]] = [_NOTHING] * len(values)
    present = np.flatnonzero(values.notna().to_numpy(bool))
    for at, cell in zip(present, values.iloc[present].tolist(), strict=True):
        cells[at] = split_list(cell, urls=urls)
    return _series(cells, values.index)


def _platforms(given: pd.Series | None, index: pd.Index, platform: str | None) -> pd.Series:
    named = _missing(index) if given is None else as_ids(given, "platform").str.lower()
    return named if platform is None else named.fillna(platform)


def _first_word(values: pd.Series) -> pd.Series:
    """Return the language of each row; the first where the source lists several."""
    if values.dtype == object:
        values = values.map(lambda cell: next(iter(split_list(cell)), None))
    text = values.astype("str").str.strip()
    return text.mask(text.isin(["", "und", "zxx", "None", "nan"]))


def _account_attributes(columns: dict[str, pd.Series], ledger: Ledger) -> dict[str, pd.Series]:
    out = {}
    if "account_created_at" in columns:
        out["account_created_at"] = parse_times(columns["account_created_at"], ledger)
    for name in ("account_followers", "account_following"):
        if name in columns:
            out[name] = pd.to_numeric(columns[name], errors="coerce").astype("float64")
    if "account_verified" in columns:
        words = columns["account_verified"].astype(object).astype("str").str.lower()
        known = words.isin(_YES | _NO)
        out["account_verified"] = words.isin(_YES).astype("boolean").mask(~known)
    for name in ("account_handle", "account_name", "account_bio"):
        if name in columns:
            out[name] = as_ids(columns[name], name)
    return out


def _times(rows: pd.DataFrame, now: pd.Timestamp, ledger: Ledger) -> pd.DataFrame:
    if "created_at" not in rows.columns:
        return rows.assign(created_at=pd.Series(pd.NaT, index=rows.index, dtype=TIME_DTYPE))
    ids = rows["post_id"] if "post_id" in rows.columns else _missing(rows.index)
    times = parse_times(rows["created_at"], ledger)
    return rows.assign(created_at=plausible(rows["created_at"], times, ids, now, ledger))


def _accounts(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    if "account_id" not in rows.columns:
        return rows.assign(account_id=_missing(rows.index))
    ids = without_damaged(rows["account_id"], ledger, "account id")
    addresses = ids.str.contains("://", regex=False).fillna(False).to_numpy(bool)
    if addresses.any():
        forms = {address: canonical_url(address) for address in ids[addresses].unique()}
        ids = ids.mask(addresses, ids.map(forms).astype("str"))
        ledger.note("accounts are named by the address of their page")
    return rows.assign(account_id=ids)


def _with_something(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return the rows that have a text or something shared; the others are counted."""
    something = rows["text"].notna().to_numpy(bool)
    if something.all():
        return rows
    for name in _SHARED:
        if name in _LISTS and name in rows.columns:
            something = something | (_lengths(rows[name]) > 0)
        elif name in rows.columns:
            something = something | rows[name].notna().to_numpy(bool)
    ids = rows["post_id"] if "post_id" in rows.columns else _missing(rows.index)
    ledger.add_rows("neither a text nor anything shared: row left out", ~something, ids)
    return rows[something].copy()


def _lengths(cells: pd.Series) -> np.ndarray:
    return np.fromiter(map(len, cells.tolist()), dtype=np.int64, count=len(cells))


def count_missing(rows: pd.DataFrame, ledger: Ledger) -> None:
    """Count the rows that stages of one kind will leave out."""
    for column, reason in (
        ("account_id", "no account id: row kept, behaviour stages leave it out"),
        ("created_at", "no time: row kept, behaviour stages leave it out"),
        ("text", "no text: row kept, language stages leave it out"),
    ):
        ledger.add_rows(reason, rows[column].isna().to_numpy(bool), rows["post_id"])
