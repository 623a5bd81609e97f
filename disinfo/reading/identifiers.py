"""Identifiers: read as text without losing a digit, made from content, told apart by platform."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from disinfo.errors import SchemaError
from disinfo.reading.ledger import Ledger

_EXACT = 2**53
_NO_ID = frozenset(["", "nan", "NaN", "None", "null", "NULL", "<NA>", "[deleted]", "[removed]"])
# What a spreadsheet makes of a long number.
_DAMAGED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,3}")
_POINT_ZERO = r"\d{1,15}\.0"
# Rows that are hashed at a time: as Python objects, cells take many times their memory.
_ROWS_AT_ONCE = 100_000
_CONTENT = ("platform", "account_id", "created_at", "text", "object_id")


def as_ids(values: pd.Series, name: str) -> pd.Series:
    """Return a column of ids as strings.

    Parameters
    ----------
    values
        Strings, integers, or floats that hold whole numbers.
    name
        The column's name, for the message.

    Returns
    -------
    Series of str
        Same index; missing where the source has no id (empty, ``null``, ``[deleted]``).

    Raises
    ------
    SchemaError
        When the column holds floats that may have lost digits (2^53 and above, or fractions).

    Examples
    --------
    >>> import pandas as pd
    >>> as_ids(pd.Series([1290466270580801538]), "post_id")[0]
    '1290466270580801538'
    """
    if _all_digits(values):
        return values
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.is_float_dtype(values.dtype):
        values = _whole(values, name)
    elif values.dtype == object:
        values = values.map(lambda value: _id_of(value, name))
    text = values.astype("str").str.strip()
    text = text.mask(text.isin(_NO_ID))
    if not text.str.endswith(".0").fillna(False).any():
        return text
    exported = text.str.fullmatch(_POINT_ZERO).fillna(False).astype(bool)
    if exported.any() and (exported | text.isna()).all():
        text = text.str.slice(stop=-2)
    return text


def _all_digits(values: pd.Series) -> bool:
    """Return whether these are strings of digits alone, as most ids are: nothing to mend."""
    if values.dtype != "str":
        return False
    return bool(pc.all(pc.ascii_is_decimal(pa.array(values))).as_py())


def _whole(values: pd.Series, name: str) -> pd.Series:
    known = values.dropna()
    lost = (known % 1 != 0) | (known.abs() >= _EXACT)
    if lost.any():
        msg = (
            f"column {name!r}: {int(lost.sum())} id(s) are floating-point numbers that have lost "
            f"digits, for example {known[lost].iloc[0]!r}; export the ids as text"
        )
        raise SchemaError(msg)
    return values.astype("Int64")


def _id_of(value: object, name: str) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, float | np.floating):
        number = float(value)
        if np.isnan(number):
            return None
        if number.is_integer() and abs(number) < _EXACT:
            return str(int(number))
        msg = (
            f"column {name!r}: an id is a floating-point number that has lost digits: {value!r}; "
            "export the ids as text"
        )
        raise SchemaError(msg)
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(value)
    return None


def without_damaged(ids: pd.Series, ledger: Ledger, what: str) -> pd.Series:
    """Return ids without those that a spreadsheet has rounded (``1.29E+18``); they are counted.

    Different accounts share such an id, so it is none.
    """
    if _all_digits(ids):
        return ids
    suspects = ids.str.contains("+", regex=False).fillna(False).to_numpy(bool)
    if not suspects.any():
        return ids
    damaged = ids.str.fullmatch(_DAMAGED.pattern).fillna(False).to_numpy(bool)
    ledger.add_rows(f"{what} rounded by a spreadsheet: row kept without it", damaged, ids)
    return ids.mask(damaged)


def by_platform(accounts: pd.Series, platforms: pd.Series, ledger: Ledger) -> pd.Series:
    """Return account ids in which one id on two platforms is two accounts.

    Parameters
    ----------
    accounts, platforms
        The columns.
    ledger
        Where to note it.

    Returns
    -------
    Series of str
        ``platform:id`` for ids that occur on more than one platform, others as they were.
    """
    if platforms.nunique(dropna=False) < 2:
        return accounts
    both = pd.DataFrame({"account": accounts, "platform": platforms.fillna("")}).dropna()
    if both["platform"].nunique() < 2:
        return accounts
    counts = both.drop_duplicates()["account"].value_counts()
    shared = accounts.isin(counts.index[counts > 1])
    if shared.any():
        ledger.note(several_platforms(int((counts > 1).sum())))
    return told_apart(accounts, platforms, shared.to_numpy(bool))


def several_platforms(n: int) -> str:
    """Return the note on account ids that occur on more than one platform."""
    return f"{n} account id(s) occur on more than one platform: they are told apart as platform:id"


def told_apart(accounts: pd.Series, platforms: pd.Series, shared: np.ndarray) -> pd.Series:
    """Return account ids with the platform before those that are marked."""
    return accounts.mask(shared, platforms.fillna("") + ":" + accounts)


def content_hash(rows: pd.DataFrame) -> list[str]:
    """Return a hash of each row, 16 hex digits, that depends on nothing but its cells."""
    return [
        hashlib.blake2b(
            "\x1f".join(row).encode("utf-8", "surrogatepass"), digest_size=8
        ).hexdigest()
        for part in _parts(rows)
        for row in zip(*(_hashable(part[column]) for column in part.columns), strict=True)
    ]


def _parts(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    return (rows.iloc[at : at + _ROWS_AT_ONCE] for at in range(0, len(rows), _ROWS_AT_ONCE))


def _hashable(column: pd.Series) -> Sequence[str]:
    if column.dtype == object:
        return [
            "" if value is None else json.dumps(value, sort_keys=True, default=str)
            for value in column
        ]
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        # As numbers: how pandas writes a time depends on whether others have fractions of seconds.
        exact = column.dt.tz_convert(None).to_numpy("datetime64[us]")
        times = np.where(np.isnat(exact), "", exact.astype(np.int64).astype(str))
        stamps: list[str] = times.tolist()
        return stamps
    texts: list[str] = column.astype("str").fillna("").tolist()
    return texts


def content_ids(rows: pd.DataFrame) -> pd.Series:
    """Return ``p-`` and a hash of platform, account, time, text and object; equal rows share it."""
    hashes = content_hash(rows.reindex(columns=list(_CONTENT)))
    return pd.Series([f"p-{digest}" for digest in hashes], index=rows.index, dtype="str")


def fill_post_ids(frame: pd.DataFrame) -> pd.Series:
    """Return post ids in which each missing one is made from the row's content.

    Parameters
    ----------
    frame
        Rows with library names; `post_id` may be absent.

    Returns
    -------
    Series of str
        Given ids, or ``p-`` and a hash of platform, account, time, text and object; equal rows
        are told apart by an ordinal. The order of rows does not matter.
    """
    given = frame["post_id"] if "post_id" in frame.columns else None
    missing = np.ones(len(frame), bool) if given is None else given.isna().to_numpy(bool)
    ids = pd.Series(pd.NA, index=frame.index, dtype="str") if given is None else given.copy()
    if not missing.any():
        return ids
    rows = frame.loc[missing]
    made = content_ids(rows)
    repeated = made.duplicated(keep=False)
    if repeated.any():
        # Rows equal in content may differ in other columns: those decide who is first.
        same = rows.loc[repeated.to_numpy(), sorted(rows.columns)]
        order = pd.DataFrame({"id": made[repeated], "all": content_hash(same)})
        ordinal = order.sort_values("all", kind="stable").groupby("id").cumcount()
        later = ordinal[ordinal > 0]
        made.loc[later.index] = made.loc[later.index] + "-" + (later + 1).astype(str)
    ids.loc[missing] = made.array
    return ids
