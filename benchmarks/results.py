"""Results on disk: what each must hold, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.task import HarnessError

FORMAT = 1
FOLDER = Path(__file__).parent / "results"
_NEEDED = {
    "format": int, "task": str, "description": str, "command": str, "commit": str, "code": str,
    "versions": dict, "machine": dict, "seeds": list, "wall_s": float, "primary": str,
    "greater_is_better": dict, "baseline": str, "systems": list,
}  # fmt: skip


def check_result(result: dict[str, Any]) -> None:
    """Refuse a result without its provenance, its baseline, or an interval.

    Parameters
    ----------
    result
        As `benchmarks.runner.run_task` makes it, or read from a file.

    Raises
    ------
    HarnessError
        With all problems at once. A value that is not defined (precision where nothing was named)
        is null and needs no interval; with a single unit there is none, and the metric says so by
        n_units = 1.
    """
    problems = [
        f"{name} is absent or not of type {kind.__name__}"
        for name, kind in _NEEDED.items()
        if not isinstance(result.get(name), kind)
    ]
    if not problems:
        problems += _row_problems(result)
    if problems:
        msg = f"result of {result.get('task', 'a task without name')}: " + "; ".join(problems)
        raise HarnessError(msg)


def _row_problems(result: dict[str, Any]) -> list[str]:
    directions = result["greater_is_better"]
    problems = [] if result["primary"] in directions else ["the primary metric has no direction"]
    if not {"cpus", "model"} <= set(result["machine"]):
        problems.append("machine lacks cpus or model")
    rows = result["systems"]
    names = [row.get("name") for row in rows]
    ran = [row for row in rows if row.get("state") == "ran"]
    if result["baseline"] not in names or not result["baseline"].startswith("[baseline]"):
        problems.append(f"there is no row for the baseline {result['baseline']!r}")
    elif ran and result["baseline"] not in [row["name"] for row in ran]:
        problems.append("systems ran and the baseline did not")
    for row in rows:
        if row.get("state") not in ("ran", "absent") or not row.get("about"):
            problems.append(f"{row.get('name')}: no state, or nothing about it")
        if row.get("state") == "absent" and not row.get("why"):
            problems.append(f"{row['name']}: absent without a reason")
    for row in ran:
        if set(row.get("metrics", {})) != set(directions):
            problems.append(f"{row['name']}: metrics differ from those of the task")
            continue
        for name, measured in row["metrics"].items():
            bare = measured.get("low") is None or measured.get("high") is None
            if measured.get("value") is not None and bare and measured.get("n_units") != 1:
                problems.append(f"{row['name']}: {name} has no interval")
    return problems


def write_result(result: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Check a result and write it to ``<task>.json``."""
    check_result(result)
    folder.mkdir(exist_ok=True)
    path = folder / f"{result['task']}.json"
    text = json.dumps(result, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_results(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Read and check all results, by task."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        check_result(result)
        found[result["task"]] = result
    return found
