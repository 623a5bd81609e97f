"""What a format is: how it is recognised and how its rows become posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from disinfo.errors import ParameterError, SchemaError, did_you_mean, raise_all

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
        One document to its records, where a document holds many posts or wraps one.
    platform
        The platform, where the format has only one.
    resolution_s
        Time resolution in seconds, or None to infer it from the times.
    escape
        The character that tables of this format put before a quote inside a cell.
    positions
        Names of the columns by their place, for tables whose own names mean nothing.
    nothing_else
        Whether a table is of this format only when it has the columns of a mark and no others.
    title, fields_from
        What it is, and where its field names were read, for people.

    Raises
    ------
    ParameterError
        When the name is empty or `auto`, when there is neither `record` nor `table`, or when
        `marks` are not sets of names.

    Examples
    --------
    >>> chirp = Format(name="chirp", marks=(frozenset({"chirp_id"}),), record=dict)
    >>> chirp.fits(frozenset({"chirp_id", "song"}))
    True
    """

    name: str
    marks: tuple[frozenset[str], ...]
    record: Callable[[Record], dict[str, Any] | str] | None = None
    table: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    unpack: Callable[[Record], Iterator[Record]] | None = None
    platform: str | None = None
    resolution_s: float | None = None
    escape: str | None = None
    positions: tuple[str, ...] = ()
    nothing_else: bool = False
    title: str = ""
    fields_from: str = ""

    def __post_init__(self) -> None:
        problems = []
        if not self.name or self.name == "auto":
            problems.append(f"name must be a word other than 'auto', not {self.name!r}")
        if self.record is None and self.table is None and self.marks:
            problems.append("either record or table must be given")
        if not all(isinstance(mark, frozenset) and mark for mark in self.marks):
            problems.append("marks must be frozensets of keys, none of them empty")
        if self.resolution_s is not None and self.resolution_s <= 0:
            problems.append(f"resolution_s must be positive, not {self.resolution_s}")
        raise_all(problems, ParameterError, "Format")

    def fits(self, keys: frozenset[str]) -> bool:
        """Return whether these keys hold one of the format's marks."""
        return self.fit(keys) > 0

    def fit(self, keys: frozenset[str]) -> int:
        """Return how many keys the largest mark has that these keys hold; 0 where none does."""
        if self.nothing_else:
            return max((len(mark) for mark in self.marks if mark == keys), default=0)
        return max((len(mark) for mark in self.marks if mark <= keys), default=0)

    def require(self, columns: Iterable[object]) -> None:
        """Check that a table has the columns of this format.

        Raises
        ------
        SchemaError
            When none of the format's marks is there, with what is missing.
        """
        seen = [str(column) for column in columns]
        missing = min((sorted(mark - set(seen)) for mark in self.marks), key=len, default=[])
        if missing:
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
