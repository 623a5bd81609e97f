"""Systems that say how machine-like posts, or sources of several posts, are written.

They learn from labelled posts on other subjects and of other machines: text, language, style (empty
for people), label (True for machines).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.datasets import DATASETS
from benchmarks.task import Answer, Question, System
from disinfo.errors import SchemaError
from disinfo.writing import WritingModel, fit_writing

Floats = NDArray[np.float64]
_LN2 = float(np.log(2))


def _lessons(question: Question) -> pd.DataFrame:
    if question.lessons is None:
        msg = "these systems need lessons"
        raise ValueError(msg)
    return question.lessons


def _ours(question: Question) -> WritingModel:
    lessons = _lessons(question)
    machine = lessons["label"].astype(bool)
    return fit_writing(
        lessons[~machine][["text", "language", "pair_id"]],
        lessons[machine].rename(columns={"style": "kind"})[["text", "language", "kind", "pair_id"]],
    )


def _redistributable(question: Question) -> WritingModel:
    """Fit on human posts that may be redistributed, instead of those of the lessons."""
    lessons = _lessons(question)
    comments = DATASETS["reddit_ira"].frame("comments.csv", ["body"])["body"]
    ads = DATASETS["ira_facebook_ads"].frame("ads.csv", ["description"])["description"]
    texts = pd.concat([comments, ads]).dropna().drop_duplicates()
    texts = texts[texts.str.len().between(30, 300)].sort_values()
    human = pd.DataFrame({"text": texts.iloc[::9], "language": "en"})
    machine = lessons[lessons["label"].astype(bool)].rename(columns={"style": "kind"})
    return fit_writing(human, machine[["text", "language", "kind"]])


def _with_model(fit: Callable[[Question], WritingModel]) -> Callable[[Question], Answer]:
    def answer(question: Question) -> Answer:
        table = question.table
        try:
            style = fit(question).styles[str(table["language"].iloc[0])]
        except (KeyError, SchemaError):
            # Too few posts of the language to learn from: no opinion.
            return _bits(table, np.zeros(len(table)), lambda own: 0.0)
        scores = style.score(table["text"].tolist())
        return _bits(table, scores, lambda own: style.pool(own).bits)

    return answer


def _with_regression(features: Callable[[], Any]) -> Callable[[Question], Answer]:
    """Sum the log-odds of posts as if they were independent."""

    def answer(question: Question) -> Answer:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        lessons = _lessons(question)
        regression = LogisticRegression(C=3.0, class_weight="balanced", max_iter=1000)
        fitted = make_pipeline(features(), regression).fit(
            lessons["text"].tolist(), lessons["label"].astype(bool)
        )
        odds = fitted.decision_function(question.table["text"].tolist()) / _LN2
        return _bits(question.table, odds, lambda own: float(own.sum()))

    return answer


def _bits(table: pd.DataFrame, scores: Floats, pooled: Callable[[Floats], float]) -> Answer:
    """Return a row a post with its score, and the bits of its source on each of its rows."""
    answer = table[["text_id", "source"]].assign(score=scores)
    bits = {
        source: pooled(own["score"].to_numpy(np.float64))
        for source, own in answer.groupby("source")
    }
    return answer.assign(bits=answer["source"].map(bits))


def _characters() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True)


def _length() -> Any:
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(lambda texts: np.log1p([[len(text)] for text in texts]))


OURS = System(
    name="disinfo: fit_writing",
    answer=_with_model(_ours),
    about="The human posts and the other styles of the lessons; pooled with the correlation that "
    "they show.",
)
REDISTRIBUTABLE = System(
    name="disinfo: fit_writing, human posts that may be redistributed",
    answer=_with_model(_redistributable),
    about="Comments of 2015 to 2018 and advertisements, English only, as the human side: what "
    "shipped weights would have to be learned from. In other languages it has no opinion.",
)
CHARACTERS = System(
    name="[baseline] TF-IDF of characters and logistic regression",
    answer=_with_regression(_characters),
    about="Learns from the same lessons; posts of a source are added up as if independent.",
)
LENGTH = System(
    name="[baseline] length",
    answer=_with_regression(_length),
    about="Logistic regression on the logarithm of the length.",
)
SYSTEMS = (OURS, REDISTRIBUTABLE, CHARACTERS, LENGTH)
