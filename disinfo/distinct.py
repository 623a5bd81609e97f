"""Distinct numbers and texts in order, by sorting or by counting.

NumPy 2.3 and later find them in a hash table first, which takes fifteen times longer on a million
numbers that hardly repeat: keys of pairs, rows of acts.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Distinct texts, as a pandas array: there may be millions.
Names: TypeAlias = Any
# Codes that reach no further than so many times their number are counted instead of sorted.
_COUNTED = 4
# Of so many texts at a time the distinct ones are counted: their table stays in the cache.
_TEXTS_AT_ONCE = 500_000

Whole = TypeVar("Whole", bound=np.integer)


def distinct(*values: NDArray[Whole]) -> NDArray[Whole]:
    """Return the distinct numbers of one or more arrays, ascending.

    Parameters
    ----------
    *values
        At least one array of whole numbers; none is changed.

    Returns
    -------
    ndarray
        Shape (n_distinct,), the dtype of the values.

    Notes
    -----
    Equal to `numpy.unique` of them all. No faster than that where few numbers repeat very often.

    Examples
    --------
    >>> import numpy as np
    >>> distinct(np.array([3, 1, 3]), np.array([2])).tolist()
    [1, 2, 3]
    """
    ordered = np.concatenate(values, axis=None)
    ordered.sort()
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def numbered(codes: Ints) -> tuple[Ints, Ints]:
    """Return the distinct codes, ascending, and the place of each code among them.

    Parameters
    ----------
    codes
        Shape (n,), none below zero.

    Returns
    -------
    tuple of ndarray of int64
        Shapes (n_distinct,) and (n,); as `numpy.unique` with ``return_inverse``.

    Notes
    -----
    Takes an array as long as the largest code where that is no more than four times n; codes
    further apart are sorted.

    Examples
    --------
    >>> import numpy as np
    >>> [part.tolist() for part in numbered(np.array([7, 2, 7]))]
    [[2, 7], [1, 0, 1]]
    """
    if int(codes.max(initial=0)) > _COUNTED * len(codes):
        found, place = np.unique(codes, return_inverse=True)
        return found, place
    there = np.zeros(int(codes.max(initial=-1)) + 1, dtype=bool)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def numbered_texts(texts: pd.Series) -> tuple[Ints, Names]:
    """Return the place of each text among the distinct ones, and those in order.

    Parameters
    ----------
    texts
        None missing.

    Returns
    -------
    codes : ndarray of int64
        A place a text.
    names : pandas array
        Distinct texts, ascending.

    Notes
    -----
    Equal texts that stand together are looked up once; where none do, that saves nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> codes, names = numbered_texts(pd.Series(["b", "b", "a"], dtype="str"))
    >>> codes.tolist(), names.tolist()
    ([1, 1, 0], ['a', 'b'])
    """
    new = np.ones(len(texts), dtype=bool)
    new[1:] = texts.array[1:] != texts.array[:-1]
    starts = np.flatnonzero(new)
    if len(starts) > len(texts) / 2:
        # A copy of most of them would cost more than it saves.
        return _in_order(texts)
    codes, names = _in_order(texts.iloc[starts])
    return np.repeat(codes, np.diff(starts, append=len(texts))), names


def _in_order(texts: pd.Series) -> tuple[Ints, Names]:
    # Tables come in order more often than not, and then there is nothing to look up.
    if ascending(texts):
        return np.arange(len(texts)), texts.array
    codes, names = coded_texts(texts)
    order = names.argsort()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[codes], names.take(order)


def coded_texts(texts: pd.Series) -> tuple[Ints, Names]:
    """Return a number for each text, the same for equal ones, and the text of each number.

    Parameters
    ----------
    texts
        None missing.

    Returns
    -------
    codes : ndarray of int64
        A number a text, from 0 on without gaps.
    names : pandas array
        Distinct texts by number, in no order.

    Notes
    -----
    Millions of texts are parted by how they end, and each part is looked up alone: a table of all
    would be looked up in memory instead of the cache. Where all end alike that saves nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> codes, names = coded_texts(pd.Series(["b", "a", "b"], dtype="str"))
    >>> names.take(codes).tolist()
    ['b', 'a', 'b']
    """
    parts = _by_parts(texts, pc.dictionary_encode)
    codes = np.empty(len(texts), dtype=np.int64)
    n_names = 0
    for rows, found in parts:
        codes[rows] = found.indices.to_numpy() + n_names
        n_names += len(found.dictionary)
    if n_names == len(texts):
        # None repeats: the texts themselves will do, and a copy of millions is saved.
        return np.arange(n_names), texts.array
    names = pa.concat_arrays([found.dictionary for _, found in parts])
    return codes, pd.Series(names, dtype="str").array


def ascending(texts: pd.Series) -> bool:
    """Return whether texts stand in order with none twice.

    Parameters
    ----------
    texts
        None missing, or the answer is no.

    Returns
    -------
    bool
        No, where they are not stored as texts: it would cost as much to tell as to sort.

    Examples
    --------
    >>> import pandas as pd
    >>> ascending(pd.Series(["a", "b"], dtype="str")), ascending(pd.Series(["b", "b"], dtype="str"))
    (True, False)
    """
    if texts.dtype != "str":
        return False
    column = pa.array(texts)
    if column.null_count:
        return False
    return bool(pc.all(pc.less(column[:-1], column[1:])).as_py())


def counted_texts(texts: pd.Series) -> tuple[Names, Ints]:
    """Return the distinct texts in order, and how often each occurs.

    Parameters
    ----------
    texts
        Missing ones are not counted.

    Returns
    -------
    names : pandas array
        Distinct texts, ascending.
    counts : ndarray of int64
        Aligned with the names.

    Notes
    -----
    Millions of texts are parted by how they end, and each part is counted alone: a table of all
    would be looked up in memory instead of the cache. Where all end alike that saves nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> names, counts = counted_texts(pd.Series(["b", "a", "b", None], dtype="str"))
    >>> names.tolist(), counts.tolist()
    (['a', 'b'], [1, 2])
    """
    parts = _by_parts(texts.dropna(), pc.value_counts)
    names = pa.concat_arrays([found.field("values") for _, found in parts])
    counts = np.concatenate([found.field("counts").to_numpy() for _, found in parts])
    order = pc.sort_indices(names)
    return pd.Series(names.take(order), dtype="str").array, counts[order.to_numpy()]


def _by_parts(texts: pd.Series, look_up: Callable[[Any], Any]) -> list[tuple[Any, Any]]:
    """Part texts by how they end; return the rows of each part and what was looked up in it."""
    column = pa.array(texts)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    n_parts = -(-len(whole) // _TEXTS_AT_ONCE)
    if n_parts <= 1:
        return [(slice(None), look_up(whole))]
    endings = pc.binary_slice(whole.cast(pa.large_binary()), -3).dictionary_encode()
    part_of = endings.indices.to_numpy() % n_parts

    def of_part(part: int) -> tuple[Any, Any]:
        rows = np.flatnonzero(part_of == part)
        return rows, look_up(whole.take(pa.array(rows)))

    with ThreadPoolExecutor() as threads:
        return list(threads.map(of_part, range(n_parts)))
