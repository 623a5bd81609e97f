"""A killed run, started again, ends as if it had not been: two moments here, 200 by command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


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
