"""`read_posts`: any source to `Posts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from disinfo.errors import InputError, ParameterError, raise_all
from disinfo.reading.collector import without_collector
from disinfo.reading.columns import check_columns
from disinfo.reading.contract import finish_posts
from disinfo.reading.format import Format
from disinfo.reading.formats import format_named
from disinfo.reading.opening import Limits
from disinfo.reading.posts import Posts
from disinfo.reading.sources import (
    Job,
    Part,
    joined,
    part_of_frame,
    parts_of_path,
    parts_of_records,
)

Source: TypeAlias = str | Path | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts

MOST_BYTES = 50_000_000_000


def read_posts(
    source: Source,
    *,
    format: str | Format = "auto",
    columns: Mapping[str, str] | None = None,
    max_rows: int | None = None,
    progress: bool | None = None,
    now: pd.Timestamp | str | None = None,
    max_bytes: int = MOST_BYTES,
) -> Posts:
    """Read posts from a file, a folder, a frame or records.

    Parameters
    ----------
    source
        Path of a CSV, JSON, NDJSON or Parquet file, or of a folder or zip archive of such files,
        packed with gzip, zstd, bzip2 or xz or not; a frame; a list of records; or posts, which
        are returned as they are.
    format
        ``auto`` to recognise it by its keys, a name that docs/formats.md lists, or a `Format`.
    columns
        Library name to source name, such as ``{"text": "body"}``; wins over what is recognised.
        A key inside an object is written ``outer.inner``.
    max_rows
        The most rows to read.
    progress
        Whether to show a bar; None shows one for large files on a terminal.
    now
        The present; posts dated later than two days after it have a wrong time.
    max_bytes
        The most bytes to unpack from one file.

    Returns
    -------
    Posts
        The posts, what was left out and why, and what was assumed.

    Raises
    ------
    ParameterError
        When a parameter is out of its range or misspelt.
    FormatError
        When a file is of no known kind, or of one that is refused (a pickle).
    SchemaError
        When neither a text nor account, time and something shared can be found (the nearest
        formats are named), or ids have lost digits.
    InputError
        When a file is missing or too large.

    Notes
    -----
    It fails silently in one way: a column whose name means something else in the source. Look at
    ``posts.table.head()``, and name the columns where they are wrong.

    Examples
    --------
    >>> posts = read_posts([
    ...     {"author": "anna", "body": "Vote! #wybory", "date": "2025-05-01T10:00:00Z"},
    ...     {"author": "piotr", "body": "", "date": "2025-05-01T10:01:00Z"},
    ... ])
    >>> posts.table[["account_id", "text", "hashtags"]].values.tolist()
    [['anna', 'Vote! #wybory', ['wybory']]]
    >>> posts.dropped[["reason", "n"]].values.tolist()
    [['neither a text nor anything shared: row left out', 1]]
    """
    if isinstance(source, Posts):
        return source
    job = job_of(format, columns, max_rows, max_bytes, progress, now)
    with without_collector():
        if isinstance(source, pd.DataFrame):
            parts = [part_of_frame(source.iloc[:max_rows], job)[0]]
        elif isinstance(source, str | Path):
            parts = list(parts_of_path(Path(source), job))
        else:
            parts = list(parts_of_records(_checked(source), job))
        return _finished(parts, job)


def job_of(
    format: str | Format,
    columns: Mapping[str, str] | None,
    max_rows: int | None,
    max_bytes: int,
    progress: bool | None,
    now: pd.Timestamp | str | None,
    *,
    part_rows: int | None = None,
) -> Job:
    """Return the parameters of a reading, checked; see `read_posts` for what they mean."""
    job = Job(
        form=format_named(format),
        columns=check_columns(columns),
        limits=Limits(max_rows=max_rows, max_bytes=max_bytes, progress=progress),
        now=_moment(now),
        part_rows=part_rows,
    )
    raise_all(_out_of_range(job.limits), ParameterError, "read_posts")
    return job


def _moment(now: pd.Timestamp | str | None) -> pd.Timestamp:
    try:
        moment = pd.Timestamp.now("UTC") if now is None else pd.Timestamp(now)
    except (ValueError, TypeError) as error:
        raise ParameterError(f"read_posts: now is no time ({error})") from None
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def _out_of_range(limits: Limits) -> list[str]:
    problems = []
    if limits.max_rows is not None and limits.max_rows < 0:
        problems.append(f"max_rows must not be negative; it is {limits.max_rows}")
    if limits.max_bytes < 1:
        problems.append(f"max_bytes must be positive; it is {limits.max_bytes}")
    return problems


def _checked(source: object) -> list[Mapping[str, Any]]:
    """Return a list of records, or say what was given instead."""
    records = list(source) if isinstance(source, Iterable) else None
    wrong = [] if records is None else [r for r in records if not isinstance(r, Mapping)]
    if records is None or isinstance(source, bytes | Mapping) or wrong:
        what = type(wrong[0] if wrong else source).__name__
        msg = f"source: a path, a DataFrame or a list of dicts is expected, not {what}"
        raise InputError(msg)
    return records


def _finished(parts: Sequence[Part], job: Job) -> Posts:
    """Return the posts of all parts in one table."""
    filled = [part.rows for part in parts if len(part.rows)]
    rows = joined(filled) if filled else parts[0].rows
    n_read = sum(part.n_rows for part in parts) + job.ledger.lost
    known = [part.form.resolution_s for part in parts if part.form.resolution_s is not None]
    most = job.limits.max_rows
    if most is not None and n_read >= most:
        job.ledger.note(f"only the first {most:,} rows were read (max_rows)")
    return finish_posts(
        rows,
        name="+".join(dict.fromkeys(part.form.name for part in parts)),
        resolution=max(known) if known else None,
        ledger=job.ledger,
        n_read=n_read,
    )
