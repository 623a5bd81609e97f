"""Speed and memory of the static tier on one core, in a process that does nothing else.

Run from the root of the repository: ``python -m models.static.speed``. The posts are the distinct
texts of a simulated election in five languages; the median of five rounds counts.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable

import numpy as np

from disinfo.embedding import StaticEmbedding
from disinfo.embedding.static_encoder import StaticEncoder
from disinfo.embedding.static_table import open_table
from disinfo.simulation import simulate
from disinfo.text.language import identify_readable
from disinfo.text.normal import readable

N_POSTS = 30_000
SEED = 5
N_ROUNDS = 5


def posts() -> list[str]:
    """Return distinct texts of a simulated election."""
    return list(dict.fromkeys(simulate(n_posts=N_POSTS, seed=SEED).posts["text"].dropna()))


def rate(run: Callable[[], object], n: int) -> tuple[int, int]:
    """Return posts a second on the clock and a CPU second: medians of some rounds."""
    run()
    wall, work = [], []
    for _ in range(N_ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        run()
        wall.append(n / (time.perf_counter() - begun))
        work.append(n / (time.process_time() - worked))
    return round(float(np.median(wall))), round(float(np.median(work)))


def main() -> None:
    """Print the figures as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = posts()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stage = StaticEmbedding()
    stage(texts)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    plain = [readable(text) for text in texts]
    languages = identify_readable(plain)
    encoder = StaticEncoder(table=open_table())
    whole = rate(lambda: stage(texts), len(texts))
    words = rate(lambda: encoder(plain, languages), len(texts))
    found = {
        "posts": len(texts),
        "characters a post": round(float(np.mean([len(text) for text in texts])), 1),
        "posts a second, whole stage": whole[0],
        "posts a CPU second, whole stage": whole[1],
        "posts a second, readable form and language given": words[0],
        "posts a CPU second, readable form and language given": words[1],
        "peak memory of the process, MB": round(most / 1024),
        "of which before the first embedding, MB": round(before / 1024),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
