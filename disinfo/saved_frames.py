"""Frames to Parquet and back, with lists of strings as lists and stray objects as text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from disinfo.errors import ResultError
from disinfo.whole_files import whole_file
from disinfo.zones import in_utc

# What a saved table may unpack to. A few kilobytes of Parquet can claim billions of equal rows.
MOST_BYTES = 50_000_000_000
_BYTES_A_VALUE = 8


def write_frame(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame as Parquet; the file is whole or absent.

    Parameters
    ----------
    frame
        Any frame with string column names. A carried column that holds mixed objects is written as
        text, since Parquet has no type for it.
    file
        The file.
    """
    with whole_file(file) as part:
        write_parquet(frame, part)


def write_parquet(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame as Parquet under the name given.

    Parameters
    ----------
    frame
        As for `write_frame`.
    file
        The file; half of it may be there when writing fails.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {}
    for name in frame.columns:
        try:
            columns[name] = pa.Array.from_pandas(frame[name])
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            # pd.isna of a list is an array, and a list is a value.
            as_text = [None if pd.isna(value) is True else str(value) for value in frame[name]]
            columns[name] = pa.array(as_text, type=pa.string())
    pq.write_table(pa.table(columns), file, compression="zstd")


def read_frame(file: Path, *, max_bytes: int = MOST_BYTES) -> pd.DataFrame:
    """Read a Parquet file.

    Parameters
    ----------
    file
        The file.
    max_bytes
        A file that would take more memory than this is refused before it is unpacked.

    Returns
    -------
    DataFrame
        List columns hold Python lists. Only columns are taken from the file, no metadata that says
        how to rebuild objects.

    Raises
    ------
    ResultError
        When the file is not sound Parquet, or is too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        stored = pq.ParquetFile(file)
        found = stored.metadata
        groups = range(found.num_row_groups)
        claimed = sum(found.row_group(group).total_byte_size for group in groups)
        size = max(claimed, found.num_rows * found.num_columns * _BYTES_A_VALUE)
        if size > max_bytes:
            msg = f"{file.name} would take {size:,} bytes of memory; at most {max_bytes:,} are read"
            raise ResultError(msg)
        table = stored.read().replace_schema_metadata()
        table.validate(full=True)
        frame = in_utc(table).to_pandas(ignore_metadata=True)
    # Names of columns that are no UTF-8 are met by pyarrow's own reader, and zones in records.
    except (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError, KeyError) as error:
        msg = f"{file.name} is not a sound Parquet file: {error}"
        raise ResultError(msg) from error
    for name, kind in zip(table.schema.names, table.schema.types, strict=True):
        if pa.types.is_list(kind):
            frame[name] = [None if items is None else list(items) for items in frame[name]]
    return frame
