"""Other projects' tools on texts, each for pairs and for clusters."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pandas as pd

from benchmarks.peers.process import peer
from benchmarks.task import Answer, Question, System
from disinfo.text.language import identify


def with_languages(question: Question) -> pd.DataFrame:
    """Return the texts with the languages that the library identifies."""
    return question.table.assign(language=identify(question.table["text"].tolist()))


def as_clusters(system: System) -> System:
    """Return a system of pairs as one of clusters: connected components."""

    def answer(question: Question) -> Answer:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        pairs = system.answer(question)
        ids = pd.Index(question.table["text_id"])
        ends = ids.get_indexer(pairs["text_a"]), ids.get_indexer(pairs["text_b"])
        graph = coo_array((np.ones(len(pairs)), ends), shape=(len(ids), len(ids)))
        labels = connected_components(graph, directed=False)[1]
        return pd.DataFrame({"text_id": ids, "label": labels})

    return dataclasses.replace(
        system, answer=answer, about=f"{system.about} Connected components are clusters."
    )


def as_pairs(system: System) -> System:
    """Return a system of clusters as one of pairs: all pairs of a cluster."""

    def answer(question: Question) -> Answer:
        found = system.answer(question).sort_values("text_id")
        pairs = [
            pair
            for _, own in found.groupby("label")["text_id"]
            for pair in combinations(own.tolist(), 2)
        ]
        return pd.DataFrame(pairs, columns=["text_a", "text_b"], dtype="str")

    return dataclasses.replace(
        system, answer=answer, about=f"{system.about} All pairs of a cluster are pairs."
    )


SEMHASH = peer(
    "semhash",
    "semhash_pairs",
    about="self_deduplicate at its default threshold (0.9). Known defect: keeps one duplicate_of "
    "a record, so only stars of a group are pairs; completed here to all pairs of a group.",
)
D3LTA = peer(
    "d3lta",
    "three_delta_pairs",
    about="semantic_faiss with its defaults, on the vectors that every system gets (its own need "
    "TensorFlow). Known defects: thresholds meant for another model's cosines; blind to negation.",
    table_of=with_languages,
)
ASTRODETECTION = peer(
    "astrodetection",
    "three_delta_pairs",
    about="Its semantic_faiss with its defaults (0.9), on the vectors that every system gets. "
    "Known defects: those of D3lta, whose rule it carries on.",
    table_of=with_languages,
)
CNT = peer(
    "coordination-network-toolkit",
    "cnt_equal",
    about="compute_co_tweet_network with its defaults, every text an account of its own. Known "
    "defect: equal words only (its co-similar network took two minutes for 2,000 texts).",
)
NARRATIVECLUSTER = peer(
    "narrativecluster",
    "narrativecluster_clusters",
    about="Defaults, on the vectors that every system gets. Known defects: Leiden is not seeded; "
    "half of its neighbour pairs are lost; depends on the order of rows.",
)
BERTOPIC = peer(
    "bertopic",
    "bertopic_clusters",
    about="Light install with a seeded UMAP, otherwise defaults, on the vectors that every system "
    "gets; outliers (topic -1) stand alone. Known defect: half of the posts may be outliers.",
)
OF_PAIRS = (D3LTA, SEMHASH, ASTRODETECTION, CNT)
OF_CLUSTERS = (NARRATIVECLUSTER, BERTOPIC)
PAIR_PEERS = (*OF_PAIRS, *map(as_pairs, OF_CLUSTERS))
CLUSTER_PEERS = (*OF_CLUSTERS, *map(as_clusters, OF_PAIRS))
