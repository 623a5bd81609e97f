"""Seconds and memory of exact and near copies among posts, by size.

    python -m benchmarks.scale.near --sizes 10000 100000 1000000

Of the posts 60 % are distinct, and three in ten of those are another post with a few words changed
or a comment added; the copies of a post are heavy-tailed. Each size is a process of its own.
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
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from benchmarks.scale.results import write
from disinfo.links.minhash import candidate_pairs
from disinfo.text.normal import normal_form

_DISTINCT, _VARIANTS = 0.6, 0.3
_WORDS = 40_000
_NEAR = 0.8
Texts = NDArray[np.object_]


def make_mix(n: int, seed: int = 0) -> Texts:
    """Return n posts of made-up words, in no order.

    Parameters
    ----------
    n
        How many.
    seed
        Seed of the draws.

    Returns
    -------
    ndarray of shape (n,), object
        Posts of 8 to 24 words, a third of them with a link or a tag.
    """
    rng = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnoprstuwz"))
    words = np.array(
        ["".join(rng.choice(letters, size)) for size in rng.integers(2, 11, _WORDS)], dtype=object
    )
    n_distinct = int(n * _DISTINCT)
    n_own = int(n_distinct * (1 - _VARIANTS))
    frequency = 1.0 / (np.arange(_WORDS) + 30.0)
    lengths = rng.integers(8, 25, n_own)
    drawn = words[rng.choice(_WORDS, lengths.sum(), p=frequency / frequency.sum())]
    said = [list(part) for part in np.split(drawn, np.cumsum(lengths)[:-1])]
    origin = (n_own * rng.random(n_distinct - n_own) ** 3).astype(int)
    for source in origin.tolist():
        variant = list(said[source])
        variant[int(rng.integers(len(variant)))] = words[int(rng.integers(_WORDS))]
        said.append([*variant, words[int(rng.integers(_WORDS))]] if rng.random() < 0.3 else variant)
    texts = np.array([" ".join(one).capitalize() for one in said], dtype=object)
    tail = rng.random(len(texts))
    texts[tail < 0.2] += " https://short.example/x1"
    texts[tail > 0.87] += " #News"
    copies = (len(texts) * rng.random(n - len(texts)) ** 3).astype(int)
    posts: Texts = np.concatenate([texts, texts[copies]])
    return posts[rng.permutation(n)]


def measure(n: int) -> dict[str, Any]:
    """Find the copies among n posts in this process."""
    posts = make_mix(n)
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    seconds = {}
    distinct = dict.fromkeys(posts.tolist())
    forms = sorted({normal_form(text) for text in distinct})
    seconds["exact"] = time.perf_counter() - started
    first, second, crowded = candidate_pairs(forms)
    seconds["candidates"] = time.perf_counter() - started - seconds["exact"]
    n_near, chunk = 0, 1_000_000
    for start in range(0, len(first), chunk):
        a, b = first[start : start + chunk].tolist(), second[start : start + chunk].tolist()
        ratio = cpdist(
            [forms[row] for row in a],
            [forms[row] for row in b],
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=_NEAR,
            workers=-1,
        )
        n_near += int((ratio >= _NEAR).sum())
    whole = time.perf_counter() - started
    seconds["verified"] = whole - seconds["exact"] - seconds["candidates"]
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "n": n,
        "n_forms": len(forms),
        "n_candidates": len(first),
        "n_near": n_near,
        "n_crowded": len(crowded),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "wall_s": round(whole, 2),
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "microseconds_a_post": round(1e6 * whole / n, 2),
        "peak_memory_mb": after.ru_maxrss // 1024,
    }


def main() -> None:
    """Measure each size in a process of its own and write them down."""
    parser = argparse.ArgumentParser(description="Time and memory of exact and near copies.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--one", type=int, help="measure one size here and print it")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    runs = []
    for size in asked.sizes:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.scale.near", "--one", str(size)],
            check=True,
            capture_output=True,
            text=True,
        )
        runs.append(json.loads(done.stdout))
    sizes = " ".join(map(str, asked.sizes))
    write("near-copies", f"python -m benchmarks.scale.near --sizes {sizes}", {"runs": runs})


if __name__ == "__main__":
    main()
