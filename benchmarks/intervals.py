"""Intervals by resampling units (worlds, campaigns, clusters, accounts), never single posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[np.generic]]
Statistic = Callable[[Columns], float]

ROUNDS = 1000
# Half of fewer units is too few to stand for all of them.
_FEWEST_HALVED = 20
_LEVEL = 0.95


class Drawn(Mapping[str, NDArray[np.generic]]):
    """The columns of drawn rows; only those that a statistic looks at are copied.

    Parameters
    ----------
    columns
        Of all rows.
    rows
        Numbers of the drawn ones.
    """

    def __init__(self, columns: Columns, rows: NDArray[np.int64]) -> None:
        self._columns, self._rows = columns, rows

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        return self._columns[name][self._rows]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def exact_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Clopper and Pearson.

    Examples
    --------
    >>> [round(bound, 3) for bound in exact_interval(0, 5)]
    [0.0, 0.522]
    """
    from scipy.stats import beta

    tail = (1 - _LEVEL) / 2
    low = float(beta.ppf(tail, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, n - hits)) if hits < n else 1.0
    return low, high


def interval(
    rows: pd.DataFrame, statistic: Statistic, *, rounds: int = ROUNDS, halves: bool = False
) -> tuple[float, float, float]:
    """Return a statistic with its 95 % interval.

    Parameters
    ----------
    rows
        Rows with a column ``unit``; all rows of a unit are drawn together.
    statistic
        From columns to a number.
    rounds
        Number of resamples; the seed is fixed.
    halves
        Draw half of the units without replacement instead of all with it. The spread is the same
        and no unit comes twice, which a measure of information would take for agreement. Ignored
        with fewer than 20 units.

    Returns
    -------
    tuple of three floats
        Value, low, high. NaN where the statistic is not defined; low and high are NaN with fewer
        than two units, since one unit says nothing about the next.
    """
    columns = {name: rows[name].to_numpy() for name in rows.columns}
    value = statistic(columns) if len(rows) else float("nan")
    codes, units = pd.factorize(rows["unit"], sort=True)
    if len(units) < 2 or np.isnan(value):
        return value, float("nan"), float("nan")
    order = np.argsort(codes, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    halves = halves and len(units) >= _FEWEST_HALVED
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(rounds):
        if halves:
            chosen = rng.permutation(len(units))[: max(1, len(units) // 2)]
        else:
            chosen = rng.integers(0, len(units), len(units))
        at = np.concatenate([members[unit] for unit in chosen])
        drawn.append(statistic(Drawn(columns, at)))
    found = np.array(drawn)
    found = found[~np.isnan(found)]
    if len(found) == 0:
        return value, float("nan"), float("nan")
    if halves:
        found = found - found.mean() + value
    low, high = np.quantile(found, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return value, float(low), float(high)
