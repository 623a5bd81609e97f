"""Opening files: what they are by their first bytes, decoding, and limits."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from disinfo.errors import FormatError, InputError
from disinfo.reading.ledger import Ledger
from disinfo.reading.packing import Stored, is_damage

Container = Literal["parquet", "json", "ndjson", "table"]

_BLOCK = 1 << 22
_SAMPLE = 1 << 16
_BARS_FROM = 50_000_000
_REFUSED = (
    (b"\x80\x02", "a pickle: loading one can run code"),
    (b"\x80\x03", "a pickle: loading one can run code"),
    (b"\x80\x04", "a pickle: loading one can run code"),
    (b"\x80\x05", "a pickle: loading one can run code"),
    (b"PK\x03\x04", "a zip archive inside an archive: unpack it first"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet: save the sheet as CSV"),
    (b"SQLite format 3", "a database: export the table as CSV"),
    (b"%PDF", "a PDF"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_PICKLES = (".pkl", ".pickle", ".joblib", ".npy")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much to read, and whether to show it.

    Parameters
    ----------
    max_rows
        The most rows to read; None for all.
    max_bytes
        The most bytes to unpack from one file: a small packed file can hold a very large one.
    progress
        Whether to show a bar; None shows one for large files on a terminal.
    """

    max_rows: int | None
    max_bytes: int
    progress: bool | None


class ByteReader(io.RawIOBase):
    """A stream of bytes that stops with an error at a limit and survives a cut packed file."""

    def __init__(self, stream: Any, limit: int, stored: Stored, ledger: Ledger, bar: Any) -> None:
        self._stream, self._limit, self._stored = stream, limit, stored
        self._ledger, self._bar = ledger, bar
        self._seen = 0

    @property
    def name(self) -> str:
        """The file's name, for counting."""
        return self._stored.name

    def readable(self) -> bool:
        """Return True: it is a stream to read from."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as there are bytes at hand."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; none at the end or at damage."""
        try:
            # read1 gives what there is before a cut; read would lose the block.
            data: bytes = self._stream.read1(_BLOCK if size < 0 else size)
        except Exception as error:
            if not is_damage(error):
                if isinstance(error, OSError):
                    raise InputError(f"{self._stored}: cannot be read ({error})") from error
                raise
            self._ledger.add("packed file is damaged: read up to the damage", 1, self.name)
            return b""
        self._seen += len(data)
        self._bar.update(len(data))
        if self._seen > self._limit:
            msg = (
                f"{self._stored}: more than {self._limit:,} bytes when unpacked; "
                "split the file, or raise max_bytes"
            )
            raise InputError(msg)
        return data

    def whole(self, most: int, problem: str) -> bytes:
        """Return all bytes; more than `most` are an `InputError` that states the problem."""
        blocks, length = [], 0
        while block := self.read(_BLOCK):
            blocks.append(block)
            length += len(block)
            if length > most:
                raise InputError(f"{self._stored}: {problem}")
        return b"".join(blocks)


class TextReader:
    """Text of a file, block by block: decoded, without NUL, damage counted.

    It has the methods that `pandas.read_csv` asks of a handle.
    """

    def __init__(self, stream: ByteReader, encoding: str, ledger: Ledger) -> None:
        self._stream, self._ledger, self._name = stream, ledger, stream.name
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
        self._encoding = encoding

    def read(self, size: int = -1) -> str:
        """Return the next block of text; an empty string at the end."""
        while True:
            data = self._stream.read(max(size, 1 << 16) if size > 0 else _BLOCK)
            text = self._decode(data)
            if text or not data:
                return text

    def __iter__(self) -> Iterator[str]:
        while text := self.read():
            yield text

    def _decode(self, data: bytes) -> str:
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            self._decoder = codecs.getincrementaldecoder(self._encoding)(errors="replace")
            self._decoder.setstate(state)
            text = self._decoder.decode(data, final=not data)
            # From here on damage is counted by its replacement; a file that also holds the
            # character itself is over-counted.
        if self._decoder.errors == "replace":
            self._ledger.add("broken bytes: replaced by U+FFFD", text.count("\ufffd"), self._name)
        if "\0" in text:
            self._ledger.add("NUL bytes in the file: removed", text.count("\0"), self._name)
            text = text.replace("\0", "")
        return text


def sample_of(stored: Stored) -> bytes:
    """Return the first bytes of a file, unpacked.

    Raises
    ------
    InputError
        When the file cannot be opened.
    """
    pieces: list[bytes] = []
    try:
        with stored.unpacked() as stream:
            while sum(map(len, pieces)) < _SAMPLE and (piece := stream.read1(_SAMPLE)):
                pieces.append(piece)
    except InputError:
        raise
    except Exception as error:
        if not pieces and (is_damage(error) or isinstance(error, OSError)):
            raise InputError(f"{stored}: cannot be read ({error})") from error
        if not is_damage(error):
            raise
    return b"".join(pieces)[:_SAMPLE]


def container_of(stored: Stored, sample: bytes) -> Container:
    """Return what kind of file this is, by its first bytes.

    Parameters
    ----------
    stored
        The file, for its ending (a hint only) and for messages.
    sample
        Its first bytes, unpacked.

    Returns
    -------
    str
        ``parquet``, ``json`` (one document), ``ndjson`` (one a line) or ``table``.

    Raises
    ------
    FormatError
        When it is a pickle, an archive or another binary file.
    """
    names = [f".{part.lower()}" for part in stored.name.split(".")[1:]]
    if any(name in _PICKLES for name in names):
        raise FormatError(f"{stored}: a pickle or array file: loading one can run code")
    for magic, what in _REFUSED:
        if sample.startswith(magic):
            raise FormatError(f"{stored}: {what}")
    if sample.startswith(b"PAR1"):
        return "parquet"
    text = sample.decode(encoding_of(sample), errors="replace")
    control = len(_CONTROL.findall(text))
    if control > max(16, len(text) // 20):
        raise FormatError(f"{stored}: a binary file of no known kind")
    stripped = text.lstrip("\ufeff \t\r\n\0")
    if stripped[:1] == "[" and not _is_lines(names):
        return "json"
    if stripped[:1] in ("{", "["):
        return "ndjson" if _is_lines(names) or _one_a_line(stripped) else "json"
    return "ndjson" if _is_lines(names) else "table"


def _is_lines(names: list[str]) -> bool:
    return any(name in (".ndjson", ".jsonl", ".jsonlines") for name in names)


def _one_a_line(text: str) -> bool:
    """Return whether a text that opens with ``{`` looks like one object a line."""
    return text.partition("\n")[2].lstrip()[:1] == "{"


def encoding_of(sample: bytes) -> str:
    """Return the encoding that a byte-order mark names, else UTF-8."""
    return next((name for bom, name in _BOMS if sample.startswith(bom)), "utf-8")


@contextmanager
def open_bytes(stored: Stored, limits: Limits, ledger: Ledger) -> Iterator[ByteReader]:
    """Open a file, packed or not, as bytes.

    Parameters
    ----------
    stored
        The file.
    limits
        The most bytes to unpack, and whether to show a bar.
    ledger
        Where to count damage.

    Yields
    ------
    ByteReader
        The bytes, unpacked.

    Raises
    ------
    InputError
        When the file cannot be read, or is larger than allowed when unpacked.
    """
    from tqdm.auto import tqdm

    size = stored.path.stat().st_size
    small = size < _BARS_FROM or None
    hidden = small if limits.progress is None else not limits.progress
    with (
        stored.unpacked() as stream,
        tqdm(unit="B", unit_scale=True, disable=hidden, desc=stored.name) as bar,
    ):
        yield ByteReader(stream, limits.max_bytes, stored, ledger, bar)
