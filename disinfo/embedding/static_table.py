"""The table of word vectors on disk: where it lies, what belongs to it, whether it is whole.

A folder holds

==================  ==========================================================================
``vectors.npy``     int8, one row a word, the most frequent words of all languages first
``keys.npy``        uint64, the key of each row (`disinfo.embedding.static_words.key`)
``weights.npy``     float32, what a row is multiplied by: step of its rounding x weight of the word
``manifest.json``   identity, facts of the build, size and sha256 of each file
==================  ==========================================================================

The vectors stay on disk: what is asked for is read, and nothing else takes memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.embedding.rows_on_disk import RowsOnDisk
from disinfo.embedding.user_cache import user_cache
from disinfo.errors import ModelError
from disinfo.model_files import model_file

SHIPPED = "static"
CONFIG_FILE = "config.json"
VECTORS_FILE, KEYS_FILE, WEIGHTS_FILE = "vectors.npy", "keys.npy", "weights.npy"
MANIFEST_FILE = "manifest.json"
BUILD_COMMAND = "disinfo models build static"
# Raise this whenever the same configuration would come out differently.
BUILD = 2


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """Word vectors of several languages.

    Parameters
    ----------
    model_id
        Identity of the table; vectors made with two of them must never be mixed.
    languages
        ISO 639-1 codes of the languages that have words.
    vectors
        Rounded vectors, shape (words, d), int8.
    sorted_keys
        Keys in ascending order, shape (words,), uint64.
    row_of
        Row of each key in `vectors`, shape (words,).
    weights
        Factor of each row, shape (words,), float32.
    """

    model_id: str
    languages: tuple[str, ...]
    vectors: NDArray[np.int8] | RowsOnDisk
    sorted_keys: NDArray[np.uint64]
    row_of: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.vectors.shape[1])

    def rows(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the row of each key, -1 where the table lacks it.

        Parameters
        ----------
        keys
            Keys, shape (n,).

        Returns
        -------
        ndarray of shape (n,), int64
            Rows.
        """
        places = np.minimum(np.searchsorted(self.sorted_keys, keys), len(self.sorted_keys) - 1)
        return np.where(self.sorted_keys[places] == keys, self.row_of[places], -1).astype(np.int64)

    def weighted(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of rows times their weights, shape (n, d), float32."""
        weighted: NDArray[np.float32] = self.vectors[rows].astype(np.float32)
        weighted *= self.weights[rows, None]
        return weighted


def configuration() -> dict[str, Any]:
    """Read what the table is built from: languages, words a language, weights.

    Returns
    -------
    dict
        The content of ``models/static/config.json``.
    """
    loaded: dict[str, Any] = json.loads(
        model_file(SHIPPED, CONFIG_FILE).read_text(encoding="utf-8")
    )
    return loaded


def configuration_digest() -> str:
    """Return a digest of the configuration and of the way of building, for names of folders."""
    spelled = json.dumps([BUILD, configuration()], sort_keys=True)
    return hashlib.sha256(spelled.encode()).hexdigest()[:12]


def table_folder(cache: Path | None = None) -> Path:
    """Return where the built table lies or would lie.

    Parameters
    ----------
    cache
        The cache folder; by default the user's.

    Returns
    -------
    Path
        A folder that need not exist.
    """
    return (cache or user_cache()) / "models" / f"static-{configuration_digest()}"


def unfinished_folder(folder: Path) -> Path:
    """Return where the parts of a build under way lie."""
    return folder.with_name(folder.name + ".parts")


def open_table(folder: Path | None = None) -> WordTable:
    """Open the built table; the last one opened is kept.

    Parameters
    ----------
    folder
        A built folder; the one of `table_folder` by default.

    Returns
    -------
    WordTable
        The table, every file checked against its sha256.

    Raises
    ------
    ModelError
        When it was never built, is half built, or a file is not what it was when built.
    """
    return _open(folder or table_folder())


@lru_cache(maxsize=1)
def _open(folder: Path) -> WordTable:
    manifest = _manifest(folder)
    for name, facts in manifest["files"].items():
        _check_file(folder / name, facts)
    keys = np.load(folder / KEYS_FILE, allow_pickle=False)
    order = np.argsort(keys)
    return WordTable(
        model_id=manifest["model_id"],
        languages=tuple(manifest["languages"]),
        vectors=RowsOnDisk(folder / VECTORS_FILE),
        sorted_keys=keys[order],
        row_of=order.astype(np.int32),
        weights=np.load(folder / WEIGHTS_FILE, allow_pickle=False),
    )


def _manifest(folder: Path) -> Mapping[str, Any]:
    if not folder.is_dir():
        done = len(list(unfinished_folder(folder).glob("*.npy")))
        state = f"is half built ({done} parts are there)" if done else "is not on this machine"
        msg = (
            f"the static embedding model {state}: run `{BUILD_COMMAND}`, which makes it once from "
            f"the default model and goes on where it was stopped. It belongs in {folder}"
        )
        raise ModelError(msg)
    try:
        manifest: Mapping[str, Any] = json.loads(
            (folder / MANIFEST_FILE).read_text(encoding="utf-8")
        )
        if {"model_id", "languages", "files"} <= set(manifest):
            return manifest
        problem = "it lacks entries"
    except (OSError, ValueError) as error:
        problem = str(error)
    msg = (
        f"the manifest of the static embedding model in {folder} cannot be used: {problem}. "
        f"Remove the folder and run `{BUILD_COMMAND}`"
    )
    raise ModelError(msg)


def _check_file(path: Path, facts: Mapping[str, Any]) -> None:
    try:
        with path.open("rb") as stream:
            same = (
                path.stat().st_size == facts["bytes"]
                and hashlib.file_digest(stream, "sha256").hexdigest() == facts["sha256"]
            )
        problem = None if same else "is not the file that was built (its checksum differs)"
    except (OSError, KeyError, TypeError) as error:
        problem = f"cannot be checked ({error})"
    if problem:
        msg = (
            f"{path.name} of the static embedding model {problem}. Remove {path.parent} and run "
            f"`{BUILD_COMMAND}`"
        )
        raise ModelError(msg)
