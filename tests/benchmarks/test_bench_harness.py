"""Planted errors that the harness has to catch."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import blinding, runner
from benchmarks.systems import probes
from benchmarks.task import (
    AbsentError,
    Case,
    HarnessError,
    Metric,
    Question,
    System,
    Task,
    check_ids,
    check_order,
)
from benchmarks.tasks import TASKS, coordination, corpora
from benchmarks.worlds import DEVELOPMENT_SEEDS, FIRST_REPORTED_SEED

SEEN = []


def _cases(seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, 60).astype(bool)
    raw = pd.DataFrame({"text_id": [f"{i}" for i in range(60)], "text": "t", "label": label})
    blind = blinding.blind_rows(raw, "text_id", f"toy {seed}")
    question = Question(table=blind[["text_id", "text"]])
    yield Case(name=f"toy {seed}", question=question, truth=blind[["text_id", "label"]])


def _judge(case, answer):
    given = answer.set_index("text_id")["says"]
    said = case.truth["text_id"].map(given).eq(True)
    right = (said == case.truth["label"]).astype(float)
    return pd.DataFrame({"unit": case.name, "right": right})


def _yes(question):
    SEEN.append(question)
    question.table["text"] = "changed"
    return question.table.assign(says=True)


def _absent(question):
    raise AbsentError("no such model")


def _task(*systems, baseline="[baseline] yes"):
    return Task(
        id="toy",
        description="Toy.",
        cases=_cases,
        judge=_judge,
        metrics=(Metric(name="accuracy", value=lambda columns: columns["right"].mean()),),
        baseline=baseline,
        systems=systems,
    )


YES = System(name="[baseline] yes", answer=_yes, about="Says yes.")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DISINFO_BENCH", str(tmp_path))


def test_a_system_sees_no_label_and_cannot_change_the_case():
    runner.run_task(_task(YES), range(2))
    assert {name for q in SEEN for name in q.table.columns} == {"text_id", "text"}
    case = next(_cases(0))
    runner.ask_one(_task(YES), YES, case)
    assert set(case.question.table["text"]) == {"t"}


@pytest.mark.parametrize("column", ["label", "role", "message_id", "event"])
def test_a_label_in_a_question_is_refused(column):
    with pytest.raises(HarnessError, match=column):
        Question(table=pd.DataFrame({"text_id": ["a"], column: ["x"]}))


def test_labels_in_ids_are_caught():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 5, 200)
    with pytest.raises(HarnessError, match="ids gives labels away"):
        check_ids([f"{one}-{i}" for i, one in enumerate(label)], label.tolist())
    with pytest.raises(HarnessError, match="backwards"):
        check_ids([f"{(i * 7919) % 1000:03d}-{one}" for i, one in enumerate(label)], label.tolist())
    check_ids([blinding.blind_name("s", f"{one}-{i}") for i, one in enumerate(label)], label)


def test_a_sorted_order_is_caught():
    with pytest.raises(HarnessError, match="order"):
        check_order(["a"] * 30 + ["b"] * 30, "the order of rows")
    check_order(["a", "b"] * 30, "the order of rows")


def test_a_leaking_case_stops_the_run():
    def leaking(seed):
        label = np.repeat(["a", "b"], 40)
        frame = pd.DataFrame({"text_id": [f"{one}{i}" for i, one in enumerate(label)], "text": "t"})
        yield Case(name="leak", question=Question(table=frame), truth=frame.assign(label=label))

    task = _task(YES)
    leaky = Task(**{**vars(task), "cases": leaking})
    with pytest.raises(HarnessError, match="gives labels away"):
        runner.run_task(leaky, range(1))


def test_missing_predictions_count():
    half = System(
        name="half", answer=lambda q: q.table.head(0).assign(says=True), about="Says nothing."
    )
    result = runner.run_task(_task(half, YES), range(3))
    accuracy = {row["name"]: row["metrics"]["accuracy"]["value"] for row in result["systems"]}
    assert accuracy["half"] + accuracy["[baseline] yes"] == pytest.approx(1, abs=1e-3)


def test_what_is_absent_is_a_row():
    gone = System(name="gone", answer=_yes, about="Not here.", missing=lambda: "not built")
    broken = System(name="broken", answer=_absent, about="Fails.")
    result = runner.run_task(_task(gone, broken, YES), range(2))
    why = {row["name"]: row.get("why") for row in result["systems"]}
    assert why == {"gone": "not built", "broken": "no such model", "[baseline] yes": None}


def test_finished_cells_are_not_run_again():
    SEEN.clear()
    runner.run_task(_task(YES), range(2))
    again = runner.run_task(_task(YES), range(3))
    assert len(SEEN) == 3
    assert again["systems"][0]["n_units"] == 3


def test_blinded_posts_keep_who_answers_whom():
    posts = pd.DataFrame(
        {
            "post_id": ["1", "2"],
            "account_id": ["a", "b"],
            "repost_of": pd.Series([None, "1"], dtype="str"),
        }
    )
    blind = blinding.blind_posts(posts, "s")
    assert blind["repost_of"].iloc[1] == blind["post_id"].iloc[0]
    assert not set(blind["account_id"]) & {"a", "b"}
    assert blinding.blind_posts(posts, "other")["post_id"].iloc[0] != blind["post_id"].iloc[0]


def test_worlds_reach_systems_blinded():
    case = coordination.world_case("mixed", 100, texts=False)
    assert "text" not in case.question.table
    assert set(case.question.table["account_id"]) == set(case.truth["account_id"])
    runner._check(case)


def test_simulated_texts_reach_systems_in_an_order_that_says_nothing():
    case = corpora.text_case("w", corpora.simulated_texts(100, "message_id"), with_vectors=False)
    runner._check(case)
    assert case.question.table["text_id"].is_monotonic_increasing


def test_probe_features_see_no_content():
    case = coordination.world_case("mixed", 100, texts=True)
    posts = case.question.table
    other = posts.assign(text="same words", urls=[[u[:1] for u in own] for own in posts["urls"]])
    pd.testing.assert_frame_equal(probes.artefact_features(posts), probes.artefact_features(other))
    lengths = [c for c in probes.marginal_features(posts) if "length" in c]
    assert len(lengths) == 2


def test_reported_seeds_are_not_development_seeds():
    for task in TASKS.values():
        for seeds in (task.quick_seeds, task.full_seeds):
            if seeds and seeds != range(1):
                assert seeds.start >= FIRST_REPORTED_SEED > DEVELOPMENT_SEEDS.stop


def test_every_task_has_its_baseline():
    for task in TASKS.values():
        assert task.baseline in [s.name for s in task.systems if s.is_baseline]
        assert len({s.name for s in task.systems}) == len(task.systems)
        assert not (task.data and task.quick_seeds), "quick reads no data sets"
