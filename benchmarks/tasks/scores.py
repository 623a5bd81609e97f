"""Whether the probabilities of found campaigns are right."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.blinding import blind_name
from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import (
    auc,
    calibration_error,
    calibration_errors_if_perfect,
    ratio,
)
from benchmarks.systems import groups, unseen
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.tasks.coordination import case_of, world_case
from benchmarks.worlds import N_POSTS, TWINS, drawn_campaigns
from disinfo.simulation import Twin, plant, simulate

_PREVALENCE = 0.2
# Outcomes drawn to see what error a forecast that is right would show.
_DRAWS = 200
_WORDINGS = {"copied": 0.0, "reworded": 1.0}
# Events of PHEME with enough posts over enough time to plant campaigns among them.
_EVENTS = ("charliehebdo", "ferguson", "germanwings-crash")
_MOST_ACCOUNTS = 15
_COUNTS = ("account_followers", "account_following")


def cases(seed: int) -> Iterator[Case]:
    """Yield a mixed world without and one with bursts; both hold campaigns and twins."""
    for kind in ("mixed", "mixed+bursts"):
        yield world_case(kind, seed, texts=True)


def wordings(seed: int) -> Iterator[Case]:
    """Yield one world twice: all campaigns copy their texts, or reword every one of them."""
    rng = np.random.default_rng([seed, 77])
    drawn = drawn_campaigns(rng)
    twins = tuple(Twin(kind=str(kind)) for kind in rng.choice(TWINS, 3, replace=False))  # type: ignore[arg-type]
    for name, share in _WORDINGS.items():
        campaigns = [dataclasses.replace(one, paraphrase=share) for one in drawn]
        made = simulate(n_posts=N_POSTS, campaigns=campaigns, twins=twins, bursts=3, seed=seed)
        yield case_of(made, f"{name}: {seed}", texts=True)


def real_backgrounds(seed: int) -> Iterator[Case]:
    """Yield the posts of three real events, each with a campaign and two twins planted."""
    yield from _real(seed, lent=False)


def real_with_accounts(seed: int) -> Iterator[Case]:
    """Yield the same, with the age, handle and followers of simulated people for real accounts."""
    yield from _real(seed, lent=True)


def _real(seed: int, *, lent: bool) -> Iterator[Case]:
    rows = DATASETS["pheme_rumours"].frame("posts.csv")
    for number, event in enumerate(_EVENTS):
        own = rows[rows["event"] == event]
        posts = pd.DataFrame(
            {
                "post_id": [blind_name(event, name) for name in own["tweet_id"]],
                "account_id": own["account_id"],
                "text": own["text"],
                "created_at": pd.to_datetime(own["created_at"], utc=True),
                "language": "en",
                "platform": "x",
            }
        )
        if lent:
            posts = posts.merge(_lent(posts, seed), on="account_id")
        rng = np.random.default_rng([seed, 78, number])
        campaigns = [
            dataclasses.replace(
                one, n_accounts=min(one.n_accounts, _MOST_ACCOUNTS), languages=("en",)
            )
            for one in drawn_campaigns(rng)[:1]
        ]
        kinds = rng.choice(TWINS, 2, replace=False)
        twins = [_small(Twin(kind=str(kind), languages=("en",))) for kind in kinds]  # type: ignore[arg-type]
        made = plant(posts, campaigns, twins=twins, seed=seed)
        yield case_of(made, f"{event}: {seed}", texts=True)


def _lent(posts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return for each account what is told of another one, of ordinary simulated people."""
    people = simulate(n_posts=8_000, languages=("en",), campaigns=(), twins=(), seed=seed).posts
    told = ["account_created_at", "account_handle", "account_name", *_COUNTS]
    people = people.drop_duplicates("account_id")[["created_at", *told]]
    accounts = posts["account_id"].unique()
    drawn = people.sample(len(accounts), random_state=seed).reset_index(drop=True)
    # As old in this event as in the simulated month.
    drawn["account_created_at"] += posts["created_at"].min() - people["created_at"].min()
    return drawn[told].assign(account_id=accounts)


def _small(twin: Twin) -> Twin:
    return dataclasses.replace(twin, n_accounts=min(twin.size, _MOST_ACCOUNTS))


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Label each called group by the planted group of most of its accounts; list what was missed.

    Returns
    -------
    DataFrame
        One row a called group and one a planted campaign that no group stands for; unit = world.
        Of an answer that scores every group without each kind of campaign, the row of a campaign
        is that without its kind; benign groups take the kinds in turn.
    """
    truth = case.truth.set_index("account_id")
    rows = []
    met = set()
    for number, (_, own) in enumerate(answer.groupby("group_id")):
        planted = truth["group_id"].reindex(own["account_id"].unique())
        main = planted.fillna("none").value_counts().index[0]
        of_main = truth.loc[truth["group_id"] == main, ["role", "kind"]]
        inauthentic = len(of_main) > 0 and of_main["role"].iloc[0] == "campaign"
        met.add(main)
        if "without" in own:
            turns = sorted(own["without"].unique())
            kind = of_main["kind"].iloc[0] if inauthentic else turns[number % len(turns)]
            own = own[own["without"] == kind]
        rows.append(
            {
                "called": True,
                "inauthentic": inauthentic,
                "twin": len(of_main) > 0 and not inauthentic,
                "probability": float(own["probability"].iloc[0]),
                "likely": bool(own["likely"].iloc[0]),
            }
        )
    campaigns = truth[truth["role"] == "campaign"]["group_id"].unique()
    missed = {
        "called": False,
        "inauthentic": True,
        "twin": False,
        "probability": np.nan,
        "likely": False,
    }
    rows += [missed for name in campaigns if name not in met]
    return pd.DataFrame(rows).assign(unit=case.name)


def judge_wordings(case: Case, answer: Answer) -> pd.DataFrame:
    """Judge a world; both wordings of a seed are one unit, and their name is the kind."""
    wording, _, seed = case.name.partition(": ")
    return judge(case, answer).assign(unit=seed, kind=wording)


def _called(columns: Columns) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return whether called groups are inauthentic, and their probabilities."""
    called = columns["called"].astype(bool)
    return columns["inauthentic"].astype(bool)[called], columns["probability"].astype(float)[called]


def _auc(columns: Columns) -> float:
    inauthentic, probability = _called(columns)
    # "Not enough data" is no opinion: the stated prevalence.
    return auc(inauthentic, np.nan_to_num(probability, nan=_PREVALENCE))


def _auc_of(wording: str) -> Metric:
    return Metric(name=f"AUC, {wording}", value=_auc, kinds=(wording,))


def _fall(columns: Columns) -> float:
    found = []
    for wording in _WORDINGS:
        inside = columns["kind"] == wording
        found.append(_auc({name: column[inside] for name, column in columns.items()}))
    return found[0] - found[1]


def _ece(columns: Columns) -> float:
    inauthentic, probability = _called(columns)
    known = ~np.isnan(probability)
    return calibration_error(inauthentic[known], probability[known], prevalence=_PREVALENCE)


def _if_perfect(columns: Columns) -> NDArray[np.float64]:
    """Return errors that right forecasts would show; none where the error itself has no value."""
    if np.isnan(_ece(columns)):
        return np.empty(0)
    inauthentic, probability = _called(columns)
    known = ~np.isnan(probability)
    errors = calibration_errors_if_perfect(
        inauthentic[known], probability[known], prevalence=_PREVALENCE, rounds=_DRAWS
    )
    # Draws in which all came out alike have no error.
    return errors[~np.isnan(errors)]


def _perfect_ece(columns: Columns) -> float:
    perfect = _if_perfect(columns)
    return ratio(float(perfect.sum()), len(perfect))


def _calibration_p(columns: Columns) -> float:
    """Return the share of right forecasts that show an error as large."""
    perfect = _if_perfect(columns)
    # A forecast that is the same for all, and right on average, shows none: nor does it fail.
    return ratio(float((perfect >= _ece(columns) - 1e-12).sum()), len(perfect))


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


def _accused(columns: Columns) -> float:
    """Return the share of worlds where a group that is no campaign is called likely."""
    accused = columns["likely"].astype(bool) & ~columns["inauthentic"].astype(bool)
    return ratio(len(set(columns["unit"][accused])), len(set(columns["unit"])))


def _precision(columns: Columns) -> float:
    likely = columns["likely"].astype(bool)
    return ratio(float(columns["inauthentic"].astype(bool)[likely].sum()), int(likely.sum()))


def _insufficient(columns: Columns) -> float:
    _, probability = _called(columns)
    return ratio(float(np.isnan(probability).sum()), len(probability))


def _groups_called(columns: Columns) -> float:
    return float(columns["called"].astype(bool).sum())


def _benign_called(columns: Columns) -> float:
    return float((~columns["inauthentic"].astype(bool)).sum())


def _prevalence(question: Question) -> Answer:
    return groups.DETECT.answer(question).assign(probability=_PREVALENCE, likely=False)


def _size(question: Question) -> Answer:
    found = groups.DETECT.answer(question)
    # Where nothing is found the names of groups are texts, and so would be their sizes.
    n = found["group_id"].map(found["group_id"].value_counts()).astype(float)
    return found.assign(probability=n / (n + 20), likely=n > 20)


PREVALENCE = System(
    name="[baseline] stated prevalence",
    answer=_prevalence,
    about="The groups that the library finds, each with a probability of .2.",
)
_SIZE = System(
    name="[baseline] group size",
    answer=_size,
    about="The groups that the library finds; larger is more suspicious.",
)
_ACCUSED = Metric(
    name="worlds with a benign group called likely inauthentic",
    value=_accused,
    greater_is_better=False,
    of_units=True,
)
COUNTS = (
    Metric(name="groups found", value=_groups_called),
    Metric(name="benign groups found", value=_benign_called, greater_is_better=False),
)
METRICS = (
    Metric(name="AUC, groups found", value=_auc),
    Metric(name="calibration error", value=_ece, greater_is_better=False),
    Metric(name="the same if all were right", value=_perfect_ece, greater_is_better=False),
    Metric(name="calibration test, p", value=_calibration_p),
    _ACCUSED,
    _likely("twin", missed=False),
    _likely("inauthentic", missed=False),
    _likely("inauthentic", missed=True),
    Metric(name="precision of likely inauthentic", value=_precision),
    Metric(name="insufficient data", value=_insufficient, greater_is_better=False),
    *COUNTS,
)
TASKS = (
    Task(
        id="campaign-scores",
        description="Probability that a found campaign is inauthentic, in simulated worlds with "
        "campaigns and benign twins (seeds that the scorecard never saw; the same simulator). "
        "Probabilities are made for a prevalence of .2, so for the calibration error the groups "
        "are weighed as if .2 of them were campaigns. Intervals by world.",
        cases=cases,
        judge=judge,
        metrics=METRICS,
        baseline=PREVALENCE.name,
        systems=(groups.DETECT, unseen.UNSEEN, PREVALENCE, _SIZE),
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_004),
    ),
    Task(
        id="campaign-scores-reworded",
        description="The same worlds twice: all campaigns copy their texts, or every text of a "
        "campaign is a rewording (or a translation) of its message. Groups found differ, and the "
        "fall of the AUC holds that too. Intervals by seed.",
        cases=wordings,
        judge=judge_wordings,
        metrics=(
            Metric(name="fall of the AUC", value=_fall, greater_is_better=False),
            *map(_auc_of, _WORDINGS),
            *COUNTS,
        ),
        baseline=PREVALENCE.name,
        systems=(groups.DETECT, unseen.UNSEEN, PREVALENCE, _SIZE),
        full_seeds=range(20_000, 20_002),
    ),
    Task(
        id="campaign-scores-real",
        description="A campaign and two benign twins planted among the 238 to 458 real posts of "
        "an event: journalists and outlets in PHEME. Planted texts are ours and easy to tell by "
        "words, and given accounts have no age or handle, so account signals are silent; given "
        "accounts that act together count as benign. Intervals by world.",
        cases=real_backgrounds,
        judge=judge,
        metrics=METRICS,
        baseline=PREVALENCE.name,
        systems=(groups.DETECT, unseen.UNSEEN, PREVALENCE, _SIZE),
        full_seeds=range(20_000, 20_005),
        data=("pheme_rumours",),
    ),
    Task(
        id="campaign-scores-real-accounts",
        description="The same planted among the same real posts, whose accounts are lent the age, "
        "handle and followers of simulated people: what is told of accounts in most exports, and "
        "not in this one. Words and times of the background are real, attributes are not. "
        "Intervals by world.",
        cases=real_with_accounts,
        judge=judge,
        metrics=METRICS,
        baseline=PREVALENCE.name,
        systems=(groups.DETECT, unseen.UNSEEN, PREVALENCE, _SIZE),
        full_seeds=range(20_000, 20_005),
        data=("pheme_rumours",),
    ),
)
