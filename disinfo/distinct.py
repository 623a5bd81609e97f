"""Distinct numbers and texts in order, by sorting or by counting.

NumPy 2.3 and later find them in a hash table first, which takes fifteen times longer on a million
numbers that hardly repeat: keys of pairs, rows of acts.
"""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Distinct texts, as a pandas array: there may be millions.
Names: TypeAlias = Any
# Codes that reach no further than so many times their number are counted instead of sorted.
_COUNTED = 4

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
    codes, names = pd.factorize(texts.iloc[starts], sort=True)
    return np.repeat(codes.astype(np.int64), np.diff(starts, append=len(texts))), names.array
