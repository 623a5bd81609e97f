"""While a system answers, nothing may hand out the truth it is asked for.

A system is code and could fetch what its question keeps from it: simulate the same world again, or
read the labels of the data set. Worlds and data sets ask here first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_EXAMINED: ContextVar[frozenset[str] | None] = ContextVar("examined", default=None)


class HarnessError(Exception):
    """The benchmark itself is wrong: a label leaks, or a result lacks what it needs."""


@contextmanager
def examination(data: Sequence[str]) -> Iterator[None]:
    """Mark the time in which a system answers questions made of some data sets."""
    token = _EXAMINED.set(frozenset(data))
    try:
        yield
    finally:
        _EXAMINED.reset(token)


def refuse_world(seed: int, first_reported: int) -> None:
    """Refuse to simulate a world of a reported seed for a system that is being asked.

    Raises
    ------
    HarnessError
        When a threshold or a model could be fitted to the truth that judges it.
    """
    if _EXAMINED.get() is not None and seed >= first_reported:
        msg = f"a system asks for the world of the reported seed {seed} while it is examined"
        raise HarnessError(msg)


def refuse_labels(name: str, columns: frozenset[str]) -> None:
    """Refuse labels of a data set for a system that is asked about it.

    Parameters
    ----------
    name
        Of the data set.
    columns
        The columns with labels that it would read.

    Raises
    ------
    HarnessError
        When there are any and the data set is the one asked about.
    """
    examined = _EXAMINED.get()
    if examined is not None and name in examined and columns:
        msg = f"a system reads the labels {sorted(columns)} of {name} while it is examined on it"
        raise HarnessError(msg)
