"""Many tasks in one go: each in a process of its own where several run side by side.

A task that fails does not stop the others. Cells are kept as soon as they are judged, so the same
command started again does only what is missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.provenance import ROOT
from benchmarks.task import Task
from disinfo.embedding.onnx_encoder import available_cores

# Libraries that start a thread a core of their own, and peers' libraries.
_THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS",
)  # fmt: skip
# What is not known is taken for the longest, and begins first.
_UNKNOWN_S = float("inf")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One task of a run.

    Parameters
    ----------
    task
        Its id.
    seeds
        What it is run with.
    cost_s
        Seconds that it will take, about.
    after
        Ids of tasks that are to end before it.
    alone
        Nothing may run beside it.
    """

    task: str
    seeds: range
    cost_s: float = _UNKNOWN_S
    after: tuple[str, ...] = ()
    alone: bool = False


# Runs a job with these variables of the environment; returns why it failed, or None.
Start = Callable[[Job, Mapping[str, str]], str | None]


def jobs_of(planned: Iterable[tuple[Task, range]], results: Mapping[str, Any]) -> list[Job]:
    """Return jobs, with what each will cost by the CPU seconds of the results that are there."""
    jobs = []
    for task, seeds in planned:
        cost = _UNKNOWN_S
        if task.id in results:
            first, stop = results[task.id]["seeds"]
            seconds = sum(row.get("cpu_s", 0.0) for row in results[task.id]["systems"])
            cost = seconds / max(stop - first, 1) * len(seeds)
        jobs.append(Job(task=task.id, seeds=seeds, cost_s=cost, after=task.after, alone=task.alone))
    return jobs


def in_turn(jobs: Sequence[Job], run: Callable[[Job], None]) -> dict[str, str]:
    """Run jobs in this process, in the order given.

    Parameters
    ----------
    jobs
        What to run.
    run
        Runs one; may raise.

    Returns
    -------
    dict
        Why each that failed did, by task.
    """
    failed = {}
    for job in jobs:
        try:
            run(job)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other tasks go on
            traceback.print_exc()
            failed[job.task] = f"{type(error).__name__}: {error}"
    return failed


def side_by_side(jobs: Sequence[Job], n: int, start: Start) -> dict[str, str]:
    """Run up to n jobs at a time, the longest first and those that want to be alone at the end.

    Parameters
    ----------
    jobs
        What to run.
    n
        How many at a time.
    start
        Runs one.

    Returns
    -------
    dict
        Why each that failed did, by task.
    """
    failed: dict[str, str] = {}
    waiting = sorted((j for j in jobs if not j.alone), key=lambda job: -job.cost_s)
    running: dict[Future[str | None], Job] = {}
    with ThreadPoolExecutor(n) as pool:
        while waiting or running:
            while len(running) < n and (job := _next(waiting, list(running.values()))):
                waiting.remove(job)
                running[pool.submit(start, job, thread_limits(n))] = job
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                _note(failed, running.pop(future), future.result())
                print(f"  ({len(waiting) + len(running)} to go)", flush=True)
    for job in jobs:
        if job.alone:
            _note(failed, job, start(job, {}))
    return failed


def _next(waiting: Sequence[Job], running: Sequence[Job]) -> Job | None:
    """Return the longest job that waits for nothing, or any where only waiting ones are left."""
    unfinished = {job.task for job in [*waiting, *running]}
    free = (job for job in waiting if not unfinished & set(job.after))
    return next(free, None if running or not waiting else waiting[0])


def _note(failed: dict[str, str], job: Job, why: str | None) -> None:
    if why is not None:
        failed[job.task] = why


def thread_limits(n: int) -> dict[str, str]:
    """Return variables by which n processes share the cores; what the user set stays.

    Examples
    --------
    >>> thread_limits(1_000_000)["OMP_NUM_THREADS"]
    '1'
    """
    share = str(max(1, available_cores() // n))
    return {name: os.environ.get(name, share) for name in _THREADS}


def child(arguments: Callable[[Job], Sequence[str]]) -> Start:
    """Return a start that runs ``python -m benchmarks`` in a process of its own.

    Parameters
    ----------
    arguments
        From a job to what follows ``python -m benchmarks``.

    Returns
    -------
    callable
        Prints what the process prints, line by line, each with the name of its task.
    """

    def start(job: Job, variables: Mapping[str, str]) -> str | None:
        began = time.perf_counter()
        last = "no message"
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks", *arguments(job)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **variables},
        ) as process:
            for line in process.stdout or ():
                if line.strip():
                    last = line.strip()
                    print(_labelled(job, line.rstrip()), flush=True)
        code = process.returncode
        state = "done" if code == 0 else "FAILED"
        print(f"{state}: {job.task}, {time.perf_counter() - began:.0f} s", flush=True)
        return None if code == 0 else f"exit code {code}: {last[:300]}"

    return start


def _labelled(job: Job, line: str) -> str:
    return line if line.startswith(f"  {job.task} ") else f"  {job.task}: {line}"


def child_arguments(job: Job, *, only: Sequence[str], out: Path, typed: str) -> list[str]:
    """Return the command line that runs one job as the user's command would."""
    seeds = f"{job.seeds.start}:{job.seeds.stop}"
    systems = [f"--system={name}" for name in only]
    return [
        "run", job.task, "--jobs=1", f"--seeds={seeds}", f"--out={out.resolve()}",
        f"--typed={typed}", *systems,
    ]  # fmt: skip
