"""Planted errors that the harness has to catch."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from benchmarks import blinding, protocol, runner, worlds
from benchmarks.datasets import Dataset
from benchmarks.examination import examination
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


def test_lessons_that_share_a_text_with_the_test_are_caught():
    asked = pd.DataFrame({"text_id": ["a", "b"], "text": ["One  thing", "another"]})
    lessons = pd.DataFrame({"text": ["one thing", "else"], "label": [1, 0]})
    with pytest.raises(HarnessError, match=r"1 lessons share their text .* 'one thing'"):
        Question(table=asked, lessons=lessons)
    Question(table=asked, lessons=lessons.tail(1))


def _corpus():
    rng = np.random.default_rng(3)
    n = 300
    return pd.DataFrame(
        {
            "text_id": [str(i) for i in range(n)],
            "text": [f"text {i % 280}" for i in range(n)],
            "account_id": rng.integers(0, 150, n).astype("str"),
            "generator": rng.choice(["a", "b", "c"], n),
            "made": rng.random(n) < 0.5,
        }
    )


def test_what_is_left_out_is_met_nowhere_in_the_lessons():
    folds = list(protocol.leave_one_out(_corpus(), "generator"))
    assert [fold.left_out for fold in folds] == ["a", "b", "c"]
    for fold in folds:
        assert len(fold.lessons) + len(fold.test) + fold.n_purged == 300
        assert fold.n_purged > 0
        for name in ("account_id", "text", "generator"):
            assert not set(fold.lessons[name]) & set(fold.test[name])
    with pytest.raises(HarnessError, match="two of them"):
        next(protocol.leave_one_out(_corpus().assign(generator="a"), "generator"))


def test_fold_cases_hide_labels_and_ids():
    table = _corpus()
    cases = list(protocol.fold_cases("toy", table, "generator", label="made"))
    assert len({case.name for case in cases}) == 3
    for case in cases:
        assert list(case.question.table) == ["text_id", "text"]
        assert set(case.question.lessons) == {"text", "label"}
        assert not set(case.question.table["text_id"]) & set(table["text_id"])
        runner._check(case)


def test_a_judge_that_sees_predictions_only_is_caught():
    def precise(case, answer):
        judged = answer.merge(case.truth, on="text_id")
        return pd.DataFrame({"unit": judged["text_id"], "right": judged["says"] == judged["label"]})

    task = Task(**{**vars(_task(YES)), "judge": precise})
    with pytest.raises(HarnessError, match="over the truth, not over predictions"):
        runner.run_task(task, range(1))


def test_a_metric_of_predictions_only_is_caught():
    def precise(case, answer):
        judged = answer.merge(case.truth, on="text_id")
        right = float((judged["says"] == judged["label"]).sum())
        return pd.DataFrame({"unit": [case.name], "right": [right], "said": [len(judged)]})

    def precision(columns):
        said = float(columns["said"].sum())
        return float(columns["right"].sum()) / said if said else float("nan")

    metrics = (Metric(name="precision", value=precision),)
    task = Task(**{**vars(_task(YES)), "judge": precise, "metrics": metrics})
    with pytest.raises(HarnessError, match="no metric is defined"):
        runner.run_task(task, range(1))


def test_a_threshold_tuned_on_the_test_is_caught():
    def tuned(question):
        truth = worlds.world("mixed", FIRST_REPORTED_SEED).truth_accounts
        return question.table.assign(says=len(truth) > 10)

    system = System(name="tuned", answer=tuned, about="Looks the truth up.")
    with pytest.raises(HarnessError, match="reported seed 20000"):
        runner.run_task(_task(system, YES), range(1))


def test_labels_of_the_data_set_that_is_asked_about_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "toy" / "rows.csv"
    path.parent.mkdir()
    path.write_text("text_id,label\na,1\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setenv("DISINFO_DATA", str(tmp_path))
    data = Dataset(name="toy", source="s", licence="l", labels="m", files={"rows.csv": digest})
    assert len(data.frame("rows.csv")) == 1
    with examination(["other"]):
        data.frame("rows.csv")
    with examination(["toy"]):
        assert list(data.frame("rows.csv", columns=["text_id"])) == ["text_id"]
        with pytest.raises(HarnessError, match="labels"):
            data.frame("rows.csv")
        with pytest.raises(HarnessError, match=r"rows\.csv"):
            data.path("rows.csv")


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


def test_an_interrupted_run_goes_on_where_it_stopped():
    asked = []

    def two_cases(seed):
        for part in ("x", "y"):
            case = next(_cases(seed))
            yield Case(name=f"{case.name} {part}", question=case.question, truth=case.truth)

    def stops(question):
        asked.append(question)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return question.table.assign(says=True)

    system = System(name="stops", answer=stops, about="Is interrupted once.")
    task = Task(**{**vars(_task(system, YES)), "cases": two_cases})
    with pytest.raises(KeyboardInterrupt):
        runner.run_task(task, range(1))
    SEEN.clear()
    result = runner.run_task(task, range(1))
    assert len(asked) == 3, "the first case was not asked again"
    assert len(SEEN) == 1
    assert {row["n_units"] for row in result["systems"]} == {2}


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


@pytest.mark.parametrize("seed", [102, 107])
def test_seeds_that_plant_much_have_simulated_texts_too(seed):
    texts = corpora.simulated_texts(seed, "message_id")
    assert len(texts) > 2000
    assert texts["text"].is_unique
    pd.testing.assert_frame_equal(texts, corpora.simulated_texts(seed, "message_id"))


def test_probe_features_see_no_content():
    case = coordination.world_case("mixed", 100, texts=True)
    posts = case.question.table
    other = posts.assign(text="same words", urls=[[u[:1] for u in own] for own in posts["urls"]])
    pd.testing.assert_frame_equal(probes.artefact_features(posts), probes.artefact_features(other))
    lengths = [c for c in probes.marginal_features(posts) if "length" in c]
    assert len(lengths) == 2


def test_reported_seeds_are_not_development_seeds():
    for task in TASKS.values():
        for seeds in (task.quick_seeds, task.full_seeds, task.nightly_seeds):
            if seeds and seeds != range(1):
                assert seeds.start >= FIRST_REPORTED_SEED > DEVELOPMENT_SEEDS.stop


def test_every_task_has_its_baseline():
    for task in TASKS.values():
        assert task.baseline in [s.name for s in task.systems if s.is_baseline]
        assert len({s.name for s in task.systems}) == len(task.systems)
        assert not (task.data and task.quick_seeds), "quick reads no data sets"
