"""What each stage and each signal is worth: the whole job without it, on the same worlds."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import ablated, groups, rules
from benchmarks.task import Case, Task
from benchmarks.tasks import coordination, scores

# Nine whole runs a world: smaller worlds than elsewhere, and only those with something to find.
_N_POSTS = 3500
_KINDS = ("mixed", "mixed+bursts")


def smaller_worlds(seed: int) -> Iterator[Case]:
    """Yield a mixed world without and one with bursts, with texts."""
    for kind in _KINDS:
        yield coordination.world_case(kind, seed, texts=True, n_posts=_N_POSTS)


TASKS = (
    Task(
        id="ablation-stages",
        description="The whole job without one stage or one layer of actions, on mixed worlds as "
        f"those of coordination-worlds-texts, but of {_N_POSTS:,} posts. Intervals by world.",
        cases=smaller_worlds,
        judge=coordination.judge,
        metrics=tuple(one for one in coordination.METRICS if set(one.kinds) <= set(_KINDS)),
        baseline=rules.RAW_600.name,
        systems=(groups.DETECT, *ablated.STAGES, rules.RAW_600),
        full_seeds=range(20_000, 20_001),
    ),
    Task(
        id="ablation-signals",
        description="How well the evidence of found groups tells campaigns from everything else, "
        "with the bits of one signal left out; on the worlds of campaign-scores. Nothing but the "
        "order of groups is judged: sums without a signal are not calibrated. Intervals by world.",
        cases=scores.cases,
        judge=scores.judge,
        metrics=(scores.METRICS[0], *scores.COUNTS),
        baseline=scores.PREVALENCE.name,
        systems=(*ablated.SIGNALS, scores.PREVALENCE),
        full_seeds=range(20_000, 20_004),
        after=("campaign-scores",),
    ),
)
