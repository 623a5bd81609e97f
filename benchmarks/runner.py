"""Ask systems, judge answers, keep finished cells, and make one result a task."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.cache import cache_folder
from benchmarks.examination import examination
from benchmarks.intervals import exact_interval, interval
from benchmarks.peers.process import earlier_seconds
from benchmarks.provenance import code_digest, commit, machine, versions
from benchmarks.results import FORMAT, check_result
from benchmarks.task import (
    AbsentError,
    Answer,
    Case,
    HarnessError,
    Metric,
    Question,
    System,
    Task,
    check_ids,
    check_order,
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one system did on one seed of one task: judged rows, or why there are none."""

    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    why_absent: str = ""


def run_task(
    task: Task, seeds: range, *, only: Sequence[str] = (), command: str = ""
) -> dict[str, Any]:
    """Run a task and return its result.

    Parameters
    ----------
    task
        What to run.
    seeds
        Seeds. What one system answered to one case is kept as soon as it is judged, and read from
        the cache when the run is started again.
    only
        Names of systems to ask; the baseline is always asked. All by default.
    command
        What was typed, for the record.

    Returns
    -------
    dict
        A checked result.
    """
    started, at_commit = time.perf_counter(), commit()
    systems = [s for s in task.systems if not only or s.name in only or s.name == task.baseline]
    cells: dict[str, list[Cell]] = {system.name: [] for system in systems}
    for seed in seeds:
        waiting = [s for s in systems if _load(_path(task, s, seed)) is None]
        fresh = _ask(task, waiting, seed) if waiting else {}
        for system in systems:
            if system.name in fresh:
                _save(_path(task, system, seed), fresh[system.name])
                cells[system.name].append(fresh[system.name])
            else:
                found = _load(_path(task, system, seed))
                cells[system.name].append(found or Cell(why_absent="lost from the cache"))
    result = {
        "format": FORMAT,
        "task": task.id,
        "description": task.description,
        "command": command,
        "commit": at_commit,
        "code": code_digest(),
        "versions": versions(),
        "machine": machine(),
        "seeds": [seeds.start, seeds.stop],
        "wall_s": round(time.perf_counter() - started, 1),
        "primary": task.primary.name,
        "greater_is_better": {m.name: m.greater_is_better for m in task.metrics},
        "baseline": task.baseline,
        "systems": [_row(system, task.metrics, cells[system.name]) for system in systems],
    }
    check_result(result)
    return result


def _ask(task: Task, systems: Sequence[System], seed: int) -> dict[str, Cell]:
    """Put the cases of a seed to systems; one case is in memory at a time."""
    reasons = {system.name: system.missing() for system in systems}
    rows: dict[str, list[pd.DataFrame]] = {system.name: [] for system in systems}
    try:
        for number, case in enumerate(task.cases(seed)):
            _check(case)
            for system in systems:
                if reasons[system.name] is not None:
                    continue
                part = _path(task, system, seed, f"-{number}")
                done = _load(part)
                if done is not None:
                    rows[system.name].append(done.rows)
                    continue
                try:
                    rows[system.name].append(ask_one(task, system, case))
                except AbsentError as error:
                    reasons[system.name] = str(error)
                else:
                    _save(part, Cell(rows=rows[system.name][-1]))
                print(f"  {task.id} {case.name} {system.name}", flush=True)
    except AbsentError as error:
        reasons = dict.fromkeys(reasons, str(error))
    return {
        name: Cell(why_absent=why)
        if why is not None
        else Cell(rows=pd.concat(rows[name], ignore_index=True))
        for name, why in reasons.items()
    }


def ask_one(task: Task, system: System, case: Case) -> pd.DataFrame:
    """Ask a system one question, take its time, and judge the answer.

    Parameters
    ----------
    task
        Whose judge decides.
    system
        Sees a copy of the question and nothing else.
    case
        The question and its truth.

    Returns
    -------
    DataFrame
        Judged rows with cpu_s and wall_s of the answer.
    """
    question = case.question
    copy = Question(
        table=question.table.copy(deep=True),
        embeddings=None if question.embeddings is None else question.embeddings.copy(),
        pairs=None if question.pairs is None else question.pairs.copy(),
        lessons=None if question.lessons is None else question.lessons.copy(deep=True),
    )
    earlier_seconds()
    wall, worked = time.perf_counter(), _cpu_seconds()
    with examination(task.data):
        answer = system.answer(copy)
    # An answer of a peer that was kept took its time before.
    earlier = earlier_seconds()
    wall = time.perf_counter() - wall + earlier[1]
    worked = _cpu_seconds() - worked + earlier[0]
    judged = task.judge(case, answer)
    _check_silence(task, case, answer, judged)
    return judged.assign(cpu_s=worked, wall_s=wall)


def _check_silence(task: Task, case: Case, answer: Answer, judged: pd.DataFrame) -> None:
    """Refuse a judge that looks at predictions only: an empty answer must be judged as well."""
    silent = task.judge(case, answer.head(0))
    lost = sorted(set(judged["unit"]) - set(silent["unit"]))
    if lost:
        msg = (
            f"{task.id}: an answer that says nothing leaves out {len(lost)} units such as "
            f"{lost[0]!r}; a judge runs over the truth, not over predictions"
        )
        raise HarnessError(msg)
    with_seconds = silent.assign(cpu_s=1.0, wall_s=1.0)
    if all(np.isnan(_value(metric, with_seconds)) for metric in task.metrics):
        msg = f"{task.id}: no metric is defined for an answer that says nothing"
        raise HarnessError(msg)


def _value(metric: Metric, rows: pd.DataFrame) -> float:
    own = rows[rows["kind"].isin(metric.kinds)] if metric.kinds else rows
    return metric.value({name: own[name].to_numpy() for name in own}) if len(own) else float("nan")


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _check(case: Case) -> None:
    """Refuse a case whose ids or rows give labels away."""
    truth = case.truth
    for name in ("label", "role"):
        if name not in truth:
            continue
        order = truth[name].tolist()
        if "text_id" in truth and case.question.pairs is None:
            seen = truth.drop_duplicates("text_id").set_index("text_id")[name]
            in_question = case.question.table["text_id"].map(seen)
            check_order(in_question.tolist(), f"{case.name}: the order of texts")
            check_ids(truth["text_id"].tolist(), order)
        elif "account_id" in truth:
            check_ids(truth["account_id"].tolist(), order)


def _path(task: Task, system: System, seed: int, case: str = "") -> Path:
    """Return where a cell lies, or the part of it that one case gave."""
    name = "".join(c if c.isalnum() else "-" for c in system.name)
    return cache_folder(f"cells/{code_digest()}/{task.id}") / f"{name}-{seed}{case}.json"


def _save(path: Path, cell: Cell) -> None:
    """Write a finished cell; an absent one may come later and is not kept."""
    if cell.why_absent:
        return
    columns = {name: cell.rows[name].tolist() for name in cell.rows.columns}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(columns), encoding="utf-8")
    part.replace(path)


def _load(path: Path) -> Cell | None:
    if not path.exists():
        return None
    return Cell(rows=pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))))


def _row(system: System, metrics: Sequence[Metric], cells: Sequence[Cell]) -> dict[str, Any]:
    """Make a system's row: every metric with its interval, over all units of all seeds."""
    row: dict[str, Any] = {"name": system.name, "about": system.about}
    absent = [cell.why_absent for cell in cells if cell.why_absent]
    if absent or not cells:
        return row | {"state": "absent", "why": absent[0] if absent else "no seed was run"}
    rows = pd.concat([cell.rows for cell in cells], ignore_index=True)
    measured = {metric.name: _measure(metric, rows) for metric in metrics}
    seconds = rows.drop_duplicates(["cpu_s", "wall_s"])
    return row | {
        "state": "ran",
        "n_units": int(rows["unit"].nunique()),
        "cpu_s": round(float(seconds["cpu_s"].sum()), 1),
        "metrics": measured,
    }


def _measure(metric: Metric, rows: pd.DataFrame) -> dict[str, float | int | None]:
    """Return a metric's value, interval and number of units."""
    own = rows[rows["kind"].isin(metric.kinds)] if metric.kinds else rows
    n_units = int(own["unit"].nunique())
    found = interval(own, metric.value, rounds=metric.rounds, halves=metric.halves)
    if metric.of_units and n_units:
        found = (found[0], *exact_interval(round(found[0] * n_units), n_units))
    named = dict(zip(("value", "low", "high"), map(_rounded, found), strict=True))
    return named | {"n_units": n_units}


def _rounded(number: float) -> float | None:
    return None if np.isnan(number) else float(f"{number:.4g}")


def with_systems(task: Task, systems: Sequence[System]) -> Task:
    """Return a task that asks other systems."""
    return dataclasses.replace(task, systems=tuple(systems))
