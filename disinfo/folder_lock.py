"""One run a folder: a lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disinfo.errors import FolderInUseError
from disinfo.whole_files import storage_errors

LOCK = ".lock"


@contextmanager
def folder_lock(folder: Path, *, name: str = LOCK) -> Iterator[None]:
    """Hold a folder, which is made if it does not exist.

    Parameters
    ----------
    folder
        The folder that is written to.
    name
        Name of the lock within the folder.

    Yields
    ------
    None
        While the folder is held. The same thread may take the lock again.

    Raises
    ------
    FolderInUseError
        When another run holds it.
    StorageError
        When the folder cannot be made or written to.

    Notes
    -----
    Fails on network folders whose server knows no locks; there, give each run a folder of its own.
    """
    from filelock import FileLock, Timeout

    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # One object a folder and thread, so that a run that holds the folder can save into it.
        lock = FileLock(folder.resolve() / name, timeout=0, is_singleton=True)
        try:
            lock.acquire()
        except Timeout:
            msg = f"another run is writing to {folder}: wait for it, or choose another folder"
            raise FolderInUseError(msg) from None
    try:
        yield
    finally:
        lock.release()
