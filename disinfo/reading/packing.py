"""Packed files: gzip, zstd, bzip2, xz and zip, unpacked as a stream."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from disinfo.errors import FormatError, InputError

# Pushshift packs with a window of 2 GB; zstd refuses more than 128 MB unless told.
_ZSTD_WINDOW = 2**31
# A block of zstd unpacks to at most 128 KB and can be 4 bytes long, so a piece of this size gives
# at most 64 MB at once.
_ZSTD_PIECE = 2048
_ZIP = b"PK\x03\x04"
_SMALL = 250_000_000
_MOST_MEMBERS = 100_000


def _zstd_stream(raw: BinaryIO) -> Any:
    import zstandard

    return _Zstd(raw, zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW))


_PACKINGS = (
    (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    (b"(\xb5/\xfd", _zstd_stream),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ", lzma.LZMAFile),
)


class _Zstd(io.RawIOBase):
    """Frames of zstd in a row as one stream; a frame that is cut raises EOFError."""

    def __init__(self, raw: BinaryIO, unpacker: Any) -> None:
        self._raw, self._unpacker = raw, unpacker
        self._frame: Any = None
        self._rest = b""

    def read1(self, _size: int = -1, /) -> bytes:
        """Return what the next piece unpacks to; nothing at the end."""
        from zstandard import ZstdError

        while True:
            piece = self._rest or self._raw.read(_ZSTD_PIECE)
            self._rest = b""
            if not piece:
                if self._frame is not None:
                    self._frame = None
                    raise EOFError("a frame of zstd is cut")
                return b""
            if self._frame is None:
                self._frame = self._unpacker.decompressobj()
            try:
                data: bytes = self._frame.decompress(piece)
            except ZstdError as error:
                self._frame = None
                raise EOFError(str(error)) from None
            if self._frame.eof:
                self._rest, self._frame = self._frame.unused_data, None
            if data:
                return data


def is_damage(error: Exception) -> bool:
    """Return whether an error says that packed data are broken, not that a disk is."""
    damaged = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)
    # bz2 raises a bare OSError for broken data; errors of the disk carry a number.
    return isinstance(error, damaged) or (isinstance(error, OSError) and error.errno is None)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One file as it is stored: by itself, or as a member of a zip archive.

    Parameters
    ----------
    path
        The file, or the archive.
    member
        The name inside the archive.
    """

    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.member is None else f"{self.path}[{self.member}]"

    @property
    def name(self) -> str:
        """The name without folders, for counting and for endings."""
        return self.path.name if self.member is None else self.member.rpartition("/")[2]

    def is_small(self) -> bool:
        """Return whether the file as it is stored is small enough to hold in memory twice."""
        return self.path.stat().st_size < _SMALL

    @contextmanager
    def unpacked(self) -> Iterator[Any]:
        """Open the file, whatever it is packed with, as a stream of bytes with `read1`."""
        with self._stored() as raw:
            head = raw.peek(8)[:8] if hasattr(raw, "peek") else b""
            unpack = next((how for magic, how in _PACKINGS if head.startswith(magic)), None)
            yield raw if unpack is None else unpack(raw)

    @contextmanager
    def _stored(self) -> Iterator[Any]:
        if self.member is None:
            with self.path.open("rb") as file:
                yield file
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as inner:
                yield inner
        except (RuntimeError, NotImplementedError) as error:
            raise InputError(f"{self}: cannot be unpacked ({error})") from None


def stored_in(path: Path) -> list[Stored]:
    """Return the files that a path holds: itself, or the members of a zip archive.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    list of Stored
        Members in order of name; folders and hidden files are left out.

    Raises
    ------
    FormatError
        When it is a spreadsheet, which is a zip archive too.
    InputError
        When the archive is broken or has too many members.
    """
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return [Stored(path=path)]
    try:
        with zipfile.ZipFile(path) as archive:
            # Not `is_dir`, which fails on a member without a name.
            members = [info.filename for info in archive.infolist()]
            names = sorted(name for name in members if name and not name.endswith("/"))
    # A version that does not exist yet is "not implemented".
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{path}: a damaged zip archive ({error})") from None
    if "[Content_Types].xml" in names:
        raise FormatError(f"{path}: a spreadsheet or document: save the sheet as CSV")
    if len(names) > _MOST_MEMBERS:
        raise InputError(f"{path}: more than {_MOST_MEMBERS:,} files in one archive")
    hidden = ("__MACOSX/", ".")
    return [
        Stored(path=path, member=name)
        for name in names
        if not name.startswith(hidden) and not name.rpartition("/")[2].startswith(".")
    ]
