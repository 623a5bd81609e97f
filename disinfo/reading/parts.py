"""`read_parts`: a source of any size to posts in parts on disk, within bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from disinfo.distinct import distinct
from disinfo.errors import InputError, ParameterError
from disinfo.reading.collector import without_collector
from disinfo.reading.contract import count_missing
from disinfo.reading.duplicates import one_row_a_post
from disinfo.reading.format import Format
from disinfo.reading.identifiers import (
    content_ids,
    fill_post_ids,
    several_platforms,
    told_apart,
    without_damaged,
)
from disinfo.reading.posts import Posts
from disinfo.reading.read import MOST_BYTES, job_of
from disinfo.reading.sources import Job, joined, parts_of_path
from disinfo.reading.times import resolution_of
from disinfo.tables import POSTS

_LISTS = ("urls", "hashtags", "mentions", "media", "media_hash")
# Whether the library made a row's id; only while parts are being written.
_MADE = "_made_id"


@dataclass(frozen=True, kw_only=True)
class PostParts:
    """Posts in parts on disk, with what was left out and what was assumed.

    Parameters
    ----------
    files
        Parquet files, in the order of the source. Columns that hold objects are written as JSON.
    dropped, format, resolution_s, notes, n_read
        As for `Posts`.
    n_posts
        Posts kept, in all parts.
    """

    files: tuple[Path, ...]
    dropped: pd.DataFrame
    format: str
    resolution_s: float
    notes: tuple[str, ...]
    n_read: int
    n_posts: int

    def __len__(self) -> int:
        return self.n_posts

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield the `posts` table of each part."""
        for file in self.files:
            yield POSTS.check(_read(file), source=file.name, sort=False)

    def posts(self) -> Posts:
        """Return all posts at once, as `read_posts` would have given them."""
        frames = [frame for frame in self if len(frame)]
        table = joined(frames) if frames else POSTS.empty()
        return Posts(
            table=POSTS.check(table, sort=False), dropped=self.dropped, format=self.format,
            resolution_s=self.resolution_s, notes=self.notes, n_read=self.n_read,
        )  # fmt: skip


def read_parts(
    source: str | Path,
    folder: str | Path,
    *,
    format: str | Format = "auto",
    columns: Mapping[str, str] | None = None,
    max_rows: int | None = None,
    progress: bool | None = None,
    now: pd.Timestamp | str | None = None,
    max_bytes: int = MOST_BYTES,
    part_rows: int = 50_000,
) -> PostParts:
    r"""Read posts that are too many for memory, into parts on disk.

    Memory holds one part, 16 bytes for each row of the source, and the rows whose ids are repeated.

    Parameters
    ----------
    source
        A file, a zip archive or a folder, as for `read_posts`.
    folder
        Where to write; made if need be. It must hold no parts yet.
    format, columns, max_rows, progress, now, max_bytes
        As for `read_posts`.
    part_rows
        About how many rows a part has.

    Returns
    -------
    PostParts
        The parts; together the posts that `read_posts` gives.

    Raises
    ------
    ParameterError
        When a parameter is out of its range, or the folder holds parts already.
    InputError
        As for `read_posts`.

    Notes
    -----
    A single JSON document is held in memory as a whole: write it as NDJSON. Dates such as
    ``03/04/2020``, which only a whole column explains, are explained by each part for itself.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "posts.csv").write_text("id,text\n1,Vote!\n2,Hello\n")
    >>> parts = read_parts(folder / "posts.csv", folder / "parts", part_rows=1)
    >>> len(parts), [frame["text"].tolist() for frame in parts]
    (2, [['Vote!'], ['Hello']])
    """
    if part_rows < 1:
        raise ParameterError(f"read_parts: part_rows must be positive; it is {part_rows}")
    job = job_of(format, columns, max_rows, max_bytes, progress, now, part_rows=part_rows)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    if any(target.glob("part-*.parquet")):
        raise ParameterError(f"read_parts: {target} holds parts already; name another folder")
    if not isinstance(source, str | Path):
        raise InputError(f"source: a path is expected, not {type(source).__name__}")
    with without_collector():
        draft = _Draft(folder=target, job=job)
        draft.take(parts_of_path(Path(source), job))
        draft.settle_ids()
        draft.settle_duplicates()
        return draft.finish()


@dataclass(kw_only=True)
class _Draft:
    """Parts under way: shaped rows first, then final ids, then repeated ids."""

    folder: Path
    job: Job
    files: list[Path] = field(default_factory=list)
    formats: dict[str, Format] = field(default_factory=dict)
    n_rows: int = 0
    # Platforms by the hash of an account, as pairs: few platforms, so few arrays.
    accounts: dict[str, np.ndarray] = field(default_factory=dict)
    keys: list[np.ndarray] = field(default_factory=list)

    def take(self, parts: Iterable[Any]) -> None:
        """Write shaped rows as they come."""
        waiting: list[pd.DataFrame] = []
        for part in parts:
            self.formats.setdefault(part.form.name, part.form)
            self.n_rows += part.n_rows
            waiting.append(part.rows)
            if sum(map(len, waiting)) >= (self.job.part_rows or 1):
                self._write(waiting)
                waiting = []
        if waiting or not self.files:
            self._write(waiting)

    def _write(self, waiting: list[pd.DataFrame]) -> None:
        filled = [rows for rows in waiting if len(rows)]
        rows = joined(filled) if filled else (waiting[0] if waiting else POSTS.empty())
        rows = rows.reset_index(drop=True)
        names = rows["platform"].fillna("") if "platform" in rows else pd.Series(dtype="str")
        for name, group in rows["account_id"].groupby(names):
            hashes = _hashes(group.dropna())
            known = self.accounts.get(str(name), np.zeros(0, dtype=np.uint64))
            self.accounts[str(name)] = distinct(known, hashes)
        self.files.append(self.folder / f"part-{len(self.files):06d}.parquet")
        _save(rows, self.files[-1])

    def settle_ids(self) -> None:
        """Tell accounts of several platforms apart, and make the ids that are missing."""
        counted = np.unique(
            np.concatenate([np.zeros(0, dtype=np.uint64), *self.accounts.values()]),
            return_counts=True,
        )
        shared = counted[0][counted[1] > 1]
        if len(shared):
            self.job.ledger.note(several_platforms(len(shared)))
        for file in self.files:
            rows = _read(file)
            if len(shared):
                several = np.isin(_hashes(rows["account_id"]), shared)
                several &= rows["account_id"].notna().to_numpy(bool)
                rows["account_id"] = told_apart(rows["account_id"], rows["platform"], several)
            given = (
                rows["post_id"] if "post_id" in rows else pd.Series(index=rows.index, dtype="str")
            )
            given = without_damaged(given, self.job.ledger, "post id")
            made = given.isna().to_numpy(bool)
            given = given.astype("str")
            if made.any():
                given[made] = content_ids(rows[made])
            rows["post_id"], rows[_MADE] = given, made
            self.keys.append(_hashes(given))
            _save(rows, file)

    def settle_duplicates(self) -> None:
        """Join or leave out rows that repeat an id, wherever they stand."""
        keys = np.concatenate(self.keys)
        ordered = np.sort(keys)
        repeated = distinct(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(repeated):
            return
        starts = np.cumsum([0, *map(len, self.keys)])
        marks = [np.isin(part, repeated) for part in self.keys]
        frames = []
        for file, start, mark in zip(self.files, starts, marks, strict=False):
            if mark.any():
                rows = _read(file)
                frames.append(rows.set_axis(start + np.arange(len(rows)))[mark])
        together = pd.concat(frames)
        made = together.pop(_MADE).fillna(False).to_numpy(bool)
        together["post_id"] = together["post_id"].mask(made)
        together["post_id"] = fill_post_ids(together)
        kept = one_row_a_post(together, self.job.ledger, lambda ids: np.isin(_hashes(ids), ordered))
        for file, start, mark in zip(self.files, starts, marks, strict=False):
            if mark.any():
                rows = _read(file)
                rows = rows.set_axis(start + np.arange(len(rows)))
                here = kept[(kept.index >= start) & (kept.index < start + len(rows))]
                merged = pd.concat([rows[~mark].drop(columns=_MADE), here[here.columns]])
                _save(merged.sort_index().reset_index(drop=True), file)

    def finish(self) -> PostParts:
        """Return the parts, checked."""
        ledger = self.job.ledger
        n_posts = n_times = divisor = 0
        for file in self.files:
            rows = _read(file).drop(columns=_MADE, errors="ignore")
            count_missing(rows, ledger)
            table = POSTS.check(rows, source=file.name, sort=False)
            times = table["created_at"].dropna().astype("int64").to_numpy()
            n_posts, n_times = n_posts + len(table), n_times + len(times)
            divisor = int(np.gcd(divisor, np.gcd.reduce(times))) if len(times) else divisor
            _save(table, file)
        n_read = self.n_rows + ledger.lost
        most = self.job.limits.max_rows
        if most is not None and n_read >= most:
            ledger.note(f"only the first {most:,} rows were read (max_rows)")
        known = [
            form.resolution_s for form in self.formats.values() if form.resolution_s is not None
        ]
        return PostParts(
            files=tuple(self.files), dropped=ledger.table(), format="+".join(self.formats),
            resolution_s=max(known) if known else resolution_of(divisor, n_times),
            notes=tuple(ledger.notes), n_read=n_read, n_posts=n_posts,
        )  # fmt: skip


def _hashes(ids: pd.Series) -> np.ndarray:
    values = ids.fillna("").astype(object).to_numpy()
    hashes: np.ndarray = pd.util.hash_array(values, categorize=False)
    return hashes


def _save(rows: pd.DataFrame, file: Path) -> None:
    columns = {str(name): _storable(rows[name], str(name)) for name in rows.columns}
    pq.write_table(pa.table(columns), file, compression="zstd")


def _storable(cells: pd.Series, name: str) -> Any:
    """Return a column as Arrow can store it; objects that are no lists of text become JSON."""
    if name in _LISTS:
        return pa.array(cells.tolist(), type=pa.list_(pa.string()))
    if cells.dtype != object:
        return pa.array(cells, from_pandas=True)
    missing = cells.isna().tolist()
    known = [None if gone else cell for cell, gone in zip(cells.tolist(), missing, strict=True)]
    kinds = set(map(type, known)) - {type(None)}
    if len(kinds) < 2 and kinds <= {bool, str, float}:
        return pa.array(known)
    if kinds == {list} and {str}.issuperset(map(type, chain.from_iterable(filter(None, known)))):
        return pa.array(known, type=pa.list_(pa.string()))
    texts = [None if cell is None else json.dumps(cell, default=str) for cell in known]
    return pa.array(texts, type=pa.string())


def _read(file: Path) -> pd.DataFrame:
    table = pq.read_table(file)
    rows: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    for name in (f.name for f in table.schema if pa.types.is_list(f.type)):
        rows[name] = pd.Series(table.column(name).to_pylist(), index=rows.index, dtype="object")
    return rows
