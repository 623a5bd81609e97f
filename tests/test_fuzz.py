"""Hostile input at every entry: some cases here, a million by `make faults`."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from disinfo.errors import DisinfoError
from disinfo.reading import read_posts

HERE = Path(__file__).parent
# Few, since each begins anew; `make faults` runs a million in hours.
N_CASES = int(os.environ.get("DISINFO_FUZZ_CASES", "100"))


def test_nothing_but_the_library_s_own_errors():
    # A process of its own, which is held to a limit of memory.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale.fuzz", "--cases", str(N_CASES), "--no-file"],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["bomb.ndjson.gz", "bomb.ndjson.zst", "bomb.zip"])
def test_bombs_are_refused_or_cut(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(DisinfoError):
        assert len(read_posts(HERE / "fuzz" / name, max_bytes=1_000_000).table) == 0
    assert not list(tmp_path.parent.glob("escape*"))
    assert not list(tmp_path.iterdir())


def test_a_case_that_fails_would_be_seen(monkeypatch):
    from benchmarks.scale import fuzz

    def broken(rng, folder):
        raise ZeroDivisionError

    monkeypatch.setattr(fuzz, "ENTRIES", {"broken": (broken, 1.0)})
    found = fuzz.fuzz(3)
    assert len(found["failures"]) == 3
    assert found["failures"][0]["error"].startswith("ZeroDivisionError")


def test_a_case_that_hangs_would_be_seen(monkeypatch):
    from benchmarks.scale import fuzz

    def endless(rng, folder):
        while True:
            pass

    monkeypatch.setattr(fuzz, "ENTRIES", {"endless": (endless, 1.0)})
    assert fuzz.fuzz(1, most_seconds=0.1)["failures"][0]["error"].startswith("TooSlow")
