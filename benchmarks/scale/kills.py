"""Kill a run at random moments, start it again, and compare with an uninterrupted run.

    python -m benchmarks.scale.kills --points 200

Half of the moments are uniform over the run; the other half fall while a file is being written,
which is where a half table could be taken for a whole one. Every run is a process of its own that
is ended with SIGKILL. Results are equal when the checksums of all saved tables are.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scipy.stats import beta

from benchmarks.scale.results import write

_POLL_S = 0.0005
_STORIES = ("bridge", "harvest", "ferry", "strike", "orchard", "bakery", "lighthouse")


def write_export(path: Path, n_posts: int) -> None:
    """Write posts in which accounts share texts and objects, so that no stage is idle."""
    rows = [
        {
            "account_id": f"a{row % 23}",
            "created_at": f"2025-05-{1 + row // 8 % 28:02d}T10:{row % 8:02d}:0{row % 3}Z",
            "text": f"The {_STORIES[row // 8 % 7]} never closed, say {row % 3} of day {row // 8}",
            "object_id": f"o{row // 8}",
        }
        for row in range(n_posts)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def command(export: Path, out: Path, config: Path) -> Callable[[], None]:
    """Return the command line's own run, to be called in a child process."""

    def run() -> None:
        from disinfo.cli import app

        arguments = ["detect", str(export), "--out", str(out), "--config", str(config)]
        app([*arguments, "--no-report"], standalone_mode=False)

    return run


def start(run: Callable[[], None]) -> int:
    """Start a child process and return its id."""
    child = os.fork()
    if child:
        return child
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    try:
        run()
        os._exit(0)
    finally:  # whatever happened, the child must not go on with the parent's work
        os._exit(1)


def finish(run: Callable[[], None]) -> float:
    """Run to the end in a child process and return the seconds it took."""
    begin = time.perf_counter()
    _, status = os.waitpid(start(run), 0)
    if status:
        msg = f"an uninterrupted run ended with status {status}"
        raise RuntimeError(msg)
    return time.perf_counter() - begin


def kill_after(run: Callable[[], None], seconds: float) -> bool:
    """Run, kill after some seconds, and say whether the run was still going on."""
    child = start(run)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def parts(folder: Path) -> set[str]:
    """Return the names of files being written under a folder, while a run renames them.

    ``os.walk`` passes over a folder that went away under it; ``Path.rglob`` raises.
    """
    return {
        name
        for _, folders, files in os.walk(folder)
        for name in [*folders, *files]
        if name.endswith(".part")
    }


def kill_at_write(run: Callable[[], None], out: Path, count: int) -> bool:
    """Run, kill while the count-th new part is being written, and say whether there was one."""
    child = start(run)
    seen: set[str] = set()
    while True:
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            return False
        seen.update(parts(out))
        if len(seen) >= count:
            os.kill(child, signal.SIGKILL)
            return os.WIFSIGNALED(os.waitpid(child, 0)[1])
        time.sleep(_POLL_S)


def saved(out: Path) -> dict[str, Any]:
    """Return the manifest of a saved result."""
    manifest: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def trial(number: int, folder: Path, whole: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Kill one run, resume it, and compare."""
    rng = random.Random(number)
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    run = command(folder / "export.ndjson", out, folder / "config.toml")
    at_write = number % 2 == 1
    killed = (
        kill_at_write(run, out, rng.randint(1, 60))
        if at_write
        else kill_after(run, rng.uniform(0, seconds))
    )
    finish(run)
    after = saved(out)
    return {
        "kind": "at a write" if at_write else "uniform",
        "killed": killed,
        "equal": after["checksums"] == whole["checksums"],
        "resumed": len(after["resumed_stages"]),
    }


def kill_points(n_points: int, n_posts: int = 160, seed: int = 0) -> dict[str, Any]:
    """Kill runs at random moments and return what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_export(folder / "export.ndjson", n_posts)
        # Without the cache of vectors, so that the embedding is really run again.
        (folder / "config.toml").write_text('[embed]\ncache_dir = ""\n', encoding="utf-8")
        whole = command(folder / "export.ndjson", folder / "whole", folder / "config.toml")
        finish(whole)
        seconds = finish(whole)
        reference = saved(folder / "whole")
        trials = [
            trial(seed * 1_000_003 + number, folder, reference, seconds)
            for number in range(n_points)
        ]
    return summary(trials, seconds)


def summary(trials: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Count what came of the trials."""
    killed = [one for one in trials if one["killed"]]
    unequal = sum(not one["equal"] for one in trials)
    return {
        "n_points": len(trials),
        "n_killed_on_the_way": len(killed),
        "n_unequal": unequal,
        # Clopper and Pearson, one-sided.
        "rate_unequal_upper_95": round(float(beta.ppf(0.95, unequal + 1, len(trials) - unequal)), 4)
        if unequal < len(trials)
        else 1.0,
        "killed_by_kind": dict(Counter(one["kind"] for one in killed)),
        "stages_taken_over": dict(sorted(Counter(one["resumed"] for one in killed).items())),
        "seconds_of_an_uninterrupted_run": round(seconds, 2),
        "trials": trials,
    }


def joined(files: list[Path]) -> dict[str, Any]:
    """Return the summary of batches that were run one by one, with seeds of their own."""
    batches = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    trials = [one for batch in batches for one in batch["trials"]]
    return summary(trials, max(batch["seconds_of_an_uninterrupted_run"] for batch in batches))


def main() -> int:
    """Run the trials, write and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--posts", type=int, default=160)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=Path, help="write the trials here, and no result")
    parser.add_argument("--join", type=Path, nargs="+", help="make the result of such batches")
    chosen = parser.parse_args()
    if chosen.join:
        found = joined(chosen.join)
    else:
        found = kill_points(chosen.points, chosen.posts, chosen.seed)
    if chosen.batch:
        chosen.batch.write_text(json.dumps(found), encoding="utf-8")
    else:
        del found["trials"]
        write("kills", f"python -m benchmarks.scale.kills --points {found['n_points']}", found)
    return int(found["n_unequal"] > 0)


if __name__ == "__main__":
    sys.exit(main())
