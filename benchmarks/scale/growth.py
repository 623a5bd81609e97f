"""Time and memory of a run by stage and size, with the exponents of growth.

    python -m benchmarks.scale.growth texts --sizes 10000 100000
    python -m benchmarks.scale.growth actions --sizes 10000 100000 1000000

`texts` are posts of which 60 % say something of their own, vectors given; `actions` are rows that
have only an account, a time and an object. Each size is a process of its own, so that its memory is
its own. Accounts and objects are heavy-tailed, and their number grows with the rows: an archive of
ten times the posts has about ten times the stories.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.scale.results import write

_DISTINCT = 0.6
_DIMENSIONS = 384
_POSTS_AN_ACCOUNT = 10
_ROWS_AN_OBJECT = 5
_DAYS = 30
_WORDS = 20_000


def make_posts(n: int, *, texts: bool, seed: int = 0) -> pd.DataFrame:
    """Return n posts of a month.

    Parameters
    ----------
    n
        How many.
    texts
        Whether they have texts; without, they have an account, a time and an object.
    seed
        Seed of the draws.

    Returns
    -------
    DataFrame
        Columns account_id, created_at, object_id and, with texts, text and story (the number of
        the distinct text).
    """
    rng = np.random.default_rng(seed)
    accounts = _heavy_tailed(rng, n, max(n // _POSTS_AN_ACCOUNT, 10))
    objects = _heavy_tailed(rng, n, max(n // _ROWS_AN_OBJECT, 10))
    born = rng.uniform(0, _DAYS * 86400, objects.max() + 1)
    # What is shared is shared soon after it appears: half of it within three hours.
    second = (born[objects] + rng.exponential(4 * 3600, n)) % (_DAYS * 86400)
    posts = pd.DataFrame(
        {
            "account_id": "a" + pd.Series(accounts).astype(str),
            "created_at": pd.Timestamp("2025-05-01", tz="UTC")
            + pd.to_timedelta(second.astype(np.int64), unit="s"),
            "object_id": "o" + pd.Series(objects).astype(str),
        }
    )
    if texts:
        story = rng.integers(0, int(n * _DISTINCT), n)
        words = _vocabulary(rng)
        picked = words[rng.integers(0, _WORDS, (int(n * _DISTINCT), 12))]
        said = np.array([" ".join(row) for row in picked], dtype=object)
        posts = posts.drop(columns="object_id").assign(text=said[story], story=story)
    return posts


def _vocabulary(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return words of two to four syllables, so that texts share no more letters than texts do."""
    syllables = np.array([a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"], dtype=object)
    lengths = rng.integers(2, 5, 2 * _WORDS)
    made = {"".join(syllables[rng.integers(0, len(syllables), n)]) for n in lengths.tolist()}
    return np.array(sorted(made)[:_WORDS], dtype=object)


def make_vectors(story: pd.Series, seed: int = 0) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a unit vector a post: one direction a story, none near another."""
    rng = np.random.default_rng(seed)
    of_story = rng.normal(size=(int(story.max()) + 1, _DIMENSIONS)).astype(np.float32)
    of_story /= np.linalg.norm(of_story, axis=1, keepdims=True)
    vectors: np.ndarray[Any, np.dtype[np.float32]] = of_story[story.to_numpy()]
    return vectors


def _heavy_tailed(
    rng: np.random.Generator, n: int, n_kinds: int
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Draw n kinds of which the k-th is drawn in proportion to k to the power -.8, capped."""
    weight = (np.arange(n_kinds) + 20.0) ** -0.8
    drawn: np.ndarray[Any, np.dtype[np.int64]] = rng.choice(
        n_kinds, size=n, p=weight / weight.sum()
    )
    return drawn


def measure(kind: str, n: int) -> dict[str, Any]:
    """Run once in this process, from a file, and return seconds by stage and the peak of memory."""
    import disinfo

    with tempfile.TemporaryDirectory() as folder:
        posts = make_posts(n, texts=kind == "texts")
        given: dict[str, Any] = {}
        if kind == "texts":
            given["embeddings"] = make_vectors(posts.pop("story"))
        source, out = Path(folder) / "posts.parquet", Path(folder) / "out"
        posts.to_parquet(source)
        del posts
        begin = time.perf_counter()
        result = disinfo.detect(source, progress=False, **given)
        whole = time.perf_counter() - begin
        result.save(out)
        saved = sum(file.stat().st_size for file in out.iterdir())
    manifest = result.manifest
    seconds = dict(manifest["seconds"])
    seconds["between stages"] = round(whole - sum(seconds.values()), 3)
    return {
        "kind": kind,
        "n": n,
        "n_texts": manifest["n_texts"],
        "n_edges": len(result.edges),
        "n_campaigns": len(result.campaigns),
        "seconds": seconds | {"all": round(whole, 3)},
        "peak_memory_mb": manifest["peak_memory_mb"],
        "saved_bytes_a_post": round(saved / n, 1),
    }


def exponents(runs: list[dict[str, Any]], *, least_seconds: float = 0.5) -> dict[str, float]:
    """Return the exponent of growth of each stage, from the two largest sizes.

    Parameters
    ----------
    runs
        From `measure`, of one kind.
    least_seconds
        A stage that takes less at the larger size is left out: its time is its start-up.

    Returns
    -------
    dict of str to float
        Exponent by stage.
    """
    small, large = sorted(runs, key=lambda run: int(run["n"]))[-2:]
    ratio = np.log(large["n"] / small["n"])
    return {
        stage: round(float(np.log(after / max(small["seconds"][stage], 1e-3)) / ratio), 2)
        for stage, after in large["seconds"].items()
        if after >= least_seconds
    }


def fitted_exponents(
    runs: list[dict[str, Any]], *, least_seconds: float = 0.02
) -> dict[str, float]:
    """Return the exponent of growth of each stage over all sizes, by least squares in logarithms.

    Parameters
    ----------
    runs
        From `measure`, of one kind.
    least_seconds
        Sizes at which a stage takes less are left out: its time is its start-up there.

    Returns
    -------
    dict of str to float
        Exponent by stage; stages that two sizes do not show are left out.
    """
    fitted = {}
    for stage in runs[0]["seconds"]:
        slow = [(run["n"], run["seconds"][stage]) for run in runs]
        slow = [(n, seconds) for n, seconds in slow if seconds >= least_seconds]
        if len(slow) > 1:
            sizes, seconds = np.log(np.array(slow)).T
            fitted[stage] = round(float(np.polyfit(sizes, seconds, 1)[0]), 2)
    return fitted


def main() -> int:
    """Measure each size in a process of its own, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("texts", "actions"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--here", action="store_true", help="one size, printed, in this process")
    chosen = parser.parse_args()
    if chosen.here:
        print(json.dumps(measure(chosen.kind, chosen.sizes[0])))
        return 0
    runs = []
    for n in chosen.sizes:
        command = [sys.executable, "-m", __spec__.name, chosen.kind, "--sizes", str(n), "--here"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
        print(runs[-1], flush=True)
    sizes = " ".join(map(str, chosen.sizes))
    several = len(runs) > 1
    found = {
        "runs": runs,
        "exponents": exponents(runs) if several else {},
        "fitted_exponents": fitted_exponents(runs) if several else {},
    }
    write(
        f"growth-{chosen.kind}",
        f"python -m benchmarks.scale.growth {chosen.kind} --sizes {sizes}",
        found,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
