"""The quick way to read a well-formed table: Arrow's parser, which declines at any oddity."""

from __future__ import annotations

import re

import pandas as pd

from disinfo.reading.opening import ByteReader

# Unpacked bytes held at once; a larger table is read in the careful way.
_MOST_BYTES = 1_000_000_000


def quick_table(
    reader: ByteReader, encoding: str, delimiter: str, escape: str | None
) -> pd.DataFrame | None:
    """Return a table with all cells as text, or None where it has to be read with care.

    Declined are tables with broken or NUL bytes, rows that are longer or shorter than the
    header, quotes that are not around whole cells, carriage returns alone, a single column,
    columns without a name or named twice, and encodings other than UTF-8. What is not declined
    comes out as `pandas.read_csv` gives it.

    Parameters
    ----------
    reader
        The bytes.
    encoding
        Their encoding.
    delimiter
        What parts the columns.
    escape
        What stands before a quote inside a cell, where quotes are not doubled.

    Returns
    -------
    DataFrame or None
        Columns of text; empty cells are missing.
    """
    import pyarrow as pa
    from pyarrow import csv

    if escape is not None or not encoding.startswith("utf-8"):
        return None
    blocks: list[bytes] = []
    while block := reader.read():
        blocks.append(block)
        if sum(map(len, blocks)) > _MOST_BYTES:
            return None
    data = b"".join(blocks).removeprefix(b"\xef\xbb\xbf")
    if not _is_plain(data, delimiter):
        return None
    try:
        header = data[: data.find(b"\n")].decode("utf-8").strip("\r")
    except UnicodeDecodeError:
        return None
    names = header.split(delimiter)
    names = [name.strip('"') for name in names]
    # A line of blanks in a table of one column is a row to one parser and none to the other.
    if len(names) < 2 or len(set(names)) != len(names) or "" in names:
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in data),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowException:
        return None
    if table.column_names != names:
        return None
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame.astype("str")


def _is_plain(data: bytes, delimiter: str) -> bool:
    """Return whether these bytes can be a table that the two parsers read alike."""
    if b'"' in data:
        # Around whole cells only; a parser's answer to any other quote is its own.
        cut = re.escape(delimiter.encode())
        cell = rb"(?:(?<=[\n" + cut + rb'])|\A)"(?:[^"]|"")*+"(?=[\r\n' + cut + rb"]|\Z)"
        if b'"' in re.sub(cell, b"", data):
            return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    return b"\0" not in data
