"""Plots of the documentation, drawn from results: ``python -m benchmarks plots``.

Each file says in its description which numbers it was drawn from, so that a test can tell whether
the results have changed since, whatever the version of the library that draws.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.scale.page import read as read_scale
from benchmarks.task import HarnessError
from benchmarks.tasks import reliability
from benchmarks.tasks.coordination_null import LEVELS

FOLDER = Path(__file__).parents[1] / "docs" / "plots"
_SIZE = (7.0, 3.6)
_OURS, _OTHER = "#1f6f8b", "#b3541e"

_LEVELS = frozenset(f"{level:g}" for level in LEVELS)

Points = dict[str, list[list[float | str | None]]]


def points(task: str, results: Mapping[str, dict[str, Any]]) -> Points | None:
    """Return what a plot shows, line by line, or None where the result is not there.

    Parameters
    ----------
    task
        Name of the plot.
    results
        Results by task.

    Returns
    -------
    dict or None
        By line, rows of x, value, lower and upper end of the interval (and what the plot writes
        beside the point).
    """
    return PLOTS[task][0](results)


def digest(shown: Points) -> str:
    """Return a mark of the numbers that a plot shows."""
    return hashlib.blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=8).hexdigest()


def draw_all(results: Mapping[str, dict[str, Any]]) -> list[Path]:
    """Draw every plot whose result is there.

    Parameters
    ----------
    results
        Results by task.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    HarnessError
        When matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        msg = "plots need matplotlib: pip install 'disinfo[plot]'"
        raise HarnessError(msg) from error
    mpl.use("svg")
    FOLDER.mkdir(exist_ok=True)
    written = []
    for name, (shown_by, drawn_by) in PLOTS.items():
        shown = shown_by(results)
        if shown is None:
            continue
        with mpl.rc_context({"svg.hashsalt": "disinfo", "svg.fonttype": "none", "font.size": 9}):
            figure = drawn_by(shown)
            path = FOLDER / f"{name}.svg"
            about = {"Description": f"numbers {digest(shown)}", "Date": None}
            figure.savefig(path, metadata=about, bbox_inches="tight")
        written.append(path)
    return written


def _metrics(results: Mapping[str, dict[str, Any]], task: str, system: str) -> dict[str, Any]:
    systems = results.get(task, {}).get("systems", [])
    found: list[dict[str, Any]] = [
        one["metrics"] for one in systems if one["name"] == system and one["state"] == "ran"
    ]
    return found[0] if found else {}


def _row(x: float | str, metric: Mapping[str, Any]) -> list[float | str | None]:
    return [x, metric["value"], metric["low"], metric["high"]]


def _p_values(results: Mapping[str, dict[str, Any]]) -> Points | None:
    metrics = _metrics(results, "pair-p-values", "disinfo: pair p-values")
    levels = {name: name.removeprefix("p <= ").partition(":")[0] for name in metrics}
    rows = [
        _row(float(levels[name]), one) for name, one in metrics.items() if levels[name] in _LEVELS
    ]
    return {"pairs of accounts": rows} if rows else None


def _power(results: Mapping[str, dict[str, Any]]) -> Points | None:
    metrics = _metrics(results, "coordination-power", "disinfo: group test")
    lines: Points = {}
    for weather in ("calm", "bursts"):
        suffix = ", accounts named"
        lines[weather] = [
            _row(name.removeprefix(f"{weather}: ").removesuffix(suffix), one)
            for name, one in metrics.items()
            if name.startswith(f"{weather}: ") and name.endswith(suffix)
        ]
    return lines if lines["calm"] else None


def _reliability(results: Mapping[str, dict[str, Any]]) -> Points | None:
    lines: Points = {}
    for system in reliability.TASKS[0].systems:
        metrics = _metrics(results, "campaign-reliability", system.name)
        if system.is_baseline or not metrics:
            continue
        rows: list[list[float | str | None]] = []
        for low, high in pairwise(reliability.EDGES):
            part = reliability.part_name(low, high)
            share, forecast, n = (
                metrics[f"{what}, {part}"] for what in ("inauthentic", "mean probability", "groups")
            )
            if share["value"] is not None and forecast["value"] is not None:
                rows.append([*_row(forecast["value"], share), n["value"]])
        lines[system.name] = rows
    return lines or None


def _growth(kind: str, results: Mapping[str, dict[str, Any]]) -> Points | None:
    del results
    runs = read_scale().get(f"growth-{kind}", {}).get("runs", [])
    stages = sorted({stage for run in runs for stage, s in run["seconds"].items() if s >= 1})
    lines: Points = {
        stage: [[float(run["n"]), run["seconds"].get(stage, 0.0), None, None] for run in runs]
        for stage in stages
    }
    return lines or None


def _draw_p_values(shown: Points) -> Any:
    figure, axes = _axes()
    for name, rows in shown.items():
        _line(axes, name, rows, _OURS)
    axes.axhline(1.0, color="#777777", linewidth=0.8, linestyle="--", label="an exact test")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.invert_xaxis()
    axes.set_xlabel("p at most")
    axes.set_ylabel("pairs there / pairs expected")
    axes.legend(frameon=False)
    return figure


def _draw_power(shown: Points) -> Any:
    figure, axes = _axes((_SIZE[0], 5.6))
    names = [str(row[0]) for row in shown["calm"]]
    for shift, (weather, color) in zip((-0.18, 0.18), _pair(shown), strict=True):
        values = [_number(row[1]) for row in shown[weather]]
        reach = [
            [abs(_number(row[1]) - _number(row[at], row[1])) for row in shown[weather]]
            for at in (2, 3)
        ]
        places = [n + shift for n in range(len(names))]
        axes.errorbar(values, places, xerr=reach, fmt="o", color=color, label=weather, capsize=2)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the campaigns' accounts that are named")
    axes.legend(frameon=False)
    return figure


def _draw_reliability(shown: Points) -> Any:
    figure, axes = _axes((5.0, 4.6))
    axes.plot([0, 1], [0, 1], color="#777777", linewidth=0.8, linestyle="--")
    for shift, (name, color) in zip((-0.006, 0.006), _pair(shown), strict=True):
        rows = shown[name]
        x, y = [_number(row[0]) + shift for row in rows], [_number(row[1]) for row in rows]
        reach = [[abs(_number(row[1]) - _number(row[at], row[1])) for row in rows] for at in (2, 3)]
        axes.errorbar(x, y, yerr=reach, fmt="o", color=color, label=name, capsize=2)
        for place, row in zip(zip(x, y, strict=True), rows, strict=True):
            axes.annotate(f"{_number(row[4]):g}", place, (4, 3), textcoords="offset points")
    axes.set_xlim(-0.02, 1.04)
    axes.set_ylim(-0.02, 1.04)
    axes.set_xlabel("mean probability (number of groups beside each point)")
    axes.set_ylabel("share inauthentic")
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.13))
    return figure


def _draw_growth(shown: Points) -> Any:
    figure, axes = _axes()
    for name, rows in shown.items():
        _line(axes, name, rows, None)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("rows")
    axes.set_ylabel("seconds")
    axes.legend(frameon=False, fontsize=8)
    return figure


def _number(value: float | str | None, otherwise: float | str | None = 0.0) -> float:
    return float(value if value is not None else otherwise or 0.0)


def _pair(shown: Points) -> list[tuple[str, str]]:
    return list(zip(shown, (_OURS, _OTHER), strict=True))


def _axes(size: tuple[float, float] = _SIZE) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#dddddd", linewidth=0.5)
    return figure, axes


def _line(axes: Any, name: str, rows: list[list[float | str | None]], color: str | None) -> None:
    x, value = [row[0] for row in rows], [row[1] for row in rows]
    (drawn,) = axes.plot(x, value, marker="o", markersize=3, linewidth=1.2, label=name, color=color)
    if all(row[2] is not None for row in rows):
        low, high = [row[2] for row in rows], [row[3] for row in rows]
        axes.fill_between(x, low, high, alpha=0.2, color=drawn.get_color(), linewidth=0)


Shown = Callable[[Mapping[str, dict[str, Any]]], Points | None]
PLOTS: dict[str, tuple[Shown, Callable[[Points], Any]]] = {
    "pair-p-values": (_p_values, _draw_p_values),
    "coordination-power": (_power, _draw_power),
    "campaign-reliability": (_reliability, _draw_reliability),
    "growth-texts": (lambda results: _growth("texts", results), _draw_growth),
    "growth-actions": (lambda results: _growth("actions", results), _draw_growth),
}
