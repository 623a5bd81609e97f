"""What hiding costs: how much reach a campaign gives up, knob by knob, to go unseen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import groups, rules
from benchmarks.task import Answer, Case, Metric, System, Task
from benchmarks.tasks.coordination import case_of
from disinfo.simulation import Campaign, Twin, simulate

_KINDS = ("reworded", "link_amplification")
_OPEN = {
    "n_accounts": 15, "n_waves": 10, "rotation": 0.2, "camouflage": 0.4, "jitter_s": 300.0,
}  # fmt: skip
# Each knob is turned alone, from the open setting on; the last step is the strongest.
KNOBS: Mapping[str, tuple[dict[str, float], ...]] = {
    "jitter": ({"jitter_s": 3600.0}, {"jitter_s": 6 * 3600.0}),
    "rotation": ({"rotation": 0.5}, {"rotation": 0.8}),
    "mimicry": (
        {"mimicry": 0.5, "camouflage": 0.7},
        {"mimicry": 1.0, "camouflage": 0.85},
    ),
    "mixing": ({"mixing": 0.5}, {"mixing": 1.0}),
}
WORDS: Mapping[str, tuple[dict[str, float], ...]] = {
    "paraphrase": ({"paraphrase": 0.5}, {"paraphrase": 1.0}),
    "bought accounts": ({"bought": 0.5}, {"bought": 1.0}),
}
_OPENLY = "openly: 0"


def steps(knobs: Mapping[str, tuple[dict[str, float], ...]]) -> dict[str, dict[str, float]]:
    """Return the settings by name, the open one first."""
    turned = {
        f"{knob}: {number}": setting
        for knob, settings in knobs.items()
        for number, setting in enumerate(settings, start=1)
    }
    return {_OPENLY: {}, **turned}


def knob_case(name: str, setting: Mapping[str, float], seed: int, *, texts: bool) -> Case:
    """Make the case of one setting: two campaigns of it, one twin and two bursts.

    Parameters
    ----------
    name
        Of the setting.
    setting
        Knobs that differ from the open setting.
    seed
        Of the world; all settings of a seed share it.
    texts
        As in `benchmarks.tasks.coordination.world_case`.

    Returns
    -------
    Case
        Its truth has ``reach`` beside: posts that an account wrote for its campaign.
    """
    chosen = {**_OPEN, "paraphrase": 0.0 if texts else 1.0, **setting}
    campaigns = tuple(Campaign(kind=kind, **chosen) for kind in _KINDS)  # type: ignore[arg-type]
    made = simulate(
        n_posts=2500, campaigns=campaigns, twins=(Twin(kind="newswire"),), bursts=2, seed=seed
    )
    acts = made.truth_posts.dropna(subset=["group_id"])["post_id"]
    authors = made.posts.set_index("post_id")["account_id"].loc[acts]
    reach = made.truth_accounts["account_id"].map(authors.value_counts()).fillna(0)
    case = case_of(made, f"{name}, seed {seed}", texts=texts)
    return dataclasses.replace(case, truth=case.truth.assign(reach=reach))


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Count, for each campaign account, its posts and whether it was named.

    Returns
    -------
    DataFrame
        One row a case; unit = the seed, since all settings of a seed share a world.
    """
    mine = case.truth[case.truth["role"] == "campaign"]
    organic = case.truth[case.truth["role"] == "organic"]
    named = set(answer["account_id"])
    seen = mine["account_id"].isin(named)
    name, _, seed = case.name.rpartition(", ")
    return pd.DataFrame(
        {
            "unit": [seed],
            "kind": [name],
            "planted": [len(mine)],
            "hits": [int(seen.sum())],
            "reach": [float(mine["reach"].sum())],
            "unseen": [float(mine.loc[~seen, "reach"].sum())],
            "innocent": [len(organic)],
            "false": [int(organic["account_id"].isin(named).sum())],
        }
    )


def _sum(columns: Columns, name: str, kind: str | None = None) -> float:
    values = columns[name].astype(float)
    return float(values.sum() if kind is None else values[columns["kind"] == kind].sum())


def _recall(kind: str) -> Metric:
    def value(columns: Columns) -> float:
        return ratio(_sum(columns, "hits"), _sum(columns, "planted"))

    return Metric(name=f"recall, {kind}", value=value, kinds=(kind,))


def unseen_reach(knob: str, n_steps: int) -> Metric:
    """Return the largest reach that turning a knob leaves unseen, in units of the open reach.

    The operator tries all steps and takes the best for himself. 1 means that he loses nothing, 0
    that nothing goes unseen; one minus it is the reach that hiding costs.
    """

    def value(columns: Columns) -> float:
        names = [_OPENLY, *(f"{knob}: {number}" for number in range(1, n_steps + 1))]
        unseen = [
            ratio(_sum(columns, "unseen", name), float((columns["kind"] == name).sum()))
            for name in names
        ]
        open_reach = ratio(
            _sum(columns, "reach", _OPENLY), float((columns["kind"] == _OPENLY).sum())
        )
        return ratio(max(unseen), open_reach)

    return Metric(name=f"unseen reach, {knob}", value=value, greater_is_better=False)


def _metrics(knobs: Mapping[str, tuple[dict[str, float], ...]]) -> tuple[Metric, ...]:
    return (
        Metric(
            name="recall over all settings",
            value=lambda columns: ratio(_sum(columns, "hits"), _sum(columns, "planted")),
        ),
        Metric(
            name="organic accounts named",
            value=lambda columns: ratio(_sum(columns, "false"), _sum(columns, "innocent")),
            greater_is_better=False,
        ),
        *(unseen_reach(knob, len(settings)) for knob, settings in knobs.items()),
        *(_recall(name) for name in steps(knobs)),
    )


def _cases(
    knobs: Mapping[str, tuple[dict[str, float], ...]], seed: int, *, texts: bool
) -> Iterator[Case]:
    for name, setting in steps(knobs).items():
        yield knob_case(name, setting, seed, texts=texts)


_HOW = (
    "Two campaigns of 15 accounts act openly, or with one knob turned one or two steps. Unseen "
    "reach: posts of accounts that are not named, at the step that is best for the operator, as a "
    "share of all posts that the open campaign writes; what is missing to 1 is what hiding costs. "
    "Read it beside the organic accounts named: naming everybody leaves nothing unseen. Intervals "
    "by seed."
)
_SYSTEMS: tuple[System, ...] = (groups.GROUP_TEST, *rules.BASELINES, *rules.RULES)
TASKS = (
    Task(
        id="robustness",
        description=f"Behaviour only, true families given. {_HOW}",
        cases=lambda seed: _cases(KNOBS, seed, texts=False),
        judge=judge,
        metrics=_metrics(KNOBS),
        baseline=rules.RAW_600.name,
        systems=_SYSTEMS,
        full_seeds=range(20_000, 20_006),
    ),
    Task(
        id="robustness-words",
        description=f"The whole job, on worlds with texts; the open campaign copies. {_HOW}",
        cases=lambda seed: _cases(WORDS, seed, texts=True),
        judge=judge,
        metrics=_metrics(WORDS),
        baseline=rules.RAW_600.name,
        systems=(groups.DETECT, *rules.BASELINES, *rules.RULES, *groups.PEERS),
        full_seeds=range(20_000, 20_002),
    ),
)
