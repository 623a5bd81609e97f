"""Which campaigns are found: recall by size, jitter, kind and camouflage, calm and under bursts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from benchmarks.systems import groups, rules
from benchmarks.task import Answer, Case, Metric, Task
from benchmarks.tasks.coordination import case_of, false_campaigns, judge, share
from benchmarks.worlds import CAMOUFLAGE, CAMPAIGNS, JITTERS_S, SIZES, graded_world

_KINDS = ("mixed", "mixed+bursts")
_FACTORS = ("size", "jitter", "layer", "camouflage")


def graded(seed: int) -> Iterator[Case]:
    """Yield a calm world and one with bursts, campaigns with knobs from the grids."""
    for kind in _KINDS:
        made, planted = graded_world(kind, seed)
        case = case_of(made, f"{kind}: {seed}", texts=False)
        knobs = pd.DataFrame(
            {
                "kind": planted["kind"],
                "layer": planted["kind"],
                "size": [f"{n} accounts" for n in planted["n_accounts"]],
                "jitter": planted["jitter_s"].map(_jitter),
                "camouflage": planted["camouflage"].map(_camouflage),
            }
        )
        yield Case(
            name=case.name,
            question=case.question,
            truth=case.truth.merge(knobs, on="kind", how="left"),
        )


def _jitter(seconds: float) -> str:
    return f"jitter {seconds:g} s"


def _camouflage(share: float) -> str:
    return f"camouflage {share:.0%}"


def judge_by_level(case: Case, answer: Answer) -> pd.DataFrame:
    """Count hits by world and, of each campaign, by the level of each factor.

    Returns
    -------
    DataFrame
        unit, kind (of the world; or "calm: level" or "bursts: level"), and counts.
    """
    whole = judge(case, answer)
    truth = case.truth[case.truth["role"] == "campaign"]
    named = answer.merge(truth, on="account_id", suffixes=("", "_true"))
    largest = named.groupby(["group_id_true", "group_id"]).size().groupby("group_id_true").max()
    hits = named.groupby("group_id_true")["account_id"].nunique()
    weather = "bursts" if "bursts" in case.name else "calm"
    rows: list[dict[str, object]] = []
    for group, accounts in truth.groupby("group_id"):
        counts = {
            "unit": case.name,
            "hits": int(hits.get(group, 0)),
            "missed": len(accounts) - int(hits.get(group, 0)),
            "planted": 1,
            "found": int(2 * largest.get(group, 0) >= len(accounts)),
        }
        levels = accounts[list(_FACTORS)].iloc[0]
        rows.extend({**counts, "kind": f"{weather}: {level}"} for level in levels)
    return pd.concat([whole, pd.DataFrame(rows)], ignore_index=True)


def _metrics() -> Iterator[Metric]:
    for kind in _KINDS:
        yield share(f"precision, {kind}", "hits", ("hits", "false"), kind)
        yield share(f"recall, {kind}", "hits", ("hits", "missed"), kind)
        yield share(f"campaigns found, {kind}", "found", ("planted",), kind)
        yield false_campaigns(kind)
    levels = (
        *(f"{n} accounts" for n in SIZES),
        *map(_jitter, JITTERS_S),
        *map(_camouflage, CAMOUFLAGE),
        *CAMPAIGNS[:-1],
    )
    for weather in ("calm", "bursts"):
        for level in levels:
            kind = f"{weather}: {level}"
            yield share(f"{kind}, accounts named", "hits", ("hits", "missed"), kind)


TASKS = (
    Task(
        id="coordination-power",
        description="Behaviour only: worlds of 6,000 posts with four campaigns of six kinds, of 3 "
        "to 60 accounts, jitter of 10 s to 6 h, up to half of the accounts absent from a wave and "
        "up to 90 % camouflage posts. Share of their accounts named, by one knob at a time, all "
        "others drawn. Intervals by world.",
        cases=graded,
        judge=judge_by_level,
        metrics=tuple(_metrics()),
        baseline=rules.RAW_600.name,
        systems=(groups.GROUP_TEST, rules.RAW_600),
        full_seeds=range(21_000, 21_040),
    ),
)
