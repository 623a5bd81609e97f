"""Which texts tell one story: a label a text.

Which level of the narrative stage is held against which truth is fixed for all sets: families
against messages and claims, narratives against stories, topics against events and issues. The
other levels are printed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import (
    adjusted_mutual_information,
    adjusted_rand,
    cluster_items,
    f1,
    ratio,
)
from benchmarks.systems import clusters
from benchmarks.task import Answer, Case, Metric, System, Task
from benchmarks.tasks import corpora

# An exact expectation of mutual information takes a second where clusters are many.
_AMI_ROUNDS = 20


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Measure each labelled text; a text without a prediction stands alone.

    Returns
    -------
    DataFrame
        One row a labelled text; unit = its true cluster.
    """
    truth = case.truth.dropna(subset=["label"])
    given = answer.drop_duplicates("text_id").set_index("text_id")["label"].astype("str")
    predicted = truth["text_id"].map(given)
    predicted = "c " + predicted.where(predicted.notna(), "alone " + truth["text_id"])
    items = cluster_items(truth["label"].tolist(), predicted.tolist())
    size = predicted.map(predicted.value_counts())
    return pd.DataFrame(
        {
            "unit": case.name + ": " + truth["label"].astype(str),
            "truth": case.name + ": " + truth["label"].astype(str),
            "predicted": case.name + ": " + predicted,
            "alone": (size == 1).astype(float),
            "covered": truth["text_id"].isin(given.index).astype(float),
            "share": size / len(truth),
            "language": truth.get("language", ""),
            **items,
        }
    )


def _mean(name: str, columns: Columns) -> float:
    values = columns[name].astype(float)
    return ratio(float(values.sum()), len(values))


def _b_cubed(columns: Columns) -> float:
    precision, recall = _mean("precision", columns), _mean("recall", columns)
    return ratio(2 * precision * recall, precision + recall)


def _pair_f1(columns: Columns) -> float:
    both, joined, belonging = (columns[n].astype(float).sum() for n in _PAIRS)
    return f1(both, joined - both, belonging - both)


def _rand(columns: Columns) -> float:
    both, joined, belonging = (columns[n].astype(float).sum() for n in _PAIRS)
    return adjusted_rand(both, joined, belonging, len(columns["both"]))


def _mutual(columns: Columns) -> float:
    return adjusted_mutual_information(
        np.asarray(columns["truth"]).tolist(), np.asarray(columns["predicted"]).tolist()
    )


def _with_language(columns: Columns, name: str = "predicted") -> float:
    spoken = np.asarray(columns["language"]).tolist()
    return adjusted_mutual_information(spoken, np.asarray(columns[name]).tolist())


_PAIRS = ("both", "joined", "belonging")
METRICS = (
    Metric(name="B-cubed F1", value=_b_cubed),
    Metric(name="B-cubed precision", value=lambda columns: _mean("precision", columns)),
    Metric(name="B-cubed recall", value=lambda columns: _mean("recall", columns)),
    Metric(name="pair F1", value=_pair_f1),
    Metric(name="ARI", value=_rand),
    Metric(name="AMI", value=_mutual, rounds=_AMI_ROUNDS, halves=True),
    Metric(
        name="texts alone", value=lambda columns: _mean("alone", columns), greater_is_better=False
    ),
    Metric(name="coverage", value=lambda columns: _mean("covered", columns)),
    Metric(
        name="largest cluster",
        value=lambda columns: float(columns["share"].astype(float).max()),
        greater_is_better=False,
    ),
)
# Of simulated worlds, whose posts are in five languages.
IN_LANGUAGES = (
    *METRICS,
    Metric(
        name="AMI with language", value=_with_language, greater_is_better=False,
        rounds=_AMI_ROUNDS, halves=True,
    ),
    Metric(
        name="AMI of the truth with language",
        value=lambda columns: _with_language(columns, "truth"), greater_is_better=False,
        rounds=_AMI_ROUNDS, halves=True,
    ),
)  # fmt: skip


def _task(
    name: str,
    description: str,
    cases: Callable[[int], Iterator[Case]],
    *,
    data: tuple[str, ...] = (),
    systems: tuple[System, ...] = clusters.SYSTEMS,
    quick_seeds: range = range(0),
    full_seeds: range = range(1),
    metrics: tuple[Metric, ...] = METRICS,
    after: tuple[str, ...] = (),
) -> Task:
    return Task(
        id=name,
        description=description,
        cases=cases,
        judge=judge,
        metrics=metrics,
        baseline=clusters.EXACT.name,
        systems=systems,
        data=data,
        quick_seeds=quick_seeds,
        full_seeds=full_seeds,
        after=after,
    )


# Said because it is so: this figure has had a part in a decision.
_LOOKED_AT = (
    " (but a rule that set far narratives apart, of no use on the others, was dropped after it "
    "scattered the larger of these)"
)
TASKS = (
    _task(
        "families-simulated",
        "Posts of a simulated election by the message that they word: families. Intervals by "
        "message; texts of no message take part and are not judged.",
        corpora.simulated_messages,
        full_seeds=range(20_000, 20_002),
        metrics=IN_LANGUAGES,
    ),
    _task(
        "narratives-simulated",
        "Posts of a simulated election by the story that they tell (an event, an outlet's item, a "
        "campaign's story): narratives. Intervals by story; texts of no story take part and are "
        "not judged.",
        corpora.simulated_stories,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_002),
        metrics=IN_LANGUAGES,
        after=("families-simulated",),
    ),
    _task(
        "narratives-checkthat",
        "Fact-checked posts in French and German by the claim that they make, most of them alone: "
        "families. Intervals by claim.",
        corpora.checkthat,
        data=("checkthat25_claimnorm",),
    ),
    _task(
        "narratives-pheme",
        "Rumours of five breaking events in English: topics. Intervals by event, of which there "
        "are five only. Three of them were looked at while topics were made.",
        corpora.pheme,
        systems=clusters.OF_TOPICS,
        data=("pheme_rumours",),
    ),
    _task(
        "narratives-socialed",
        "Arabic posts on seven crises: topics. Intervals by event, of which there are seven only. "
        "Four of them were looked at while topics were made.",
        corpora.socialed,
        systems=clusters.OF_TOPICS,
        data=("socialed_arabic7",),
    ),
    _task(
        "narratives-llm-persuasion",
        "Essays of 24 language models on ten issues: topics. Intervals by issue. Five of them were "
        "looked at while topics were made.",
        corpora.llm_persuasion,
        systems=clusters.OF_TOPICS,
        data=("llm_persuasion",),
    ),
    *(
        _task(
            f"{name}-unseen",
            f"The same on {what} not looked at while topics were made{but}. Intervals by them.",
            corpora.unseen(name.removeprefix("narratives-")),
            systems=clusters.OF_TOPICS,
            data=(data,),
        )
        for name, what, data, but in (
            ("narratives-pheme", "the two events", "pheme_rumours", _LOOKED_AT),
            ("narratives-socialed", "the three events", "socialed_arabic7", ""),
            ("narratives-llm-persuasion", "the five issues", "llm_persuasion", ""),
        )
    ),
)
