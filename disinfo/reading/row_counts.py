"""How many rows a file has, without reading them as posts."""

from __future__ import annotations

import csv
from pathlib import Path

from disinfo.errors import InputError
from disinfo.reading.delimited import sniff_delimiter
from disinfo.reading.opening import container_of, encoding_of, sample_of
from disinfo.reading.packing import Stored, is_damage, stored_in

# Unpacked bytes that are looked at; beyond them the number of rows is extrapolated.
_LOOKED_AT = 1 << 28


def rows_in(path: Path) -> int:
    """Return about how many rows a file, an archive or a folder has.

    Parameters
    ----------
    path
        The source.

    Returns
    -------
    int
        Exact for Parquet and for up to 256 MB of lines that each hold one row; for tables whose
        cells hold line breaks, estimated from the first 64 KB. A JSON document counts as 0, since
        its rows are known only when it is read.
    """
    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    total = 0
    for file in files:
        try:
            total += sum(_rows_of(stored) for stored in stored_in(file))
        except InputError:
            # Reading counts it among the files that hold no posts.
            continue
    return total


def _rows_of(stored: Stored) -> int:
    sample = sample_of(stored)
    kind = container_of(stored, sample)
    if kind == "json":
        return 0
    if kind == "parquet":
        import pyarrow.parquet as pq

        return int(pq.ParquetFile(stored.path).metadata.num_rows) if stored.member is None else 0
    lines = _lines_of(stored)
    return round(lines * _rows_a_line(sample)) - 1 if kind == "table" else lines


def _lines_of(stored: Stored) -> int:
    """Return how many lines a file has; extrapolated for a large one."""
    lines = seen = 0
    with stored.unpacked() as stream:
        try:
            while seen < _LOOKED_AT and (block := stream.read1(1 << 20)):
                lines += block.count(b"\n")
                seen += len(block)
                last = block[-1:]
        except Exception as error:
            if not is_damage(error):
                raise
    if seen < _LOOKED_AT:
        return lines + (seen > 0 and last != b"\n")
    size = stored.path.stat().st_size
    return round(lines * max(1.0, size / seen))


def _rows_a_line(sample: bytes) -> float:
    """Return how many rows of a table there are to a line: fewer where cells hold breaks."""
    text = sample.decode(encoding_of(sample), errors="replace").replace("\0", "")
    lines = text.splitlines(keepends=True)
    if len(lines) > 2:
        lines = lines[:-1]
    try:
        rows = sum(1 for row in csv.reader(lines, delimiter=sniff_delimiter(text)) if row)
    except csv.Error:
        return 1.0
    return rows / max(1, len(lines))
