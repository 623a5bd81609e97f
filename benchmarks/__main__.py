"""``python -m benchmarks list | run TASK… | table | plots | peers build NAME``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.datasets import DATASETS
from benchmarks.figures import fill_pages
from benchmarks.page import write_page
from benchmarks.peers.environments import ENVIRONMENTS, build
from benchmarks.plots import draw_all
from benchmarks.results import FOLDER, read_results, write_result
from benchmarks.runner import run_task
from benchmarks.task import AbsentError, Task
from benchmarks.tasks import TASKS


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="tasks, systems, data sets and peers")
    run = commands.add_parser("run", help="run tasks, or the groups quick and full")
    run.add_argument("task", nargs="+", choices=["quick", "full", *TASKS])
    run.add_argument("--system", action="append", default=[], help="ask this one (repeatable)")
    run.add_argument("--seeds", help="first:stop, instead of those of the group")
    run.add_argument("--out", type=Path, default=FOLDER, help="folder of the results")
    commands.add_parser("table", help="write docs/benchmarks.md and all figures from the results")
    commands.add_parser("plots", help="draw docs/plots/*.svg from the results")
    peers = commands.add_parser("peers", help="environments of other projects' tools")
    peers.add_argument("action", choices=["build"])
    peers.add_argument("name", choices=["all", *ENVIRONMENTS])
    return top


def plan(names: Sequence[str], seeds: str | None) -> list[tuple[Task, range]]:
    """Return tasks with their seeds.

    Parameters
    ----------
    names
        Task ids, ``quick`` or ``full``. A task that is named runs with its full seeds.
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
        if name == "quick":
            chosen |= {t.id: given or t.quick_seeds for t in TASKS.values() if t.quick_seeds}
        elif name == "full":
            chosen |= {t.id: given or t.full_seeds for t in TASKS.values()}
        else:
            chosen[name] = given or TASKS[name].full_seeds
    return [(TASKS[name], own) for name, own in chosen.items()]


def show() -> None:
    """Print what there is."""
    for task in TASKS.values():
        quick = f"quick: {len(task.quick_seeds)} seeds, " if task.quick_seeds else ""
        print(f"{task.id}  ({quick}full: {len(task.full_seeds)}; {task.primary.name})")
        for system in task.systems:
            why = system.missing()
            print(f"    {system.name}" + (f"  -- absent: {why}" if why else ""))
    for one in DATASETS.values():
        try:
            state = ", ".join(str(one.path(file)) for file in one.files)
        except AbsentError as error:
            state = f"absent: {error}"
        print(f"data {one.name}: {state}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command."""
    asked = parser().parse_args(arguments)
    typed = " ".join(["python -m benchmarks", *(sys.argv[1:] if arguments is None else arguments)])
    if asked.command == "list":
        show()
    elif asked.command == "run":
        for task, seeds in plan(asked.task, asked.seeds):
            result = run_task(task, seeds, only=asked.system, command=typed)
            if asked.system and asked.out == FOLDER:
                print(
                    "some systems only, not written (give --out):", *result["systems"], sep="\n  "
                )
            else:
                print(write_result(result, asked.out))
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
