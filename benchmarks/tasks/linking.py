"""Which texts carry one message: pairs, over all pairs of the corpus."""

from __future__ import annotations

import pandas as pd

from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns
from benchmarks.metrics import f1, ratio
from benchmarks.systems import pairs
from benchmarks.task import Answer, Case, Metric, Question, System, Task
from benchmarks.tasks import corpora


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Count pairs by the cluster that a text belongs to; a wrong pair is half of each of its two.

    Texts without a label are not asked about: whether two of them agree is not known.

    Returns
    -------
    DataFrame
        One row a cluster: unit, hits, wrong, missed.
    """
    label = case.truth.dropna(subset=["label"]).set_index("text_id")["label"].astype(str)
    given = pd.DataFrame({"a": answer["text_a"], "b": answer["text_b"]}).astype("str")
    swapped = given["a"] > given["b"]
    first = given["a"].where(~swapped, given["b"]).map(label)
    second = given["b"].where(~swapped, given["a"]).map(label)
    names = given["a"].where(~swapped, given["b"]) + "\0" + given["b"].where(~swapped, given["a"])
    known = first.notna() & second.notna() & (given["a"] != given["b"]) & ~names.duplicated()
    first, second = first[known], second[known]
    right = first == second
    sizes = label.value_counts()
    hits = first[right].value_counts()
    wrong = pd.concat([first[~right], second[~right]]).value_counts() / 2
    rows = pd.DataFrame({"pairs": sizes * (sizes - 1) / 2})
    rows["hits"] = hits.reindex(rows.index, fill_value=0)
    rows["wrong"] = wrong.reindex(rows.index, fill_value=0)
    rows["missed"] = rows["pairs"] - rows["hits"]
    rows["texts"] = sizes
    return (
        rows.rename_axis("unit")
        .reset_index()
        .assign(unit=lambda frame: case.name + ": " + frame["unit"])
    )


def _sums(*names: str, columns: Columns) -> list[float]:
    return [float(columns[name].astype(float).sum()) for name in names]


def _f1(columns: Columns) -> float:
    return f1(*_sums("hits", "wrong", "missed", columns=columns))


def _precision(columns: Columns) -> float:
    hits, wrong = _sums("hits", "wrong", columns=columns)
    return ratio(hits, hits + wrong)


def _recall(columns: Columns) -> float:
    hits, missed = _sums("hits", "missed", columns=columns)
    return ratio(hits, hits + missed)


METRICS = (
    Metric(name="pair F1", value=_f1),
    Metric(name="precision", value=_precision),
    Metric(name="recall", value=_recall),
)


def _committed(question: Question) -> Answer:
    """Look up what D3lta itself committed; documents are found by their text."""
    data = DATASETS["d3lta_synthetic"]
    documents = data.frame("documents.csv", columns=["doc_id", "text"])
    seen = question.table[["text_id", "text"]]
    # The k-th document of a text is the k-th row with it: such documents are of one seed.
    numbered = [frame.assign(k=frame.groupby("text").cumcount()) for frame in (documents, seen)]
    name = numbered[0].merge(numbered[1], on=["text", "k"]).set_index("doc_id")["text_id"]
    edges = data.frame("d3lta_predicted_edges.csv")
    found = {"text_a": edges["source"].map(name), "text_b": edges["target"].map(name)}
    return pd.DataFrame(found).dropna()


D3LTA_EDGES = System(
    name="D3lta, its committed pairs",
    answer=_committed,
    about="The pairs in D3lta's own notebook (its thresholds of the day, its USE vectors); the "
    "data hold only documents that it matched, which flatters it.",
)
TASKS = (
    Task(
        id="links-simulated",
        description="Copies, rewordings and translations of one message among the posts of a "
        "simulated election in five languages. Intervals by message.",
        cases=corpora.simulated_messages,
        judge=judge,
        metrics=METRICS,
        baseline=pairs.EXACT.name,
        systems=pairs.SYSTEMS,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_002),
        after=("families-simulated",),
    ),
    Task(
        id="links-d3lta",
        description="D3lta's synthetic documents in ten languages (odd seeds). Intervals by seed "
        "document.",
        cases=corpora.d3lta,
        judge=judge,
        metrics=METRICS,
        baseline=pairs.EXACT.name,
        systems=(*pairs.SYSTEMS, D3LTA_EDGES),
        data=("d3lta_synthetic",),
    ),
    Task(
        id="links-checkthat",
        description="Posts that fact-checkers tied to one claim, French and German: one claim is "
        "wider than one message. Intervals by claim.",
        cases=corpora.checkthat,
        judge=judge,
        metrics=METRICS,
        baseline=pairs.EXACT.name,
        systems=pairs.SYSTEMS,
        data=("checkthat25_claimnorm",),
        after=("narratives-checkthat",),
    ),
)
