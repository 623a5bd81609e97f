"""Which known claim a post repeats: a ranking of claims for each post."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import disinfo
from benchmarks.blinding import blind_name
from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.vectors import embed_texts
from disinfo.text.normal import normal_form, readable

_TOP = 10


def _read(name: str) -> pd.DataFrame:
    with zipfile.ZipFile(DATASETS["clef2020_claim_retrieval"].path("v3.zip")) as archive:
        content = archive.read(f"v3.0/{name}").decode("utf-8")
    header = None if name.endswith(".qrels") else 0
    table = pd.read_csv(io.StringIO(content), sep="\t", dtype="str", header=header)
    return table.rename(columns={table.columns[0]: "id"})


def cases(seed: int) -> Iterator[Case]:
    """Yield the posts and claims of the dev part in one table (``is_claim``)."""
    del seed
    claims = _read("verified_claims.docs.tsv")
    posts = _read("dev/tweets.queries.tsv")
    relevant = _read("dev/tweet-vclaim-pairs.qrels")
    rows = pd.DataFrame(
        {
            "text_id": [blind_name("claim", i) for i in claims["id"]]
            + [blind_name("post", i) for i in posts["id"]],
            "text": [*claims["vclaim"], *posts["tweet_content"]],
            "title": [*claims["title"].fillna(""), *[""] * len(posts)],
            "is_claim": [True] * len(claims) + [False] * len(posts),
        }
    ).sort_values(["is_claim", "text_id"], ignore_index=True)
    truth = pd.DataFrame(
        {
            "text_id": [blind_name("post", i) for i in relevant["id"]],
            "claim": [blind_name("claim", i) for i in relevant[2]],
        }
    )
    question = Question(table=rows, embeddings=embed_texts(rows["text"].tolist()))
    yield Case(name="clef2020", question=question, truth=truth.assign(label=truth["claim"]))


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Score each post by the rank of its claim; a post without an answer scores 0.

    The list holds some claims twice, with other quotation marks; only one of the two is labelled.
    ``rank`` goes by the label, ``rank_of_wording`` takes either for the claim.
    """
    table = case.question.table.set_index("text_id")["text"]
    wording = {
        name: normal_form(table[name]) for name in {*answer["claim_id"], *case.truth["claim"]}
    }
    worded = answer.assign(wording=answer["claim_id"].map(wording))
    ranks = answer.set_index(["text_id", "claim_id"])["rank"]
    of_wording = worded.groupby(["text_id", "wording"])["rank"].min()
    rows = [
        {
            "unit": post,
            "rank": float(ranks.get((post, claim), np.inf)),
            "rank_of_wording": float(of_wording.get((post, wording[claim]), np.inf)),
        }
        for post, claim in zip(case.truth["text_id"], case.truth["claim"], strict=True)
    ]
    return pd.DataFrame(rows).groupby("unit", as_index=False).min()


def _reciprocal(columns: Columns, name: str = "rank") -> float:
    rank = columns[name].astype(float)
    return ratio(float(np.where(rank <= 5, 1 / rank, 0).sum()), len(rank))


def _first(columns: Columns) -> float:
    rank = columns["rank"].astype(float)
    return ratio(float((rank <= 1).sum()), len(rank))


def _ranked(question: Question, scores: NDArray[np.float64]) -> Answer:
    """Return the best ten claims of each post; ties go to the smaller id."""
    is_claim = question.table["is_claim"].to_numpy(bool)
    ids = question.table["text_id"].to_numpy()
    claims, posts = ids[is_claim], ids[~is_claim]
    best = np.argsort(-scores, axis=1, kind="stable")[:, :_TOP]
    return pd.DataFrame(
        {
            "text_id": np.repeat(posts, best.shape[1]),
            "claim_id": claims[best.ravel()],
            "rank": np.tile(np.arange(1, best.shape[1] + 1), len(posts)),
        }
    )


def _claim_texts(question: Question) -> tuple[list[str], list[str]]:
    """Return claims with the titles of their checks, and posts, as a person reads them."""
    table = question.table
    text = (table["text"] + " " + table["title"]).map(readable)
    is_claim = table["is_claim"].to_numpy(bool)
    return text[is_claim].tolist(), text[~is_claim].tolist()


def _by_vectors(question: Question) -> Answer:
    is_claim = question.table["is_claim"].to_numpy(bool)
    vectors = question.embeddings
    if vectors is None:
        return _ranked(question, np.zeros((int((~is_claim).sum()), int(is_claim.sum()))))
    titles = embed_texts(question.table.loc[is_claim, "title"].tolist())
    nearest = np.maximum(vectors[~is_claim] @ vectors[is_claim].T, vectors[~is_claim] @ titles.T)
    return _ranked(question, nearest.astype(np.float64))


def _by_words(question: Question) -> Answer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    claims, posts = _claim_texts(question)
    model = TfidfVectorizer(sublinear_tf=True).fit(claims)
    scores = model.transform(posts) @ model.transform(claims).T
    return _ranked(question, scores.toarray())


def _by_bm25(question: Question) -> Answer:
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    k1, b = 1.2, 0.75
    claims, posts = _claim_texts(question)
    model = CountVectorizer()
    counts = csr_array(model.fit_transform(claims), dtype=np.float64)
    asked = model.transform(posts)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    weight = np.log(1 + (counts.shape[0] - frequency + 0.5) / (frequency + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    saturation = counts.data + k1 * (1 - b + b * length[row] / length.mean())
    counts.data = counts.data * (k1 + 1) / saturation * weight[counts.indices]
    return _ranked(question, (csr_array(asked, dtype=np.float64) @ counts.T).toarray())


def _match_claims(question: Question, **settings: Any) -> Answer:
    posts = question.table[~question.table["is_claim"]]
    claims = question.table[question.table["is_claim"]].rename(columns={"text_id": "claim_id"})
    result = disinfo.detect(
        pd.DataFrame({"post_id": posts["text_id"], "text": posts["text"]}), progress=False
    )
    found = disinfo.match_claims(result, claims[["claim_id", "text", "title"]], **settings).texts
    texts = result.posts[["post_id", "text_id"]].rename(columns={"text_id": "text"})
    joined = texts.merge(found.rename(columns={"text_id": "text"}), on="text")
    return joined.rename(columns={"post_id": "text_id"})


BM25 = System(
    name="[baseline] BM25", answer=_by_bm25, about="Words of claim and title, k1 = 1.2, b = 0.75."
)
TASKS = (
    Task(
        id="claim-retrieval",
        description="CLEF 2020 CheckThat!, dev part: 197 English tweets, each with the one of "
        "10,375 checked claims that it repeats; a claim has its text and the title of its check. "
        "Intervals by tweet.",
        cases=cases,
        judge=judge,
        metrics=(
            Metric(name="MRR@5", value=_reciprocal),
            Metric(name="first", value=_first),
            Metric(
                name="MRR@5, equal wordings as one",
                value=lambda columns: _reciprocal(columns, "rank_of_wording"),
            ),
        ),
        baseline=BM25.name,
        systems=(
            System(
                name="disinfo: match_claims",
                answer=_match_claims,
                about="The public function with its defaults, which leave weak matches out.",
            ),
            System(
                name="disinfo: match_claims, all ranks",
                answer=lambda question: _match_claims(question, min_similarity=0.0),
                about="The public function with min_similarity=0.",
            ),
            System(
                name="disinfo: nearest vectors",
                answer=_by_vectors,
                about="Cosine of the library's vectors (embed) to claim or title, nothing else.",
            ),
            BM25,
            System(name="[baseline] TF-IDF", answer=_by_words, about="Cosine of TF-IDF vectors."),
        ),
        data=("clef2020_claim_retrieval",),
    ),
)
