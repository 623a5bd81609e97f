"""From a path, a frame or records to shaped rows, as a stream of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from disinfo.errors import FormatError, InputError, SchemaError, did_you_mean
from disinfo.reading.columnar import read_parquet
from disinfo.reading.columns import check_contract, override, rename
from disinfo.reading.contract import shape_rows
from disinfo.reading.delimited import read_table
from disinfo.reading.fields import dig
from disinfo.reading.format import Format, Record, keys_of
from disinfo.reading.formats import (
    GENERIC,
    format_of_records,
    format_of_table,
    nearest_formats,
)
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import Limits, container_of, encoding_of, open_bytes, sample_of
from disinfo.reading.packing import Stored, stored_in
from disinfo.reading.quick_lines import first_records, quick_lines
from disinfo.reading.records import document_of, flat_frame_of, frame_of, lines_of, records_of
from disinfo.tables import POSTS

# What an adapter may raise on a record that is not what its format says.
_MISSHAPEN = (TypeError, ValueError, KeyError, AttributeError, RecursionError, IndexError)
_BATCH = 5_000
_SNIFFED = 100


@dataclass(frozen=True, kw_only=True)
class Job:
    """One call of `read_posts`: what was asked, and the ledger of it.

    Parameters
    ----------
    form
        The format, or None to recognise it.
    columns
        Library name to source name, as the user gave them.
    limits
        How much to read.
    now
        The present.
    part_rows
        The most rows of a part; None keeps a table whole.
    pinned
        Library name to source name, as the first part of a table was read.
    ledger
        Where everything is counted.
    """

    form: Format | None
    columns: Mapping[str, str]
    limits: Limits
    now: pd.Timestamp
    part_rows: int | None = None
    pinned: Mapping[str, str] | None = None
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Shaped rows, the format they had, and how many rows of the source they were."""

    rows: pd.DataFrame
    form: Format
    n_rows: int


def parts_of_path(path: Path, job: Job) -> Iterator[Part]:
    """Yield the shaped rows of a file, of an archive, or of all files of a folder.

    Raises
    ------
    InputError
        When there is no such file, or it cannot be used; of a folder or an archive, when none of
        its files can.
    """
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        yield from _from_many(path, [stored for file in files for stored in _stored(file)], job)
        return
    if not path.is_file():
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError(f"{path}: no such file.{did_you_mean([path.name], near)}")
    stored = stored_in(path)
    if len(stored) == 1:
        yield from _from_file(stored[0], job)
    else:
        yield from _from_many(path, stored, job)


def _stored(path: Path) -> list[Stored]:
    try:
        return stored_in(path)
    except InputError:
        # It is counted among the files that hold no posts.
        return [Stored(path=path)]


def _from_many(where: Path, files: Sequence[Stored], job: Job) -> Iterator[Part]:
    """Yield the parts of many files, in order of name; files that hold no posts are counted."""
    left = job.limits.max_rows
    first_error = ""
    n_read = 0
    for stored in files:
        if left == 0:
            break
        # What a file counted before it failed must not stay.
        trial = replace(job, limits=replace(job.limits, max_rows=left), ledger=Ledger())
        parts = _from_file(stored, trial)
        try:
            part = next(parts, None)
        except InputError as error:
            job.ledger.add("file of the folder holds no posts: left out", 1, stored.name)
            first_error = first_error or str(error)
            continue
        seen = 0
        while part is not None:
            seen += part.n_rows
            yield part
            part = next(parts, None)
        n_read += 1
        job.ledger.merge(trial.ledger)
        left = None if left is None else max(0, left - seen - trial.ledger.lost)
    if not n_read:
        why = f"; the first: {first_error}" if first_error else ""
        raise InputError(f"{where}: no readable file among {len(files)}{why}")


def _from_file(stored: Stored, job: Job) -> Iterator[Part]:
    sample = sample_of(stored)
    kind = container_of(stored, sample)
    if kind in ("parquet", "table"):
        if kind == "parquet":
            frames = read_parquet(stored, job.limits, job.ledger, job.part_rows)
        else:
            frames = read_table(stored, sample, job.limits, job.ledger, job.part_rows)
        yield from _from_frames(frames, job)
        return
    encoding = encoding_of(sample)
    quick = _quick_part(stored, sample, job) if (kind, encoding) == ("ndjson", "utf-8") else None
    if quick is not None:
        yield quick
        return
    with open_bytes(stored, job.limits, job.ledger) as reader:
        if kind == "ndjson":
            yield from parts_of_records(lines_of(reader, encoding, job.ledger), job)
            return
        document = document_of(reader, encoding, job.ledger)
    whole = [document] if isinstance(document, dict) else []
    form = job.form or format_of_records(whole)
    if whole and form.unpack is not None:
        yield from parts_of_records(whole, replace(job, form=form))
    else:
        yield from parts_of_records(records_of(document), job)


def _quick_part(stored: Stored, sample: bytes, job: Job) -> Part | None:
    """Return all rows of a file of plain lines, or None where it has to be read with care."""
    if job.part_rows is not None or job.limits.max_rows is not None or not stored.is_small():
        return None
    # The last line of a sample may be cut.
    head = first_records(sample.rpartition(b"\n")[0], _SNIFFED)
    if head is None or (job.form or format_of_records(head)).record is not None:
        return None
    trial = Ledger()
    with open_bytes(stored, job.limits, trial) as reader:
        read = quick_lines(reader, _SNIFFED, _BATCH)
    if read is None:
        return None
    head, frame = read
    if (job.form or format_of_records(head)).record is not None:
        return None
    job.ledger.merge(trial)
    return part_of_frame(frame, job, frozenset[str]().union(*map(keys_of, head)))[0]


def _from_frames(frames: Iterable[pd.DataFrame], job: Job) -> Iterator[Part]:
    """Yield parts of a table that comes in chunks; all chunks are read as the first one was."""
    for frame in frames:
        part, job = part_of_frame(frame, job)
        yield part


def part_of_frame(
    frame: pd.DataFrame, job: Job, keys: frozenset[str] | None = None
) -> tuple[Part, Job]:
    """Read a table, each row a post.

    Parameters
    ----------
    frame
        The table.
    job
        What was asked.
    keys
        The keys that the source had, where the frame was made from records.

    Returns
    -------
    part
        The shaped rows.
    job
        The job with format and columns fixed, for further chunks of the same table.

    Raises
    ------
    FormatError
        When a format of records was asked for.
    SchemaError
        When the columns are not enough to work with; the nearest formats are named.
    """
    frame = frame.rename(columns=str)
    repeated = frame.columns.duplicated()
    if repeated.any():
        job.ledger.note(
            f"columns named twice, the first was taken: {list(frame.columns[repeated])}"
        )
        frame = frame.loc[:, ~repeated]
    if not len(frame.columns):
        job.ledger.note("the source is empty")
        job.ledger.lose("record without a field: left out", len(frame))
        return Part(rows=POSTS.empty(), form=job.form or GENERIC, n_rows=0), job
    form = job.form or format_of_table(frame.columns)
    asked, chosen = dict(job.columns), job.pinned or {}
    if job.pinned is not None:
        # Records need not have every key in every part.
        asked = {name: old for name, old in asked.items() if old in frame.columns}
    if form.table is not None:
        frame = _by_position(frame, form)
        form.require(frame.columns)
        named = override(form.table(frame), frame, asked)
    elif form is GENERIC:
        fixed = {name: old for name, old in chosen.items() if old in frame.columns}
        named, chosen = rename(frame, fixed | asked, job.ledger)
    else:
        raise FormatError(f"format {form.name!r} is JSON, and the source is a table")
    seen = frozenset(map(str, frame.columns)) if keys is None else keys
    # A later part may lack what it has no value for.
    if job.pinned is None:
        check_contract(list(named.columns), list(frame.columns), nearest_formats(seen))
    rows = shape_rows(named, platform=form.platform, now=job.now, ledger=job.ledger)
    return Part(rows=rows, form=form, n_rows=len(frame)), replace(job, form=form, pinned=chosen)


def _by_position(frame: pd.DataFrame, form: Format) -> pd.DataFrame:
    """Return a table whose columns are named by their place, where the format goes by that."""
    if not form.positions or form.fits(frozenset(frame.columns)):
        return frame
    names = [*form.positions[: len(frame.columns)], *frame.columns[len(form.positions) :]]
    return frame.set_axis(names, axis=1)


def parts_of_records(records: Iterable[Record], job: Job) -> Iterator[Part]:
    """Yield the shaped rows of JSON objects, each a post or a document of posts."""
    stream = iter(records)
    head = list(islice(stream, _SNIFFED))
    form = job.form or format_of_records(head)
    stream = chain(head, stream)
    if form.record is None:
        keys = frozenset[str]().union(*map(keys_of, head))
        yield from _flat_parts(islice(stream, job.limits.max_rows), job, keys)
        return
    if form.unpack is not None:
        stream = _unpacked(stream, form.unpack, job.ledger)
    # Converted one by one, so that a batch holds posts and not the far larger records.
    posts = _converted(islice(stream, job.limits.max_rows), form.record, job)
    empty = True
    for batch in _batches(posts, _BATCH):
        frame = frame_of(batch, job.ledger)
        rows = shape_rows(frame, platform=form.platform, now=job.now, ledger=job.ledger)
        yield Part(rows=rows, form=form, n_rows=len(batch))
        empty = False
    if empty:
        yield Part(rows=POSTS.empty(), form=form, n_rows=0)


def _flat_parts(records: Iterable[Record], job: Job, keys: frozenset[str]) -> Iterator[Part]:
    """Yield parts of records whose keys are columns; all at once unless parts are asked for."""
    if job.part_rows is None:
        frames = [flat_frame_of(batch, job.ledger) for batch in _batches(records, _BATCH)]
        yield part_of_frame(joined(frames), job, keys)[0]
        return
    empty = True
    for batch in _batches(records, job.part_rows):
        part, job = part_of_frame(flat_frame_of(batch, job.ledger), job, keys)
        yield part
        empty = False
    if empty:
        yield part_of_frame(pd.DataFrame(), job, keys)[0]


def _batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    stream = iter(records)
    while batch := list(islice(stream, size)):
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
    records: Iterable[Record], to_post: Callable[[Record], dict[str, Any] | str], job: Job
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


def joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames under each other; an empty frame where there is none."""
    if len(frames) == 1:
        return frames[0]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
