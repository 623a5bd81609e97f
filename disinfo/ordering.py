"""Order of rows by several whole numbers: as `numpy.lexsort`, in a third to a half of its time.

The first keys that fit into one number of 63 bits together are sorted as one. Texts that nearly all
differ are put in order only where all else is equal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_MOST = 2**63


def order_by(*keys: Ints) -> Ints:
    """Return the order of rows by the first key, where it is equal by the second, and so on.

    Parameters
    ----------
    *keys
        At least one array of int64, all of one length.

    Returns
    -------
    ndarray of int64
        Rows in order; those equal in every key as they stood.

    Notes
    -----
    Needs three numbers a row beside the keys while it works. No faster than `numpy.lexsort` where
    no two keys fit into one number, or where those that fit are equal in nearly all rows.

    Examples
    --------
    >>> import numpy as np
    >>> order_by(np.array([1, 0, 0]), np.array([5, 7, 6])).tolist()
    [2, 1, 0]
    """
    return _order_and_repeats(keys)[0]


def _order_and_repeats(keys: Sequence[Ints]) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the order of rows, and whether each there equals the one before it in every key."""
    if len(keys[0]) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    packed, n_packed = _packed(keys)
    order: Ints = np.argsort(packed, kind="stable")
    again = np.append(False, np.diff(packed[order]) == 0)
    if n_packed < len(keys):
        # Few rows are equal in as many keys as fit into one number: only those need the others.
        equal = np.flatnonzero(again | np.append(again[1:], False))
        run = np.cumsum(~again)[equal]
        rows = order[equal]
        rest = [key[rows] for key in keys[n_packed:]]
        inner = _last_first(run, *rest)
        order[equal] = rows[inner]
        for key in rest:
            again[equal[1:]] &= np.diff(key[inner]) == 0
    return order, again


def _packed(keys: Sequence[Ints]) -> tuple[Ints, int]:
    """Return the leading keys as one number a row, at least one, and how many they are."""
    packed, width = keys[0], int(keys[0].max()) - int(keys[0].min()) + 1
    if width < _MOST:
        packed = packed - packed.min()
    for n_packed, key in enumerate(keys[1:], start=1):
        low, span = int(key.min()), int(key.max()) - int(key.min()) + 1
        if width * span >= _MOST:
            return packed, n_packed
        packed = packed * span + (key - low)
        width *= span
    return packed, len(keys)


def _last_first(*keys: Ints) -> Ints:
    """Return the order by sorting from the last key to the first, as many at a time as fit."""
    order: Ints = np.arange(len(keys[0]))
    rest = list(keys)
    while rest and len(order):
        n = next(n for n in range(len(rest)) if _packed(rest[n:])[1] == len(rest) - n)
        order = order[np.argsort(_packed(rest[n:])[0][order], kind="stable")]
        rest = rest[:n]
    return order


def order_by_and_text(
    keys: Sequence[Ints], texts: pd.Series, at: Ints | None = None
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the order of rows by several keys, and by a text where all of them are equal.

    Parameters
    ----------
    keys
        As for `order_by`.
    texts
        One a row; missing ones come last.
    at
        Where among the texts that of each row is; None where they stand row by row.

    Returns
    -------
    order : ndarray of int64
        Rows in order; those equal in every key and the text as they stood.
    repeats : ndarray of bool
        Whether the row in this place equals the one before it in every key and the text.

    Notes
    -----
    Saves nothing where most rows are equal in every key.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> order, repeats = order_by_and_text([np.array([1, 0, 0])], pd.Series(["z", "b", "a"]))
    >>> order.tolist(), repeats.tolist()
    ([2, 1, 0], [False, False, False])
    """
    order, again = _order_and_repeats(keys)
    equal = np.flatnonzero(again | np.append(again[1:], False))
    tied = pd.DataFrame({"run": np.cumsum(~again)[equal], "row": order[equal]})
    places = tied["row"].to_numpy() if at is None else at[tied["row"]]
    tied["text"] = texts.array.take(places)
    tied = tied.sort_values(["run", "text"], kind="stable")
    order[equal] = tied["row"]
    repeats = np.zeros(len(order), dtype=bool)
    repeats[equal] = tied.duplicated(["run", "text"])
    return order, repeats


def time_steps(times: pd.Series) -> Ints:
    """Return times as numbers of the longest unit in which all are whole, so that they pack.

    Parameters
    ----------
    times
        Times, none missing.

    Returns
    -------
    ndarray of int64
        Seconds, milliseconds or microseconds since 1970.

    Examples
    --------
    >>> import pandas as pd
    >>> time_steps(pd.Series(pd.to_datetime([7, 60], unit="s"))).tolist()
    [7, 60]
    """
    exact: Ints = times.to_numpy("datetime64[us]").astype(np.int64)
    unit = next(unit for unit in (1_000_000, 1_000, 1) if not (exact % unit).any())
    return exact // unit
