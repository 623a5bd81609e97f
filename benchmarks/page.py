"""``docs/benchmarks.md``, made from the committed results and from nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.datasets import DATASETS
from benchmarks.results import read_results
from benchmarks.task import Task
from benchmarks.tasks import TASKS

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_HEAD = Path(__file__).parent / "page_head.md"


def render(results: dict[str, dict[str, Any]]) -> str:
    """Return the page.

    Parameters
    ----------
    results
        Results by task.

    Returns
    -------
    str
        Markdown: rules, one table a task that has a result, in the order of the tasks, and the data
        sets that these tasks read.
    """
    shown = [task for name, task in TASKS.items() if name in results]
    parts = [_HEAD.read_text(encoding="utf-8").rstrip(), "## Tables"]
    for task in shown:
        parts += _section(task, results[task.id])
    parts.append("## Data sets")
    read = sorted({name for task in shown for name in task.data})
    lines = [
        f"- **{one.name}**: {one.source}. Licence: {one.licence}. {one.labels}"
        for one in map(DATASETS.__getitem__, read)
    ]
    return "\n\n".join([*parts, "\n".join(lines)]).rstrip() + "\n"


def _section(task: Task, result: dict[str, Any]) -> list[str]:
    parts = [f"### {task.id}", task.description]
    metrics = result["greater_is_better"]
    arrows = [f"{name} {'↑' if up else '↓'}" for name, up in metrics.items()]
    lines = [
        "| system | " + " | ".join(arrows) + " | CPU s |",
        "|" + "---|" * (len(metrics) + 2),
    ]
    for row in result["systems"]:
        if row["state"] == "absent":
            cells = [f"absent: {row['why']}"] + [""] * len(metrics)
        else:
            cells = [cell(row["metrics"][name]) for name in metrics] + [str(row["cpu_s"])]
        lines.append(f"| {row['name']} | " + " | ".join(cells) + " |")
    first, last = result["seeds"][0], result["seeds"][1] - 1
    units = sorted({row["n_units"] for row in result["systems"] if row["state"] == "ran"})
    seeds = f"seeds {first} to {last}, " if task.full_seeds != range(1) else ""
    foot = (
        f"Primary: {result['primary']}. {seeds}{' or '.join(map(str, units))} units. "
        f"`{result['command']}`, commit {result['commit']}, {result['machine']['cpus']} cores "
        f"({result['machine']['model']}), {result['wall_s']:.0f} s."
    )
    about = "\n".join(f"- {row['name']}: {row['about']}" for row in result["systems"])
    return [*parts, "\n".join(lines), foot[0].upper() + foot[1:], about]


def cell(measured: dict[str, Any]) -> str:
    """Return a value with its interval as it stands in tables and texts."""
    value, low, high = (measured[name] for name in ("value", "low", "high"))
    if value is None:
        return "n/a"
    if low is None or high is None:
        return f"{_number(value)} (one unit)"
    if low == high:
        return f"{_number(value)} (all {measured['n_units']} alike)"
    return f"{_number(value)} ({_number(low)}–{_number(high)})"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def write_page(path: Path = PAGE) -> Path:
    """Write the page from the committed results."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(render(read_results()), encoding="utf-8")
    return path
