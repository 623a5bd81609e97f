"""JSON records: reading them from documents and from lines, and laying them out as a frame."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
import pandas as pd

from disinfo.errors import FormatError
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import ByteReader, TextReader

LARGEST_DOCUMENT = 2_000_000_000
LONGEST_LINE = 64_000_000
MOST_COLUMNS = 500
_DEEPEST = 4
_UNREADABLE = object()
_BLANK = object()
# Lines are parsed in blocks: large enough that the loop costs nothing, small enough to stay in
# the processor's cache.
_LINE_BLOCK = 1 << 20
_LINES = 5_000
# Where a document keeps its posts, when it is not itself the list.
_WRAPPERS = ("data", "posts", "items", "results", "tweets", "messages", "statuses", "records",
             "comments", "hits")  # fmt: skip


def lines_of(reader: ByteReader, encoding: str, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file that has one a line; lines that are none are counted.

    Parameters
    ----------
    reader
        The bytes.
    encoding
        Their encoding.
    ledger
        Where to count.

    Yields
    ------
    dict
        One object.
    """
    number = 0
    for lines in _blocks_of_lines(reader, encoding, ledger):
        n_lines = len(lines)
        # Every file ends with an empty line; it would need the careful way.
        while lines and not lines[-1]:
            lines.pop()
        try:
            records: list[Any] = list(map(orjson.loads, lines))
        except ValueError:
            records = [_read_line(line, reader.name, ledger) for line in lines]
        if set(map(type, records)) == {dict}:
            yield from records
        else:
            yield from _objects(records, number, ledger)
        number += n_lines


def _blocks_of_lines(reader: ByteReader, encoding: str, ledger: Ledger) -> Iterator[list[Any]]:
    if encoding.startswith("utf-8"):
        yield from byte_lines(reader, ledger)
        return
    stream = text_lines(TextReader(reader, encoding, ledger), ledger)
    while block := list(islice(stream, _LINES)):
        yield block


def _objects(records: list[Any], number: int, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield the objects among what lines hold; the other lines are counted."""
    for at, record in enumerate(records, number + 1):
        if type(record) is dict:
            yield record
        elif record is _UNREADABLE:
            ledger.lose("line is no JSON, or is cut: left out", 1, f"line {at}")
        elif record is not _BLANK:
            ledger.lose("line is JSON, but no object: left out", 1, f"line {at}")


def _read_line(line: bytes | str, name: str, ledger: Ledger) -> object:
    try:
        return orjson.loads(line)
    except ValueError:
        return _BLANK if not line or line.isspace() else _read_with_care(line, name, ledger)


def _read_with_care(line: bytes | str, name: str, ledger: Ledger) -> object:
    """Return what a line holds that the fast parser refused: broken bytes, NUL, NaN, surrogates."""
    text = line if isinstance(line, str) else line.decode("utf-8", errors="replace")
    plain = text.replace("\0", "").lstrip("\ufeff")
    try:
        record = json.loads(plain)
    except (ValueError, RecursionError):
        return _UNREADABLE
    if isinstance(line, bytes):
        ledger.add("NUL bytes in the file: removed", text.count("\0"), name)
        if not _is_utf8(line):
            ledger.add("broken bytes: replaced by U+FFFD", text.count("\ufffd"), name)
    return record


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def byte_lines(reader: ByteReader, ledger: Ledger) -> Iterator[list[bytes]]:
    """Yield lines as bytes, many at once; one that is too long is counted and left empty."""
    parts: list[bytes] = []
    length = 0
    while block := reader.read(_LINE_BLOCK):
        first, *rest = block.split(b"\n")
        length += len(first)
        if length <= LONGEST_LINE:
            parts.append(first)
        else:
            parts.clear()
        if not rest:
            continue
        if length > LONGEST_LINE:
            _count_long(ledger)
        yield [b"".join(parts), *rest[:-1]]
        parts, length = [rest[-1]], len(rest[-1])
    if length > LONGEST_LINE:
        _count_long(ledger)
    yield [b"".join(parts)]


def text_lines(reader: TextReader, ledger: Ledger) -> Iterator[str]:
    """Yield lines; one that is too long is counted and yielded as an empty one."""
    parts: list[str] = []
    length = 0
    for block in reader:
        # str.splitlines would also split at U+2028, which JSON allows inside strings.
        first, *rest = block.split("\n")
        length += len(first)
        if length <= LONGEST_LINE:
            parts.append(first)
        else:
            parts.clear()
        if not rest:
            continue
        if length > LONGEST_LINE:
            _count_long(ledger)
        yield "".join(parts)
        yield from rest[:-1]
        parts, length = [rest[-1]], len(rest[-1])
    if length > LONGEST_LINE:
        _count_long(ledger)
    yield "".join(parts)


def _count_long(ledger: Ledger) -> None:
    ledger.lose(f"line longer than {LONGEST_LINE:,} characters: left out")


def document_of(reader: ByteReader, encoding: str, ledger: Ledger) -> Any:
    """Return the JSON document of a file; an array that is cut is read up to the cut.

    Raises
    ------
    InputError
        When the file is larger than 2 GB.
    FormatError
        When it is no JSON.
    """
    problem = (
        f"a single JSON document of more than {LARGEST_DOCUMENT:,} bytes; "
        "write it as NDJSON, one post a line"
    )
    raw = reader.whole(LARGEST_DOCUMENT, problem)
    if encoding == "utf-8":
        try:
            return orjson.loads(raw)
        except ValueError:
            pass
    decoded = raw.decode(encoding, errors="replace")
    if encoding == "utf-8" and not _is_utf8(raw):
        ledger.add("broken bytes: replaced by U+FFFD", decoded.count("\ufffd"), reader.name)
    ledger.add("NUL bytes in the file: removed", decoded.count("\0"), reader.name)
    text = decoded.replace("\0", "").lstrip("\ufeff \t\r\n")
    try:
        return json.loads(text)
    except RecursionError:
        raise FormatError(f"{reader.name}: JSON nested too deeply") from None
    except ValueError as error:
        rescued, whole = _up_to_the_cut(text)
        if not rescued:
            raise FormatError(f"{reader.name}: neither JSON nor NDJSON ({error})") from None
        if not whole:
            ledger.lose("JSON is cut or broken: the rest of the file is left out", 1, reader.name)
        return rescued


def _up_to_the_cut(text: str) -> tuple[list[Any], bool]:
    """Return the values up to the damage, and whether that is all (documents in a row)."""
    decode = json.JSONDecoder().raw_decode
    at = 1 if text.startswith("[") else 0
    values: list[Any] = []
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at == len(text):
            return values, not text.startswith("[")
        try:
            value, at = decode(text, at)
        except (ValueError, RecursionError):
            return values, False
        values.append(value)


def records_of(document: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document: the list that it is, or the list that it wraps.

    Parameters
    ----------
    document
        Parsed JSON.

    Yields
    ------
    dict
        One object.
    """
    if isinstance(document, Mapping):
        for name in _WRAPPERS:
            inner = document.get(name)
            if isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
                document = inner
                break
        else:
            yield dict(document)
            return
    if isinstance(document, list):
        yield from (dict(item) for item in document if isinstance(item, Mapping))


def flatten(record: Mapping[str, Any], depth: int = _DEEPEST) -> dict[str, Any]:
    """Return a record whose inner objects became columns named ``outer.inner``.

    Parameters
    ----------
    record
        A JSON object.
    depth
        How many levels to open; what lies deeper stays an object.

    Returns
    -------
    dict
        The flat record.

    Examples
    --------
    >>> flatten({"user": {"id": 7}, "text": "x"})
    {'user.id': 7, 'text': 'x'}
    """
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if type(value) is dict and depth:
            for inner, cell in flatten(value, depth - 1).items():
                flat[f"{name}.{inner}"] = cell
        else:
            flat[name] = value
    return flat


def frame_of(records: Sequence[Mapping[str, Any]], ledger: Ledger) -> pd.DataFrame:
    """Return records as a frame in which no integer has become a float.

    Parameters
    ----------
    records
        Flat records.
    ledger
        Where to note columns beyond the first 500, which are left out.

    Returns
    -------
    DataFrame
        One row a record; the union of their keys.
    """
    columns = {name: column_of(cells) for name, cells in cells_of(records, ledger).items()}
    return pd.DataFrame(columns, index=range(len(records)), copy=False)


def flat_frame_of(records: Sequence[Mapping[str, Any]], ledger: Ledger) -> pd.DataFrame:
    """Return nested records as a frame: as `frame_of` of what `flatten` makes of them.

    Columns without objects, which most are, are never taken apart record by record.
    """
    cells = cells_of(records, ledger)
    if any(dict in set(map(type, column)) for column in cells.values()):
        return frame_of([flatten(record) for record in records], ledger)
    columns = {name: column_of(column) for name, column in cells.items()}
    return pd.DataFrame(columns, index=range(len(records)), copy=False)


def cells_of(records: Sequence[Mapping[str, Any]], ledger: Ledger) -> dict[str, Sequence[Any]]:
    """Return the cells of each column, None where a record lacks it."""
    if not records:
        return {}
    names = dict.fromkeys(records[0])
    try:
        # Most sources name every key in every record.
        if set(map(len, records)) == {len(names)} and len(names) <= MOST_COLUMNS:
            return {name: list(map(itemgetter(name), records)) for name in names if name}
    except KeyError:
        pass
    for record in records:
        if not names.keys() >= record.keys():
            names.update(dict.fromkeys(record))
    if len(names) > MOST_COLUMNS:
        ledger.note(f"more than {MOST_COLUMNS} columns: the later ones were left out")
    kept = [name for name in names if name][:MOST_COLUMNS]
    return {name: [record.get(name) for record in records] for name in kept}


def column_of(cells: Sequence[Any]) -> pd.Series:
    """Return cells as a column of text or whole numbers where they are that, else as objects."""
    import pyarrow as pa

    kinds = set(map(type, cells)) - {type(None)}
    # A column of which nothing is known is one of text, like most.
    if kinds <= {str}:
        return pd.Series(_text_array(cells))
    if kinds == {int}:
        try:
            return pd.Series(pd.Int64Dtype().__from_arrow__(pa.array(cells, type=pa.int64())))
        except (OverflowError, pa.ArrowException):
            return pd.Series(list(cells), dtype="object")
    if kinds in ({float}, {bool}):
        return pd.Series(list(cells))
    objects = [_encodable(cell) if isinstance(cell, str) else cell for cell in cells]
    return pd.Series(objects, dtype="object")


def _text_array(cells: Sequence[str | None]) -> Any:
    """Return strings as pandas keeps them, without a look at each one."""
    import pyarrow as pa

    try:
        # Through Arrow, which pandas would be asked to do cell by cell.
        return pd.array(pa.array(cells, type=pa.large_string()), dtype="str")
    except UnicodeEncodeError:
        return pd.array([_encodable(cell) for cell in cells], dtype="str")


def _encodable(cell: str | None) -> str | None:
    """Return a string without lone surrogates, which JSON can write and UTF-8 cannot."""
    return cell.encode("utf-8", "replace").decode("utf-8") if cell else cell
