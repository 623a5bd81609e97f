"""What one account's own posts say of it: three ways that were tried, none of which is shipped.

All measure shares and spreads, never how much an account posts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.datasets import DATASETS
from benchmarks.task import Answer, Question, System
from disinfo.simulation import simulate

_MIN_POSTS = 3
_LIKELY = 0.8
_URL = re.compile(r"https?://\S+")
_MENTION = re.compile(r"@\w+")
_TAG = re.compile(r"#\w+")
# Worlds for development, of which no figure is reported.
_LEARNED_FROM = range(100, 106)


def habits(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the habits of each account that has three posts or more.

    Parameters
    ----------
    posts
        account_id, text, created_at.

    Returns
    -------
    DataFrame
        One row an account: shares of posts with an address, a tag, a mention, and that repeat a
        text of another account or its own; mean and spread of length; evenness of hours and of
        weekdays against what as many posts at random show; share of posts within ten minutes of
        the one before.
    """
    known = posts.dropna(subset=["account_id", "text", "created_at"])
    known = known[known.groupby("account_id")["text"].transform("size") >= _MIN_POSTS]
    known = known.sort_values(["account_id", "created_at"], kind="stable")
    text, account = known["text"].astype(str), known["account_id"]
    bare = text.str.replace(_URL, " ", regex=True).str.lower().str.split().str.join(" ")
    writers = account.groupby(bare).transform("nunique")
    length = np.log1p(bare.str.len())
    gap = known.groupby("account_id")["created_at"].diff().dt.total_seconds()
    hour, day = known["created_at"].dt.hour, known["created_at"].dt.dayofweek
    table = pd.DataFrame(
        {
            "address": text.str.contains(_URL).astype(float),
            "tag": text.str.contains(_TAG).astype(float),
            "mention": text.str.contains(_MENTION).astype(float),
            "shared": (writers > 1).astype(float),
            "repeated": bare.groupby(account).transform(lambda own: own.duplicated()).astype(float),
            "length": length,
            "soon": (gap < 600).astype(float),
        }
    )
    means = table.groupby(account).mean()
    return means.assign(
        spread=length.groupby(account).std(),
        hours=hour.groupby(account).agg(lambda own: _evenness(own.to_numpy(), 24)),
        weekdays=day.groupby(account).agg(lambda own: _evenness(own.to_numpy(), 7)),
    )


def _evenness(places: np.ndarray, n_places: int) -> float:
    """Return 1 less the chi-squared distance from even, per expected by chance."""
    count = np.bincount(places, minlength=n_places)
    expected = len(places) / n_places
    chance = n_places - 1
    return float(-np.log1p(((count - expected) ** 2 / expected).sum() / chance))


def _operations() -> tuple[pd.DataFrame, pd.Series]:
    """Return habits of an operation on Reddit, and of people in PHEME and Arabic events."""
    rows = DATASETS["reddit_ira"].frame("comments.csv", ["author.name", "body", "created_utc"])
    ours = _posts(rows["author.name"], rows["body"], rows["created_utc"].astype(float), unit="s")
    rumours = DATASETS["pheme_rumours"].frame("posts.csv")
    events = DATASETS["socialed_arabic7"].frame("posts.csv")
    people = pd.concat(
        [
            _posts(rumours["account_id"], rumours["text"], rumours["created_at"]),
            _posts(events["user"], events["text"], events["created_at"]),
        ]
    )
    found = [habits(ours), habits(people)]
    truth = np.repeat([True, False], [len(one) for one in found])
    both = pd.concat(found)
    return both, pd.Series(truth, both.index)


def _posts(
    account: pd.Series, text: pd.Series, when: pd.Series, unit: str | None = None
) -> pd.DataFrame:
    times = pd.to_datetime(when, utc=True, unit=unit)
    return pd.DataFrame({"account_id": account, "text": text, "created_at": times})


def _simulated() -> tuple[pd.DataFrame, pd.Series]:
    """Return habits of planted campaigns, and of everybody else, in simulated worlds."""
    from benchmarks.worlds import drawn_campaigns

    parts, truth = [], []
    for seed in _LEARNED_FROM:
        made = simulate(campaigns=drawn_campaigns(np.random.default_rng(seed)), seed=seed)
        own = habits(made.posts)
        role = made.truth_accounts.set_index("account_id")["role"].reindex(own.index)
        parts.append(own)
        truth.append(role == "campaign")
    return pd.concat(parts), pd.concat(truth)


def _learned(lessons: Callable[[], tuple[pd.DataFrame, pd.Series]]) -> Callable[[Question], Answer]:
    def answer(question: Question) -> Answer:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        known, truth = lessons()
        regression = LogisticRegression(class_weight="balanced", C=0.3, max_iter=1000)
        fitted = make_pipeline(StandardScaler(), regression).fit(known, truth)
        own = habits(question.table)
        probability = fitted.predict_proba(own)[:, 1]
        return pd.DataFrame(
            {"account_id": own.index, "score": probability, "likely": probability >= _LIKELY}
        )

    return answer


def _shared_texts(question: Question) -> Answer:
    own = habits(question.table)["shared"]
    return pd.DataFrame({"account_id": own.index, "score": own, "likely": own >= 0.5})


OPERATION = System(
    name="[tried] habits of another operation",
    answer=_learned(_operations),
    about="Regression on shares of addresses, tags, mentions and repetitions, length, hours and "
    "weekdays: accounts of reddit_ira against those of PHEME and Arabic events. Platforms differ.",
)
SIMULATED = System(
    name="[tried] habits of simulated campaigns",
    answer=_learned(_simulated),
    about="The same regression on members of simulated campaigns against everybody else.",
)
SHARED = System(
    name="[tried] texts shared with other accounts",
    answer=_shared_texts,
    about="Share of an account's posts whose text another account posts too, addresses left out.",
)
TRIED = (OPERATION, SIMULATED, SHARED)
