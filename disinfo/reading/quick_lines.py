"""The quick way to read plain lines of JSON: Arrow's parser, which declines at any oddity."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa

from disinfo.errors import InputError
from disinfo.reading.opening import ByteReader
from disinfo.reading.records import MOST_COLUMNS

# Unpacked bytes held at once; a larger file is read in the careful way, record by record.
_MOST_BYTES = 1_000_000_000
_TOO_LARGE = "more than the quick way holds"


def first_records(data: bytes, n: int) -> list[dict[str, Any]] | None:
    """Return the records of the first `n` lines; None where a line is no object.

    Parameters
    ----------
    data
        Lines of JSON, from the beginning of a file.
    n
        The most lines to look at.

    Returns
    -------
    list of dict or None
        One record a line.
    """
    try:
        records = list(map(orjson.loads, _lines(data, n)))
    except ValueError:
        return None
    return records if set(map(type, records)) == {dict} else None


def quick_lines(
    reader: ByteReader, n_sniffed: int, batch: int
) -> tuple[list[dict[str, Any]], pd.DataFrame] | None:
    r"""Return the first records and all of them as a frame, or None where care is needed.

    Taken are files in which every line is one object whose values are text, whole numbers or
    missing, the same for each key. What is taken comes out as `flat_frame_of` gives it, batch by
    batch; no Python object is made for a line.

    Parameters
    ----------
    reader
        The bytes, which are UTF-8.
    n_sniffed
        How many records are returned as they are, to tell the format by.
    batch
        How many records a frame of the careful way has.

    Returns
    -------
    head : list of dict
        The first records.
    frame : DataFrame
        One row a line.
    """
    try:
        data = reader.whole(_MOST_BYTES, _TOO_LARGE).rstrip(b"\r\n")
    except InputError:
        return None
    breaks = _breaks(data)
    head = None if breaks is None else first_records(data, n_sniffed)
    schema = None if head is None else _schema_of(head)
    if head is None or schema is None:
        return None
    table = _parsed(data, schema)
    # A line could hold two objects.
    if table is None or breaks is None or len(table) != breaks + 1:
        return None
    numbers = [name for name in schema.names if pa.types.is_integer(schema.field(name).type)]
    if _has_empty_batch(table, numbers, batch):
        return None
    columns = {name: _column(table[name]) for name in schema.names}
    return head, pd.DataFrame(columns, index=range(len(table)), copy=False)


def _lines(data: bytes, n: int) -> Iterable[bytes]:
    return islice(data.split(b"\n", n), n)


def _breaks(data: bytes) -> int | None:
    """Return how many line breaks part the objects of a file; None where one parts other things.

    Every line has to begin and end as an object does, and all bytes have to be UTF-8.
    """
    signs = np.frombuffer(data, dtype=np.uint8)
    breaks = np.flatnonzero(signs == ord("\n"))
    before = signs[breaks - 1]
    if len(breaks) and before[0] == ord("\r"):
        before = np.where(before == ord("\r"), signs[breaks - 2], 0)
    if data[:1] != b"{" or data[-1:] != b"}" or (before != ord("}")).any():
        return None
    if (signs[breaks + 1] != ord("{")).any():
        return None
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return len(breaks)


def _schema_of(head: list[dict[str, Any]]) -> pa.Schema | None:
    """Return the types of the keys of these records; None where one is neither text nor number."""
    kinds: dict[str, set[type]] = {}
    for record in head:
        for name, value in record.items():
            kinds.setdefault(name, set()).add(type(value))
    types = {}
    for name, seen in kinds.items():
        known = seen - {type(None)}
        if not known <= {str} and known != {int}:
            return None
        types[name] = pa.int64() if known == {int} else pa.large_string()
    # A key without a name is left out, and many keys are cut, in the careful way.
    if not types or "" in types or len(types) > MOST_COLUMNS:
        return None
    return pa.schema(types.items())


def _parsed(data: bytes, schema: pa.Schema) -> pa.Table | None:
    """Return the table, or None where a line does not fit the schema in every way."""
    from pyarrow import json

    try:
        return json.read_json(
            pa.BufferReader(data),
            # More threads would end sooner and cost more in sum.
            read_options=json.ReadOptions(use_threads=False),
            parse_options=json.ParseOptions(
                explicit_schema=schema, unexpected_field_behavior="error"
            ),
        )
    except pa.ArrowException:
        return None


def _has_empty_batch(table: pa.Table, names: list[str], batch: int) -> bool:
    """Return whether some batch holds no number in a column of numbers: it would be one of text."""
    for name in names:
        column = table[name]
        if column.null_count:
            for start in range(0, len(column), batch):
                piece = column.slice(start, batch)
                if piece.null_count == len(piece):
                    return True
    return False


def _column(cells: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_integer(cells.type):
        return pd.Series(pd.Int64Dtype().__from_arrow__(cells))
    return pd.Series(pd.array(cells, dtype="str"))
