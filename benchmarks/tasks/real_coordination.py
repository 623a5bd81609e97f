"""Real data without planted campaigns: parity with CooRTweet's counts, and false alarms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.blinding import blind_name
from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.systems import groups, rules
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.tasks.coordination import judge as judge_world
from benchmarks.tasks.coordination import world_case, worlds_with_false_campaign
from disinfo.coordination.acts import LONGEST_WINDOW_S
from disinfo.coordination.co_actions import JoinPart

# Counted in the data set's own documentation: window, cut, edges, accounts.
_PUBLISHED = (
    ("10 s, all", 10, -1.0, 1092, 1525),
    ("60 s, all", 60, -1.0, 6206, 3954),
    ("60 s, above the median", 60, 0.5, 63, 97),
)


def coortweet(seed: int) -> Iterator[Case]:
    """Yield CooRTweet's own data; the truth is how many edges and accounts its rule has there."""
    del seed
    rows = DATASETS["coortweet"].frame("russian_coord_tweets.parquet")
    table = pd.DataFrame(
        {
            "account_id": rows["account_id"].astype("str"),
            "layer": "object",
            "object_id": rows["object_id"].astype("str"),
            "created_at": pd.to_datetime(rows["timestamp_share"], unit="s", utc=True),
        }
    )
    names = [f"{what}: {part}" for what, *_ in _PUBLISHED for part in ("edges", "accounts")]
    counts = [n for *_, edges, accounts in _PUBLISHED for n in (edges, accounts)]
    truth = pd.DataFrame({"what": names, "n": counts})
    yield Case(name="coortweet", question=Question(table=table), truth=truth)


def judge_counts(case: Case, answer: Answer) -> pd.DataFrame:
    """Compare counts; one that is not given is wrong."""
    given = answer.set_index("what")["n"]
    n = case.truth["what"].map(given)
    off = ((n - case.truth["n"]).abs() / case.truth["n"]).fillna(1.0)
    return pd.DataFrame({"unit": case.truth["what"], "off": off, "equal": n == case.truth["n"]})


def _mean(name: str, columns: Columns) -> float:
    return ratio(float(columns[name].astype(float).sum()), len(columns[name]))


def _counts(question: Question) -> Answer:
    rows = []
    for what, window, cut, *_ in _PUBLISHED:
        edges = rules.coortweet_edges(question.table, window, min_participation=1, edge_weight=cut)
        accounts = pd.concat([edges["account_a"], edges["account_b"]]).nunique()
        rows.append({"what": f"{what}: edges", "n": len(edges)})
        rows.append({"what": f"{what}: accounts", "n": accounts})
    return pd.DataFrame(rows)


def _join(question: Question) -> Answer:
    """Count the edges of the library's own join, every act an event of its own."""
    table = question.table
    account, _ = pd.factorize(table["account_id"], sort=True)
    item, _ = pd.factorize(table["object_id"])
    time_ms = table["created_at"].dt.as_unit("ms").astype("int64").to_numpy()
    time_ms = time_ms - time_ms.min()
    key = item.astype(np.int64) * (time_ms.max() + LONGEST_WINDOW_S * 1000) + time_ms
    order = np.argsort(key, kind="stable")
    acts = pa.table(
        {
            "key": key[order],
            "account": account[order].astype(np.int64),
            "event": np.arange(len(order)),
            "time_ms": time_ms[order],
        }
    )
    rows: list[dict[str, object]] = []
    for what, window, cut, *_ in _PUBLISHED:
        joined = JoinPart(window_s=window)(acts).to_pandas()
        weight = joined.groupby(["first", "second"]).size()
        edges = weight[weight > (weight.quantile(cut) if cut >= 0 else 0)].reset_index()
        n = {
            "edges": len(edges),
            "accounts": pd.concat([edges["first"], edges["second"]]).nunique(),
        }
        rows.extend({"what": f"{what}: {part}", "n": number} for part, number in n.items())
    return pd.DataFrame(rows)


def _nothing(question: Question) -> Answer:
    return _counts(Question(table=question.table.head(0))).assign(n=0)


def pheme(seed: int) -> Iterator[Case]:
    """Yield each event of PHEME as posts of journalists and outlets; nobody is a campaign."""
    del seed
    rows = DATASETS["pheme_rumours"].frame("posts.csv")
    for event, own in rows.groupby("event"):
        posts = pd.DataFrame(
            {
                "post_id": [blind_name(str(event), name) for name in own["tweet_id"]],
                "account_id": own["account_id"],
                "text": own["text"],
                "created_at": pd.to_datetime(own["created_at"], utc=True),
                "platform": "x",
                "urls": own["text"].str.findall(r"https?://\S+"),
                "hashtags": own["text"].str.casefold().str.findall(r"#(\w+)"),
                "mentions": own["text"].str.casefold().str.findall(r"@(\w+)"),
            }
        )
        accounts = own["account_id"].drop_duplicates()
        truth = pd.DataFrame({"account_id": accounts, "role": "organic"})
        truth["group_id"] = pd.Series(pd.NA, index=truth.index, dtype="str")
        posts = posts.sort_values("post_id").reset_index(drop=True)
        yield Case(name=f"PHEME: {event}", question=Question(table=posts), truth=truth)


def _organic(seed: int) -> Iterator[Case]:
    for kind in ("organic", "bursts"):
        yield world_case(kind, seed, texts=True)


ALARMS = (
    Metric(
        name="innocent accounts named",
        value=lambda columns: ratio(
            float(columns["false"].astype(float).sum()),
            float(columns["innocent"].astype(float).sum()),
        ),
        greater_is_better=False,
    ),
    worlds_with_false_campaign("share of worlds with a false campaign"),
)
NO_COUNTS = System(
    name="[baseline] no edges",
    answer=_nothing,
    about="Counts nothing.",
)
TASKS = (
    Task(
        id="coortweet-parity",
        description="Does our copy of CooRTweet's rule give the counts that are known for its own "
        "data (35,125 shares)? 1 = all counts equal. No account there is known to be anything.",
        cases=coortweet,
        judge=judge_counts,
        metrics=(
            Metric(name="counts equal", value=lambda columns: _mean("equal", columns)),
            Metric(
                name="relative error",
                value=lambda columns: _mean("off", columns),
                greater_is_better=False,
            ),
        ),
        baseline=NO_COUNTS.name,
        systems=(
            System(
                name=rules.COORTWEET.name,
                answer=_counts,
                about="The rule of `benchmarks.systems.rules`, without its filter of accounts.",
            ),
            System(
                name="disinfo: co-action join",
                answer=_join,
                about="The join of the edge stage on the same shares. It has the same edges; its "
                "weights count acts of the first account, not pairs of acts, so that the edges "
                "above the median are fewer.",
            ),
            NO_COUNTS,
        ),
        data=("coortweet",),
    ),
    Task(
        id="false-alarms-pheme",
        description="Journalists and outlets posting five breaking events within minutes: whoever "
        "is named is a false alarm (though not proven). Intervals by event. Read beside the hits "
        "in coordination-worlds-texts: naming nobody wins here.",
        cases=pheme,
        judge=judge_world,
        metrics=ALARMS,
        baseline=rules.RAW_600.name,
        systems=groups.WHOLE,
        data=("pheme_rumours",),
    ),
    Task(
        id="false-alarms-worlds",
        description="Simulated organic and breaking-news worlds with texts and no planted group. "
        "Intervals by world. Read beside the hits in coordination-worlds-texts: naming nobody wins "
        "here.",
        cases=_organic,
        judge=judge_world,
        metrics=ALARMS,
        baseline=rules.RAW_600.name,
        systems=groups.WHOLE,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_002),
        after=("coordination-worlds-texts",),
    ),
)
