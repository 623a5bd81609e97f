"""All tables as files, one a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from disinfo.export.cells import plain_frame
from disinfo.export.json_files import write_json
from disinfo.result import Result
from disinfo.saved_frames import write_frame
from disinfo.whole_files import whole_file

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def write_csv_tables(result: Result, folder: Path) -> None:
    """Write each table as CSV (UTF-8 with a mark, so that spreadsheets read it) and the manifest.

    Parameters
    ----------
    result
        What to write.
    folder
        It exists; files that are there are replaced.
    """
    for name, frame in result.tables.items():
        write_csv(frame, folder / f"{name}.csv")
    _write_manifest(result, folder)


def write_csv(frame: pd.DataFrame, file: Path, *, mark: bool = True) -> None:
    """Write one frame as CSV without formulas; `mark` puts a byte order mark first."""
    with whole_file(file) as part:
        plain_frame(frame).to_csv(
            part,
            index=False,
            date_format=_TIME,
            encoding="utf-8-sig" if mark else "utf-8",
            lineterminator="\n",
        )


def write_parquet_tables(result: Result, folder: Path) -> None:
    """Write each table as Parquet, and the manifest."""
    for name, frame in result.tables.items():
        write_frame(frame, folder / f"{name}.parquet")
    _write_manifest(result, folder)


def _write_manifest(result: Result, folder: Path) -> None:
    write_json(dict(result.manifest), folder / "manifest.json")
