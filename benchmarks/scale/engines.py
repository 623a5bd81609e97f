"""The same run on one process and on Ray with two workers: equal tables, and what Ray costs.

    python -m benchmarks.scale.engines

Three data sets: a simulated election with texts, the coordinated tweets of CooRTweet (actions), and
the multilingual posts of D3lta (texts). The cache of vectors is off. On Ray one worker is killed
while it works: nothing may change but the time.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from benchmarks.datasets import DATASETS
from benchmarks.scale.results import write
from benchmarks.task import AbsentError
from disinfo import Pipeline, Result, detect, simulate
from disinfo.embedding import SentenceEmbedding
from disinfo.engines import Ray

_N_POSTS = 3_000
# A join of some tens of thousands of tweets is at a worker for a fraction of a second.
_LOOKS_S = 0.002


def data_sets() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the data sets that are there."""
    yield "simulated election", simulate(n_posts=_N_POSTS, seed=11).posts
    for name, make in (("coortweet", _tweets), ("d3lta", _documents)):
        try:
            yield name, make()
        except AbsentError as error:
            print(f"{name} is skipped: {error}")


def _tweets() -> pd.DataFrame:
    rows = DATASETS["coortweet"].frame("russian_coord_tweets.parquet")
    return (
        rows[["account_id", "object_id"]]
        .astype(str)
        .assign(created_at=pd.to_datetime(rows["timestamp_share"], unit="s", utc=True))
    )


def _documents() -> pd.DataFrame:
    return DATASETS["d3lta_synthetic"].frame("documents.csv", ["text"])


def timed(run: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result and the seconds it took."""
    begin = time.perf_counter()
    result = run()
    return result, round(time.perf_counter() - begin, 2)


def same(first: Result, second: Result) -> bool:
    """Say whether all tables are equal."""
    return all(frame.equals(second.tables[name]) for name, frame in first.tables.items())


def kill_a_worker(killed: list[int]) -> None:
    """Wait until a worker is at work, then end it with SIGKILL."""
    import psutil

    for _ in range(100_000):
        for process in psutil.Process().children(recursive=True):
            with_name = process.name()
            if with_name.startswith("ray::_apply"):
                os.kill(process.pid, signal.SIGKILL)
                killed.append(process.pid)
                return
        time.sleep(_LOOKS_S)


def compare(posts: pd.DataFrame) -> dict[str, Any]:
    """Run one data set in each way."""
    local = Pipeline(embed=SentenceEmbedding(cache_dir=False, progress=False))
    ray = replace(local, engine=Ray(workers=2))
    here, seconds = timed(lambda: detect(posts, pipeline=local, progress=False))
    there, ray_seconds = timed(lambda: detect(posts, pipeline=ray, progress=False))
    killed: list[int] = []
    killer = threading.Thread(target=kill_a_worker, args=(killed,), daemon=True)
    killer.start()
    bereft, bereft_seconds = timed(lambda: detect(posts, pipeline=ray, progress=False))
    return {
        "n_posts": len(posts),
        "seconds_local": seconds,
        "seconds_ray": ray_seconds,
        "ray_over_local": round(ray_seconds / seconds, 2),
        "seconds_ray_worker_killed": bereft_seconds,
        "n_workers_killed": len(killed),
        "equal": same(here, there),
        "equal_worker_killed": same(here, bereft),
    }


def main() -> None:
    """Compare, write and print."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    begin = time.perf_counter()
    Ray(workers=2).map(_first, [])
    started = round(time.perf_counter() - begin, 2)
    runs = {name: compare(posts) for name, posts in data_sets()}
    write(
        "engines",
        "python -m benchmarks.scale.engines",
        {"seconds_to_start_ray": started, "runs": runs},
    )


def _first(part: Any) -> Any:
    return part


if __name__ == "__main__":
    main()
