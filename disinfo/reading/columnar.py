"""Parquet files, read so that integer ids keep every digit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from disinfo.errors import FormatError


def read_parquet(path: Path, *, max_rows: int | None) -> pd.DataFrame:
    """Return a Parquet file as a frame.

    Parameters
    ----------
    path
        The file.
    max_rows
        The most rows to read.

    Returns
    -------
    DataFrame
        Integers stay integers where values are missing.

    Raises
    ------
    FormatError
        When the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    integers = {
        pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(), pa.uint8(): pd.UInt8Dtype(), pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(), pa.uint64(): pd.UInt64Dtype(),
    }  # fmt: skip
    try:
        with pq.ParquetFile(path) as file:
            if max_rows is None:
                table = file.read()
            else:
                batches, rows = [], 0
                for batch in file.iter_batches(min(max_rows, 65536) or 1):
                    batches.append(batch)
                    rows += batch.num_rows
                    if rows >= max_rows:
                        break
                table = pa.Table.from_batches(batches, file.schema_arrow).slice(0, max_rows)
    except (pa.ArrowException, OSError) as error:
        raise FormatError(f"{path}: a damaged Parquet file ({error})") from None
    frame: pd.DataFrame = table.to_pandas(types_mapper=integers.get, ignore_metadata=True)
    return frame
