"""Tasks side by side: what begins when, what fails alone, and what stands in the results."""

import json
import os
import threading
import time

import pytest

from benchmarks import __main__ as command_line
from benchmarks.jobs import Job, child, child_arguments, in_turn, jobs_of, side_by_side
from benchmarks.tasks import TASKS


class _Recorder:
    """A start that takes a moment, and writes down what ran beside what."""

    def __init__(self, failing=()):
        self.failing = failing
        self.began = []
        self.beside = {}
        self.limits = {}
        self.running = set()
        self.lock = threading.Lock()

    def __call__(self, job, variables):
        with self.lock:
            self.began.append(job.task)
            self.limits[job.task] = dict(variables)
            self.beside[job.task] = set(self.running)
            for other in self.running:
                self.beside[other].add(job.task)
            self.running.add(job.task)
        time.sleep(0.05)
        with self.lock:
            self.running.remove(job.task)
        return "broke" if job.task in self.failing else None


def _job(task, cost_s, **more):
    return Job(task=task, seeds=range(1), cost_s=cost_s, **more)


def test_the_longest_begins_first_and_what_takes_times_runs_alone_at_the_end():
    start = _Recorder()
    jobs = [
        _job("speed", 50.0, alone=True), _job("short", 1.0), _job("long", 9.0), _job("middle", 5.0),
    ]  # fmt: skip
    assert side_by_side(jobs, 2, start) == {}
    assert set(start.began[:2]) == {"long", "middle"}
    assert start.began[2:] == ["short", "speed"]
    assert "middle" in start.beside["long"]
    assert start.beside["speed"] == set()
    assert max(map(len, start.beside.values())) <= 2
    assert start.limits["speed"] == {}
    assert int(start.limits["long"]["OMP_NUM_THREADS"]) >= 1


def test_a_task_begins_when_those_that_do_its_whole_runs_have_ended():
    start = _Recorder()
    jobs = [_job("reads", 9.0, after=("writes", "not asked for")), _job("writes", 1.0)]
    assert side_by_side(jobs, 2, start) == {}
    assert start.began == ["writes", "reads"]
    assert start.beside["reads"] == set()


def test_a_task_that_fails_stops_no_other():
    start = _Recorder(failing=("b",))
    jobs = [_job("a", 3.0), _job("b", 2.0), _job("c", 1.0, after=("b",))]
    assert side_by_side(jobs, 2, start) == {"b": "broke"}
    assert sorted(start.began) == ["a", "b", "c"]

    def run(job):
        start.began.append(job.task)
        if job.task == "a":
            msg = "no such thing"
            raise ValueError(msg)

    start.began.clear()
    assert in_turn(jobs, run) == {"a": "ValueError: no such thing"}
    assert start.began == ["a", "b", "c"]


def test_threads_that_the_user_set_stay(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setattr("benchmarks.jobs.available_cores", lambda: 6)
    start = _Recorder()
    side_by_side([_job("a", 1.0)], 3, start)
    assert start.limits["a"]["OMP_NUM_THREADS"] == "7"
    assert start.limits["a"]["OPENBLAS_NUM_THREADS"] == "2"


def test_a_process_that_breaks_says_why(capsys):
    start = child(lambda job: ["run", job.task])
    why = start(_job("no-such-task", 1.0), {})
    assert why.startswith("exit code 2: ")
    assert "no-such-task" in why
    assert "FAILED: no-such-task" in capsys.readouterr().out


def test_costs_come_from_results():
    result = {"seeds": [5, 7], "systems": [{"cpu_s": 3.0}, {"cpu_s": 1.0}, {"state": "absent"}]}
    planned = [(TASKS["links-simulated"], range(10)), (TASKS["speed-links"], range(1))]
    links, speed = jobs_of(planned, {"links-simulated": result})
    assert links.cost_s == pytest.approx(20.0)
    assert not links.alone
    assert speed.cost_s == float("inf")
    assert speed.alone


def test_every_task_that_waits_names_one_that_does_not_wait_for_it():
    for task in TASKS.values():
        before, left = list(task.after), len(TASKS)
        while before:
            name = before.pop()
            assert name != task.id
            before += TASKS[name].after
            left -= 1
            assert left > 0
    assert [task.id for task in TASKS.values() if task.alone] == [
        name for name in TASKS if name.startswith("speed-")
    ]


def test_results_of_tasks_side_by_side_hold_what_was_typed(tmp_path, monkeypatch, capsys):
    # Without data sets every row is absent, which is quick.
    monkeypatch.setenv("DISINFO_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("DISINFO_BENCH", str(tmp_path / "cache"))
    out = tmp_path / "out"
    typed = ["run", "coortweet-parity", "links-d3lta", "--jobs", "2", "--out", os.fspath(out)]
    assert command_line.main(typed) == 0
    results = {path.stem: json.loads(path.read_text()) for path in out.iterdir()}
    assert sorted(results) == ["coortweet-parity", "links-d3lta"]
    for result in results.values():
        assert result["command"] == " ".join(["python -m benchmarks", *typed])
        assert {row["state"] for row in result["systems"]} == {"absent"}
    assert "2 of 2 tasks done" in capsys.readouterr().out


def test_a_failed_task_gives_exit_code_1(monkeypatch, capsys, tmp_path):
    def run_task(task, seeds, **more):
        msg = f"{task.id} broke"
        raise ValueError(msg)

    monkeypatch.setattr(command_line, "run_task", run_task)
    asked = ["run", "opposed", "coortweet-parity", "--jobs", "1", "--out", os.fspath(tmp_path)]
    assert command_line.main(asked) == 1
    out = capsys.readouterr().out
    assert "0 of 2 tasks done" in out
    assert "failed: opposed: ValueError: opposed broke" in out


def test_a_child_is_asked_for_what_the_user_asked_for(tmp_path):
    job = Job(task="opposed", seeds=range(100, 102))
    arguments = child_arguments(job, only=["a b", "[baseline] c"], out=tmp_path, typed="typed -x")
    asked = command_line.parser().parse_args(arguments)
    assert asked.task == ["opposed"]
    assert command_line.plan(asked.task, asked.seeds) == [(TASKS["opposed"], range(100, 102))]
    assert asked.system == ["a b", "[baseline] c"]
    assert asked.typed == "typed -x"
    assert asked.jobs == 1


def test_groups_take_the_tasks_that_have_seeds_of_them():
    chosen = {name: command_line.plan([name], None) for name in command_line.GROUPS}
    assert {task.id for task, _ in chosen["quick"]} < {task.id for task, _ in chosen["full"]}
    for name, planned in chosen.items():
        assert planned
        for task, seeds in planned:
            assert len(seeds) > 0
            assert seeds == getattr(task, f"{name}_seeds")
    in_some = {task.id for planned in chosen.values() for task, _ in planned}
    assert in_some == set(TASKS)
    nightly = TASKS["false-alarms-many-worlds"]
    assert command_line.plan([nightly.id], None) == [(nightly, nightly.nightly_seeds)]
    assert command_line.plan(["full"], "100:101")[0][1] == range(100, 101)
