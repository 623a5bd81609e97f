"""``python -m benchmarks list | run TASK… | table | plots | peers build NAME``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.datasets import DATASETS
from benchmarks.figures import fill_pages
from benchmarks.jobs import Job, child, child_arguments, in_turn, jobs_of, side_by_side
from benchmarks.page import write_page
from benchmarks.peers.environments import ENVIRONMENTS, build
from benchmarks.plots import draw_all
from benchmarks.results import FOLDER, read_results, write_result
from benchmarks.runner import run_task
from benchmarks.task import AbsentError, Task
from benchmarks.tasks import TASKS
from disinfo.embedding.onnx_encoder import available_cores

# Of tasks: each names the seeds of a task that it takes.
GROUPS = ("quick", "full", "nightly")

# By default; each holds a world and its vectors in memory.
_MOST_JOBS = 4


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="tasks, systems, data sets and peers")
    run = commands.add_parser("run", help="run tasks, or the groups quick, full and nightly")
    run.add_argument("task", nargs="+", choices=[*GROUPS, *TASKS])
    run.add_argument("--system", action="append", default=[], help="ask this one (repeatable)")
    run.add_argument("--seeds", help="first:stop, instead of those of the group")
    cores = min(available_cores(), _MOST_JOBS)
    run.add_argument(
        "--jobs", type=_positive, default=cores, help=f"tasks side by side (here {cores})"
    )
    run.add_argument("--out", type=Path, default=FOLDER, help="folder of the results")
    # What the user typed, where a process of its own runs one of many tasks.
    run.add_argument("--typed", help=argparse.SUPPRESS)
    commands.add_parser("table", help="write docs/benchmarks.md and all figures from the results")
    commands.add_parser("plots", help="draw docs/plots/*.svg from the results")
    peers = commands.add_parser("peers", help="environments of other projects' tools")
    peers.add_argument("action", choices=["build"])
    peers.add_argument("name", choices=["all", *ENVIRONMENTS])
    return top


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = f"{number} is less than 1"
        raise argparse.ArgumentTypeError(msg)
    return number


def plan(names: Sequence[str], seeds: str | None) -> list[tuple[Task, range]]:
    """Return tasks with their seeds.

    Parameters
    ----------
    names
        Task ids or `GROUPS`. A task that is named runs with its full seeds, or with its nightly
        ones where it has no others.
    seeds
        ``first:stop`` or None.

    Returns
    -------
    list of tuple
        In the order of the names.
    """
    given = None
    if seeds is not None:
        first, _, stop = seeds.partition(":")
        given = range(int(first), int(stop))
    chosen: dict[str, range] = {}
    for name in names:
        if name in GROUPS:
            of_group = {task.id: getattr(task, f"{name}_seeds") for task in TASKS.values()}
        else:
            of_group = {name: TASKS[name].full_seeds or TASKS[name].nightly_seeds}
        chosen |= {task: given or seeds for task, seeds in of_group.items() if seeds}
    return [(TASKS[name], own) for name, own in chosen.items()]


def show() -> None:
    """Print what there is."""
    for task in TASKS.values():
        counts = {name: len(getattr(task, f"{name}_seeds")) for name in GROUPS}
        seeds = ", ".join(f"{name}: {n} seeds" for name, n in counts.items() if n)
        print(f"{task.id}  ({seeds}; {task.primary.name})")
        for system in task.systems:
            why = system.missing()
            print(f"    {system.name}" + (f"  -- absent: {why}" if why else ""))
    for one in DATASETS.values():
        try:
            state = ", ".join(str(one.path(file)) for file in one.files)
        except AbsentError as error:
            state = f"absent: {error}"
        print(f"data {one.name}: {state}")


def run(asked: argparse.Namespace, typed: str) -> int:
    """Run tasks and write their results; return 1 where one failed."""
    jobs = jobs_of(plan(asked.task, asked.seeds), read_results())
    if asked.jobs > 1 and len(jobs) > 1:
        command = partial(child_arguments, only=asked.system, out=asked.out, typed=typed)
        failed = side_by_side(jobs, asked.jobs, child(command))
    else:
        failed = in_turn(jobs, partial(_run_one, asked=asked, typed=typed))
    print(f"{len(jobs) - len(failed)} of {len(jobs)} tasks done")
    for task, why in failed.items():
        print(f"failed: {task}: {why}")
    return 1 if failed else 0


def _run_one(job: Job, *, asked: argparse.Namespace, typed: str) -> None:
    result = run_task(TASKS[job.task], job.seeds, only=asked.system, command=typed)
    if asked.system and asked.out == FOLDER:
        print("some systems only, not written (give --out):", *result["systems"], sep="\n  ")
    else:
        print(write_result(result, asked.out))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command."""
    asked = parser().parse_args(arguments)
    typed = " ".join(["python -m benchmarks", *(sys.argv[1:] if arguments is None else arguments)])
    if asked.command == "list":
        show()
    elif asked.command == "run":
        return run(asked, asked.typed or typed)
    elif asked.command == "table":
        print(
            write_page(),
            f"from {len(read_results())} results; figures of {len(fill_pages())} pages",
        )
    elif asked.command == "plots":
        print(*draw_all(read_results()), sep="\n")
    else:
        print("\n".join(build(asked.name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
