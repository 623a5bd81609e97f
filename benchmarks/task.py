"""What a task is, what a system is, and the wall between them.

A system is handed a `Question`, which has no label in it; the truth stays in the `Case` that the
harness keeps. That, and ids and row orders that say nothing, is checked for every case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from benchmarks.examination import HarnessError as HarnessError
from benchmarks.intervals import ROUNDS, Columns
from disinfo.stages import Vectors

# Names under which the data sets and the simulator keep what a system must not see.
LABEL_COLUMNS = frozenset(
    {
        "role", "kind", "group_id", "message_id", "opposes", "story_id", "topic", "label", "truth",
        "inauthentic", "seed_id", "variant", "event", "event_id", "veracity", "claim_id",
        "claim_id_merged", "issue", "issue_short", "cluster",
    }
)  # fmt: skip
# Neighbouring ids that share a label more often than this many standard errors above chance.
_LEAK_Z = 6.0
# A row of the lessons that shares one of these with a row asked about gives its label away.
_IDENTITIES = ("text_id", "post_id", "account_id", "text")


class AbsentError(Exception):
    """A data set, a peer or a part of the library is not there; the row says so."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a system sees.

    Parameters
    ----------
    table
        Texts (text_id, text) or posts (see `disinfo.tables`), in an order that says nothing.
    embeddings
        A unit row for each row of the table, the same for every system; None for tasks in which a
        system reads the posts itself.
    pairs
        Pairs of texts to judge (text_a, text_b), where that is the task.
    lessons
        Labelled rows to learn from (the table's columns and ``label``), where the task gives any.
        None of them may share a text, an id or an account with the table.
    """

    table: pd.DataFrame
    embeddings: Vectors | None = None
    pairs: pd.DataFrame | None = None
    lessons: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if self.lessons is not None:
            refuse_overlap(self.lessons, self.table)
        given = set(self.table.columns) | set(() if self.pairs is None else self.pairs.columns)
        if found := sorted(given & LABEL_COLUMNS):
            msg = f"a question must hold no label; it has the columns {found}"
            raise HarnessError(msg)


def identity(values: pd.Series) -> pd.Series:
    """Return values without the case and spaces that would hide that two are equal."""
    text = values.dropna().astype("str")
    return text.str.casefold().str.split().str.join(" ")


def refuse_overlap(lessons: pd.DataFrame, table: pd.DataFrame) -> None:
    """Refuse lessons that share a text, an id or an account with what is asked.

    Raises
    ------
    HarnessError
        With the number of rows that do, and one example.
    """
    for name in _IDENTITIES:
        if name not in lessons or name not in table:
            continue
        taught = identity(lessons[name])
        shared = taught[taught.isin(identity(table[name]))]
        if len(shared):
            example = shared.iloc[0]
            msg = f"{len(shared)} lessons share their {name} with the test, such as {example!r}"
            raise HarnessError(msg)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question and, kept from the system, what is true.

    Parameters
    ----------
    name
        Of the world or data set; becomes part of the unit names.
    question
        What the system sees.
    truth
        What the judge needs.
    """

    name: str
    question: Question
    truth: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number made from rows that a judge wrote.

    Parameters
    ----------
    name
        Column of the table.
    value
        From columns (sums, labels, scores) to the number.
    greater_is_better
        Direction.
    kinds
        Only rows whose ``kind`` is one of these are looked at, and only their units drawn.
    of_units
        The number is a share of units: its interval is exact (Clopper and Pearson), so that none
        of five is not taken for never.
    rounds, halves
        See `benchmarks.intervals.interval`.
    """

    name: str
    value: Callable[[Columns], float]
    greater_is_better: bool = True
    kinds: tuple[str, ...] = ()
    of_units: bool = False
    rounds: int = ROUNDS
    halves: bool = False


Answer: TypeAlias = pd.DataFrame
Judge: TypeAlias = Callable[[Case, Answer], pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class System:
    """Something that answers questions.

    Parameters
    ----------
    name
        Permanent; baselines begin with ``[baseline]``.
    answer
        From a question to a table; the task says which.
    about
        One sentence: what it does and which defect of it is known.
    missing
        Why it cannot run here, or None.
    """

    name: str
    answer: Callable[[Question], Answer]
    about: str
    missing: Callable[[], str | None] = lambda: None

    @property
    def is_baseline(self) -> bool:
        return self.name.startswith("[baseline]")


@dataclass(frozen=True, kw_only=True)
class Task:
    """A question put to systems.

    Parameters
    ----------
    id
        Permanent.
    description
        What is asked, of which data, and what counts as a hit.
    data
        Data sets that it reads, by their name in `benchmarks.datasets`; none for simulated ones.
    cases
        From a seed to cases.
    judge
        From a case and an answer to rows with a column ``unit``.
    metrics
        The first is the primary one.
    baseline
        Name of the system that every table must show.
    systems
        Who is asked.
    quick_seeds, full_seeds, nightly_seeds
        Ranges of seeds, one a group of tasks (``run quick``); empty where the task is not of it.
    after
        Tasks that ask the same of the library or of peers: where several run side by side this one
        begins when they have ended, and reads what they kept.
    alone
        Takes times, so that nothing may run beside it.
    """

    id: str
    description: str
    cases: Callable[[int], Iterator[Case]]
    judge: Judge
    metrics: tuple[Metric, ...]
    baseline: str
    systems: tuple[System, ...]
    data: tuple[str, ...] = ()
    quick_seeds: range = range(0)
    full_seeds: range = range(1)
    nightly_seeds: range = range(0)
    after: tuple[str, ...] = ()
    alone: bool = False

    @property
    def primary(self) -> Metric:
        return self.metrics[0]


def check_order(labels: Sequence[object], what: str) -> None:
    """Refuse an order in which neighbours share a label more often than chance has it.

    Parameters
    ----------
    labels
        Labels in the order in question; missing ones are left out.
    what
        Names the order in the message.

    Raises
    ------
    HarnessError
        When the order gives labels away.
    """
    codes, names = pd.factorize(pd.Series(list(labels)).dropna())
    n = len(codes)
    if n < 20 or len(names) < 2:
        return
    sizes = np.bincount(codes).astype(np.float64)
    chance = float((sizes * (sizes - 1)).sum() / (n * (n - 1)))
    seen = float((codes[1:] == codes[:-1]).mean())
    error = max(np.sqrt(chance * (1 - chance) / (n - 1)), 0.5 / (n - 1))
    if seen - chance > _LEAK_Z * error:
        msg = (
            f"{what} gives labels away: {seen:.1%} of neighbours share one, "
            f"{chance:.1%} would by chance"
        )
        raise HarnessError(msg)


def check_ids(ids: Sequence[str], labels: Sequence[object]) -> None:
    """Refuse ids whose order gives labels away (a label written into an id does).

    Raises
    ------
    HarnessError
        When it does.
    """
    frame = pd.DataFrame({"id": list(ids), "label": list(labels)})
    check_order(frame.sort_values("id")["label"].tolist(), "the order of ids")
    shorter = frame.assign(tail=frame["id"].str[::-1]).sort_values("tail", kind="stable")
    check_order(shorter["label"].tolist(), "the order of ids read backwards")
