"""The null check: what the same tests call after the actors have been exchanged."""

from __future__ import annotations

from dataclasses import dataclass

from disinfo.report.source import Source
from disinfo.text.display import display

_KIND, _ROUND, _OBSERVED = "kind", "round", "observed"


@dataclass(frozen=True)
class NullRow:
    """One measure of one kind of exchange: its mean and most over the rounds.

    `observed` is the same measure on the actions as they are, None where the table does not tell.
    """

    kind: str
    measure: str
    n_rounds: int
    mean: float
    most: float
    observed: float | None


def summarise_null_check(source: Source) -> tuple[NullRow, ...]:
    """Sum the table `null_rounds` up, whichever measures it holds.

    Parameters
    ----------
    source
        The page's tables; one without a null check gives nothing.

    Returns
    -------
    tuple of NullRow
        One a kind of exchange and column of numbers.
    """
    table = source.null_rounds
    if table is None or table.empty:
        return ()
    is_observed = table[_KIND] == _OBSERVED
    observed = table[is_observed].head(1)
    numbers = table.select_dtypes("number").columns.drop(_ROUND, errors="ignore")
    return tuple(
        NullRow(
            kind=display(str(kind), limit=80),
            measure=display(str(name), limit=60),
            n_rounds=len(rows),
            mean=float(rows[name].mean()),
            most=float(rows[name].max()),
            observed=float(observed[name].iloc[0]) if len(observed) else None,
        )
        for kind, rows in table[~is_observed].groupby(_KIND, sort=True)
        for name in numbers
    )
