"""Vectors on disk, found by the content of the text and the identity of the model.

One folder a model, so vectors of two models or precisions never meet. A folder holds part files
that are written once, under a temporary name, and then renamed: two processes can write at the
same time, and a reader sees a part whole or not at all. A part is

====================  =====================================================
magic, u32 d, u32 n   16 bytes
n x 2 x u64           keys, sorted
n x u32               checksum of key and vector
n x d x f32           vectors
====================  =====================================================

A row whose checksum does not fit counts as absent, as does a part that cannot be read; the text
is embedded again. Many small parts are joined into one. Nothing is unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from disinfo.stages import Vectors

logger = logging.getLogger(__name__)

Keys: TypeAlias = NDArray[np.uint64]

_MAGIC = b"DISVEC01"
_HEADER = struct.Struct("<8sII")
_KEY_BYTES = 16
_SUFFIX = ".vectors"
_MAX_PARTS = 64
_JOINED_BYTES = 256 * 2**20
_UNFINISHED = ".writing-"
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class VectorCache:
    """A store of vectors of one model.

    Parameters
    ----------
    folder
        Where the vectors of all models lie; created when first written to.
    model_id
        The model, with revision and precision.
    max_bytes
        What one model's vectors may take on disk; beyond it the parts written longest ago go.
        4 GiB hold 2.7 million vectors of 384 numbers.
    """

    folder: Path
    model_id: str
    max_bytes: int = 4 * 2**30

    @property
    def home(self) -> Path:
        """The folder of this model's parts."""
        return self.folder / hashlib.blake2b(self.model_id.encode(), digest_size=12).hexdigest()

    def keys(self, texts: Sequence[str]) -> Keys:
        """Return the key of each text, as it is given to the model: shape (n, 2), uint64."""
        start = hashlib.blake2b(self.model_id.encode() + b"\x00", digest_size=_KEY_BYTES)
        digests = []
        for text in texts:
            digest = start.copy()
            digest.update(text.encode("utf-8", "surrogatepass"))
            digests.append(digest.digest())
        return np.frombuffer(b"".join(digests), np.uint64).reshape(-1, 2)

    def load(self, keys: Keys) -> tuple[NDArray[np.bool_], Vectors]:
        """Look vectors up.

        Parameters
        ----------
        keys
            Distinct keys, shape (n, 2).

        Returns
        -------
        found : ndarray of shape (n,), bool
            Which keys are there and sound.
        vectors : ndarray of shape (n, d), float32
            Their vectors; rows of keys that were not found hold nothing of use. d is 0 when
            nothing was found.
        """
        found = np.zeros(len(keys), dtype=bool)
        vectors: Vectors = np.empty((len(keys), 0), np.float32)
        for path in self._parts():
            wanted = np.flatnonzero(~found)
            if not len(wanted):
                break
            part = _open_part(path)
            if part is None or (vectors.shape[1] and part.vectors.shape[1] != vectors.shape[1]):
                continue
            rows, values = part.look_up(keys[wanted])
            if len(rows):
                if not vectors.shape[1]:
                    vectors = np.empty((len(keys), values.shape[1]), np.float32)
                found[wanted[rows]] = True
                vectors[wanted[rows]] = values
        return found, vectors

    def store(self, keys: Keys, vectors: Vectors) -> None:
        """Add vectors; a folder that cannot be written costs a warning, not the result.

        Parameters
        ----------
        keys
            Distinct keys, shape (n, 2).
        vectors
            Their vectors, shape (n, d).
        """
        if not len(keys):
            return
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            _write_part(self.home, keys, vectors)
            self._tidy()
        except OSError as error:
            logger.warning("vectors were not cached in %s: %s", self.home, error)

    def _parts(self) -> list[Path]:
        """Return the parts, the latest first: what was written last is asked for most."""
        aged = []
        for path in self.home.glob(f"*{_SUFFIX}"):
            try:
                aged.append((path.stat().st_mtime_ns, path.name, path))
            except FileNotFoundError:  # joined or removed by another process meanwhile
                continue
        return [path for _, _, path in sorted(aged, reverse=True)]

    def _tidy(self) -> None:
        """Join small parts when there are many; remove the oldest when all take too much."""
        parts = self._parts()
        if len(parts) > _MAX_PARTS:
            sizes = np.array([_size(path) for path in parts])
            small = np.argsort(sizes, kind="stable")[
                : np.searchsorted(np.cumsum(np.sort(sizes)), _JOINED_BYTES)
            ]
            _join(self.home, [parts[place] for place in small])
            parts = self._parts()
        for left in self.home.glob(f"{_UNFINISHED}*"):
            with contextlib.suppress(FileNotFoundError):  # its writer has just finished it
                if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                    left.unlink()
        total = 0
        for place, path in enumerate(parts):
            total += _size(path)
            if total > self.max_bytes and place:
                path.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class _Part:
    keys: Keys
    checks: NDArray[np.uint32]
    vectors: Vectors

    def look_up(self, keys: Keys) -> tuple[NDArray[np.int64], Vectors]:
        """Return which of the keys are here and sound, and their vectors."""
        places = np.searchsorted(self.keys[:, 0], keys[:, 0])
        places = np.minimum(places, len(self.keys) - 1)
        hits = np.flatnonzero((self.keys[places] == keys).all(axis=1))
        vectors = np.array(self.vectors[places[hits]])
        sound = self.checks[places[hits]] == _checksums(keys[hits], vectors)
        if not sound.all():
            logger.warning("%d damaged vectors in the cache are embedded again", (~sound).sum())
        return hits[sound], vectors[sound]


def _checksums(keys: Keys, vectors: Vectors) -> NDArray[np.uint32]:
    sums = [
        zlib.crc32(vector.tobytes(), zlib.crc32(key.tobytes()))
        for key, vector in zip(keys, vectors, strict=True)
    ]
    return np.array(sums, dtype=np.uint32)


def _open_part(path: Path) -> _Part | None:
    """Map a part into memory, or return nothing when it is damaged or gone."""
    try:
        raw = np.memmap(path, np.uint8, "r")
        magic, width, count = _HEADER.unpack(raw[: _HEADER.size].tobytes())
        keys_end = _HEADER.size + count * _KEY_BYTES
        checks_end = keys_end + count * 4
        if magic != _MAGIC or not count or len(raw) != checks_end + count * width * 4:
            msg = "its header does not fit its size"
            raise ValueError(msg)
    except FileNotFoundError:  # joined or removed by another process meanwhile
        return None
    except (OSError, ValueError, struct.error) as error:
        logger.warning("the cache part %s is damaged and left aside: %s", path, error)
        return None
    return _Part(
        keys=raw[_HEADER.size : keys_end].view(np.uint64).reshape(count, 2),
        checks=raw[keys_end:checks_end].view(np.uint32),
        vectors=raw[checks_end:].view(np.float32).reshape(count, width),
    )


def _write_part(home: Path, keys: Keys, vectors: Vectors) -> Path:
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    keys, vectors = keys[order], np.ascontiguousarray(vectors[order], dtype=np.float32)
    header = _HEADER.pack(_MAGIC, vectors.shape[1], len(keys))
    # The same keys give the same name, so that two processes with the same work leave one part.
    name = hashlib.blake2b(keys.tobytes(), digest_size=16).hexdigest() + _SUFFIX
    handle, temporary = tempfile.mkstemp(prefix=_UNFINISHED, dir=home)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(header)
            for block in (keys, _checksums(keys, vectors), vectors):
                stream.write(block.tobytes())
        Path(temporary).replace(home / name)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return home / name


def _join(home: Path, paths: Sequence[Path]) -> None:
    """Write the sound rows of several parts as one and remove the parts."""
    parts = [part for part in map(_open_part, paths) if part is not None]
    widths = {part.vectors.shape[1] for part in parts}
    if len(widths) == 1:
        every = np.concatenate([part.keys for part in parts])
        keys, first = np.unique(every, axis=0, return_index=True)
        vectors = np.concatenate([part.vectors for part in parts])[first]
        checks = np.concatenate([part.checks for part in parts])[first]
        sound = checks == _checksums(keys, vectors)
        if sound.any():
            joined = _write_part(home, keys[sound], vectors[sound])
            paths = [path for path in paths if path != joined]
    for path in paths:
        path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
