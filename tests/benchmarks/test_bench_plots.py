"""Plots show what the results hold, and are drawn from nothing else."""

import re

import pytest

from benchmarks.plots import FOLDER, PLOTS, digest, draw_all, points
from benchmarks.results import read_results
from benchmarks.tasks import reliability


def _metric(value):
    return {"value": value, "low": value / 2, "high": value * 2, "n_units": 3}


def _results(value=0.3):
    metrics = {
        f"p <= {level}: pairs there over pairs expected": _metric(value) for level in (0.1, 0.01)
    }
    metrics |= {
        f"{weather}: 3 accounts, accounts named": _metric(0.4) for weather in ("calm", "bursts")
    }
    systems = [
        {"name": name, "state": "ran", "metrics": metrics}
        for name in ("disinfo: pair p-values", "disinfo: group test")
    ]
    return {task: {"systems": systems} for task in ("pair-p-values", "coordination-power")}


def test_a_plot_says_what_it_was_drawn_from(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr("benchmarks.plots.FOLDER", tmp_path)
    results = _results()
    for path in draw_all(results):
        if path.stem.startswith("growth"):
            continue
        assert digest(points(path.stem, results)) in path.read_text(encoding="utf-8")
    assert points("pair-p-values", results)["pairs of accounts"][0] == [0.1, 0.3, 0.15, 0.6]
    assert digest(points("pair-p-values", _results(0.4))) != digest(
        points("pair-p-values", results)
    )


def test_the_plot_of_reliability_has_a_point_a_known_range_and_no_baseline():
    given = {"value": 0.4, "low": 0.2, "high": 0.7, "n_units": 3}
    metrics = {metric.name: given for metric in reliability.TASKS[0].metrics}
    metrics["inauthentic, 0 to .05"] = {**dict.fromkeys(("value", "low", "high")), "n_units": 3}
    systems = [
        {"name": system.name, "state": "ran", "metrics": metrics}
        for system in reliability.TASKS[0].systems
    ]
    shown = points("campaign-reliability", {"campaign-reliability": {"systems": systems}})
    assert list(shown) == [system["name"] for system in systems[:2]]
    assert all(name.startswith("disinfo") for name in shown)
    for rows in shown.values():
        assert rows == [[0.4, 0.4, 0.2, 0.7, 0.4]] * (len(reliability.EDGES) - 2)


def test_no_result_no_plot():
    assert points("pair-p-values", {}) is None
    assert points("coordination-power", {}) is None


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_plots_of_the_documentation_are_those_of_the_results(name):
    shown = points(name, read_results())
    path = FOLDER / f"{name}.svg"
    assert path.exists() == (shown is not None), "run: python -m benchmarks plots"
    if shown is not None:
        said = re.search(r"numbers ([0-9a-f]{16})", path.read_text(encoding="utf-8"))
        assert said, path
        assert said[1] == digest(shown), "run: python -m benchmarks plots"
