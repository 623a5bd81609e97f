"""What all captures of the Zeeschuimer browser extension have in common.

A line wraps the platform's own object: it stands in `data`, the rest says when and where it was
seen. 4CAT takes the wrapper off and keeps it as `__import_meta`, so both forms are met.
Fields: 4CAT, common/lib/helpers.py, format_import_item.
"""

from __future__ import annotations

from collections.abc import Iterator

from disinfo.reading.format import Record


def payload(record: Record) -> Record:
    """Return the platform's own object of a captured line."""
    inner = record.get("data")
    return inner if isinstance(inner, dict) else record


def unwrapped(record: Record) -> Iterator[Record]:
    """Yield the platform's own object: the `unpack` of these formats."""
    yield payload(record)


def marks(*keys: str) -> tuple[frozenset[str], ...]:
    """Return the marks of an object with these keys, bare and wrapped.

    Examples
    --------
    >>> [sorted(mark) for mark in marks("code", "user")]
    [['code', 'user'], ['data.code', 'data.user']]
    """
    return frozenset(keys), frozenset(f"data.{key}" for key in keys)
