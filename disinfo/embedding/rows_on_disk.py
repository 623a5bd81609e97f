"""Rows of a matrix in a file, read one by one when they are asked for.

Mapping the file would take memory for sixteen pages around every row that is touched, and so for
most of a table after some thousand words.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class RowsOnDisk:
    """An int8 matrix that stays on disk.

    Parameters
    ----------
    path
        A ``.npy`` file of shape (n, d), int8, rows one after the other.

    Raises
    ------
    ValueError
        When the file holds anything else.

    Notes
    -----
    Takes about a microsecond a row where the file is in the system's cache; fails to be fast where
    nearly all rows are wanted, which is what mapping is for.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "m.npy"
    >>> np.save(path, np.array([[1, 2], [3, 4]], np.int8))
    >>> RowsOnDisk(path)[np.array([1, 1])].tolist()
    [[3, 4], [3, 4]]
    >>> folder.cleanup()
    """

    def __init__(self, path: Path) -> None:
        self._mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        mapped = self._mapped
        if mapped.ndim != 2 or mapped.dtype != np.int8 or not mapped.flags.c_contiguous:
            msg = (
                f"{path.name} is no matrix of 8-bit numbers (found {mapped.dtype}, {mapped.ndim}d)"
            )
            raise ValueError(msg)
        self.shape: tuple[int, int] = mapped.shape
        self._begin = int(mapped.offset)
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the rows, shape (len(rows), d)."""
        if not hasattr(os, "pread"):  # Windows
            return np.asarray(self._mapped[rows])
        n, width = self.shape
        listed = rows.tolist()
        if listed and not 0 <= min(listed) <= max(listed) < n:
            msg = f"rows from {min(listed)} to {max(listed)} are not all within 0 and {n - 1}"
            raise IndexError(msg)
        file = self._file.fileno()
        data = b"".join([os.pread(file, width, self._begin + width * row) for row in listed])
        return np.frombuffer(data, np.int8).reshape(len(listed), width)
