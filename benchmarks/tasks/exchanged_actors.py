"""Real shares, as they were posted and with their actors exchanged: what is named when none agreed.

Nobody in these data is known to be anything, so hits cannot be told. But whoever exchanges the
actors of all shares of each clock hour has destroyed every agreement, and what a rule still names
then it names by chance: popular objects, busy accounts, busy hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import rules
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from disinfo import tables
from disinfo.coordination import GroupTest, SurpriseNull
from disinfo.coordination.null_check import exchanged, hours_of
from disinfo.stages import as_tables

_ALPHA = 0.05
_LAYERS = {"url_id": "url", "hashtag_id": "hashtag", "phash_id": "media"}
_POSTED, _EXCHANGED = "posted", "exchanged"


def russian() -> pd.DataFrame:
    """Return CooRTweet's own data as actions: one layer, as its authors use it."""
    rows = DATASETS["coortweet"].frame("russian_coord_tweets.parquet")
    return _actions(rows["account_id"], "object", rows["object_id"], rows["timestamp_share"])


def german() -> pd.DataFrame:
    """Return posts of pages and accounts before a German election: links, tags and pictures."""
    rows = DATASETS["coortweet"].frame("german_elections.parquet")
    parts = []
    for column, layer in _LAYERS.items():
        own = rows[rows[column].notna()]
        parts.append(_actions(own["account_id"], layer, own[column], own["timestamp"]))
    actions = pd.concat(parts, ignore_index=True)
    shared = actions.groupby(["layer", "object_id"])["account_id"].transform("nunique")
    slot = actions["created_at"].dt.floor("6h").dt.strftime("%Y-%m-%dT%H")
    actions["slot"] = slot.where(actions["layer"] == "hashtag")
    return actions[shared > 1].drop_duplicates().reset_index(drop=True)


def _actions(account: pd.Series, layer: str, item: pd.Series, stamp: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": account.astype("str"),
            "layer": layer,
            "object_id": item.astype("str"),
            "created_at": pd.to_datetime(stamp, unit="s", utc=True),
            "post_id": pd.array([pd.NA] * len(item), dtype="str"),
            "slot": pd.array([pd.NA] * len(item), dtype="str"),
        }
    )


def rounds(actions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Exchange the actors of all actions of one layer in one clock hour."""
    return exchanged(actions, hours_of(actions), np.random.default_rng(seed))


def _cases(name: str, seed: int) -> Iterator[Case]:
    actions = {"russian": russian, "german": german}[name]()
    if seed == _FULL[0]:
        yield _case(f"{name} {_POSTED}", actions)
    yield _case(f"{name} {_EXCHANGED} {seed}", rounds(actions, seed))


def _case(name: str, actions: pd.DataFrame) -> Case:
    accounts = actions["account_id"].nunique()
    truth = pd.DataFrame({"n_accounts": [accounts]})
    table = actions.sample(frac=1, random_state=0).reset_index(drop=True)
    return Case(name=name, question=Question(table=table), truth=truth)


def _judge(case: Case, answer: Answer) -> pd.DataFrame:
    named = pd.unique(answer[["account_a", "account_b"]].to_numpy().ravel())
    kind = _POSTED if case.name.endswith(_POSTED) else _EXCHANGED
    return pd.DataFrame({"unit": [case.name], "kind": kind, "links": len(answer), "n": len(named)})


def _mean(column: str, columns: Columns) -> float:
    return ratio(float(columns[column].astype(float).sum()), len(columns[column]))


def _rule(question: Question, *, window_s: float) -> Answer:
    parts = [
        rules.coortweet_edges(own.reset_index(drop=True), window_s)
        for _, own in question.table.groupby("layer")
    ]
    return pd.concat(parts).drop_duplicates(["account_a", "account_b"])


def _raw(question: Question) -> Answer:
    event = question.table["layer"] + "\x00" + question.table["object_id"]
    return rules.raw_count_edges(question.table.assign(event=event), 60, 1)


def _pairs(question: Question, *, windows_s: tuple[int, ...] | None) -> Answer:
    edges = as_tables(
        SurpriseNull(windows_s=windows_s)(tables.ACTIONS.check(question.table)),
        main="edges",
        stage="edges",
    )["edges"]
    return edges[(edges["layer"] == "all") & (edges["q"] <= _ALPHA)]


def _groups(question: Question) -> Answer:
    found = GroupTest()(tables.ACTIONS.check(question.table), tables.EDGES.empty())
    pairs = found["members"].merge(found["members"], on="campaign_id", suffixes=("_a", "_b"))
    return pairs.loc[pairs["account_id_a"] < pairs["account_id_b"]].rename(
        columns={"account_id_a": "account_a", "account_id_b": "account_b"}
    )


_RAW = System(
    name="[baseline] one co-share within 60 s",
    answer=_raw,
    about="Every pair that shared one object within a minute.",
)
_SYSTEMS = (
    System(
        name="CooRTweet rule, 60 s",
        answer=partial(_rule, window_s=60),
        about="Two shares or more, weight above the median.",
    ),
    System(name="CooRTweet rule, 10 s", answer=partial(_rule, window_s=10), about="The same."),
    System(
        name="disinfo: pairs, q <= .05, 60 s",
        answer=partial(_pairs, windows_s=(60,)),
        about="Over all pairs of accounts that act, in one window.",
    ),
    System(
        name="disinfo: pairs, q <= .05",
        answer=partial(_pairs, windows_s=None),
        about="The same with the default windows.",
    ),
    System(
        name="disinfo: group test",
        answer=_groups,
        about="Pairs of named members of campaigns; the only one of these that names accounts.",
    ),
    _RAW,
)
_FULL = range(20_000, 20_003)
_METRICS = (
    Metric(
        name="accounts, as posted",
        value=partial(_mean, "n"),
        kinds=(_POSTED,),
    ),
    Metric(
        name="accounts, actors exchanged",
        value=partial(_mean, "n"),
        greater_is_better=False,
        kinds=(_EXCHANGED,),
    ),
    Metric(name="links, as posted", value=partial(_mean, "links"), kinds=(_POSTED,)),
    Metric(
        name="links, actors exchanged",
        value=partial(_mean, "links"),
        greater_is_better=False,
        kinds=(_EXCHANGED,),
    ),
)
TASKS = tuple(
    Task(
        id=f"exchanged-actors-{name}",
        description=f"{what} Accounts and links named on the shares as they were posted, and after "
        "the actors of all shares of each hour were exchanged, so that what is named is chance. "
        "Nobody here is known to be anything: to name many as posted is no merit.",
        cases=partial(_cases, name),
        judge=_judge,
        metrics=_METRICS,
        baseline=_RAW.name,
        systems=_SYSTEMS,
        data=("coortweet",),
        full_seeds=_FULL,
    )
    for name, what in (
        ("russian", "CooRTweet's Russian data, 35,125 shares of 9,509 accounts."),
        ("german", "CooRTweet's data on a German election: links, tags and pictures of pages."),
    )
)
