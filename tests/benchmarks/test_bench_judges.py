"""Judges run over the truth: what is missing is a no, and what is innocent stays innocent."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.task import Case, Question, System
from benchmarks.tasks import (
    clustering,
    coordination,
    linking,
    opposition,
    reliability,
    scores,
    simulator,
)

TEXTS = pd.DataFrame({"text_id": list("pqrst"), "text": "x"})


def _columns(rows):
    return {name: rows[name].to_numpy() for name in rows}


def _value(metrics, name, rows):
    return next(m for m in metrics if m.name == name).value(_columns(rows))


def _texts(labels):
    truth = pd.DataFrame({"text_id": list("pqrst"), "label": labels})
    return Case(name="t", question=Question(table=TEXTS), truth=truth)


def test_links_by_hand():
    case = _texts(["a", "a", "a", "b", "b"])
    # Right: p-q twice (named in both orders), wrong: r-s. Truth has 4 pairs.
    answer = pd.DataFrame({"text_a": ["p", "q", "r"], "text_b": ["q", "p", "s"]})
    rows = linking.judge(case, answer)
    assert _value(linking.METRICS, "precision", rows) == 0.5
    assert _value(linking.METRICS, "recall", rows) == 0.25
    nothing = linking.judge(case, answer.head(0))
    assert _value(linking.METRICS, "recall", nothing) == 0
    assert np.isnan(_value(linking.METRICS, "precision", nothing))


def test_links_of_unlabelled_texts_are_not_judged():
    case = _texts(["a", "a", None, "b", None])
    answer = pd.DataFrame({"text_a": ["p", "r"], "text_b": ["q", "t"]})
    assert _value(linking.METRICS, "pair F1", linking.judge(case, answer)) == 1


def test_a_text_without_a_cluster_stands_alone():
    case = _texts(["a", "a", "a", "b", "b"])
    full = pd.DataFrame({"text_id": list("pqrst"), "label": [1, 1, 1, 2, 2]})
    whole = clustering.judge(case, full)
    part = clustering.judge(case, full.head(2))
    assert _value(clustering.METRICS, "B-cubed F1", whole) == 1
    # Recall: 2/3, 2/3, 1/3, 1/2, 1/2.
    assert _value(clustering.METRICS, "B-cubed recall", part) == pytest.approx(2.6667 / 5, abs=1e-3)
    assert _value(clustering.METRICS, "texts alone", part) == 3 / 5


def _world(name="mixed: 1"):
    rows = [(f"c{i}", "campaign", "g-c") for i in range(4)]
    rows += [(f"t{i}", "twin", "g-t") for i in range(4)]
    rows += [(f"o{i}", "organic", None) for i in range(12)]
    truth = pd.DataFrame(rows, columns=["account_id", "role", "group_id"])
    kind = {"g-c": "reworded", "g-t": "newswire"}
    truth["kind"] = truth["group_id"].map(kind).fillna("person")
    return Case(name=name, question=Question(table=truth[["account_id"]]), truth=truth)


def _named(**groups):
    rows = [(account, group) for group, own in groups.items() for account in own.split()]
    return pd.DataFrame(rows, columns=["account_id", "group_id"])


def test_campaign_found_by_half_of_its_accounts():
    row = coordination.judge(_world(), _named(x="c0 c1 o0")).iloc[0]
    assert row[["hits", "false", "missed", "found", "false_groups"]].tolist() == [2, 1, 2, 1, 0]
    row = coordination.judge(_world(), _named(x="c0 o0 o1")).iloc[0]
    assert row[["hits", "false", "missed", "found", "false_groups"]].tolist() == [1, 2, 3, 0, 1]


def test_a_campaign_split_over_two_groups_is_not_found():
    row = coordination.judge(_world(), _named(x="c0", y="c1", z="c2")).iloc[0]
    assert (row["hits"], row["found"]) == (3, 0)


def test_nobody_named_misses_everybody():
    row = coordination.judge(_world(), _named()).iloc[0]
    assert row[["hits", "false", "missed", "found", "planted"]].tolist() == [0, 0, 4, 0, 1]


def test_metrics_look_at_their_kinds_only():
    from benchmarks.runner import _measure

    mixed = coordination.judge(_world(), _named(x="c0 c1 c2 c3"))
    organic = coordination.judge(_world("organic: 1"), _named(x="o0 o1 o2"))
    rows = pd.concat([mixed, organic])
    measured = {m.name: _measure(m, rows) for m in coordination.METRICS}
    assert measured["account F1, mixed worlds"]["value"] == 1
    assert measured["account F1, mixed worlds"]["low"] is None
    false = measured["organic and burst worlds with a false campaign"]
    assert (false["value"], false["n_units"]) == (1, 1)
    assert false["low"] == pytest.approx(0.025, abs=1e-3)


def test_twins_are_neither_hit_nor_false_unless_called_likely():
    answer = _named(x="t0 t1 t2 t3")
    left = coordination.judge(_world(), answer.assign(likely=False)).iloc[0]
    assert left[["hits", "false", "false_groups", "twins_likely"]].tolist() == [0, 0, 0, 0]
    accused = coordination.judge(_world(), answer.assign(likely=True)).iloc[0]
    assert accused[["hits", "false", "false_groups", "twins_likely"]].tolist() == [0, 4, 1, 1]


def test_scores_count_campaigns_that_were_not_called():
    answer = _named(x="t0 t1").assign(probability=0.1, likely=False)
    rows = scores.judge(_world(), answer)
    assert rows["called"].tolist() == [True, False]
    share = next(m for m in scores.TASKS[0].metrics if m.name.endswith("of all planted"))
    assert share.value(_columns(rows)) == 0
    found = scores.judge(_world(), _named(x="c0 c1 c2").assign(probability=0.9, likely=True))
    assert share.value(_columns(found)) == 1


def test_opposed_pairs_by_hand():
    truth = pd.DataFrame(
        {
            "text_a": ["p", "p", "p", "p"],
            "text_b": ["q", "r", "s", "t"],
            "message": "m",
            "wording": ["copy", "paraphrase", "negation", "debunk"],
            "opposed": [False, False, True, True],
        }
    )
    case = Case(name="o", question=Question(table=TEXTS), truth=truth)
    answer = pd.DataFrame(
        {"text_a": ["q", "s", "p"], "text_b": ["p", "p", "t"], "kind": ["near", "near", "opposed"]}
    )
    rows = opposition.judge(case, answer)
    assert rows["joined"].tolist() == [True, False, True, False]
    assert rows["told"].tolist() == [False, False, False, True]
    assert _value(opposition.METRICS, "balanced accuracy of joining", rows) == 0.5


def test_opposed_set_is_whole():
    paths = (*opposition.DEVELOPMENT, opposition.HELD_OUT, opposition.HELD_OUT_2)
    sets = [opposition.read_opposed(path) for path in paths]
    for texts, least, languages in zip(sets, (20, 4, 16, 18), (5, 7, 5, 5), strict=True):
        assert texts.groupby(["language", "wording"]).size().min() >= least
        assert texts["language"].nunique() == languages
        assert set(texts["language"]) >= {"en", "pl", "uk", "ru", "de"}
        assert not texts.duplicated(["language", "text"]).any()
    every = pd.concat(sets)
    assert every["message"].nunique() == sum(texts["message"].nunique() for texts in sets) >= 60
    assert not set(pd.concat(sets[2:])["text"]) & set(pd.concat(sets[:2])["text"])


def test_sealed_messages_are_half_of_the_second_set():
    texts = opposition.read_opposed(opposition.HELD_OUT_2)
    hidden = texts["message"].map(opposition.is_sealed)
    assert texts["message"][hidden].nunique() == texts["message"][~hidden].nunique() == 30
    for part in (texts[hidden], texts[~hidden]):
        assert set(part["language"]) == {"en", "pl", "uk", "ru", "de"}
        assert (part["wording"] == opposition.UPDATE).sum() == 60


def test_an_update_counts_neither_as_the_same_nor_as_opposed():
    rows = pd.DataFrame(
        {
            "wording": ["copy", "negation", "update", "update"],
            "opposed": [False, True, False, False],
            "joined": [True, False, False, True],
            "told": [False, True, True, False],
        }
    )
    assert _value(opposition.WITH_UPDATES, "balanced accuracy of joining", rows) == 1.0
    assert _value(opposition.WITH_UPDATES, "same pairs called opposed", rows) == 0.0
    assert _value(opposition.WITH_UPDATES, "update called opposed", rows) == 0.5
    assert _value(opposition.WITH_UPDATES, "update joined", rows) == 0.5


def test_marginals_are_compared_within_a_world_and_silence_is_a_half():
    truth = pd.DataFrame({"account_id": list("abcd"), "label": [True, True, False, False]})
    case = Case(name="default: 1", question=Question(table=truth[["account_id"]]), truth=truth)
    scored = truth[["account_id"]].assign(score=[0.9, 0.8, 0.7, 0.6])
    assert simulator.judge(case, scored).iloc[0].to_dict() == {
        "unit": "seed 1", "kind": "default", "auc": 1.0,
    }  # fmt: skip
    assert simulator.judge(case, scored.head(0))["auc"].tolist() == [0.5]


def test_a_card_without_its_kind_scores_each_campaign():
    named = _named(x="c0 c1 c2", y="t0 t1").assign(likely=False)
    kind = _world().truth.query("role == 'campaign'")["kind"].iloc[0]
    answer = pd.concat(
        [
            named.assign(without=one, probability=0.9 if one == kind else 0.1)
            for one in (kind, "another", "third")
        ]
    )
    rows = scores.judge(_world(), answer).set_index("inauthentic")
    assert rows.loc[True, "probability"] == 0.9
    assert len(rows) == 2


def test_accused_worlds_are_worlds_and_not_groups():
    rows = pd.DataFrame(
        {
            "unit": ["a", "a", "b", "c"],
            "likely": [True, True, True, False],
            "inauthentic": [False, False, True, False],
        }
    )
    assert scores._accused(_columns(rows)) == pytest.approx(1 / 3)


def test_a_reliability_plot_weighs_groups_by_the_stated_prevalence():
    rows = pd.DataFrame(
        {
            "called": True,
            "inauthentic": [True] * 8 + [False] * 2,
            "probability": [0.3] * 4 + [0.9] * 4 + [0.3] * 2,
        }
    )
    value = {m.name: m.value(_columns(rows)) for m in reliability.TASKS[0].metrics}
    # 4 campaigns weigh .1 of all, 2 benign groups .8 of all.
    assert value["inauthentic, .2 to .5"] == pytest.approx(1 / 9)
    assert value["mean probability, .2 to .5"] == pytest.approx(0.3)
    assert value["groups, .8 to 1"] == 4
    assert np.isnan(value["inauthentic, 0 to .05"])


def test_where_nothing_is_found_size_has_nothing_to_score(monkeypatch):
    nobody = _named(x="c0").assign(probability=0.9, likely=True).head(0)
    silent = System(name="disinfo: detect", answer=lambda question: nobody, about="Silent.")
    monkeypatch.setattr(scores.groups, "DETECT", silent)
    size = next(s for s in scores.TASKS[0].systems if s.name == "[baseline] group size")
    rows = scores.judge(_world(), size.answer(_world().question))
    assert rows["called"].tolist() == [False] * len(rows)
    assert len(rows) == _world().truth.query("role == 'campaign'")["group_id"].nunique()
