"""Damage exports of every format: only the library's own errors, and every row kept or counted.

    python -m benchmarks.scale.damaged --records 20000 --formats x-archive mastodon

Two kinds of damage are done to the examples in tests/reading/fixtures. `values`: records and rows
whose fields are lost, repeated or replaced by odd values, 200 to a file. `bytes`: files in which
bytes are flipped, one in all, one a line or three, some of them cut. A case fails when another
exception comes out, or when a record that was read is neither a post nor among those left out.
Results are kept by format, so that formats can be run one after another.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.provenance import commit
from benchmarks.scale.results import FOLDER, write
from disinfo.errors import DisinfoError
from disinfo.reading import Posts, read_posts
from disinfo.reading.records import records_of

FIXTURES = Path(__file__).parents[2] / "tests" / "reading" / "fixtures"
NAME = "damaged-records"
NOW = "2026-01-01"
# Records of a file. A flipped byte can open a quote that hides the rows after it: fewer of those.
BATCH = 200
LINES = {".ndjson": 200, ".csv": 100}
# The endings of reasons for which a row is in `dropped` and not in the table.
LEFT_OUT = r"left out$|one row was kept$|was joined|were joined|earliest row was kept$"
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**70, 1e300, float("nan"), "", " ", "\0", "\ud800", "[deleted]", "1E+18",
    "https://", "https://" + "a." * 200, "9" * 400, [], {}, [None], [[]], [{}], {"id": {}},
    "<a href='x", "2025-13-45T99:99:99Z", "@", "#", "é" * 50, "0000-00-00", -(2**63), 2**53,
    "\u202e", "http://[::1", "https://a.org/?" + "&a=1" * 50, "at://", "did:plc:", "1" * 19,
    "1e999", "null", "[removed]", "RT @a: ", "www.", "https://t.co/…", "x" * 5_000, "\ufeff",
    "\x85\u2028", ["a", None], ["a", ["b"]], [{"a": 1}], {"a": None}, {"": ""}, False,
    {"a": {"b": {"c": {"d": {"e": 1}}}}},
)  # fmt: skip
_ODD_CELLS = ('"', 'a"b', '""', ",", ";", "\n", "\r", "x\ny", "=1+1", "['a'", "[{'id': 1}]", "nan")
Kind = Callable[[Path, int, "Outcome"], None]


@dataclass
class Outcome:
    """What came of the cases of one format."""

    records: int = 0
    files: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)

    def read(self, source: Any, name: str, case: str) -> Posts | None:
        """Read, count and check a case; None where it was refused as a whole."""
        self.files += 1
        try:
            posts = read_posts(source, format=name, now=NOW)
        except DisinfoError:
            self.refused += 1
            return None
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            self.failures.append(f"{case}: {type(error).__name__}: {error}"[:300])
            return None
        if not accounted(posts):
            self.failures.append(f"{case}: {posts.n_read} read, {len(posts)} kept, not all counted")
        return posts


def accounted(posts: Posts) -> bool:
    """Return whether every record that was read is a post or among those left out."""
    out = posts.dropped["reason"].str.contains(LEFT_OUT, regex=True)
    return posts.n_read == len(posts) + int(posts.dropped.loc[out, "n"].sum())


def mutated(value: Any, rng: random.Random) -> Any:
    """Return a copy of a JSON value with one place in it changed, lost or repeated."""
    if rng.random() < 0.25 or not isinstance(value, dict | list) or not value:
        return rng.choice(ODD)
    if isinstance(value, list):
        at = rng.randrange(len(value))
        return [*value[:at], mutated(value[at], rng), *value[at + rng.randrange(2) :]]
    name = rng.choice(list(value))
    rest = {key: inner for key, inner in value.items() if key != name}
    return rest if rng.random() < 0.2 else {**rest, name: mutated(value[name], rng)}


def odd_records(path: Path, n: int, outcome: Outcome) -> None:
    """Read records of JSON of which one value each is odd."""
    rng = random.Random(path.name)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ndjson":
        originals = [json.loads(line) for line in text.splitlines()]
    else:
        whole = json.loads(text)
        originals = [whole] if isinstance(whole, dict) else list(records_of(whole))
    while outcome.records < n:
        batch = [mutated(rng.choice(originals), rng) for _ in range(BATCH)]
        batch = [record for record in batch if isinstance(record, dict)]
        outcome.records += len(batch)
        _halved(batch, path.stem, f"records {outcome.records}", outcome)


def _halved(batch: list[Any], name: str, case: str, outcome: Outcome) -> None:
    """Read records; where they are refused, as for ids that lost digits, each half of them."""
    if outcome.read(batch, name, case) is None and len(batch) > 1:
        middle = len(batch) // 2
        _halved(batch[:middle], name, f"{case}, first half", outcome)
        _halved(batch[middle:], name, f"{case}, second half", outcome)


def odd_rows(path: Path, n: int, outcome: Outcome) -> None:
    """Read tables whose rows have odd cells, cells too many and cells too few."""
    rng = random.Random(path.name)
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        while outcome.records < n:
            names: list[str] | str = _odd_row(header, rng) if rng.random() < 0.03 else header
            batch = [_odd_row(rng.choice(rows), rng) for _ in range(BATCH)]
            # The careful way and the quick one are both to be met.
            raw = rng.random() < 0.5
            lines = [_line(row, rng) if raw else row for row in batch]
            target.write_bytes(_written([names, *lines], rng))
            outcome.records += BATCH
            name = path.stem if rng.random() < 0.7 else "auto"
            outcome.read(target, name, f"rows {outcome.records} ({name})")


def _odd_row(row: list[str], rng: random.Random) -> list[str]:
    cells = list(row)
    at = rng.randrange(len(cells))
    match rng.randrange(8):
        case 0:
            del cells[at]
        case 1:
            cells.insert(at, cells[at])
        case 2:
            cells[at] = cells[rng.randrange(len(cells))]
        case 3:
            cells[at] = rng.choice(_ODD_CELLS)
        case _:
            odd = rng.choice(ODD)
            cells[at] = odd if isinstance(odd, str) else "" if odd is None else str(odd)
    return cells or [""]


def _line(row: list[str], rng: random.Random) -> list[str] | str:
    """Return a row, now and then as a line in which no cell is quoted."""
    return ",".join(row) if rng.random() < 0.02 else row


def _written(rows: list[list[str] | str], rng: random.Random) -> bytes:
    end = rng.choice(("\n", "\r\n"))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    for row in rows:
        if isinstance(row, str):
            out.write(row + end)
        else:
            writer.writerow(row)
    return out.getvalue().encode("utf-8", "surrogatepass")


def flipped_bytes(path: Path, n: int, outcome: Outcome) -> None:
    """Read files in which bytes are flipped, with the format given and recognised."""
    rng = random.Random(path.name)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        while outcome.records < n:
            data, n_records = _many(path, rng)
            for _ in range(rng.choice((1, n_records, 3 * n_records))):
                data[rng.randrange(len(data))] = rng.randrange(256)
            if rng.random() < 0.2:
                del data[rng.randrange(len(data)) :]
            target.write_bytes(data)
            outcome.records += n_records
            for name in (path.stem, "auto") if rng.random() < 0.2 else (path.stem,):
                outcome.read(target, name, f"bytes {outcome.records} ({name})")


def _many(path: Path, rng: random.Random) -> tuple[bytearray, int]:
    """Return a file of many records, made of the lines of a small one; a document as it is."""
    data = path.read_bytes()
    if path.suffix == ".json":
        # A flipped byte breaks a document as a whole, so that it counts as one.
        return bytearray(data), 1
    lines = data.splitlines(keepends=True)
    n = LINES[path.suffix]
    # Some cells hold line breaks, so that a header is all that is kept in its place.
    n_header = 1 if path.suffix == ".csv" else 0
    body = [line for line in lines[n_header:] if line.endswith(b"\n")]
    return bytearray(b"".join(lines[:n_header] + rng.choices(body, k=n))), n


def kinds_of(path: Path) -> Iterator[tuple[str, Kind]]:
    """Yield the kinds of damage that are done to a file."""
    yield "values", odd_rows if path.suffix == ".csv" else odd_records
    yield "bytes", flipped_bytes


def fixtures() -> list[Path]:
    """Return the example of each format, in order of name."""
    return sorted(FIXTURES.iterdir())


def main() -> int:
    """Run the formats that are named, and keep what came of them beside the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--documents", type=int, default=200, help="flipped JSON documents")
    parser.add_argument("--formats", nargs="*", help="names of fixtures; all if none is given")
    parser.add_argument("--kinds", nargs="*", default=["values", "bytes"])
    given = parser.parse_args()
    kept_at = FOLDER / f"{NAME}.json"
    kept = json.loads(kept_at.read_text(encoding="utf-8")) if kept_at.exists() else {}
    results: dict[str, Any] = kept.get("formats", {})
    for path in fixtures():
        if given.formats and path.stem not in given.formats and path.name not in given.formats:
            continue
        found = results.get(path.name, {})
        for kind, damage in kinds_of(path):
            if kind not in given.kinds:
                continue
            outcome = Outcome()
            whole = kind == "bytes" and path.suffix == ".json"
            damage(path, given.documents if whole else given.records, outcome)
            found[kind] = vars(outcome) | {"failures": outcome.failures[:20], "commit": commit()}
        results[path.name] = found
        print(path.name, found, flush=True)
        write(NAME, f"python -m benchmarks.scale.damaged --records {given.records}",
              {"formats": dict(sorted(results.items()))})  # fmt: skip
    return int(any(kind["failures"] for found in results.values() for kind in found.values()))


if __name__ == "__main__":
    sys.exit(main())
