"""What each stage and each signal is worth: the whole job without it, on the same worlds."""

from __future__ import annotations

from benchmarks.systems import ablated, groups, rules
from benchmarks.task import Task
from benchmarks.tasks import coordination, scores

TASKS = (
    Task(
        id="ablation-stages",
        description="The whole job without one stage or one layer of actions, on the worlds of "
        "coordination-worlds-texts. Intervals by world.",
        cases=coordination.TASKS[1].cases,
        judge=coordination.judge,
        metrics=coordination.METRICS,
        baseline=rules.RAW_600.name,
        systems=(groups.DETECT, *ablated.STAGES, rules.RAW_600),
        full_seeds=range(20_000, 20_005),
    ),
    Task(
        id="ablation-signals",
        description="How well the evidence of found groups tells campaigns from everything else, "
        "with the bits of one signal left out; on the worlds of campaign-scores. Only the AUC is "
        "to be read: sums without a signal are not calibrated. Intervals by world.",
        cases=scores.cases,
        judge=scores.judge,
        metrics=scores.TASKS[0].metrics,
        baseline=scores.PREVALENCE.name,
        systems=(*ablated.SIGNALS, scores.PREVALENCE),
        full_seeds=range(20_000, 20_020),
    ),
)
