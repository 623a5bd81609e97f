"""What is called where nothing is planted: many small organic worlds, and the p-values of pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import groups, rules
from benchmarks.systems.co_actions import shared_actions
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.tasks.coordination import judge, world_case, worlds_with_false_campaign
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.link_accounts import DEFAULT_WINDOWS_S, combined_pairs, usable_windows
from disinfo.coordination.pair_null import pair_evidence

SIZES = (800, 1500, 3000)
_CALM = ("organic", "bursts")
# Six kinds of worlds go round: as many of each.
_FIRST = range(30_000, 30_060)
# Levels at which the p-values of pairs are counted.
LEVELS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)


def null_worlds(seed: int) -> Iterator[Case]:
    """Yield one world without any planted group; kind and size go round with the seed."""
    kind, n_posts = _CALM[seed % 2], SIZES[seed // 2 % len(SIZES)]
    yield world_case(kind, seed, texts=False, n_posts=n_posts)


def _p_values(question: Question) -> Answer:
    arrays = action_arrays(shared_actions(question).drop(columns="event"))
    windows = usable_windows(None, DEFAULT_WINDOWS_S, arrays.resolution_s)
    cells, _ = pair_evidence(arrays, windows)
    p = combined_pairs(cells, n_cells=len(arrays.layers) * len(windows)).p if cells else np.ones(0)
    return pd.DataFrame({"level": LEVELS, "below": [int((p <= t).sum()) for t in LEVELS]})


def _uniform(question: Question) -> Answer:
    """Return what p-values that are uniform over all pairs would give."""
    pairs = _n_pairs(question.table["account_id"].nunique())
    return pd.DataFrame({"level": LEVELS, "below": [t * pairs for t in LEVELS]})


def _n_pairs(n_accounts: int) -> int:
    return n_accounts * (n_accounts - 1) // 2


def _count(case: Case, answer: Answer) -> pd.DataFrame:
    below = answer.set_index("level")["below"] if len(answer) else pd.Series(dtype="float64")
    counted = pd.DataFrame({"level": LEVELS, "below": below.reindex(LEVELS, fill_value=0).array})
    return counted.assign(
        unit=case.name,
        kind=counted["level"].map("{:g}".format),
        n_pairs=_n_pairs(len(case.truth)),
    )


def _excess(level: float) -> Metric:
    def value(columns: Columns) -> float:
        below, pairs = (columns[name].astype(float).sum() for name in ("below", "n_pairs"))
        return ratio(float(below), float(pairs) * level)

    name = f"p <= {level:g}: pairs there over pairs expected"
    return Metric(name=name, value=value, kinds=(f"{level:g}",), greater_is_better=False)


def _edges(columns: Columns) -> float:
    return ratio(float(columns["false"].astype(float).sum()), len(columns["false"]))


P_VALUES = System(
    name="disinfo: pair p-values",
    answer=_p_values,
    about="Combined over layers and windows. They propose groups and name nobody.",
)
UNIFORM = System(
    name="[baseline] uniform",
    answer=_uniform,
    about="A test that is exact would show 1 everywhere.",
)
_MANY = Task(
    id="false-alarms-many-worlds",
    description="Behaviour only: worlds of 800, 1,500 and 3,000 posts without any planted "
    "group, half of them with six bursts of breaking news. Share of worlds in which anybody "
    "is named, with an exact interval.",
    cases=null_worlds,
    judge=judge,
    metrics=(
        worlds_with_false_campaign("worlds with a false campaign", *_CALM),
        worlds_with_false_campaign("the same, organic", "organic"),
        worlds_with_false_campaign("the same, bursts", "bursts"),
        Metric(name="accounts named a world", value=_edges, greater_is_better=False),
    ),
    baseline=rules.RAW_600.name,
    systems=(groups.GROUP_TEST, groups.PAIRS, rules.RAW_600, *rules.RULES),
    full_seeds=range(0),
    nightly_seeds=range(30_000, 30_500),
)
TASKS = (
    _MANY,
    dataclasses.replace(
        _MANY,
        id="false-alarms-first-worlds",
        description=f"The first {len(_FIRST)} of the worlds of false-alarms-many-worlds, which "
        "takes long and is run by itself (`run nightly`). Exact intervals.",
        full_seeds=_FIRST,
        nightly_seeds=range(0),
    ),
    Task(
        id="pair-p-values",
        description="Combined p-values of all pairs of accounts in worlds of 800, 1,500 and 3,000 "
        "posts without any planted group. Below 1 the test is conservative at that level; above, "
        "pairs that share a taste or an event are more than its null knows. Intervals by world.",
        cases=null_worlds,
        judge=_count,
        metrics=tuple(_excess(level) for level in LEVELS),
        baseline=UNIFORM.name,
        systems=(P_VALUES, UNIFORM),
        full_seeds=_FIRST,
    ),
)
