"""Schemas of tables: columns with types, a key, and the check at each hand-over.

A table is a pandas frame; its schema is a `Table`. Identifiers are strings, always: a 19-digit id
read as a float is a different id. Times are UTC with microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

import pandas as pd

from disinfo.distinct import ascending
from disinfo.errors import SchemaError, did_you_mean, raise_all

Kind = Literal["str", "time", "float", "int", "bool", "list"]

TIME_DTYPE = "datetime64[us, UTC]"
_DTYPES: Mapping[Kind, str] = {
    "str": "str",
    "time": TIME_DTYPE,
    "float": "float64",
    "int": "int64",
    "bool": "bool",
    "list": "object",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    kind
        ``str``, ``time`` (UTC, microseconds), ``float``, ``int``, ``bool`` or ``list`` (of
        strings).
    nullable
        Whether a value may be missing.
    optional
        Whether the whole column may be absent.
    values
        The only values allowed, where there is a fixed set.
    """

    kind: Kind
    nullable: bool = False
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """The schema of one table.

    Parameters
    ----------
    name
        The table's name, as used in messages and file names.
    columns
        Columns by name, in order.
    key
        Columns that identify a row. Rows are sorted by them and no two rows share them.
    extra
        Whether other columns are carried along untouched.
    """

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    extra: bool = False

    def empty(self) -> pd.DataFrame:
        """Return the table with all its columns and no rows.

        Returns
        -------
        DataFrame
            Zero rows; the dtypes of the schema.

        Examples
        --------
        >>> counts = Table(name="counts", columns={"n": Column(kind="int")})
        >>> counts.empty()["n"].dtype
        dtype('int64')
        """
        return self._no_rows.copy()

    @cached_property
    def _no_rows(self) -> pd.DataFrame:
        # Made once: a short run hands over dozens of empty tables, and a copy costs a tenth.
        return pd.DataFrame(
            {name: pd.Series([], dtype=_DTYPES[col.kind]) for name, col in self.columns.items()}
        )

    def check(
        self, frame: pd.DataFrame, *, source: str = "", sort: bool = True, distinct: bool = False
    ) -> pd.DataFrame:
        """Coerce a frame to the schema, validate it and sort it by key.

        Parameters
        ----------
        frame
            The frame; it is not changed.
        source
            Who made it, for the message.
        sort
            Whether to sort by key; otherwise the order of rows is kept.
        distinct
            Whether the caller has seen to it that no key repeats: it is not looked at again.

        Returns
        -------
        DataFrame
            A new frame: schema columns first and in order, rows sorted by key, index 0 … n-1.

        Raises
        ------
        SchemaError
            With all problems at once: absent columns, values of the wrong type, missing values,
            values outside the allowed set, duplicate keys.

        Examples
        --------
        >>> import pandas as pd
        >>> counts = Table(name="counts", columns={"n_posts": Column(kind="int")})
        >>> counts.check(pd.DataFrame({"n_post": [3]}))
        Traceback (most recent call last):
        disinfo.errors.SchemaError: table 'counts': column(s) 'n_posts' not found; columns seen: \
['n_post']. Did you mean 'n_post' for 'n_posts'?
        """
        subject = f"table {self.name!r}" + (f" from {source}" if source else "")
        absent = [n for n, c in self.columns.items() if n not in frame.columns and not c.optional]
        if absent:
            seen = [str(column) for column in frame.columns]
            listed = ", ".join(repr(name) for name in absent)
            msg = f"column(s) {listed} not found; columns seen: {seen}." + did_you_mean(
                absent, seen
            )
            raise SchemaError(f"{subject}: {msg}")
        if not len(frame) and not self.extra:
            # Most tables of a short run have no rows: nothing can be wrong inside.
            return self._no_rows[[name for name in self.columns if name in frame.columns]].copy()
        problems: list[str] = []
        out: dict[str, pd.Series] = {}
        for name, column in self.columns.items():
            if name in frame.columns:
                out[name] = _coerce(frame[name], name, column, problems)
        raise_all(problems, SchemaError, subject)
        checked = pd.DataFrame(out, index=frame.index)
        others = [name for name in frame.columns if name not in self.columns]
        if self.extra and others:
            # Joined and not built anew: hundreds of columns of numbers would be copied.
            named = frame[others].set_axis([str(name) for name in others], axis=1)
            checked = pd.concat([checked, named], axis=1)
        if distinct and not sort:
            return checked.reset_index(drop=True)
        return self._keyed(checked, subject, sort=sort)

    def _keyed(self, frame: pd.DataFrame, subject: str, *, sort: bool) -> pd.DataFrame:
        if not self.key:
            return frame.reset_index(drop=True)
        keys = list(self.key)
        first = frame[keys[0]]
        if len(keys) == 1 and ascending(first):
            return frame.reset_index(drop=True)
        ordered = frame.sort_values(keys, kind="stable") if sort else frame
        # In order, neighbours tell whether any is repeated. Else to tell whether any is costs less
        # than to tell which.
        unique = len(keys) == 1 and ((sort and ascending(ordered[keys[0]])) or first.is_unique)
        if not unique and (duplicated := frame.duplicated(keys)).any():
            example = frame.loc[duplicated.idxmax(), keys].to_dict()
            msg = f"{int(duplicated.sum())} row(s) repeat the key {keys}, for example {example}"
            raise SchemaError(f"{subject}: {msg}")
        return ordered.reset_index(drop=True)


def _coerce(series: pd.Series, name: str, column: Column, problems: list[str]) -> pd.Series:
    """Return the series in the column's dtype; append to `problems` what does not fit."""
    if column.kind == "list":
        return _lists(series, name, problems)
    missing = series.isna()
    if missing.any() and not column.nullable:
        at = int(missing.to_numpy().argmax())
        problems.append(
            f"column {name!r}: {int(missing.sum())} missing value(s), first in row {at}"
        )
        return series
    try:
        if str(series.dtype) == _DTYPES[column.kind]:
            result = series
        elif column.kind == "time":
            if not isinstance(series.dtype, pd.DatetimeTZDtype) and len(series) and missing.all():
                series = pd.Series(pd.NaT, index=series.index)
            result = pd.to_datetime(series, utc=True).astype(TIME_DTYPE)
        elif column.kind == "str":
            result = _strings(series, name, problems)
        else:
            result = series.astype(_DTYPES[column.kind])
    except (ValueError, TypeError, OverflowError) as error:
        problems.append(f"column {name!r}: not all values are of type {column.kind} ({error})")
        return series
    if column.values:
        wrong = result[~result.isin(column.values) & result.notna()]
        if len(wrong):
            problems.append(
                f"column {name!r}: {len(wrong)} value(s) outside {list(column.values)}, "
                f"for example {wrong.iloc[0]!r}"
            )
    return result


def _strings(series: pd.Series, name: str, problems: list[str]) -> pd.Series:
    """Return the series as strings; a float id is refused, since it may have lost digits."""
    if pd.api.types.is_float_dtype(series.dtype) and series.notna().any():
        problems.append(
            f"column {name!r}: numbers where strings belong (dtype {series.dtype}); "
            "an id read as a float has lost digits: read it as text"
        )
    return series.astype("str")


def _lists(series: pd.Series, name: str, problems: list[str]) -> pd.Series:
    """Return the series as lists of strings; a missing value is an empty list."""
    cells = series.tolist()
    # Most lists are empty: those are not looked into.
    items = chain.from_iterable(filter(None, cells))
    if set(map(type, cells)) <= {list} and set(map(type, items)) <= {str}:
        return pd.Series([[*cell] for cell in cells], index=series.index, dtype="object")
    values: list[list[str]] = []
    wrong = 0
    for value in cells:
        if type(value) is list and set(map(type, value)) <= {str}:
            values.append(value.copy())
        elif isinstance(value, str | bytes):
            wrong += 1
            values.append([])
        elif hasattr(value, "__iter__"):
            values.append([str(item) for item in value])
        else:
            values.append([])
            wrong += not pd.isna(value)
    if wrong:
        problems.append(f"column {name!r}: {wrong} value(s) are not lists of strings")
    return pd.Series(values, index=series.index, dtype="object")
