"""Time and memory of grouping distinct texts, and of a day placed beside an archive.

    python -m benchmarks.scale.narratives group --sizes 10000 100000 1000000
    python -m benchmarks.scale.narratives update --sizes 1000000
    python -m benchmarks.scale.narratives days --sizes 3000

Vectors are given: planted messages of ten wordings, five messages a story, in noise, so that what
comes out can be checked. `update` makes the archive's families from the planted truth and places
10,000 new texts, half of them wordings of old messages; embedding and links are not counted. Each
size is a process of its own, so that its memory is its own. `days` feeds a simulated election of so
many posts (seed 20000) day by day through `Result.update`, and compares with one run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

import disinfo
from benchmarks.metrics import cluster_items
from benchmarks.scale.results import write
from disinfo import tables
from disinfo.narratives import Floors, GroupByMeaning, Standing, grow
from disinfo.stages import Vectors

_DIMENSIONS = 384
_WORDINGS, _MESSAGES = 10, 5
_NEW = 10_000
_SEED, _FIRST_DAYS = 20_000, 7
# Cosines of two wordings of a message (.55) and of two messages of a story (.35), about.
_STORY, _MESSAGE = 0.35, 0.20


def make_vectors(n: int, seed: int = 0) -> tuple[Vectors, np.ndarray[Any, np.dtype[np.int64]]]:
    """Return n unit rows and the message of each; the story is the message // 5."""
    rng = np.random.default_rng(seed)
    message = np.arange(n) // _WORDINGS
    story = message // _MESSAGES
    rows = np.empty((n, _DIMENSIONS), dtype=np.float32)
    of_story = _directions(rng, int(story[-1]) + 1)
    of_message = _directions(rng, int(message[-1]) + 1)
    for start in range(0, n, 50_000):
        part = slice(start, min(start + 50_000, n))
        rows[part] = (
            np.sqrt(_STORY) * of_story[story[part]]
            + np.sqrt(_MESSAGE) * of_message[message[part]]
            + np.sqrt(1 - _STORY - _MESSAGE) * _directions(rng, part.stop - part.start)
        )
        rows[part] /= np.linalg.norm(rows[part], axis=1, keepdims=True)
    return rows, message


def _directions(rng: np.random.Generator, n: int) -> Vectors:
    rows = rng.normal(size=(n, _DIMENSIONS)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _names(prefix: str, numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([f"{prefix}-{number:08d}" for number in numbers.tolist()], dtype=object)


def group(n: int) -> dict[str, Any]:
    """Group n texts once in this process."""
    rows, message = make_vectors(n)
    texts = pd.DataFrame({"text_id": _names("t", np.arange(n))})
    begun = time.perf_counter()
    found = GroupByMeaning()(texts, rows, tables.LINKS.empty())
    seconds = time.perf_counter() - begun
    return {
        "seconds": round(seconds, 1),
        "families": _agreement(message, found["family_members"]["family_id"]),
        "narratives": _agreement(message // _MESSAGES, found["membership"]["narrative_id"]),
    }


def _agreement(truth: np.ndarray[Any, Any], found: pd.Series) -> dict[str, float]:
    """Return B-cubed precision and recall over an even part of at most 100,000 texts."""
    kept = slice(0, 100_000)
    items = cluster_items(truth[kept].tolist(), found.iloc[kept].tolist())
    return {name: round(float(np.mean(items[name])), 3) for name in ("precision", "recall")}


def update(n: int) -> dict[str, Any]:
    """Place a day's texts beside n that stand."""
    rows, message = make_vectors(n + _NEW)
    fresh = np.sort(np.random.default_rng(1).permutation(n)[: _NEW // 2])
    new = np.concatenate([fresh, np.arange(n, n + _NEW // 2)])
    old = np.setdiff1d(np.arange(n), fresh)
    n_families = int(message.max()) + 1
    sums = np.zeros((n_families, _DIMENSIONS))
    np.add.at(sums, message[old], rows[old])
    counts = np.bincount(message[old], minlength=n_families)
    there = np.flatnonzero(counts)
    standing = Standing(
        families=pd.DataFrame(
            {
                "family_id": _names("f", there),
                "narrative_id": _names("n", there // _MESSAGES),
                "topic_id": _names("o", there // 5_000),
                "n_texts": counts[there],
            }
        ),
        sums=sums[there],
        apart=(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)),
    )
    none = tables.LINKS.empty()
    floors = Floors(family=0.42, narrative=0.3, topic=0.01)
    begun = time.perf_counter()
    grown = grow(standing, _names("t", new).tolist(), rows[new], (none, none), floors)
    seconds = time.perf_counter() - begun
    kept = grown.standing.families["narrative_id"].iloc[: len(there)].to_numpy()
    home = grown.family_of == _names("f", message[new])
    return {
        "seconds": round(seconds, 1),
        "n_families": len(there),
        "n_new": len(new),
        "old_families_that_keep_their_narrative": round(
            float((kept == standing.families["narrative_id"].to_numpy()).mean()), 5
        ),
        "wordings_that_find_their_message": round(float(home[: _NEW // 2].mean()), 4),
    }


def days(n: int) -> dict[str, Any]:
    """Feed a month day by day: the first week in one run, then an update a day."""
    world = disinfo.simulate(n_posts=n, seed=_SEED)
    posts = world.posts.sort_values("created_at")
    day = (posts["created_at"].dt.floor("D") - posts["created_at"].min().floor("D")).dt.days
    begun = time.perf_counter()
    result = disinfo.detect(posts[day < _FIRST_DAYS], progress=False)
    kept = []
    for number in range(_FIRST_DAYS, int(day.max()) + 1):
        before = result.posts.set_index("post_id")["narrative_id"].dropna()
        result = result.update(posts[day == number], progress=False)
        after = result.posts.set_index("post_id")["narrative_id"].reindex(before.index)
        kept.append(float((before == after).mean()))
    seconds = time.perf_counter() - begun
    whole = disinfo.detect(posts, progress=False)
    agreement = {}
    for name, level in (("stories", "narrative_id"), ("messages", "family_id")):
        label = {"stories": "story_id", "messages": "message_id"}[name]
        truth = world.truth_posts.dropna(subset=[label]).set_index("post_id")[label]
        for how, one in (("day by day", result), ("one run", whole)):
            found = one.posts.set_index("post_id")[level].reindex(truth.index).fillna("none")
            items = cluster_items(truth.tolist(), found.tolist())
            both = [float(np.mean(items[part])) for part in ("precision", "recall")]
            agreement[f"{name}, {how}, B-cubed F1"] = round(2 * both[0] * both[1] / sum(both), 4)
    return {
        "seconds": round(seconds, 1),
        "n_days": len(kept),
        **agreement,
        "old_posts_that_keep_their_narrative_median_day": round(float(np.median(kept)), 4),
        "old_posts_that_keep_their_narrative_worst_day": round(min(kept), 4),
    }


def measure(kind: str, n: int) -> dict[str, Any]:
    """Run once in this process; peak memory is that of the process, the vectors included."""
    found = {"group": group, "update": update, "days": days}[kind](n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"kind": kind, "n": n, **found, "peak_memory_mb": round(peak)}


def main() -> int:
    """Measure each size in a process of its own, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("group", "update", "days"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(measure(arguments.kind, arguments.sizes[0])))
        return 0
    runs = []
    for size in arguments.sizes:
        command = [sys.executable, "-m", "benchmarks.scale.narratives", arguments.kind]
        command += ["--inside", "--sizes", str(size)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        runs.append(json.loads(said.splitlines()[-1]))
        print(runs[-1])
    sizes = " ".join(map(str, arguments.sizes))
    command_line = f"python -m benchmarks.scale.narratives {arguments.kind} --sizes {sizes}"
    write(f"narratives-{arguments.kind}", command_line, {"runs": runs})
    return 0


if __name__ == "__main__":
    sys.exit(main())
