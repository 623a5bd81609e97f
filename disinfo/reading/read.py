"""`read_posts`: any source to `Posts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from disinfo.errors import (
    FormatError,
    InputError,
    ParameterError,
    SchemaError,
    did_you_mean,
    raise_all,
)
from disinfo.reading.columnar import read_parquet
from disinfo.reading.columns import check_columns, check_contract, override, rename
from disinfo.reading.contract import finish_posts, shape_rows
from disinfo.reading.delimited import read_table
from disinfo.reading.fields import dig
from disinfo.reading.format import Format, Record
from disinfo.reading.formats import GENERIC, format_named, format_of_records, format_of_table
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import Limits, container_of, encoding_of, open_text, sample_of
from disinfo.reading.posts import Posts
from disinfo.reading.records import document_of, flatten, frame_of, lines_of, records_of
from disinfo.tables import POSTS

Source: TypeAlias = str | Path | pd.DataFrame | Sequence[Mapping[str, Any]] | Posts

# What an adapter may raise on a record that is not what its format says.
_MISSHAPEN = (TypeError, ValueError, KeyError, AttributeError, RecursionError)
_BATCH = 5_000
_SNIFFED = 100
_MOST_BYTES = 50_000_000_000


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One call of `read_posts`: what was asked, and the ledger of it."""

    form: Format | None
    columns: dict[str, str]
    limits: Limits
    now: pd.Timestamp
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Shaped rows of one source, the format they had, and how many rows were seen."""

    rows: pd.DataFrame
    form: Format
    n_read: int


def read_posts(
    source: Source,
    *,
    format: str = "auto",
    columns: Mapping[str, str] | None = None,
    max_rows: int | None = None,
    progress: bool | None = None,
    now: pd.Timestamp | str | None = None,
    max_bytes: int = _MOST_BYTES,
) -> Posts:
    """Read posts from a file, a folder, a frame or records.

    Parameters
    ----------
    source
        Path of a CSV, JSON, NDJSON or Parquet file, packed with gzip or not, or of a folder of
        such files; a frame; a list of records; or posts, which are returned as they are.
    format
        ``auto`` to recognise it by its keys, or a name: ``generic``, ``x-api-v2``,
        ``x-archive``, ``telegram-desktop``, ``bluesky-jetstream``, ``4cat``.
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
        When neither a text nor account, time and something shared can be found, or ids have
        lost digits.
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
    job = _Job(
        form=format_named(format),
        columns=check_columns(columns),
        limits=Limits(max_rows=max_rows, max_bytes=max_bytes, progress=progress),
        now=_moment(now),
    )
    raise_all(_out_of_range(job.limits), ParameterError, "read_posts")
    if isinstance(source, pd.DataFrame):
        parts = [_from_frame(source, job)]
    elif isinstance(source, str | Path):
        parts = _from_path(Path(source), job)
    else:
        parts = [_from_records(_checked(source), job)]
    return _joined(parts, job)


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


def _from_path(path: Path, job: _Job) -> list[_Part]:
    if path.is_dir():
        return _from_folder(path, job)
    if not path.is_file():
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError(f"{path}: no such file.{did_you_mean([path.name], near)}")
    return [_from_file(path, job)]


def _from_folder(folder: Path, job: _Job) -> list[_Part]:
    """Read every file of a folder, in order of name; those that hold no posts are counted."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    parts: list[_Part] = []
    left = job.limits.max_rows
    first_error = ""
    for path in files:
        if left == 0:
            break
        # What a file counted before it failed must not stay.
        trial = replace(job, limits=replace(job.limits, max_rows=left), ledger=Ledger())
        try:
            part = _from_file(path, trial)
        except InputError as error:
            job.ledger.add("file of the folder holds no posts: left out", 1, path.name)
            first_error = first_error or str(error)
            continue
        job.ledger.merge(trial.ledger)
        parts.append(part)
        left = None if left is None else max(0, left - part.n_read)
    if not parts:
        why = f"; the first: {first_error}" if first_error else ""
        raise InputError(f"{folder}: no readable file among {len(files)}{why}")
    return parts


def _from_file(path: Path, job: _Job) -> _Part:
    sample = sample_of(path)
    kind = container_of(path, sample)
    if kind == "parquet":
        return _from_frame(read_parquet(path, max_rows=job.limits.max_rows), job)
    if kind == "table":
        return _from_frame(read_table(path, sample, job.limits, job.ledger), job)
    with open_text(path, encoding_of(sample), job.limits, job.ledger) as reader:
        if kind == "ndjson":
            return _from_records(lines_of(reader, job.ledger), job)
        document = document_of(reader, path, job.ledger)
    whole = [document] if isinstance(document, dict) else []
    form = job.form or format_of_records(whole)
    if whole and form.unpack is not None:
        return _from_records(whole, replace(job, form=form))
    return _from_records(records_of(document), job)


def _from_frame(frame: pd.DataFrame, job: _Job) -> _Part:
    """Read a table, each row a post."""
    lost = job.ledger.lost
    frame = frame.iloc[: job.limits.max_rows]
    frame = frame.rename(columns=str)
    repeated = frame.columns.duplicated()
    if repeated.any():
        job.ledger.note(
            f"columns named twice, the first was taken: {list(frame.columns[repeated])}"
        )
        frame = frame.loc[:, ~repeated]
    if not len(frame.columns):
        job.ledger.note("the source is empty")
        job.ledger.add("record without a field: left out", len(frame))
        return _Part(rows=POSTS.empty(), form=job.form or GENERIC, n_read=len(frame) + lost)
    form = job.form or format_of_table(frame.columns)
    if form.table is not None:
        form.require(frame.columns)
        named = override(form.table(frame), frame, job.columns)
    elif form is GENERIC:
        named = rename(frame, job.columns, job.ledger)
    else:
        raise FormatError(f"format {form.name!r} is JSON, and the source is a table")
    check_contract(list(named.columns), list(frame.columns))
    rows = shape_rows(named, platform=form.platform, now=job.now, ledger=job.ledger)
    return _Part(rows=rows, form=form, n_read=len(frame) + lost)


def _from_records(records: Iterable[Record], job: _Job) -> _Part:
    """Read JSON objects, each a post or, in some formats, a document of posts."""
    stream = iter(records)
    head = list(islice(stream, _SNIFFED))
    form = job.form or format_of_records(head)
    stream = chain(head, stream)
    if form.record is None:
        flat = (flatten(record) for record in islice(stream, job.limits.max_rows))
        frames = [frame_of(batch, job.ledger) for batch in _batches(flat)]
        return _from_frame(_concat(frames), job)
    if form.unpack is not None:
        stream = _unpacked(stream, form.unpack, job.ledger)
    # Converted one by one, so that a batch holds posts and not the far larger records.
    posts = _converted(islice(stream, job.limits.max_rows), form.record, job)
    frames, n_posts = [], 0
    for batch in _batches(posts):
        n_posts += len(batch)
        frame = frame_of(batch, job.ledger)
        frames.append(shape_rows(frame, platform=form.platform, now=job.now, ledger=job.ledger))
    rows = _concat(frames) if frames else POSTS.empty()
    return _Part(rows=rows, form=form, n_read=n_posts + job.ledger.lost)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    stream = iter(records)
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _unpacked(
    documents: Iterable[Record], unpack: Callable[[Record], Iterator[Record]], ledger: Ledger
) -> Iterator[Record]:
    """Yield the records of each document; a document of another shape is counted."""
    for document in documents:
        try:
            yield from list(unpack(document))
        except _MISSHAPEN:
            ledger.lose("record of an unexpected shape: left out", 1, _id_of(document))


def _converted(
    records: Iterable[Record], to_post: Callable[[Record], dict[str, Any] | str], job: _Job
) -> Iterator[dict[str, Any]]:
    """Yield posts; a record that is none, or not what its format says, is counted."""
    unseen = set(job.columns.values())
    for record in records:
        try:
            post = to_post(record)
        except _MISSHAPEN:
            job.ledger.lose("record of an unexpected shape: left out", 1, _id_of(record))
            continue
        if isinstance(post, str):
            job.ledger.lose(post, 1, _id_of(record))
            continue
        for name, path in job.columns.items():
            post[name] = dig(record, *path.split("."))
            if post[name] is not None:
                unseen.discard(path)
        yield post
    if unseen:
        raise SchemaError(f"columns: no record has {sorted(unseen)}")


def _id_of(record: Record) -> str | None:
    value = record.get("id")
    return str(value) if isinstance(value, str | int) else None


def _concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _joined(parts: Sequence[_Part], job: _Job) -> Posts:
    """Return the posts of all parts in one table."""
    filled = [part.rows for part in parts if len(part.rows)]
    rows = _concat(filled) if filled else parts[0].rows
    resolutions = [part.form.resolution_s for part in parts]
    known = [seconds for seconds in resolutions if seconds is not None]
    most = job.limits.max_rows
    if most is not None and sum(part.n_read for part in parts) >= most:
        job.ledger.note(f"only the first {most:,} rows were read (max_rows)")
    return finish_posts(
        rows,
        name="+".join(dict.fromkeys(part.form.name for part in parts)),
        resolution=max(known) if known else None,
        ledger=job.ledger,
        n_read=sum(part.n_read for part in parts),
    )
