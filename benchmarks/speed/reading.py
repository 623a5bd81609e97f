"""How fast `read_posts` is, as a ratio to the bare parser of the same file in the same run.

    python -m benchmarks.speed.reading --posts 100000

Each figure is the best of three. Ratios above 1 would mean faster than the bare parser, which
finds no links, checks no ids and reads no times.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from disinfo.reading import read_posts


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


def best_of_three(action: Callable[[], object]) -> float:
    """Return the least CPU time of three runs, in seconds."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return min(seconds)


def parse_lines(path: Path) -> int:
    """Parse every line of a file with `json.loads` and keep nothing."""
    with path.open(encoding="utf-8") as file:
        return sum(1 for line in file if json.loads(line))


def main() -> None:
    """Print one line a format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    n = parser.parse_args().posts
    rows = make_rows(n)
    with tempfile.TemporaryDirectory() as folder:
        lines, table = Path(folder) / "posts.ndjson", Path(folder) / "posts.csv"
        lines.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        pd.DataFrame(rows).to_csv(table, index=False)
        for path, name, bare in (
            (lines, "json.loads", lambda: parse_lines(lines)),
            (table, "pandas.read_csv", lambda: pd.read_csv(table, dtype="str")),
        ):
            ours = best_of_three(lambda path=path: read_posts(path))  # type: ignore[misc]
            theirs = best_of_three(bare)
            print(
                f"{path.name}: {n / ours:,.0f} posts/s, {name} {n / theirs:,.0f} rows/s, "
                f"ratio {theirs / ours:.2f}"
            )


if __name__ == "__main__":
    main()
