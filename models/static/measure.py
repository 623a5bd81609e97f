"""Measure the static tier and the cascade beside the default model; write ``figures.json``.

Run from the root of the repository, with the data named by ``DISINFO_DATA``:
``python -m models.static.measure``. Nothing is tuned here: thresholds are those of the shipped link
cards, the cascade's floor is its default. Intervals are 95 %, from resampling posts (translation)
or labelled clusters (pairs).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.embedding_quality import ALL, REQUIRED, hits, interval, read_parallel
from benchmarks.intervals import interval as cluster_interval
from benchmarks.task import Case
from benchmarks.tasks import corpora
from benchmarks.tasks.linking import METRICS, judge
from disinfo.embedding import (
    CascadeEmbedding,
    SentenceEmbedding,
    StaticEmbedding,
    centre_by_language,
)
from disinfo.links import LinkByMeaning
from disinfo.pipeline import Pipeline
from disinfo.stages import Vectors, as_tables
from disinfo.text.language import identify

HERE = Path(__file__).parent
Embedder = Callable[[Sequence[str]], Vectors]


def translation() -> list[dict[str, Any]]:
    """Return top-1 of translations on the parallel posts, by system, languages and candidates."""
    posts = read_parallel()
    every = [text for texts in posts.values() for text in texts]
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit(every)
    systems: dict[str, Embedder] = {
        "default": SentenceEmbedding(progress=False),
        "default, not centred": SentenceEmbedding(progress=False, centre=False),
        "static": StaticEmbedding(),
        "char n-grams": lambda texts: grams.transform(texts).toarray().astype(np.float32),
    }
    rows = []
    for name, embed in systems.items():
        vectors = {language: embed(posts[language]) for language in ALL}
        for languages in (REQUIRED, ALL):
            for mixed in (False, True):
                found = hits({one: vectors[one] for one in languages}, mixed=mixed)
                rows.append(
                    {
                        "system": name,
                        "languages": " ".join(languages),
                        "candidates": "mixed" if mixed else "pairwise",
                        "top-1, low, high": [round(x, 3) for x in interval(found)],
                    }
                )
    return rows


def pairs_of(case: Case, embed: Any) -> tuple[pd.DataFrame, float]:
    """Return the links that a run would find with an embedding, and the CPU seconds of it."""
    texts = case.question.table
    texts = texts.assign(language=identify(texts["text"].tolist()))
    pipeline, _ = Pipeline(embed=embed, link_texts=LinkByMeaning()).for_texts(len(texts))
    started = time.process_time()
    vectors = embed(texts["text"].tolist())
    seconds = time.process_time() - started
    centred = centre_by_language(vectors, texts["language"].tolist())
    links = as_tables(pipeline.link_texts(texts, centred), main="links", stage="links")["links"]
    return links[links["kind"] != "opposed"], seconds


def linking() -> list[dict[str, Any]]:
    """Return pair F1, precision and recall by data and embedding."""
    rows = []
    for data, cases in (("d3lta", corpora.d3lta), ("checkthat fra+deu", corpora.checkthat)):
        for case in cases(0):
            for name, embed in (
                ("default", SentenceEmbedding(progress=False)),
                ("cascade", CascadeEmbedding(model=SentenceEmbedding(progress=False))),
                ("static", StaticEmbedding()),
            ):
                links, _ = pairs_of(case, embed)
                judged = judge(case, links)
                row: dict[str, Any] = {"data": data, "embedding": name}
                for metric in METRICS:
                    found = cluster_interval(judged, metric.value)
                    row[metric.name] = [round(value, 3) for value in found]
                if isinstance(embed, CascadeEmbedding):
                    row["share embedded by the model"] = share(case, embed)
                rows.append(row)
                print(row, flush=True)
    return rows


def share(case: Case, embed: CascadeEmbedding) -> float:
    """Return the share of texts that the cascade hands to the model."""
    texts = sorted(set(case.question.table["text"]))
    return round(len(embed.chosen(texts, embed.static(texts))) / len(texts), 3)


def speed() -> dict[str, float]:
    """Return what `models.static.speed` finds in a process of its own."""
    command = [sys.executable, "-m", "models.static.speed"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(printed)
    return found


def main() -> None:
    """Measure everything and write the file."""
    figures: dict[str, Any] = {
        "command": "python -m models.static.measure",
        "model_id": StaticEmbedding().model_id,
        "speed": speed(),
    }
    figures["translation, 110 posts"] = translation()
    figures["pairs"] = linking()
    (HERE / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
