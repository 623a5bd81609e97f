"""Whether the probabilities of found campaigns are right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import auc, calibration_error, ratio
from benchmarks.systems import groups
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.tasks.coordination import world_case

_PREVALENCE = 0.2


def cases(seed: int) -> Iterator[Case]:
    """Yield a mixed world without and one with bursts; both hold campaigns and twins."""
    for kind in ("mixed", "mixed+bursts"):
        yield world_case(kind, seed, texts=True)


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Label each called group by the planted group of most of its accounts; list what was missed.

    Returns
    -------
    DataFrame
        One row a called group and one a planted campaign that no group stands for; unit = world.
    """
    truth = case.truth.set_index("account_id")
    rows = []
    met = set()
    for _, own in answer.groupby("group_id"):
        planted = truth["group_id"].reindex(own["account_id"])
        main = planted.fillna("none").value_counts().index[0]
        role = truth.loc[truth["group_id"] == main, "role"]
        inauthentic = len(role) > 0 and role.iloc[0] == "campaign"
        met.add(main)
        rows.append(
            {
                "called": True,
                "inauthentic": inauthentic,
                "twin": len(role) > 0 and not inauthentic,
                "probability": float(own["probability"].iloc[0]),
                "likely": bool(own["likely"].iloc[0]),
            }
        )
    campaigns = truth[truth["role"] == "campaign"]["group_id"].unique()
    rows += [
        {
            "called": False,
            "inauthentic": True,
            "twin": False,
            "probability": np.nan,
            "likely": False,
        }
        for name in campaigns
        if name not in met
    ]
    return pd.DataFrame(rows).assign(unit=case.name)


def _called(columns: Columns) -> dict[str, pd.Series]:
    called = columns["called"].astype(bool)
    return {name: pd.Series(column[called]) for name, column in columns.items()}


def _auc(columns: Columns) -> float:
    own = _called(columns)
    # "Not enough data" is no opinion: the stated prevalence.
    scores = own["probability"].astype(float).fillna(_PREVALENCE)
    return auc(own["inauthentic"].astype(bool), scores)


def _ece(columns: Columns) -> float:
    own = _called(columns)
    known = own["probability"].astype(float).notna().to_numpy()
    return calibration_error(
        own["inauthentic"].astype(bool).to_numpy()[known],
        own["probability"].astype(float).to_numpy()[known],
    )


def _likely(which: str, *, missed: bool) -> Metric:
    def value(columns: Columns) -> float:
        inside = columns[which].astype(bool)
        if not missed:
            inside = inside & columns["called"].astype(bool)
        return ratio(float(columns["likely"].astype(bool)[inside].sum()), int(inside.sum()))

    name = "twins called likely inauthentic" if which == "twin" else "campaigns called likely"
    return Metric(
        name=f"{name}, of all planted" if missed else f"{name}, of those found",
        value=value,
        greater_is_better=which != "twin",
    )


def _insufficient(columns: Columns) -> float:
    own = _called(columns)["probability"].astype(float)
    return ratio(float(own.isna().sum()), len(own))


def _groups_called(columns: Columns) -> float:
    return float(columns["called"].astype(bool).sum())


def _prevalence(question: Question) -> Answer:
    return groups.DETECT.answer(question).assign(probability=_PREVALENCE, likely=False)


def _size(question: Question) -> Answer:
    found = groups.DETECT.answer(question)
    n = found["group_id"].map(found["group_id"].value_counts())
    return found.assign(probability=n / (n + 20), likely=n > 20)


PREVALENCE = System(
    name="[baseline] stated prevalence",
    answer=_prevalence,
    about="The groups that the library finds, each with a probability of .2.",
)
TASKS = (
    Task(
        id="campaign-scores",
        description="Probability that a found campaign is inauthentic, in simulated worlds with "
        "campaigns and benign twins (seeds that the scorecard never saw; the same simulator). The "
        "library's prior is a prevalence of .2, that of these worlds is another, so the "
        "calibration error holds that difference too. Intervals by world.",
        cases=cases,
        judge=judge,
        metrics=(
            Metric(name="AUC, groups found", value=_auc),
            Metric(name="calibration error", value=_ece, greater_is_better=False),
            _likely("twin", missed=False),
            _likely("inauthentic", missed=False),
            _likely("inauthentic", missed=True),
            Metric(name="insufficient data", value=_insufficient, greater_is_better=False),
            Metric(name="groups found", value=_groups_called),
        ),
        baseline=PREVALENCE.name,
        systems=(
            groups.DETECT,
            PREVALENCE,
            System(
                name="[baseline] group size",
                answer=_size,
                about="The groups that the library finds; larger is more suspicious.",
            ),
        ),
        quick_seeds=range(20_000, 20_002),
        full_seeds=range(20_000, 20_020),
    ),
)
