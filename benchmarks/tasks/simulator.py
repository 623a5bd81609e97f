"""How far planted accounts can be told by how much, when and at what length they post."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

import numpy as np
import pandas as pd

from benchmarks.blinding import blind_rows
from benchmarks.intervals import Columns
from benchmarks.metrics import auc
from benchmarks.systems.probes import marginal_features
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.worlds import DEVELOPMENT_SEEDS
from disinfo.simulation import Campaign, simulate
from disinfo.simulation.campaigns import CampaignKind

_KINDS: tuple[CampaignKind, ...] = get_args(CampaignKind)
_STRONGEST: dict[str, Any] = {
    "n_waves": 16, "rotation": 0.5, "camouflage": 0.85, "mimicry": 1.0, "mixing": 0.5,
    "languages": ("en", "pl", "uk", "ru", "de"),
}  # fmt: skip
SETTINGS: dict[str, Campaign] = {
    "no camouflage": Campaign(kind="reworded", n_accounts=60, camouflage=0.0),
    "default": Campaign(kind="reworded", n_accounts=60),
    "camouflage .9 without mimicry": Campaign(kind="reworded", n_accounts=60, camouflage=0.9),
} | {f"strongest, {kind}": Campaign(kind=kind, n_accounts=60, **_STRONGEST) for kind in _KINDS}
_HIDDEN = tuple(name for name in SETTINGS if name.startswith("strongest"))
_N_LESSONS = 3


# Each seed asks for the lessons of every setting again.
@lru_cache(maxsize=8 * len(SETTINGS))
def accounts(setting: str, seed: int) -> pd.DataFrame:
    """Return marginals of the people and the planted accounts of a world, and who is which.

    Parameters
    ----------
    setting
        One of `SETTINGS`.
    seed
        Of the world.

    Returns
    -------
    DataFrame
        account_id, marginals, label.
    """
    made = simulate(
        campaigns=(SETTINGS[setting],), twins=(), bursts=2, posts_per_account=14, seed=seed
    )
    truth = made.truth_accounts.set_index("account_id")
    kept = truth[(truth["kind"] == "person") | (truth["role"] == "campaign")]
    table = marginal_features(made.posts).reindex(kept.index)
    return table.assign(label=kept["role"] == "campaign").rename_axis("account_id").reset_index()


def cases(seed: int) -> Iterator[Case]:
    """Yield a world a setting; lessons are other worlds of the same setting."""
    for setting in SETTINGS:
        lessons = pd.concat([accounts(setting, s) for s in DEVELOPMENT_SEEDS[:_N_LESSONS]])
        name = f"{setting}: {seed}"
        table = blind_rows(accounts(setting, seed), "account_id", name)
        yield Case(
            name=name,
            question=Question(
                table=table.drop(columns="label"), lessons=lessons.reset_index(drop=True)
            ),
            truth=table[["account_id", "label"]],
        )


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Return the AUC within a world, over all accounts of the truth; one without a score has 0.

    Returns
    -------
    DataFrame
        One row; unit = the seed, since scores of different worlds are not compared.
    """
    setting, _, seed = case.name.rpartition(": ")
    scores = case.truth["account_id"].map(answer.groupby("account_id")["score"].max()).fillna(0.0)
    found = auc(case.truth["label"].astype(bool), scores.astype(float))
    return pd.DataFrame({"unit": [f"seed {seed}"], "kind": [setting], "auc": [found]})


def _auc(columns: Columns) -> float:
    return float(np.mean(columns["auc"].astype(float)))


def _logistic(question: Question) -> Answer:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    lessons, table = question.lessons, question.table
    if lessons is None:
        return table[["account_id"]].assign(score=0.0)
    names = [name for name in table.columns if name != "account_id"]
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    model.fit(lessons[names].to_numpy(float), lessons["label"].to_numpy(bool))
    score = model.predict_proba(table[names].to_numpy(float))[:, 1]
    return table[["account_id"]].assign(score=score)


LOGISTIC = System(
    name="probe: logistic regression",
    answer=_logistic,
    about="Logistic regression on posts an account, length of texts and hours of the day, taught "
    "with labels on three other worlds of the same setting.",
)
CONSTANT = System(
    name="[baseline] constant",
    answer=lambda question: question.table[["account_id"]].assign(score=0.0),
    about="One score for everybody.",
)
TASKS = (
    Task(
        id="simulator-marginals",
        description="Whether 60 planted accounts of a simulated world can be told from people by "
        "simple marginals, without campaigns' words, objects or company. At one half worlds are "
        "no toy in this respect. Strongest: accounts of all languages that live as people do, six "
        "in seven of their posts ordinary, the campaign's posts in any layer. Intervals by seed.",
        cases=cases,
        judge=judge,
        metrics=(
            Metric(name="AUC, strongest", value=_auc, kinds=_HIDDEN, greater_is_better=False),
            *(
                Metric(name=f"AUC, {name}", value=_auc, kinds=(name,), greater_is_better=False)
                for name in SETTINGS
            ),
        ),
        baseline=CONSTANT.name,
        systems=(LOGISTIC, CONSTANT),
        full_seeds=range(20_000, 20_003),
    ),
)
