"""Tables as text: which character parts the columns, and rows that do not fit."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from disinfo.errors import FormatError
from disinfo.reading.columns import ALIASES, plain_name
from disinfo.reading.formats import format_of_table
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import Limits, TextReader, encoding_of, open_bytes
from disinfo.reading.packing import Stored
from disinfo.reading.quick_table import quick_table
from disinfo.reading.records import text_lines

_DELIMITERS = (",", ";", "\t", "|")
# Parts nothing: a table of one column.
_NONE = "\x1f"
_KNOWN = frozenset(alias for aliases in ALIASES.values() for alias in aliases)
_SKIPPED = re.compile(r"Skipping line (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def sniff_delimiter(sample: str) -> str:
    r"""Return the character that parts the columns of a table.

    Parameters
    ----------
    sample
        The first lines of the file.

    Returns
    -------
    str
        Comma, semicolon, tab or bar; the unit separator for a table of one column.

    Examples
    --------
    >>> sniff_delimiter("id;text\n1;a, b\n2;c, d, e\n")
    ';'
    """
    lines = sample.splitlines(keepends=True)
    # The last line of a sample may be cut.
    lines = lines[:-1] if len(lines) > 2 else lines
    best, delimiter = (0, 0.0, 0), _NONE
    for candidate in _DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        header = rows[0]
        known = sum(plain_name(name) in _KNOWN for name in header)
        even = sum(len(row) == len(header) for row in rows) / len(rows)
        if (known, even, len(header)) > best:
            best, delimiter = (known, even, len(header)), candidate
    return delimiter


def read_table(
    stored: Stored, sample: bytes, limits: Limits, ledger: Ledger, chunk_rows: int | None = None
) -> Iterator[pd.DataFrame]:
    """Yield a table with all cells as text, as a whole or in chunks.

    Parameters
    ----------
    stored
        The file.
    sample
        Its first bytes, unpacked.
    limits
        How much to read.
    ledger
        Where to count rows that do not fit.
    chunk_rows
        The most rows of a chunk; None for one frame.

    Yields
    ------
    DataFrame
        Rows, in order.

    Raises
    ------
    FormatError
        When it is no table.
    """
    encoding = encoding_of(sample)
    head = sample.decode(encoding, errors="replace").replace("\0", "").lstrip("\ufeff")
    if not head.strip():
        yield pd.DataFrame()
        return
    layout = _layout_of(head)
    if chunk_rows is None and limits.max_rows is None and stored.is_small():
        # Where the quick way declines, all is read, and counted, once more.
        trial = Ledger()
        with open_bytes(stored, limits, trial) as reader:
            quick = quick_table(reader, encoding, layout.delimiter, layout.escape)
        if quick is not None:
            ledger.merge(trial)
            yield quick
            return
    seen = 0
    try:
        with open_bytes(stored, limits, ledger) as reader:
            for frame in _parse(TextReader(reader, encoding, ledger), layout, limits, chunk_rows):
                yield _checked(frame, ledger)
                seen += len(frame.rows)
        return
    except pd.errors.EmptyDataError:
        yield pd.DataFrame()
        return
    except pd.errors.ParserError as error:
        opened = _OPEN_QUOTE.search(str(error))
        if opened is None:
            raise FormatError(f"{stored}: not a table ({error})") from None
    # Damage to bytes was counted in the first pass.
    with open_bytes(stored, limits, Ledger()) as reader:
        text = TextReader(reader, encoding, Ledger())
        frame = _before_open_quote(text, int(opened[1]), layout, stored, ledger)
    yield frame.iloc[seen : limits.max_rows]


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """How a table is written."""

    delimiter: str
    escape: str | None


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    """Rows, and the numbers of lines that the parser skipped."""

    rows: pd.DataFrame
    skipped: list[str]


def _layout_of(head: str) -> _Layout:
    delimiter = sniff_delimiter(head)
    try:
        header = next(csv.reader(head.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        header = []
    return _Layout(delimiter=delimiter, escape=format_of_table(header).escape)


def _before_open_quote(
    reader: TextReader, n_rows: int, layout: _Layout, stored: Stored, ledger: Ledger
) -> pd.DataFrame:
    """Return the rows before a quote that is never closed; the lines after it are counted."""
    lines = text_lines(reader, ledger)
    parser = csv.reader(
        (f"{line}\n" for line in lines), delimiter=layout.delimiter, escapechar=layout.escape
    )
    try:
        rows = list(islice(filter(None, parser), n_rows))
    except csv.Error as error:
        raise FormatError(f"{stored}: a quote is opened and never closed ({error})") from None
    lost = sum(bool(line.strip()) for line in lines)
    ledger.lose("a quote is opened and never closed: the lines after it are left out", lost)
    if not rows:
        return pd.DataFrame()
    header, body = rows[0], [row for row in rows[1:] if len(row) <= len(rows[0])]
    ledger.lose("row has more cells than the header: left out", len(rows) - 1 - len(body))
    cells = [[cell or None for cell in row] + [None] * (len(header) - len(row)) for row in body]
    return pd.DataFrame(cells, columns=header, dtype="str")


def _parse(
    reader: object, layout: _Layout, limits: Limits, chunk_rows: int | None
) -> Iterator[_Parsed]:
    options: dict[str, object] = {
        "sep": layout.delimiter, "escapechar": layout.escape, "nrows": limits.max_rows,
        "dtype": "str", "keep_default_na": False, "na_values": [""], "on_bad_lines": "warn",
        "index_col": False, "skip_blank_lines": True, "low_memory": False,
    }  # fmt: skip
    if chunk_rows is None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = pd.read_csv(reader, **options)
        yield _Parsed(rows=frame, skipped=_skipped(caught))
        return
    chunks = pd.read_csv(reader, chunksize=chunk_rows, **options)
    while True:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield _Parsed(rows=chunk, skipped=_skipped(caught))


def _skipped(caught: list[warnings.WarningMessage]) -> list[str]:
    return [line for item in caught for line in _SKIPPED.findall(str(item.message))]


def _checked(parsed: _Parsed, ledger: Ledger) -> pd.DataFrame:
    skipped, frame = parsed.skipped, parsed.rows
    first = f"line {skipped[0]}" if skipped else None
    ledger.lose("row has more cells than the header: left out", len(skipped), first)
    frame.columns = [str(name) for name in frame.columns]
    return frame
