"""Cost curves count posts of accounts that are not named; ablation takes out what it says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.systems import ablated
from benchmarks.task import Case, Question
from benchmarks.tasks import robustness


def _case(name, seed, reach):
    truth = pd.DataFrame(
        {
            "account_id": ["a", "b", "o"],
            "role": ["campaign", "campaign", "organic"],
            "reach": [*reach, 0.0],
        }
    )
    question = Question(table=truth[["account_id"]])
    return Case(name=f"{name}, seed {seed}", question=question, truth=truth)


def _columns(named_by_setting):
    rows = [
        robustness.judge(_case(name, 1, reach), pd.DataFrame({"account_id": named}))
        for name, reach, named in named_by_setting
    ]
    frame = pd.concat(rows, ignore_index=True)
    return frame, {name: frame[name].to_numpy() for name in frame}


def test_unseen_reach_is_that_of_the_best_step_for_the_operator():
    frame, columns = _columns(
        [
            ("openly: 0", (6.0, 4.0), ["a", "b"]),
            ("jitter: 1", (5.0, 3.0), ["a", "o"]),
            ("jitter: 2", (1.0, 1.0), []),
        ]
    )
    assert frame["unit"].unique().tolist() == ["seed 1"]
    metric = robustness.unseen_reach("jitter", 2)
    assert metric.value(columns) == pytest.approx(0.3), "3 of 10 posts at step 1, 2 of 10 at step 2"
    assert not metric.greater_is_better


def test_an_operator_who_is_seen_at_every_step_has_nothing_unseen():
    _, columns = _columns([(n, (6.0, 4.0), ["a", "b"]) for n in ("openly: 0", "jitter: 1")])
    assert robustness.unseen_reach("jitter", 1).value(columns) == 0.0


def test_turning_a_knob_changes_the_campaign_and_nothing_is_told():
    openly = robustness.knob_case("openly: 0", {}, 101, texts=False)
    hidden = robustness.knob_case("rotation: 2", {"rotation": 0.8}, 101, texts=False)
    assert hidden.truth["reach"].sum() < 0.6 * openly.truth["reach"].sum()
    assert "reach" not in openly.question.table
    assert "text" not in openly.question.table


def test_every_knob_has_a_metric_and_every_step_a_recall():
    names = [metric.name for metric in robustness.TASKS[0].metrics]
    assert [n for n in names if n.startswith("unseen")] == [
        f"unseen reach, {knob}" for knob in robustness.KNOBS
    ]
    assert sum(name.startswith("recall, ") for name in names) == len(
        robustness.steps(robustness.KNOBS)
    )


def test_signals_are_taken_out_by_the_names_of_their_evidence(demo):
    _, result = demo
    written = set(result.evidence.loc[result.evidence["subject"] == "campaign", "signal"])
    assert set(ablated.signal_names()) >= written - {"calibration", "prior"}, written


def test_bits_without_a_signal_differ_by_its_bits(demo, monkeypatch):
    _, result = demo
    monkeypatch.setattr(ablated, "detected", lambda posts: result)
    question = Question(table=pd.DataFrame({"post_id": []}))
    evidence = result.evidence[result.evidence["subject"] == "campaign"]
    weighty = evidence.loc[evidence["bits"].abs().idxmax()]
    whole = ablated.bits_answer(question, None)
    less = ablated.bits_answer(question, weighty["signal"])
    at = (whole["group_id"] == weighty["subject_id"]).to_numpy()

    def odds(answer):
        p = answer["probability"].to_numpy()[at][0]
        return np.log2(p / (1 - p))

    assert odds(whole) - odds(less) == pytest.approx(weighty["bits"], abs=1e-6)
