"""Leave one campaign, event, language, generator or platform out.

What shares an id, an account or a text with the part that is left out is taken from the lessons, so
that nothing learned there is met again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from benchmarks.blinding import blind_rows
from benchmarks.task import Case, HarnessError, Question, identity


@dataclass(frozen=True, kw_only=True)
class Fold:
    """One part left out.

    Parameters
    ----------
    left_out
        Name of the campaign, event, language, generator or platform.
    lessons, test
        Rows of the table to learn from, and those of the part.
    n_purged
        Rows of other parts that share an identity with the test and are in neither.
    """

    left_out: str
    lessons: pd.DataFrame
    test: pd.DataFrame
    n_purged: int


def leave_one_out(
    table: pd.DataFrame, by: str, *, never_shared: Sequence[str] = ("account_id", "text")
) -> Iterator[Fold]:
    """Yield one fold a value of a column, in the order of the values.

    Parameters
    ----------
    table
        Rows.
    by
        Column whose values are left out in turn; rows without one are lessons in every fold.
    never_shared
        Columns of which no value may be on both sides; those that the table lacks are ignored.

    Yields
    ------
    Fold
        Lessons and test without a common value.

    Raises
    ------
    HarnessError
        When there are fewer than two values, or a fold has no lessons left.

    Examples
    --------
    >>> rows = pd.DataFrame({"event": ["a", "a", "b"], "text": ["x", "y", "X "]})
    >>> [(f.left_out, len(f.lessons), f.n_purged) for f in leave_one_out(rows.assign(t=1), "event",
    ...  never_shared=())]
    [('a', 1, 0), ('b', 2, 0)]
    >>> next(leave_one_out(rows, "event"))
    Traceback (most recent call last):
    benchmarks.examination.HarnessError: leaving out event = a leaves no lessons
    """
    values = sorted(table[by].dropna().astype("str").unique())
    if len(values) < 2:
        msg = f"leaving one {by} out needs two of them, there are {len(values)}"
        raise HarnessError(msg)
    groups = table[by].astype("str")
    for value in values:
        inside = (groups == value).to_numpy()
        test, others = table[inside], table[~inside]
        shared = pd.Series(False, index=others.index)
        for name in never_shared:
            if name in table:
                shared |= (
                    identity(others[name])
                    .isin(identity(test[name]))
                    .reindex(others.index, fill_value=False)
                )
        lessons = others[~shared]
        if lessons.empty:
            msg = f"leaving out {by} = {value} leaves no lessons"
            raise HarnessError(msg)
        yield Fold(left_out=value, lessons=lessons, test=test, n_purged=int(shared.sum()))


def fold_cases(
    name: str,
    table: pd.DataFrame,
    by: str,
    *,
    label: str,
    id_column: str = "text_id",
    seen: Sequence[str] = ("text",),
) -> Iterator[Case]:
    """Yield a case a fold: blinded rows to judge, labelled lessons beside them.

    Parameters
    ----------
    name
        Of the data; becomes part of the unit names.
    table
        Rows with a unique id, a label and the column `by`.
    by
        What is left out in turn.
    label
        Column with the label; lessons carry it as ``label``, the question does not.
    id_column
        Column with the ids.
    seen
        Columns that systems see.

    Yields
    ------
    Case
        Truth: the ids as the system sees them, ``label``, and ``unit`` (what was left out).
    """
    for fold in leave_one_out(table, by, never_shared=(id_column, "account_id", "text")):
        case_name = f"{name}, {by} {fold.left_out}"
        blind = blind_rows(fold.test, id_column, case_name)
        lessons = fold.lessons[list(seen)].assign(label=fold.lessons[label])
        yield Case(
            name=case_name,
            question=Question(
                table=blind[[id_column, *seen]], lessons=lessons.reset_index(drop=True)
            ),
            truth=pd.DataFrame(
                {id_column: blind[id_column], "label": blind[label], "unit": case_name}
            ),
        )
