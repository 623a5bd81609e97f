"""The null check: what the same search finds after the accounts have been shuffled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from disinfo.report.source import Source
from disinfo.text.display import display

_KINDS, _ROUND = "kind", "round"


@dataclass(frozen=True)
class NullRow:
    """One measure of one kind of shuffle: its mean and most over the rounds.

    `found` is the same measure in the real data, None where the tables do not tell.
    """

    kind: str
    measure: str
    n_rounds: int
    mean: float
    most: float
    found: int | None


def summarise_null_check(source: Source) -> tuple[NullRow, ...]:
    """Sum the table `null_check` up, whichever measures it holds.

    Parameters
    ----------
    source
        The page's tables; one without a null check gives nothing.

    Returns
    -------
    tuple of NullRow
        One a kind of shuffle and column of numbers.
    """
    table = source.null_check
    if table is None or table.empty:
        return ()
    kinds = table[_KINDS].astype("str") if _KINDS in table else pd.Series("", index=table.index)
    numbers = table.select_dtypes("number").columns.drop(_ROUND, errors="ignore")
    found = _found(source)
    return tuple(
        NullRow(
            kind=display(str(kind), limit=80),
            measure=display(str(name), limit=60),
            n_rounds=len(rows),
            mean=float(rows[name].mean()),
            most=float(rows[name].max()),
            found=found.get(str(name)),
        )
        for kind, rows in table.groupby(kinds, sort=True)
        for name in numbers
    )


def _found(source: Source) -> Mapping[str, int]:
    return {"n_edges": len(source.edges), "n_campaigns": len(source.campaigns)}
