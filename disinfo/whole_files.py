"""Files that are whole or absent: temporary name, to disk, rename; checksums; clear errors."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from disinfo.errors import StorageError

PART = ".part"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Say what became of a folder when the system refuses to write to it.

    Parameters
    ----------
    folder
        Where files are written.

    Yields
    ------
    None
        While files are written.

    Raises
    ------
    StorageError
        Instead of an `OSError`, with what to do about it.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            why = f"the disk is full{_room(folder)}; nothing half written was kept"
        elif error.errno in _REFUSED:
            why = f"it may not be written to ({os.strerror(error.errno)})"
        else:
            why = str(error)
        msg = f"cannot save to {folder}: {why}"
        raise StorageError(msg) from error


def _room(folder: Path) -> str:
    with suppress(OSError):
        return f" ({shutil.disk_usage(folder).free:,} bytes free)"
    return ""


@contextmanager
def part_of(file: Path) -> Iterator[Path]:
    """Give a temporary name beside a file to write to, and take the part away if that fails.

    Parameters
    ----------
    file
        The file that the part will become.

    Yields
    ------
    Path
        The temporary name. The part is on disk, not only in memory, when the block ends.
    """
    part = file.with_name(file.name + PART)
    # A link that somebody planted under this name would be written through.
    part.unlink(missing_ok=True)
    try:
        yield part
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Write a file under a temporary name and rename it when it is whole.

    Parameters
    ----------
    file
        The file. One that is there stays as it is until the new one is whole.

    Yields
    ------
    Path
        The name to write to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.txt") as part:
    ...         _ = part.write_text("whole")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    with part_of(file) as part:
        yield part
    part.replace(file)


def checksum(file: Path) -> str:
    """Return the BLAKE2b checksum of a file.

    Parameters
    ----------
    file
        The file.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    digest = hashlib.blake2b(digest_size=16)
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
