"""Rows that repeat a post id: parts of one post are joined, copies are counted and left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.reading.identifiers import content_hash
from disinfo.reading.ledger import Ledger

_SAME_POST = ("account_id", "created_at", "text")
# Whether each of some ids is that of a post given.
Taken = Callable[[pd.Series], NDArray[np.bool_]]
_LISTS = ("urls", "hashtags", "mentions", "media", "media_hash")


def one_row_a_post(frame: pd.DataFrame, ledger: Ledger, taken: Taken | None = None) -> pd.DataFrame:
    """Return the frame with each post id once.

    Tables made for co-action tools have one row for each thing that a post shares. Rows of one
    id with the same account, time and text are such parts: their links, tags and media are
    joined, and a further `object_id` gets a row of its own, whose id ends in ``#2`` and so on, or
    in ``##2`` where an id given is one of those.
    Of rows that differ in account, time or text the one with the smallest (created_at, content
    hash) stays; the rest are counted.

    Parameters
    ----------
    frame
        Rows with library names; `post_id` has no missing value.
    ledger
        Where to count.
    taken
        Says of ids whether they are given; those of the frame by default.

    Returns
    -------
    DataFrame
        Rows in the order of the input.
    """
    if frame["post_id"].is_unique:
        return frame
    repeated = frame["post_id"].duplicated(keep=False)
    rows = frame[repeated].copy()
    rows["_time"] = rows["created_at"]
    # Columns come in the order in which a file or a part of it named them first.
    rows["_hash"] = content_hash(rows[sorted(rows.columns)])
    rows = rows.sort_values(["post_id", "_time", "_hash"], kind="stable", na_position="last")
    firsts = rows.drop_duplicates("post_id").set_index("post_id")
    alike = pd.Series(True, index=rows.index)
    for column in _SAME_POST:
        first = firsts[column].reindex(rows["post_id"]).set_axis(rows.index)
        alike &= (rows[column] == first).fillna(False) | (rows[column].isna() & first.isna())
    _count(ledger, "post id repeated with other content: the earliest row was kept", rows[~alike])
    rows = rows[alike]
    if "object_id" in rows.columns:
        given = frame["post_id"]
        rows = _objects_apart(rows, ledger, taken or (lambda ids: ids.isin(given).to_numpy(bool)))
    joined = _joined(rows.drop(columns=["_time", "_hash"]), ledger)
    return pd.concat([frame[~repeated], joined]).sort_index()


def _count(ledger: Ledger, reason: str, rows: pd.DataFrame) -> None:
    if len(rows):
        ledger.add(reason, len(rows), str(rows["post_id"].min()))


def _objects_apart(rows: pd.DataFrame, ledger: Ledger, taken: Taken) -> pd.DataFrame:
    """Give a post's second and later objects ids of their own."""
    objects = rows[["post_id", "object_id"]].drop_duplicates()
    objects = objects.sort_values(["post_id", "object_id"], kind="stable")
    ordinal = objects.groupby("post_id").cumcount() + 1
    if not (ordinal > 1).any():
        return rows
    further, mark = ordinal > 1, "#"
    while taken(made := (objects["post_id"] + mark + ordinal.astype(str))[further]).any():
        mark += "#"
    objects = objects.assign(apart=objects["post_id"].where(~further, made))
    ledger.note(
        f"{int(further.sum())} row(s) name a further object of a post: "
        f"they are kept as post_id{mark}2, {mark}3 …"
    )
    apart = rows[["post_id", "object_id"]].merge(objects, on=["post_id", "object_id"], how="left")
    return rows.assign(post_id=apart["apart"].array)


def _joined(rows: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return the first row of each post, with the lists of all its rows; the others are counted."""
    further = rows["post_id"].duplicated().to_numpy(bool)
    kept = rows[~further].copy()
    positions = dict(zip(kept["post_id"].tolist(), range(len(kept)), strict=True))
    added = [positions[post] for post in rows["post_id"][further].tolist()]
    gains = [False] * len(added)
    for column in (name for name in _LISTS if name in rows.columns):
        unions: dict[int, set[str]] = {}
        cells = kept[column].tolist()
        for order, (at, more) in enumerate(zip(added, rows[column][further].tolist(), strict=True)):
            union = unions.setdefault(at, set(cells[at]))
            gains[order] |= not union.issuperset(more)
            union.update(more)
        for at, union in unions.items():
            cells[at] = sorted(union)
        kept[column] = pd.Series(cells, index=kept.index, dtype="object")
    gained = pd.Series(gains, index=rows.index[further], dtype=bool)
    reason = "further row of a post: its links, tags and media were joined to the first"
    _count(ledger, reason, rows[further][gained])
    _count(ledger, "same post again: one row was kept", rows[further][~gained])
    return kept
