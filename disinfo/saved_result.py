"""A folder of tables and a manifest: written so that half of it is never taken for a whole.

All tables are first written under temporary names. Only when all of them are on disk is the old
manifest removed, the tables renamed, and the new manifest, which has their checksums, written last.
A full disk therefore leaves an earlier result as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from disinfo.errors import ResultError
from disinfo.folder_lock import folder_lock
from disinfo.saved_frames import read_frame, write_parquet
from disinfo.whole_files import checksum, part_of, storage_errors, whole_file

MANIFEST = "manifest.json"
FORMAT_VERSION = 1
_MOST_MANIFEST_BYTES = 64_000_000


def save_tables(
    tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any], folder: Path
) -> None:
    """Write tables and their manifest.

    Parameters
    ----------
    tables
        Frames by name.
    manifest
        What JSON can hold; values of other types are written as text.
    folder
        Made if it does not exist.

    Raises
    ------
    FolderInUseError
        When another run writes to the folder.
    StorageError
        When the folder cannot be written to.
    """
    with folder_lock(folder), storage_errors(folder):
        with ExitStack() as writing:
            parts = {}
            for name, frame in tables.items():
                file = folder / f"{name}.parquet"
                parts[file] = writing.enter_context(part_of(file))
                write_parquet(frame, parts[file])
        checksums = {file.stem: checksum(part) for file, part in parts.items()}
        (folder / MANIFEST).unlink(missing_ok=True)
        for file, part in parts.items():
            part.replace(file)
        written = {**manifest, "format_version": FORMAT_VERSION, "checksums": checksums}
        with whole_file(folder / MANIFEST) as part:
            part.write_text(json.dumps(written, indent=1, default=str), encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a saved result, checksums included.

    Parameters
    ----------
    folder
        A folder that `save_tables` wrote.

    Returns
    -------
    dict
        The manifest, of the format that this version reads.

    Raises
    ------
    ResultError
        When there is none, or none that this version reads.
    """
    file = folder / MANIFEST
    try:
        _check_inside(file, folder)
        if file.stat().st_size > _MOST_MANIFEST_BYTES:
            msg = f"{MANIFEST} is larger than {_MOST_MANIFEST_BYTES:,} bytes"
            raise ValueError(msg)
        manifest = json.loads(file.read_text(encoding="utf-8"))
        version, sums = manifest["format_version"], manifest["checksums"]
        if not isinstance(sums, dict):
            msg = "checksums are no object"
            raise TypeError(msg)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        msg = f"{folder} is not a saved result, or its saving was cut short: {error!r}"
        raise ResultError(msg) from error
    if version != FORMAT_VERSION:
        msg = f"{folder} was saved in format {version!r}; this version reads {FORMAT_VERSION}"
        raise ResultError(msg)
    return dict(manifest)


def read_table(folder: Path, name: str, expected: object) -> pd.DataFrame:
    """Return one table of a saved result after checking its checksum.

    Parameters
    ----------
    folder
        The folder.
    name
        The table's name.
    expected
        Its checksum in the manifest.

    Returns
    -------
    DataFrame
        The table, not checked against a schema.

    Raises
    ------
    ResultError
        When the file is missing, was changed, or is no sound Parquet.
    """
    file = folder / f"{name}.parquet"
    with suppress(OSError):
        _check_inside(file, folder)
        if checksum(file) == expected:
            return read_frame(file)
    msg = (
        f"{file.name} in {folder} is missing or was changed since it was saved "
        "(or is being saved right now)"
    )
    raise ResultError(msg)


def _check_inside(file: Path, folder: Path) -> None:
    """Refuse a file that is a link to somewhere else: a result is its folder and nothing more."""
    if not file.resolve().is_relative_to(folder.resolve()):
        msg = f"{file.name} in {folder} is a link that leads out of the folder"
        raise ResultError(msg)
