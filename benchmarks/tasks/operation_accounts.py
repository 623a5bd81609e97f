"""Accounts of a real operation against real accounts: what an account-level score is worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.blinding import blind_posts
from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import auc, ratio
from benchmarks.systems import account_habits
from benchmarks.systems.groups import detected
from benchmarks.task import Answer, Case, Metric, Question, System, Task

_LIKELY = "likely inauthentic"


def iran(seed: int) -> Iterator[Case]:
    """Yield a sample of posts of 39 accounts tied to Iran and of 35 verified ones."""
    del seed
    rows = DATASETS["state_trolls"].frame("iran_posts.csv")
    posts = pd.DataFrame(
        {
            "post_id": rows["post_id"],
            "account_id": rows["account_id"],
            "text": rows["text"],
            "created_at": pd.to_datetime(rows["created_at"], utc=True),
        }
    )
    blind = blind_posts(posts, "state_trolls").sort_values(["created_at", "post_id"])
    names = posts["account_id"].to_numpy(), blind.loc[posts.index, "account_id"].to_numpy()
    truth = pd.DataFrame({"account_id": names[1], "label": rows["is_io"] == "1"})
    truth = truth.drop_duplicates("account_id").sort_values("account_id").reset_index(drop=True)
    yield Case(name="Iran", question=Question(table=blind.reset_index(drop=True)), truth=truth)


def ira(seed: int) -> Iterator[Case]:
    """Yield comments of the Internet Research Agency on Reddit beside tweets on breaking news."""
    del seed
    comments = DATASETS["reddit_ira"].frame(
        "comments.csv", ["id", "author.name", "body", "created_utc", "parent_id"]
    )
    rumours = DATASETS["pheme_rumours"].frame("posts.csv")
    operation = pd.DataFrame(
        {
            "post_id": "t1_" + comments["id"],
            "account_id": comments["author.name"],
            "text": comments["body"],
            "created_at": pd.to_datetime(comments["created_utc"].astype(float), unit="s", utc=True),
            "reply_to": comments["parent_id"],
            "platform": "reddit",
        }
    )
    people = pd.DataFrame(
        {
            "post_id": rumours["tweet_id"],
            "account_id": rumours["account_id"],
            "text": rumours["text"],
            "created_at": pd.to_datetime(rumours["created_at"], utc=True),
            "reply_to": None,
            "platform": "x",
        }
    )
    posts = pd.concat([operation, people.astype({"reply_to": "str"})], ignore_index=True)
    posts = posts.dropna(subset=["account_id", "text"]).drop_duplicates("post_id")
    blind = blind_posts(posts, "ira").sort_values(["created_at", "post_id"])
    names = blind.loc[posts.index, "account_id"].to_numpy()
    truth = pd.DataFrame({"account_id": names, "label": posts["platform"].to_numpy() == "reddit"})
    truth = truth.drop_duplicates("account_id").sort_values("account_id").reset_index(drop=True)
    yield Case(name="IRA", question=Question(table=blind.reset_index(drop=True)), truth=truth)


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Set the score of each account beside its truth; an account that is not named gets 0."""
    given = answer.set_index("account_id") if len(answer) else pd.DataFrame(columns=["score"])
    truth = case.truth
    score = truth["account_id"].map(given["score"].astype(float)).fillna(0.0)
    likely = (
        truth["account_id"].map(given["likely"]).fillna(False).astype(bool)
        if "likely" in given
        else False
    )
    return truth.rename(columns={"account_id": "unit"}).assign(score=score, likely=likely)


def _detect(question: Question) -> Answer:
    accounts = detected(question.table).accounts
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"],
            "score": accounts["probability"].fillna(0.0),
            "likely": accounts["verdict"] == _LIKELY,
        }
    )


def _activity(question: Question) -> Answer:
    n = question.table["account_id"].value_counts()
    return pd.DataFrame({"account_id": n.index, "score": n.to_numpy(float), "likely": False})


def _text(question: Question) -> Answer:
    """Learn from another operation against other posts, and average over an account's posts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    comments = DATASETS["reddit_ira"].frame("comments.csv", ["body"])["body"]
    ads = DATASETS["ira_facebook_ads"].frame("ads.csv", ["description"])["description"]
    rumours = DATASETS["pheme_rumours"].frame("posts.csv", ["text"])["text"]
    tweets = DATASETS["tweeteval_generic"].path("sentiment_test_text.txt").read_text("utf-8")
    texts = [*comments.dropna(), *ads.dropna(), *rumours.dropna(), *tweets.splitlines()]
    truth = np.arange(len(texts)) < comments.notna().sum() + ads.notna().sum()
    regression = LogisticRegression(class_weight="balanced", max_iter=1000)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    fitted = make_pipeline(words, regression).fit(texts, truth)
    odds = fitted.decision_function(question.table["text"].fillna("").tolist())
    score = pd.Series(odds).groupby(question.table["account_id"].to_numpy()).mean()
    return pd.DataFrame({"account_id": score.index, "score": score, "likely": score > 0})


def _auc(columns: Columns) -> float:
    return auc(columns["label"].astype(bool), columns["score"].astype(float))


def _precision(columns: Columns) -> float:
    likely = columns["likely"].astype(bool)
    return ratio(float(columns["label"].astype(bool)[likely].sum()), int(likely.sum()))


def _named(of_operation: bool) -> Metric:
    def value(columns: Columns) -> float:
        inside = columns["label"].astype(bool) == of_operation
        return ratio(float(columns["likely"].astype(bool)[inside].sum()), int(inside.sum()))

    whose = "of the operation" if of_operation else "real"
    return Metric(
        name=f"accounts {whose} called likely", value=value, greater_is_better=of_operation
    )


ACTIVITY = System(
    name="[baseline] number of posts",
    answer=_activity,
    about="Activity alone; busy newsrooms come first.",
)
_METRICS = (
    Metric(name="precision of likely", value=_precision),
    Metric(name="AUC", value=_auc),
    _named(True),
    _named(False),
)
_OURS = System(
    name="disinfo: detect",
    answer=_detect,
    about="An account in no campaign has no probability, and counts as 0.",
)
TASKS = (
    Task(
        id="operation-accounts",
        description="39 accounts that Twitter tied to Iran against 35 verified accounts of "
        "journalists, politicians and outlets, from a random sample of 2,000 posts, which thins "
        "out what accounts do together. Subjects differ, so a score from texts tells subjects "
        "apart. Intervals by account.",
        cases=iran,
        judge=judge,
        metrics=_METRICS,
        baseline=ACTIVITY.name,
        systems=(
            _OURS,
            System(
                name="words of another operation",
                answer=_text,
                about="TF-IDF of words and logistic regression on reddit_ira and ira_facebook_ads "
                "against pheme and tweeteval; mean over posts.",
            ),
            *account_habits.TRIED,
            ACTIVITY,
        ),
        data=("state_trolls",),
    ),
    Task(
        id="operation-accounts-reddit",
        description="156 accounts that Reddit tied to the Internet Research Agency, comments of "
        "years on any subject, beside accounts that tweeted about five events of PHEME, in one "
        "table. Platforms differ, so only the false alarms and what is found without labels mean "
        "something. Intervals by account.",
        cases=ira,
        judge=judge,
        metrics=_METRICS,
        baseline=ACTIVITY.name,
        systems=(_OURS, account_habits.SHARED, ACTIVITY),
        data=("reddit_ira", "pheme_rumours"),
    ),
)
