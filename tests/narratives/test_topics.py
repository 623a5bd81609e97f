"""Topics: as fine as the corpus says, whatever floor of cosines fits it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.narratives import GroupByMeaning
from disinfo.narratives.standing import units
from disinfo.narratives.topics import find_topics, silhouette


def _groups(n_groups, size, spread, shared, seed=0, d=64):
    """Groups of texts about centres that have a direction in common."""
    rng = np.random.default_rng(seed)
    centres = units(units(rng.normal(size=(n_groups, d))) + shared * np.eye(1, d)[0])
    rows = np.repeat(centres, size, axis=0) + spread * units(rng.normal(size=(n_groups * size, d)))
    return units(rows)


def _topics(rows, narratives=None):
    codes = np.arange(len(rows)) if narratives is None else narratives
    return find_topics(rows, codes).labels[codes]


@pytest.mark.parametrize(
    ("n_groups", "size", "spread", "shared"),
    [(10, 30, 0.6, 0.8), (5, 40, 1.2, 0.0), (4, 200, 0.9, 0.5), (2, 40, 0.8, 0.0)],
)
def test_essays_on_close_questions_and_far_events_come_out_alike(n_groups, size, spread, shared):
    found = _topics(_groups(n_groups, size, spread, shared))
    truth = np.repeat(np.arange(n_groups), size)
    assert len(set(found)) == n_groups
    assert len(set(zip(found.tolist(), truth.tolist(), strict=True))) <= n_groups + 2


def test_a_narrative_is_in_one_topic_and_what_is_not_drawn_joins_the_nearest():
    rows = _groups(6, 1500, spread=0.5, shared=0.3)
    narratives = np.repeat(np.arange(4500), 2)
    found = find_topics(rows, narratives)
    assert found.labels.shape == (4500,)
    truth = np.repeat(np.arange(6), 750)
    assert len(set(zip(found.labels.tolist(), truth.tolist(), strict=True))) == 6
    assert 0 < found.floor < 1


@settings(max_examples=15, deadline=None)
@given(st.integers(30, 60), st.integers(0, 1000), st.integers(1, 8))
def test_every_narrative_has_a_topic(n, seed, n_narratives):
    rng = np.random.default_rng(seed)
    codes = np.unique(rng.integers(0, n_narratives, n), return_inverse=True)[1]
    found = find_topics(units(rng.normal(size=(n, 8))), codes)
    assert len(found.labels) == codes.max() + 1
    assert set(found.labels.tolist()) == set(range(found.labels.max() + 1))
    assert found.floor > 0


def test_equal_texts_are_one_topic():
    assert set(_topics(np.tile(np.eye(1, 8, dtype=np.float32), (40, 1)))) == {0}


def test_a_single_cluster_and_texts_alone_stand_out_from_nothing():
    rows = _groups(1, 5, 0.5, 0.0)
    assert silhouette(rows, np.zeros(5, dtype=int)) == silhouette(rows, np.arange(5)) == 0.0


def test_a_given_floor_and_few_texts_are_cut_by_linkage():
    rows = _groups(3, 20, spread=0.5, shared=0.0)
    texts = pd.DataFrame({"text_id": [f"t-{n:02d}" for n in range(60)]})
    links = pd.DataFrame({"text_a": [], "text_b": [], "kind": []}, dtype="str")
    given_floor = GroupByMeaning(topic_floor=0.2)(texts, rows, links)["topic_members"]
    assert set(given_floor["floor"]) == {0.2}
    few = GroupByMeaning()(texts[:20], rows[:20], links)["topic_members"]
    assert set(few["floor"]) == {0.15}
    assert GroupByMeaning()(texts, rows, links)["topic_members"]["topic_id"].nunique() == 3
