"""Parquet files, read so that integer ids keep every digit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from disinfo.errors import FormatError
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import Limits, open_bytes
from disinfo.reading.packing import Stored
from disinfo.zones import in_utc

_BATCH = 1 << 16
_LARGEST_PACKED = 2_000_000_000
_TOO_LARGE = "a packed Parquet file of more than 2 GB: unpack it first"


def read_parquet(
    stored: Stored, limits: Limits, ledger: Ledger, chunk_rows: int | None = None
) -> Iterator[pd.DataFrame]:
    """Yield a Parquet file as a frame, or in chunks.

    Parameters
    ----------
    stored
        The file.
    limits
        How much to read.
    ledger
        Where to count damage.
    chunk_rows
        The most rows of a chunk; None for one frame.

    Yields
    ------
    DataFrame
        Integers stay integers where values are missing.

    Raises
    ------
    FormatError
        When the file is damaged.
    """
    import pyarrow as pa

    integers = {
        pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(), pa.uint8(): pd.UInt8Dtype(), pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(), pa.uint64(): pd.UInt64Dtype(),
    }  # fmt: skip
    left = limits.max_rows
    pieces: list[Any] = []
    try:
        with _open(stored, limits, ledger) as file:
            for batch in file.iter_batches(chunk_rows or _BATCH):
                piece = pa.Table.from_batches([batch]).slice(0, left)
                piece = in_utc(_decoded(piece, ledger, str(stored)))
                left = None if left is None else left - len(piece)
                if chunk_rows is None:
                    pieces.append(piece)
                else:
                    yield piece.to_pandas(types_mapper=integers.get, ignore_metadata=True)
                if left == 0:
                    break
            if chunk_rows is None:
                nothing = in_utc(file.schema_arrow.empty_table())
                table = pa.concat_tables(pieces) if pieces else nothing
                yield table.to_pandas(types_mapper=integers.get, ignore_metadata=True)
    # Names of columns that are no UTF-8 are met by pyarrow's own reader, and zones in records.
    except (pa.ArrowException, OSError, UnicodeDecodeError, KeyError) as error:
        raise FormatError(f"{stored}: a damaged Parquet file ({error})") from None


def _decoded(table: Any, ledger: Ledger, name: str) -> Any:
    """Return a table whose texts are UTF-8; bytes that are not are replaced and counted."""
    import pyarrow as pa

    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        for at, field in enumerate(table.schema):
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
                cells = table.column(at).cast(pa.large_binary()).to_pylist()
                texts = [None if cell is None else _replaced(cell) for cell in cells]
                # Not what stood there before, written as it should be.
                n_broken = sum(text.count("\ufffd") for text in texts if text) - sum(
                    cell.count("\ufffd".encode()) for cell in cells if cell
                )
                ledger.add("broken bytes: replaced by U+FFFD", n_broken, name)
                table = table.set_column(at, field.name, pa.array(texts, pa.large_string()))
        table.validate(full=True)
    return table


def _replaced(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


@contextmanager
def _open(stored: Stored, limits: Limits, ledger: Ledger) -> Iterator[Any]:
    import pyarrow.parquet as pq

    with open_bytes(stored, limits, ledger) as reader, stored.path.open("rb") as file:
        plain = stored.member is None and file.read(4) == b"PAR1"
        # Parquet is read from its end: a packed one has to be unpacked as a whole.
        source = stored.path if plain else io.BytesIO(reader.whole(_LARGEST_PACKED, _TOO_LARGE))
        with pq.ParquetFile(source) as parquet:
            yield parquet
