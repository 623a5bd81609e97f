"""What a format is: how it is recognised and how its rows become posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from disinfo.errors import SchemaError, did_you_mean

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One export format.

    A format of JSON records gives `record`, a format of tables gives `table`; both are pure.

    Parameters
    ----------
    name
        The name to give as ``read_posts(..., format=name)``.
    marks
        Sets of keys; a record or header that holds all of one set is of this format. A key
        inside an object, or inside the first object of a list, is written ``outer.inner``.
    record
        One record to one post (library names, plus columns to carry along), or to a sentence
        that says why it is none. A key that the format lacks is left out, so that links, tags
        and mentions can be taken from the text.
    table
        A frame with the source's columns (text as strings) to one with library names.
    unpack
        One document to its records, where a document holds many posts.
    platform
        The platform, where the format has only one.
    resolution_s
        Time resolution in seconds, or None to infer it from the times.
    """

    name: str
    marks: tuple[frozenset[str], ...]
    record: Callable[[Record], dict[str, Any] | str] | None = None
    table: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    unpack: Callable[[Record], Iterator[Record]] | None = None
    platform: str | None = None
    resolution_s: float | None = None

    def fits(self, keys: frozenset[str]) -> bool:
        """Return whether these keys hold one of the format's marks."""
        return any(mark <= keys for mark in self.marks)

    def require(self, columns: Iterable[object]) -> None:
        """Check that a table has the columns of this format.

        Raises
        ------
        SchemaError
            When none of the format's marks is there, with what is missing.
        """
        seen = [str(column) for column in columns]
        if not self.fits(frozenset(seen)):
            missing = min((sorted(mark - set(seen)) for mark in self.marks), key=len)
            msg = f"format {self.name!r}: column(s) {missing} not found; columns seen: {seen[:40]}."
            raise SchemaError(msg + did_you_mean(missing, seen))


def keys_of(record: Record) -> frozenset[str]:
    """Return a record's keys, and ``outer.inner`` for the objects one level down.

    Parameters
    ----------
    record
        A JSON object.

    Returns
    -------
    frozenset of str
        The keys that `Format.marks` are compared with.

    Examples
    --------
    >>> sorted(keys_of({"data": [{"id": "1"}], "meta": {}}))
    ['data', 'data.id', 'meta']
    """
    keys = set(record)
    for outer, value in record.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            keys.update(f"{outer}.{name}" for name in inner)
    return frozenset(keys)
