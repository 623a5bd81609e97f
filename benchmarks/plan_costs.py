"""What runs cost: measured on some files, fitted, and the estimate checked on others.

    python -m benchmarks.plan_costs

Each file is run in a process of its own, without vectors from earlier runs; CPU seconds and peak
memory are those of that process. The constants printed stand in `disinfo.plan`; results are
written to benchmarks/results/reading/plan.json. No file of CHECKED was used for the constants.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls

from benchmarks.datasets import VARIABLE
from benchmarks.provenance import commit, machine, versions
from disinfo.embedding.user_cache import user_cache
from disinfo.plan import features_of, make_plan

FITTED: dict[str, dict[str, str]] = {
    "pheme_rumours/posts.csv": {},
    "artificial_campaigns/prepared.csv": {"created_at": "timestamp_ms"},
    "iwg_refugee_de/german hatespeech refugees.csv": {"text": "Tweet"},
    # Long texts: what a character costs cannot be told from posts of one length.
    "llm_persuasion/all_responses_combined.csv": {"text": "response"},
}
CHECKED: dict[str, dict[str, str]] = {
    "state_trolls/iran_posts.csv": {},
    "ira_facebook_ads/ads.csv": {},
    "d3lta_synthetic/documents.csv": {},
}
RESULT = Path(__file__).parent / "results" / "reading" / "plan.json"
_RUN = """
import json, resource, sys
import disinfo
result = disinfo.detect(sys.argv[1], columns=json.loads(sys.argv[2]))
own = resource.getrusage(resource.RUSAGE_SELF)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "seconds": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
    "memory_bytes": 1024 * own.ru_maxrss,
}))
"""


def measure(path: Path, columns: dict[str, str]) -> dict[str, float]:
    """Run the whole job on a file and return its CPU seconds and peak memory."""
    with tempfile.TemporaryDirectory() as cache:
        for kept in user_cache().iterdir():
            # Models, and no vectors: those would make the run look cheap.
            if "vector" not in kept.name:
                (Path(cache) / kept.name).symlink_to(kept)
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(path), json.dumps(columns)],
            capture_output=True, text=True, check=True, env=os.environ | {"DISINFO_CACHE": cache},
        )  # fmt: skip
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def rows_of(files: dict[str, dict[str, str]], role: str) -> list[dict[str, Any]]:
    """Return what was measured on each file, with the features that the estimate rests on."""
    root = Path(os.environ[VARIABLE])
    rows = []
    for name, columns in files.items():
        features = features_of(make_plan(root / name, columns=columns))
        rows.append({"file": name, "role": role, **measure(root / name, columns), **features})
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure, fit and check; print the constants and write the result."""
    fitted = rows_of(FITTED, "fitted")
    names = list(features_of(make_plan(Path(os.environ[VARIABLE]) / next(iter(FITTED)))))
    constants = {}
    for cost in ("seconds", "memory_bytes"):
        # Relative errors count: a factor is what is promised.
        design = np.array([[row[name] / row[cost] for name in names] for row in fitted])
        constants[cost] = dict(zip(names, nnls(design, np.ones(len(fitted)))[0], strict=True))
    print(json.dumps(constants, indent=1))
    rows = fitted + rows_of(CHECKED, "checked")
    for row in rows:
        for cost, weights in constants.items():
            estimate = sum(weights[name] * row[name] for name in names)
            row[f"{cost}_estimate"] = estimate
            row[f"{cost}_factor"] = max(estimate / row[cost], row[cost] / estimate)
    result = {
        "command": "python -m benchmarks.plan_costs", "commit": commit(), "machine": machine(),
        "versions": versions(), "constants": constants, "rows": rows,
    }  # fmt: skip
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
