"""How fast `read_posts` is, as a ratio to the bare parser of the same file in the same run.

    python -m benchmarks.speed.reading --posts 20000 --rounds 15

Each round times both, one after the other, in CPU seconds; the ratio of a round is the bare
parser's time by ours, and the interval is that of the median over rounds (bootstrap). Ratios above
1 would mean faster than the bare parser, which finds no links, checks no ids and reads no times.
For tables there are two: `pandas.read_csv` as it is, which turns ids into numbers and so loses
digits of some, and with `dtype="str"`, which keeps them as `read_posts` has to.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.provenance import commit, machine, versions
from disinfo.reading import read_posts

RESULT = Path(__file__).parents[1] / "results" / "reading" / "throughput.json"


def make_rows(n: int, seed: int = 0) -> list[dict[str, object]]:
    """Return posts of 18 words, a third with a link, a quarter with a tag, a fifth a mention."""
    rng = random.Random(seed)
    words = [f"word{number}" for number in range(5000)]
    rows = []
    for i in range(n):
        text = " ".join(rng.choices(words, k=18))
        text += f" https://site{i % 200}.org/a/{i}" if i % 3 == 0 else ""
        text += f" #tag{i % 50}" if i % 4 == 0 else ""
        text += f" @user{i % 300}" if i % 5 == 0 else ""
        rows.append(
            {
                "post_id": str(10**18 + i),
                "account_id": str(10**17 + i % 3000),
                "text": text,
                "created_at": f"2025-05-{1 + i % 28:02d}T{i % 24:02d}:{i % 60:02d}:07Z",
                "platform": "x",
                "like_count": i % 9,
            }
        )
    return rows


def make_events(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the same posts as events of Bluesky's stream."""
    events: list[dict[str, object]] = []
    for i, row in enumerate(rows):
        record: dict[str, object] = {
            "$type": "app.bsky.feed.post", "text": row["text"], "createdAt": row["created_at"],
            "langs": ["pl"],
        }  # fmt: skip
        if i % 3 == 0:
            link = {"$type": "app.bsky.richtext.facet#link", "uri": f"https://site.org/{i}"}
            record["facets"] = [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [link]}]
        commit_of = {"rev": "3k", "operation": "create", "collection": "app.bsky.feed.post",
                     "rkey": f"3k{i}", "record": record, "cid": "bafyreia"}  # fmt: skip
        events.append(
            {"did": f"did:plc:{i % 3000}", "time_us": 1746086400000000 + i * 1000,
             "kind": "commit", "commit": commit_of}
        )  # fmt: skip
    return events


def cpu_seconds(action: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    action()
    return time.process_time() - start


def parse_lines(path: Path) -> int:
    """Parse every line of a file with `json.loads` and keep nothing."""
    with path.open(encoding="utf-8") as file:
        return sum(1 for line in file if json.loads(line))


def compare(path: Path, n: int, bare: Callable[[], object], rounds: int) -> dict[str, Any]:
    """Return the ratio of the bare parser's time by ours, with a 90 % interval of its median."""
    read_posts(path)
    pairs = [(cpu_seconds(bare), cpu_seconds(lambda: read_posts(path))) for _ in range(rounds)]
    theirs, ours = np.array(pairs).T
    draws = np.random.default_rng(0).integers(0, rounds, (2000, rounds))
    low, high = np.quantile(np.median((theirs / ours)[draws], axis=1), [0.05, 0.95])
    return {
        "ratio": float(np.median(theirs / ours)), "low": float(low), "high": float(high),
        "posts_a_cpu_second": n / float(np.median(ours)), "rounds": rounds,
    }  # fmt: skip


def main() -> None:
    """Print one line a format and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    n, rounds = given.posts, given.rounds
    rows = make_rows(n)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        lines, table = Path(folder) / "posts.ndjson", Path(folder) / "posts.csv"
        events = Path(folder) / "events.ndjson"
        lines.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        events.write_text("\n".join(map(json.dumps, make_events(rows))), encoding="utf-8")
        pd.DataFrame(rows).to_csv(table, index=False)
        for name, path, bare in (
            ("NDJSON by json.loads", lines, lambda: parse_lines(lines)),
            ("Jetstream by json.loads", events, lambda: parse_lines(events)),
            ("CSV by read_csv(dtype='str')", table, lambda: pd.read_csv(table, dtype="str")),
            ("CSV by read_csv", table, lambda: pd.read_csv(table)),
        ):
            results[name] = compare(path, n, bare, rounds)
            print(name, results[name], flush=True)
    written = {
        "command": f"python -m benchmarks.speed.reading --posts {n} --rounds {rounds}",
        "commit": commit(), "machine": machine(), "versions": versions(), "results": results,
    }  # fmt: skip
    RESULT.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
