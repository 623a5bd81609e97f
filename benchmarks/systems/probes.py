"""Probes that see only what a planted campaign should not betray, and try to win."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.task import Answer, Question, System
from benchmarks.worlds import DEVELOPMENT_SEEDS, world

_LISTS = ("urls", "hashtags", "mentions", "media_hash")
_N_WORLDS = 8
Features = Callable[[pd.DataFrame], pd.DataFrame]


def artefact_features(posts: pd.DataFrame) -> pd.DataFrame:
    """Describe accounts by ids, formats of times, order of lists, and order of rows of one second.

    One post an account, its first: a mean over posts would tell how many there are.

    Returns
    -------
    DataFrame
        One row an account.
    """
    place = posts.groupby("created_at").cumcount()
    first = posts.assign(place=place).drop_duplicates("account_id").set_index("account_id")
    features = pd.DataFrame(index=first.index)
    account = pd.Series(first.index.astype(str), index=first.index)
    for digit in range(4):
        features[f"post digit {digit}"] = first["post_id"].astype(str).str[digit].map(_hex_value)
        features[f"account digit {digit}"] = account.str[digit].map(_hex_value)
    features["microsecond"] = (first["created_at"].dt.microsecond != 0).astype(float)
    features["whole minute"] = (first["created_at"].dt.second == 0).astype(float)
    features["row in its second"] = first["place"].astype(float)
    for name in _LISTS:
        features[f"{name} sorted"] = [float(list(v) == sorted(v)) for v in first[name]]
    return features


def missing_features(posts: pd.DataFrame) -> pd.DataFrame:
    """Describe accounts by how often each column of their posts is empty.

    Returns
    -------
    DataFrame
        One row an account.
    """
    frame = pd.DataFrame({"account_id": posts["account_id"]})
    for name in ("repost_of", "reply_to", "language", "text"):
        frame[f"no {name}"] = posts[name].isna().astype(float)
    for name in _LISTS:
        frame[f"no {name}"] = [float(len(v) == 0) for v in posts[name]]
    return frame.groupby("account_id").mean()


def _hex_value(digit: str) -> float:
    return float("0123456789abcdef".find(digit))


def marginal_features(posts: pd.DataFrame) -> pd.DataFrame:
    """Describe accounts by posts, length of texts and hours, one by one and without content.

    Returns
    -------
    DataFrame
        One row an account.
    """
    frame = pd.DataFrame({"account_id": posts["account_id"]})
    frame["length"] = posts["text"].str.len().fillna(0).astype(float)
    for hour in range(0, 24, 3):
        frame[f"hour {hour}"] = (posts["created_at"].dt.hour // 3 * 3 == hour).astype(float)
    grouped = frame.groupby("account_id")
    features = grouped.mean()
    features["posts"] = np.log1p(grouped.size())
    features["spread of length"] = grouped["length"].std().fillna(0.0)
    return features


@lru_cache(maxsize=3)
def _model(features: Features) -> Any:
    """Train on development worlds, with their labels; figures come from other seeds."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    parts: list[pd.DataFrame] = []
    labels: list[NDArray[np.bool_]] = []
    for seed in DEVELOPMENT_SEEDS[:_N_WORLDS]:
        for kind in ("mixed", "mixed+bursts"):
            made = world(kind, seed)
            own = features(made.posts)
            role = made.truth_accounts.set_index("account_id")["role"]
            parts.append(own)
            labels.append((role.reindex(own.index) == "campaign").to_numpy(bool))
    model = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    return model.fit(pd.concat(parts).to_numpy(), np.concatenate(labels))


def _probe(features: Features) -> Callable[[Question], Answer]:
    def answer(question: Question) -> Answer:
        own = features(question.table)
        score = _model(features).predict_proba(own.to_numpy())[:, 1]
        return pd.DataFrame({"account_id": own.index.astype("str"), "score": score})

    return answer


ARTEFACTS = System(
    name="probe: artefacts",
    answer=_probe(artefact_features),
    about="Gradient boosting on ids, time formats, order of lists and rows. Should be at one half.",
)
MISSING = System(
    name="probe: missing values",
    answer=_probe(missing_features),
    about="Gradient boosting on how often links, tags, mentions, pictures, reposts and replies are "
    "absent: partly behaviour, since campaigns say what they say in few forms.",
)
MARGINALS = System(
    name="probe: marginals",
    answer=_probe(marginal_features),
    about="Gradient boosting on posts an account, length of texts and hours of the day: what a "
    "simulator should match between planted and ordinary accounts.",
)
