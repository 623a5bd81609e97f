"""Whether families stay what they are as a corpus grows, and two messages two with one between.

    python -m benchmarks.scale.closure --sizes 1000 10000 100000

The same planted messages, wordings and translations of 60 of D3lta's documents, stand among more
and more unrelated texts: posts of a simulated election, embedded, up to 10,000 texts in all; at
every size also vectors drawn with the mean and covariance of those posts. Families are those of the
narrative stage with its defaults. Beside them, over the same vectors at the same floor, connected
components: what most tools make of pairs. A bridge is a post that tells two of the messages, one
after the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.datasets import DATASETS
from benchmarks.intervals import Columns, interval
from benchmarks.metrics import cluster_items, f1
from benchmarks.scale.results import write
from benchmarks.speed.beside_d3lta import simulated
from benchmarks.vectors import embed_texts
from disinfo.embedding import centre_by_language
from disinfo.links import LinkByMeaning
from disinfo.narratives import GroupByMeaning
from disinfo.neighbours import pairs_above
from disinfo.stages import Vectors
from disinfo.tables import APART_KINDS, LINKS
from disinfo.text.language import identify

_MESSAGES, _BRIDGES, _MOST_EMBEDDED = 60, 60, 10_000
_SEED = 20_000
Labels = NDArray[np.int64]


def planted() -> pd.DataFrame:
    """Return the documents of some seeds: text, label."""
    table = DATASETS["d3lta_synthetic"].frame("documents.csv").drop_duplicates("text")
    sizes = table["seed_id"].value_counts()
    kept = sorted(sizes[sizes >= 4].index)[:_MESSAGES]
    table = table[table["seed_id"].isin(kept)]
    return pd.DataFrame({"text": table["text"].tolist(), "label": table["seed_id"].tolist()})


def families(texts: pd.DataFrame, vectors: Vectors, links: pd.DataFrame) -> Labels:
    """Return the family of each text."""
    found = GroupByMeaning()(texts, vectors, links)["family_members"]
    return np.asarray(pd.factorize(found["family_id"])[0], dtype=np.int64)


def components(pairs: tuple[Labels, Labels], n: int) -> Labels:
    """Return the connected component of each of n texts."""
    graph = coo_array((np.ones(len(pairs[0])), pairs), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def near(vectors: Vectors) -> Labels:
    """Return connected components of the pairs that the family floor lets through."""
    close = pairs_above(vectors, GroupByMeaning().family_floor, max_neighbours=50)
    return components((close.first, close.second), len(vectors))


def agreement(label: list[object], found: Labels) -> dict[str, Any]:
    """Judge the planted texts, which come first; whoever joins them wrongly counts as wrong."""
    n = len(label)
    among = [*label, *(f"alone {row}" for row in range(len(found) - n))]
    items = pd.DataFrame(cluster_items(among, found.tolist())).head(n).assign(unit=label)

    def mean(name: str) -> Any:
        return lambda columns: float(np.mean(columns[name].astype(float)))

    measures: Mapping[str, Any] = {
        "pair F1": _pair_f1,
        "B-cubed precision": mean("precision"),
        "B-cubed recall": mean("recall"),
    }
    rounded = {
        name: [round(value, 4) for value in interval(items, measure)]
        for name, measure in measures.items()
    }
    return rounded | {"largest": int(np.bincount(found).max())}


def _pair_f1(columns: Columns) -> float:
    both, joined, belonging = (
        float(columns[name].astype(float).sum()) for name in ("both", "joined", "belonging")
    )
    return f1(both, joined - both, belonging - both)


def drawn(like: Vectors, n: int) -> Vectors:
    """Return n unit rows of the mean and covariance of some vectors."""
    rng = np.random.default_rng(_SEED)
    mean = like.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(like.T.astype(np.float64)))
    scaled = (axes * np.sqrt(np.maximum(values, 0.0))).astype(np.float32)
    rows = rng.normal(size=(n, like.shape[1])).astype(np.float32) @ scaled.T + mean
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def grown(sizes: list[int]) -> list[dict[str, Any]]:
    """Judge the planted messages at each size."""
    told, around = planted(), simulated(2 * _MOST_EMBEDDED)
    all_texts = pd.concat([told["text"], around["text"].head(_MOST_EMBEDDED)]).tolist()
    languages, raw = identify(all_texts), embed_texts(all_texts)
    label = told["label"].tolist()
    centred = centre_by_language(raw, languages)
    runs = []
    for size in sizes:
        kinds = {"drawn": np.concatenate(
            [centred[: len(told)], drawn(centred[len(told) :], size - len(told))]
        )}  # fmt: skip
        if size <= _MOST_EMBEDDED:
            kinds["posts"] = centre_by_language(raw[:size], languages[:size])
        for kind, vectors in kinds.items():
            texts = _table(all_texts[:size] if kind == "posts" else [""] * size, languages)
            links = LINKS.empty()
            if kind == "posts":
                links = LinkByMeaning()(texts, vectors)["links"]
            runs.append(
                {
                    "texts": size, "planted": len(told), "around them": kind,
                    "families": agreement(label, families(texts, vectors, links)),
                    "components": agreement(label, near(vectors)),
                }
            )  # fmt: skip
            print(runs[-1], flush=True)
    return runs


def _table(texts: list[str], languages: list[str]) -> pd.DataFrame:
    ids = [f"t-{row:08d}" for row in range(len(texts))]
    known = languages[: len(texts)]
    return pd.DataFrame(
        {"text_id": ids, "text": texts, "language": known + ["en"] * (len(ids) - len(known))}
    )


def bridged() -> dict[str, Any]:
    """Count how often a post that tells two messages makes them one family."""
    told = planted()
    rng = np.random.default_rng(_SEED)
    names = told["label"].unique()
    ends = [tuple(rng.choice(names, 2, replace=False)) for _ in range(_BRIDGES)]
    bridges = [
        " ".join(told.loc[told["label"] == name, "text"].sample(1, random_state=place).iloc[0]
                 for name in pair)
        for place, pair in enumerate(ends)
    ]  # fmt: skip
    texts = [*told["text"], *bridges]
    languages = identify(texts)
    vectors = centre_by_language(embed_texts(texts), languages)
    table = _table(texts, languages)
    links = LinkByMeaning()(table, vectors)["links"]
    joined = links[~links["kind"].isin(APART_KINDS)]
    places = tuple(
        joined[side].str[2:].astype(np.int64).to_numpy() for side in ("text_a", "text_b")
    )
    found = {
        "families": families(table, vectors, links),
        "components of links": components((places[0], places[1]), len(texts)),
        "components": near(vectors),
    }
    answer: dict[str, Any] = {"messages": len(names), "bridges": len(ends)}
    for name, labels in found.items():
        own = {m: set(labels[: len(told)][told["label"] == m].tolist()) for m in names}
        merged = sum(bool(own[one] & own[other]) for one, other in ends)
        answer[name] = {
            "bridged pairs made one": merged,
            **agreement(told["label"].tolist(), labels[: len(told)]),
        }
    return answer


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    given = parser.parse_args()
    found = {"runs": grown(given.sizes), "bridges": bridged()}
    sizes = " ".join(map(str, given.sizes))
    write("closure", f"python -m benchmarks.scale.closure --sizes {sizes}", found)


if __name__ == "__main__":
    main()
