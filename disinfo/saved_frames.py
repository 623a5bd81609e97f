"""Frames to Parquet and back, with lists of strings as lists and stray objects as text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from disinfo.errors import ResultError


def write_frame(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame as Parquet under a temporary name, then rename it.

    Parameters
    ----------
    frame
        Any frame with string column names. A carried column that holds mixed objects is written as
        text, since Parquet has no type for it.
    file
        The file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {}
    for name in frame.columns:
        try:
            columns[name] = pa.Array.from_pandas(frame[name])
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            as_text = frame[name].map(lambda value: None if value is None else str(value))
            columns[name] = pa.array(as_text.tolist(), type=pa.string())
    partial = file.with_name(file.name + ".part")
    pq.write_table(pa.table(columns), partial, compression="zstd")
    partial.replace(file)


def read_frame(file: Path) -> pd.DataFrame:
    """Read a Parquet file.

    Parameters
    ----------
    file
        The file.

    Returns
    -------
    DataFrame
        List columns hold Python lists.

    Raises
    ------
    ResultError
        When the file is not sound Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file).read()
        frame = table.to_pandas()
    except (pa.ArrowException, OSError) as error:
        msg = f"{file.name} is not a sound Parquet file: {error}"
        raise ResultError(msg) from error
    for name, kind in zip(table.schema.names, table.schema.types, strict=True):
        if pa.types.is_list(kind):
            frame[name] = [None if items is None else list(items) for items in frame[name]]
    return frame
