"""The re-implemented rules on cases worked out by hand."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.systems import rules
from benchmarks.systems.co_actions import components, pairs_within
from benchmarks.systems.pairs import d3lta_pairs
from benchmarks.task import Question

START = pd.Timestamp("2025-05-01", tz="UTC")


def _actions(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "object_id", "second"])
    return frame.assign(
        layer="url",
        event=pd.factorize(frame["object_id"])[0],
        created_at=START + pd.to_timedelta(frame["second"], unit="s"),
    )


THREE = _actions(
    ("a", "x", 0), ("b", "x", 5), ("c", "x", 300),
    ("a", "y", 0), ("b", "y", 8),
    ("a", "z", 0), ("b", "z", 9), ("c", "z", 9),
)  # fmt: skip


def _names(edges):
    return sorted(zip(edges["account_a"], edges["account_b"], strict=True))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 40)), max_size=25
    ),
    st.integers(1, 20),
)
def test_pairs_within_are_all_pairs(rows, window):
    actions = _actions(*rows)
    found = pairs_within(actions, window)
    told = sorted(
        (min(p), max(p)) for p in zip(found["first_row"], found["second_row"], strict=True)
    )
    expected = [
        (i, j)
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
        if rows[i][1] == rows[j][1]
        and rows[i][0] != rows[j][0]
        and abs(rows[i][2] - rows[j][2]) <= window
    ]
    assert told == expected


def test_raw_counts():
    assert _names(rules.raw_count_edges(THREE, 60, 3)) == [("a", "b")]
    assert _names(rules.raw_count_edges(THREE, 600, 2)) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_toolkit_rule_is_directed():
    # "a" shares x three times near one share of "b": three messages of a, one of b.
    actions = _actions(("a", "x", 0), ("a", "x", 1), ("a", "x", 2), ("b", "x", 3))
    assert _names(rules.toolkit_edges(actions, 60, 3)) == [("a", "b")]
    assert _names(rules.toolkit_edges(actions, 60, 1)) == [("a", "b"), ("b", "a")]


def test_coortweet_rule_keeps_weights_above_the_median():
    edges = rules.coortweet_edges(THREE)
    assert _names(edges) == [("a", "b")]
    assert edges["weight"].tolist() == [3]
    assert len(rules.coortweet_edges(THREE, edge_weight=-1)) == 3
    assert rules.coortweet_edges(THREE, min_participation=3).empty


def test_cosine_rules_find_the_planted_group_and_always_return_something():
    rng = np.random.default_rng(0)
    rows = [(f"o{i}", f"u{j}", 0) for i in range(60) for j in rng.choice(40, 5, replace=False)]
    rows += [(f"c{i}", f"rare{j}", 0) for i in range(4) for j in range(6)]
    planted = {f"c{i}" for i in range(4)}
    found = components(rules.pacheco_edges(_actions(*rows)))
    assert planted <= set(found["account_id"])
    organic = _actions(*[row for row in rows if row[0].startswith("o")])
    assert len(rules.pacheco_edges(organic)) > 0
    assert len(components(rules.luceri_edges(organic))) >= 2


def test_rules_on_no_actions():
    empty = THREE.head(0)
    assert rules.raw_count_edges(empty, 60, 3).empty
    assert rules.toolkit_edges(empty, 60, 3).empty
    assert rules.coortweet_edges(empty).empty
    assert components(rules.raw_count_edges(empty, 60, 3)).empty


def test_components_name_whoever_keeps_an_edge():
    edges = pd.DataFrame({"account_a": ["a", "b", "x"], "account_b": ["b", "c", "y"]})
    found = components(edges).groupby("group_id")["account_id"].agg(set).tolist()
    assert sorted(map(sorted, found)) == [["a", "b", "c"], ["x", "y"]]


def test_d3lta_rule_has_three_thresholds():
    english = "the quick brown fox jumps over the lazy dog near the river"
    texts = [
        english,
        english + " bank",
        "a completely different english sentence about the weather",
    ]
    table = pd.DataFrame({"text_id": ["p", "q", "r"], "text": texts})
    close = np.sqrt(1 - 0.8**2)
    vectors = np.array([[1, 0], [0.8, close], [0.8, close]], dtype=np.float32)
    found = d3lta_pairs(Question(table=table), vectors)
    # p-q: a copy by edit ratio; p-r: cosine .8 in one language is too little; q-r: a rewording.
    assert _pairs(found) == [("p", "q"), ("q", "r")]


def _pairs(frame):
    return sorted(zip(frame["text_a"], frame["text_b"], strict=True))
