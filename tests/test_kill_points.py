"""A killed run, started again, ends as if it had not been: two moments here, 200 by command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.scale import page


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_two_kill_points(tmp_path):
    # A process of its own: this one has threads, and a fork of it would inherit their locks.
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.scale.kills",
            "--points",
            "2",
            "--batch",
            str(tmp_path / "trials.json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "trials.json").read_text())["n_points"] == 2


def test_the_page_shows_the_results():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.build(text, page.read()) == text, "run: python -m benchmarks.scale.page"
