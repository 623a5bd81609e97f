"""Can the worlds be won by what should not matter? Probes that see artefacts only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import auc, ratio
from benchmarks.systems import groups, probes
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.worlds import KINDS, world


def cases(seed: int) -> Iterator[Case]:
    """Yield the mixed worlds as the simulator writes them: ids and order not blinded."""
    for kind in KINDS[2:]:
        made = world(kind, seed)
        yield Case(
            name=f"{kind}: {seed}",
            question=Question(table=made.posts),
            truth=made.truth_accounts,
        )


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Give every account of the truth its score; one without a score has 0."""
    scores = answer.groupby("account_id")["score"].max()
    return pd.DataFrame(
        {
            "unit": case.name,
            "campaign": case.truth["role"] == "campaign",
            "score": case.truth["account_id"].map(scores).fillna(0.0),
        }
    )


def _auc(columns: Columns) -> float:
    return auc(columns["campaign"], columns["score"])


def _precision_at_planted(columns: Columns) -> float:
    """Return the share of campaign accounts among as many top scores as there are such accounts."""
    campaign = columns["campaign"].astype(bool)
    frame = pd.DataFrame({"campaign": campaign, "score": columns["score"].astype(float)})
    n = int(campaign.sum())
    threshold = frame["score"].nlargest(max(n, 1)).min()
    above, tied = frame["score"] > threshold, frame["score"] == threshold
    # Ties at the cut count by their share, so that no order of rows decides.
    part = ratio(n - int(above.sum()), int(tied.sum()))
    hits = frame.loc[above, "campaign"].sum() + part * frame.loc[tied, "campaign"].sum()
    return ratio(float(hits), n)


def _ours(question: Question) -> Answer:
    members = groups.DETECT.answer(question)
    return members.assign(score=members["strength"].clip(lower=1e-9))


def _constant(question: Question) -> Answer:
    accounts = question.table["account_id"].dropna().unique()
    return pd.DataFrame({"account_id": accounts, "score": 0.0})


CONSTANT = System(name="[baseline] constant", answer=_constant, about="One score for everybody.")
TASKS = (
    Task(
        id="artefact-probe",
        description="Campaign accounts against all others in mixed worlds as the simulator writes "
        "them, by a score an account. Probes are trained, with labels, on development worlds; "
        "they see no content. What they win is no merit of any method. Intervals by world.",
        cases=cases,
        judge=judge,
        metrics=(
            Metric(name="account AUC", value=_auc),
            Metric(name="precision among the top, as many as planted", value=_precision_at_planted),
        ),
        baseline=CONSTANT.name,
        systems=(
            System(
                name="disinfo: detect",
                answer=_ours,
                about="Members of campaigns, by strength; everybody else 0.",
            ),
            probes.ARTEFACTS,
            probes.MISSING,
            probes.MARGINALS,
            CONSTANT,
        ),
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_004),
        after=("campaign-scores",),
    ),
)
