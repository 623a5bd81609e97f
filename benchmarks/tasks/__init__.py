"""The tasks, by their permanent ids.

A module in this folder that has a tuple ``TASKS`` is found by itself: add a file and nothing else.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from benchmarks.task import HarnessError, Task


def found_tasks() -> dict[str, Task]:
    """Return the tasks of all modules here, modules by name and tasks in their order.

    Raises
    ------
    HarnessError
        When two tasks have one id.
    """
    tasks: dict[str, Task] = {}
    for name in sorted(one.name for one in iter_modules(__path__)):
        for task in getattr(import_module(f"{__name__}.{name}"), "TASKS", ()):
            if task.id in tasks:
                msg = f"two tasks have the id {task.id}"
                raise HarnessError(msg)
            tasks[task.id] = task
    return tasks


TASKS = found_tasks()
