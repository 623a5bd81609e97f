"""Bars for work that takes long, shown where a person watches and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Item = TypeVar("Item")
# Whether this run shows bars; None leaves it to whether standard error is a terminal.
_SHOWN: ContextVar[bool | None] = ContextVar("shown", default=None)
# Work that is done sooner needs no bar.
_DELAY_S = 1.0


@contextmanager
def showing(shown: bool | None) -> Iterator[None]:
    """Say whether bars are shown by what runs inside; None: on a terminal only."""
    token = _SHOWN.set(shown)
    try:
        yield
    finally:
        _SHOWN.reset(token)


def steps(items: Iterable[Item], *, total: int, name: str, unit: str) -> Iterator[Item]:
    """Yield items, with a bar that counts them.

    Parameters
    ----------
    items
        What is worked on, one after the other.
    total
        How many there are, all counted: the bar ends full.
    name, unit
        What the bar says.

    Yields
    ------
    object
        The items.

    Examples
    --------
    >>> sum(steps([1, 2], total=2, name="sum", unit=" numbers"))
    3
    """
    from tqdm.auto import tqdm

    shown = _SHOWN.get()
    # None lets tqdm look whether it writes to a terminal.
    hidden = None if shown is None else not shown
    yield from tqdm(
        items, total=total, desc=name, unit=unit, leave=False, disable=hidden, delay=_DELAY_S
    )
