"""A limit on the memory of this process: a run ends with a message, not with the machine.

The system refuses memory beyond the limit, which Python sees as `MemoryError`. What was finished by
then is kept, and a run with more memory goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from disinfo.errors import MemoryLimitError, ParameterError

_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
# Python, pandas and Arrow alone take about half of this.
_LEAST = 512 * 1024**2


def bytes_of(size: str) -> int:
    """Read a size such as ``6GB``.

    Parameters
    ----------
    size
        A number with K, M, G or T (powers of 1024), with or without B.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    ParameterError
        When it is no size, or less than the libraries alone take.

    Examples
    --------
    >>> bytes_of("1.5 GB")
    1610612736
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*", size, re.IGNORECASE)
    if not found:
        msg = f"memory limit {size!r} is no size; write it like 6GB or 800M"
        raise ParameterError(msg)
    n = int(float(found[1]) * _UNITS[found[2].upper()])
    if n < _LEAST:
        msg = f"memory limit {size!r} is less than {_LEAST // 1024**2}M, which the libraries need"
        raise ParameterError(msg)
    return n


@contextmanager
def memory_limit(n_bytes: int | None) -> Iterator[None]:
    """Hold this process to some memory.

    Parameters
    ----------
    n_bytes
        The most bytes of data; None for no limit.

    Yields
    ------
    None
        While the limit holds.

    Raises
    ------
    MemoryLimitError
        When more was needed.
    ParameterError
        On a system that knows no such limit.

    Notes
    -----
    Counts what is reserved, not only what is used, so a run may be refused a little before its
    measured peak reaches the limit. Fails, with the exit of the process instead of an error, where
    a library written in C does not look whether it got its memory.
    """
    if n_bytes is None:
        yield
        return
    try:
        import resource
    except ImportError:
        msg = "a memory limit needs a system with resource limits (Linux, macOS)"
        raise ParameterError(msg) from None
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (n_bytes, before[1]))
    try:
        yield
    except MemoryError as error:
        msg = (
            f"the run needs more than the {n_bytes / 1024**3:.1f} GiB that it was allowed; "
            "give it more, and it goes on where it stopped"
        )
        raise MemoryLimitError(msg) from error
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
