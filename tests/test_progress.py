"""Bars count honestly, and are silent where nobody watches."""

from __future__ import annotations

import time

import pytest

import disinfo
from disinfo.progress import showing, steps


@pytest.mark.parametrize("shown", [None, False])
def test_no_bar_without_a_terminal(capfd, shown):
    with showing(shown):
        assert list(steps(range(3), total=3, name="work", unit=" steps")) == [0, 1, 2]
    assert capfd.readouterr().err == ""


def test_a_bar_that_was_asked_for_counts_to_the_whole(capfd, monkeypatch):
    monkeypatch.setattr("disinfo.progress._DELAY_S", 0)
    with showing(True):
        for _ in steps(range(3), total=3, name="work", unit=" steps"):
            time.sleep(0.15)
    assert "2/3" in capfd.readouterr().err


def test_a_run_in_a_batch_job_writes_nothing(capfd):
    rows = [{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}]
    disinfo.detect(rows, null_rounds=2)
    assert capfd.readouterr().err == ""
