"""How often groups of each probability are inauthentic: the points of a reliability plot."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import groups, unseen
from benchmarks.task import Metric, Task
from benchmarks.tasks import scores

PREVALENCE = 0.2
# Where probabilities are cut.
EDGES = (0.0, 0.05, 0.2, 0.5, 0.8, 1.0)


def part_name(low: float, high: float) -> str:
    """Return the name of a range of probabilities.

    Examples
    --------
    >>> part_name(0.05, 0.2)
    '.05 to .2'
    """
    return f"{low:g} to {high:g}".replace("0.", ".")


def _points(low: float, high: float) -> Iterator[Metric]:
    def cut(columns: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        probability = columns["probability"].astype(float)
        known = columns["called"].astype(bool) & ~np.isnan(probability)
        truth, probability = columns["inauthentic"].astype(bool)[known], probability[known]
        share = truth.mean() if len(truth) else 0.0
        weight = np.where(
            truth, PREVALENCE / max(share, 1e-9), (1 - PREVALENCE) / max(1 - share, 1e-9)
        )
        inside = (probability >= low) & ((probability < high) | (high == EDGES[-1]))
        return truth[inside], probability[inside], weight[inside]

    def observed(columns: Columns) -> float:
        truth, _, weight = cut(columns)
        return ratio(float(weight[truth].sum()), float(weight.sum()))

    def forecast(columns: Columns) -> float:
        _, probability, weight = cut(columns)
        return ratio(float(weight @ probability), float(weight.sum()))

    def count(columns: Columns) -> float:
        return float(len(cut(columns)[0]))

    name = part_name(low, high)
    yield Metric(name=f"inauthentic, {name}", value=observed)
    yield Metric(name=f"mean probability, {name}", value=forecast)
    yield Metric(name=f"groups, {name}", value=count)


TASKS = (
    Task(
        id="campaign-reliability",
        description="Of the groups that campaign-scores finds, those with a probability in each "
        "range: what share is inauthentic, and what was forecast. Groups are weighed as if .2 of "
        "them were campaigns, the prevalence that the probabilities are made for. Intervals by "
        "world.",
        cases=scores.cases,
        judge=scores.judge,
        metrics=tuple(metric for low, high in pairwise(EDGES) for metric in _points(low, high)),
        baseline=scores.PREVALENCE.name,
        systems=(groups.DETECT, unseen.UNSEEN, scores.PREVALENCE),
        full_seeds=range(20_000, 20_004),
        after=("campaign-scores",),
    ),
)
