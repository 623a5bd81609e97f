"""Systems that group texts: a table (text_id, label); a text that it lacks stands alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.systems.pairs import D3LTA, link_table, texts_and_vectors
from benchmarks.systems.text_peers import CLUSTER_PEERS, OF_CLUSTERS, as_clusters
from benchmarks.task import Answer, Question, System
from disinfo.narratives import GroupByMeaning
from disinfo.stages import as_tables
from disinfo.tables import APART_KINDS
from disinfo.text.normal import normal_form


def _grouped(question: Question) -> dict[str, pd.DataFrame]:
    texts, vectors = texts_and_vectors(question)
    output = GroupByMeaning()(texts, vectors, link_table(question))
    return as_tables(output, main="membership", stage="narratives")


def _families(question: Question) -> Answer:
    return _grouped(question)["family_members"].rename(columns={"family_id": "label"})


def _narratives(question: Question) -> Answer:
    return _grouped(question)["membership"].rename(columns={"narrative_id": "label"})


def _topics(question: Question) -> Answer:
    tables = _grouped(question)
    joined = tables["membership"].merge(tables["topic_members"], on="narrative_id")
    return joined.rename(columns={"topic_id": "label"})


def _components(question: Question) -> Answer:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = link_table(question)
    links = links[~links["kind"].isin(APART_KINDS)]
    ids = pd.Index(question.table["text_id"])
    ends = ids.get_indexer(links["text_a"]), ids.get_indexer(links["text_b"])
    graph = coo_array((np.ones(len(links)), ends), shape=(len(ids), len(ids)))
    return pd.DataFrame({"text_id": ids, "label": connected_components(graph, directed=False)[1]})


def _density(question: Question) -> Answer:
    from sklearn.cluster import HDBSCAN as Density

    texts, vectors = texts_and_vectors(question)
    labels = Density(copy=True).fit_predict(vectors.astype(np.float64))
    return pd.DataFrame({"text_id": texts["text_id"], "label": labels})[labels >= 0]


def _exact(question: Question) -> Answer:
    return question.table.assign(label=question.table["text"].map(normal_form))


def _one(question: Question) -> Answer:
    return question.table.assign(label="all")


FAMILIES = System(
    name="disinfo: families",
    answer=_families,
    about="Families of the narrative stage with its defaults: one message in any wording.",
)
NARRATIVES = System(
    name="disinfo: narratives",
    answer=_narratives,
    about="Narratives of the narrative stage with its defaults: one story in several messages.",
)
TOPICS = System(
    name="disinfo: topics",
    answer=_topics,
    about="Topics of the narrative stage with its defaults.",
)
COMPONENTS = System(
    name="connected components of our links",
    answer=_components,
    about="What D3lta and splink do with pairs. Known defect: chains join what shares nothing.",
)
EXACT = System(
    name="[baseline] exact text", answer=_exact, about="Texts of equal normal form are a cluster."
)
ONE = System(name="[baseline] one cluster", answer=_one, about="All texts are one cluster.")
HDBSCAN = System(
    name="HDBSCAN",
    answer=_density,
    about="scikit-learn's with its defaults, on the centred vectors that ours have; noise is not "
    "covered and stands alone.",
)
# Tools that find copies are not asked what posts are about.
OF_TOPICS = (FAMILIES, NARRATIVES, TOPICS, COMPONENTS, EXACT, ONE, HDBSCAN, *OF_CLUSTERS)
SYSTEMS = (
    FAMILIES, NARRATIVES, TOPICS, COMPONENTS, EXACT, ONE, HDBSCAN, as_clusters(D3LTA),
    *CLUSTER_PEERS,
)  # fmt: skip
