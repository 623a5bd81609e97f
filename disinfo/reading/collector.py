"""Python's cycle collector, off while very many small objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the cycle collector from running.

    Reading makes a list for every cell of links, tags and mentions, and no cycles. The collector
    counts new objects and walks all old ones again and again: a quarter of the time of reading.
    Memory is freed as always, by counting references.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
