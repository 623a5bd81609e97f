"""Engines that keep the answer to each part on disk: for shards, and to go on after a crash."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from disinfo.engines.engine import Engine, Kernel
from disinfo.engines.local import Local
from disinfo.errors import ParameterError
from disinfo.fingerprints import code_version, fingerprint, fingerprint_of_stage
from disinfo.whole_files import storage_errors

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)


class ShardDone(Exception):
    """A shard has done its share; what follows needs the shares of all others."""


@dataclass(frozen=True, kw_only=True)
class StoredParts:
    """Take the answer to a part from a folder where it is there, else make it and keep it.

    Parameters
    ----------
    folder
        The folder. Several processes may use it at a time.
    engine
        What makes the answers that are not there.
    """

    folder: Path
    engine: Engine = field(default_factory=Local)

    @property
    def n_workers(self) -> int:
        """How many parts are worked on at a time; two at least, so that there are parts."""
        return max(2, self.engine.n_workers)

    def map(self, kernel: Kernel, parts: Sequence[pa.Table], /) -> list[pa.Table]:
        """Apply a kernel to each part whose answer is not on disk.

        Parameters
        ----------
        kernel
            A kernel of this library; of another the folder could not tell whether it changed.
        parts
            The parts.

        Returns
        -------
        list of pyarrow.Table
            The answers, in the order of the parts.

        Raises
        ------
        StorageError
            When the folder cannot be written to.
        """
        names = _names(kernel, parts)
        answers = [_read(self.folder / name) for name in names]
        missing = [number for number, answer in enumerate(answers) if answer is None]
        logger.info("%d of %d parts were there", len(parts) - len(missing), len(parts))
        # One at a time for each worker, so that a crash loses no more than that.
        for begin in range(0, len(missing), self.n_workers):
            some = missing[begin : begin + self.n_workers]
            for number, answer in zip(
                some, self.engine.map(kernel, [parts[number] for number in some]), strict=True
            ):
                answers[number] = answer
                _write(self.folder / names[number], answer)
        return [answer for answer in answers if answer is not None]


@dataclass(frozen=True, kw_only=True)
class Shard:
    """Do every n-th part, keep the answers in a folder, and stop.

    Parameters
    ----------
    index, count
        Shard `index` of `count`, from 1.
    folder
        The folder that all shards share.
    engine
        What does the parts.

    Raises
    ------
    ParameterError
        When index and count do not fit.

    Examples
    --------
    >>> Shard(index=2, count=8, folder=Path("parts")).index
    2
    """

    index: int
    count: int
    folder: Path
    engine: Engine = field(default_factory=Local)

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.count:
            msg = f"shard {self.index}/{self.count}: write i/n with 1 <= i <= n"
            raise ParameterError(msg)

    @property
    def n_workers(self) -> int:
        """How many shards there are."""
        return max(2, self.count)

    def map(self, kernel: Kernel, parts: Sequence[pa.Table], /) -> list[pa.Table]:
        """Do this shard's parts, then stop.

        Parameters
        ----------
        kernel
            A kernel of this library.
        parts
            All parts.

        Returns
        -------
        list of pyarrow.Table
            Never.

        Raises
        ------
        ShardDone
            When the share is done.
        """
        own = [part for number, part in enumerate(parts) if number % self.count == self.index - 1]
        StoredParts(folder=self.folder, engine=self.engine).map(kernel, own)
        msg = f"shard {self.index}/{self.count}: {len(own)} of {len(parts)} parts are done"
        raise ShardDone(msg)


def _names(kernel: Kernel, parts: Sequence[pa.Table]) -> list[str]:
    """Return a file name a part, made of the kernel, its parameters, the code and the content."""
    made_by = fingerprint_of_stage(kernel)
    if made_by is None:
        msg = "parts can be kept only for stages of this library, not for a function of your own"
        raise ParameterError(msg)
    return [f"{fingerprint(code_version(), made_by, _content(part))}.parquet" for part in parts]


def _content(part: pa.Table) -> str:
    columns = [part.column(name).combine_chunks() for name in part.column_names]
    return fingerprint(*part.column_names, *(str(column.to_pylist()) for column in columns))


def _read(file: Path) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not file.is_file():
        return None
    try:
        return pq.ParquetFile(file, page_checksum_verification=True).read()
    except (pa.ArrowException, OSError) as error:
        logger.warning("%s is damaged and made again: %s", file, error)
        return None


def _write(file: Path, answer: pa.Table) -> None:
    import pyarrow.parquet as pq

    with storage_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own: two processes may make the same part at the same time.
        temporary = file.with_suffix(f".{uuid.uuid4().hex[:8]}.part")
        try:
            pq.write_table(answer, temporary, write_page_checksum=True)
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
