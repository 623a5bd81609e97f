"""Results that lack something are refused, and the page is what the results give."""

import copy
import re

import pytest

from benchmarks import page
from benchmarks.results import check_result, read_results, write_result
from benchmarks.task import HarnessError
from benchmarks.tasks import TASKS

GOOD = {
    "format": 1, "task": "opposed", "description": "d", "command": "c", "commit": "abc",
    "code": "x", "versions": {}, "machine": {"cpus": 2, "model": "m"}, "seeds": [0, 1],
    "wall_s": 1.0, "primary": "F1", "greater_is_better": {"F1": True, "n": False},
    "baseline": "[baseline] b",
    "systems": [
        {
            "name": name, "about": "a", "state": "ran", "n_units": 5, "cpu_s": 1.0,
            "metrics": {
                "F1": {"value": 0.5, "low": 0.4, "high": 0.6, "n_units": 5},
                "n": {"value": None, "low": None, "high": None, "n_units": 5},
            },
        }
        for name in ("ours", "[baseline] b")
    ],
}  # fmt: skip


def _without_interval(result):
    result["systems"][0]["metrics"]["F1"]["low"] = None


def _without_baseline(result):
    result["systems"].pop()


def _absent_baseline(result):
    result["systems"][1] = {
        "name": "[baseline] b", "about": "a", "state": "absent", "why": "w",
    }  # fmt: skip


def _without_commit(result):
    del result["commit"]


def _with_fewer_metrics(result):
    del result["systems"][0]["metrics"]["n"]


def _silently_absent(result):
    result["systems"][0] = {"name": "ours", "about": "a", "state": "absent"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without_interval, "no interval"),
        (_without_baseline, "no row for the baseline"),
        (_absent_baseline, "the baseline did not"),
        (_without_commit, "commit"),
        (_with_fewer_metrics, "metrics differ"),
        (_silently_absent, "without a reason"),
    ],
)
def test_a_spoilt_result_is_refused(spoil, message, tmp_path):
    check_result(GOOD)
    result = copy.deepcopy(GOOD)
    spoil(result)
    with pytest.raises(HarnessError, match=message):
        write_result(result, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_result_comes_back_and_is_on_the_page(tmp_path):
    write_result(GOOD, tmp_path)
    text = page.render(read_results(tmp_path))
    assert "| ours | 0.500 (0.400–0.600) | n/a | 1.0 |" in text
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == ["opposed"]


def test_cells_say_when_there_is_no_interval():
    none = {"value": 0.5, "low": None, "high": None, "n_units": 1}
    alike = {"value": 0.0, "low": 0.0, "high": 0.0, "n_units": 5}
    assert page.cell(none) == "0.500 (one unit)"
    assert page.cell(alike) == "0.000 (all 5 alike)"


def test_the_committed_page_is_what_the_results_give():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(read_results())


def test_committed_results_are_of_known_tasks_and_small():
    from benchmarks.results import FOLDER

    for path in FOLDER.glob("*.json"):
        assert path.stem in TASKS
        assert path.stat().st_size < 60_000
