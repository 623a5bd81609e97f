"""Feed every entry with hostile input: nothing but the library's own errors may come out.

    python -m benchmarks.scale.fuzz --cases 1000000 --processes 2 --parts build/fuzz

Entries are `read_posts` (files and records), `Pipeline.from_config`, `load` and the command line.
Cases are mutations of the corpus in tests/fuzz (bytes flipped, cut, repeated,
joined; numbers made huge, keys renamed) and of what simple grammars make. A case fails when an
exception outside `DisinfoError` comes out, when it takes more than ten seconds of processor time
(or ten minutes on the clock: it waits for something), or when the process grows past the limit of
memory. Seeds are numbers, so that a case can be looked at again.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from scipy.stats import beta
from tqdm import tqdm

from benchmarks.provenance import commit
from benchmarks.scale.results import write
from disinfo.errors import DisinfoError

_TESTS = Path(__file__).parents[2] / "tests"
CORPUS = _TESTS / "fuzz"
# Of processor time: on the clock, a busy machine would make slow cases of quick ones.
MOST_SECONDS = 10
MOST_WAITING = 600
MOST_BYTES = 2_000_000_000
PART = 5_000
# What a file may unpack to here; the limit itself is part of what is tested.
_UNPACKED = 5_000_000
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1e308, float("nan"), "", "\x00", "=1+1", "\ud800", "🙂" * 50, [], {},
    [[[]]], {"a": {"b": 1}}, "2025-05-01", "0000-00-00", "9" * 400, "../../etc/passwd", ["x", None],
)  # fmt: skip
_PIECES = (b'"', b"{", b"]", b",", b"\x00", b"\n", b"\xff", b"\\u", b"1e999")
_KEYS = (
    "text",
    "account_id",
    "created_at",
    "url",
    "urls",
    "post_id",
    "id",
    "object_id",
    "platform",
)
_OPTIONS = (
    "--columns", "--alpha", "--seed", "--max-rows", "--format", "--since", "--shard",
    "--memory-limit", "--config", "--engine", "--prevalence",
)  # fmt: skip
_WORDS = (
    "", "x", "-1", "1e9", "nan", "../..", "text=body", "=", "0", "6GB", "last", "2/1", "json",
)  # fmt: skip

Entry = Callable[[random.Random, Path], None]


class TooSlow(BaseException):
    """A case that takes too long; not an `Exception`, so that nothing swallows it."""


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with a few places changed."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(6)
        if kind == 0 and out:
            out[at % len(out)] = rng.randrange(256)
        elif kind == 1:
            del out[at : at + rng.choice((1, 3, 50))]
        elif kind == 2:
            out[at:at] = rng.choice(_PIECES)
        elif kind == 3:
            begin = rng.randrange(len(out) + 1)
            out[at:at] = out[begin : begin + rng.choice((1, 8, 200))]
        elif kind == 4:
            out = out[:at]
        else:
            out[at:at] = rng.randbytes(rng.choice((1, 4, 32)))
    return bytes(out)


@cache
def corpus() -> list[Path]:
    """Return the files that cases are made of, always in one order."""
    folders = (CORPUS, _TESTS / "reading" / "fixtures")
    return sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in (".md", ".toml")
    )


def read_file(rng: random.Random, folder: Path) -> None:
    """Read a mutated file."""
    from disinfo.reading import read_posts

    seed_file = rng.choice(corpus())
    file = folder / f"case{''.join(seed_file.suffixes)}"
    file.write_bytes(mutated(rng, seed_file.read_bytes()))
    read_posts(file, max_bytes=_UNPACKED)


def read_records(rng: random.Random, folder: Path) -> None:
    """Read records with odd keys and values."""
    from disinfo.reading import read_posts

    def record() -> dict[str, Any]:
        known = rng.sample(_KEYS, rng.randint(1, 4))
        return {key: rng.choice(_VALUES) for key in known}

    records = [record() for _ in range(rng.randint(1, 5))]
    renamed = {rng.choice(_KEYS): rng.choice(_KEYS)} if rng.random() < 0.2 else None
    read_posts(records, columns=renamed)


def configuration(rng: random.Random, folder: Path) -> None:
    """Build a pipeline from an odd configuration."""
    from disinfo.pipeline import Pipeline

    text = mutated(rng, (CORPUS / "pipeline.toml").read_bytes()).decode("utf-8", "replace")
    try:
        config = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    Pipeline.from_config(config)


class SavedResult:
    """Load a mutated saved result; the result is saved once and then copied."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def __call__(self, rng: random.Random, folder: Path) -> None:
        from disinfo.result import Result, load
        from disinfo.whole_files import checksum

        if not self._files:
            Result().save(folder / "saved")
            saved = (folder / "saved").iterdir()
            self._files = {f.name: f.read_bytes() for f in saved if not f.name.startswith(".")}
        target = folder / "copy"
        target.mkdir(exist_ok=True)
        for name, data in self._files.items():
            (target / name).write_bytes(data)
        name = rng.choice(sorted(self._files))
        (target / name).write_bytes(mutated(rng, self._files[name]))
        if name.endswith(".parquet") and rng.random() < 0.9:
            # As an attacker would: with the checksum that fits.
            manifest = json.loads(self._files["manifest.json"])
            manifest["checksums"][name.removesuffix(".parquet")] = checksum(target / name)
            (target / "manifest.json").write_text(json.dumps(manifest))
        load(target)


def command_line(rng: random.Random, folder: Path) -> None:
    """Run the command line with odd options; a usage error is an answer too."""
    from disinfo.cli import app

    file = folder / "case.ndjson"
    file.write_bytes(mutated(rng, (CORPUS / "generic.ndjson").read_bytes()))
    words = [
        word
        for _ in range(rng.randint(1, 3))
        for word in (rng.choice(_OPTIONS), rng.choice(_WORDS))
    ]
    # Nothing is run: an option that no run may have stands at the end.
    arguments = ["detect", str(file), "--out", str(folder / "out"), *words, "--no-such-option"]
    with contextlib.suppress(SystemExit):
        app(arguments)


ENTRIES: dict[str, tuple[Entry, float]] = {
    "read_posts, files": (read_file, 0.4),
    "read_posts, records": (read_records, 0.3),
    "Pipeline.from_config": (configuration, 0.2),
    "load": (SavedResult(), 0.06),
    "command line": (command_line, 0.04),
}


def cases(first: int, n: int) -> Iterator[tuple[int, str, Entry]]:
    """Yield the number, the entry's name and the entry of n cases."""
    names = list(ENTRIES)
    weights = [ENTRIES[name][1] for name in names]
    for number in range(first, first + n):
        name = random.Random(number).choices(names, weights)[0]
        yield number, name, ENTRIES[name][0]


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what an entry prints to itself."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def _alarm(*_: Any) -> None:
    raise TooSlow


def fuzz(n: int, first: int = 0, most_seconds: float = MOST_SECONDS) -> dict[str, Any]:
    """Run n cases and return how many came out how, with the failures."""
    outcomes: Counter[str] = Counter()
    by_entry: Counter[str] = Counter()
    failures: list[dict[str, Any]] = []
    slowest = 0.0
    signal.signal(signal.SIGALRM, _alarm)
    signal.signal(signal.SIGPROF, _alarm)
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = Path(name)
        for number, entry_name, entry in cases(first, n):
            rng = random.Random(number)
            by_entry[entry_name] += 1
            begin = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, most_seconds)
            signal.setitimer(signal.ITIMER_REAL, MOST_WAITING)
            try:
                with _silence():
                    entry(rng, folder)
                outcomes["answered"] += 1
            except DisinfoError:
                outcomes["the library's own error"] += 1
            except (Exception, TooSlow) as error:  # noqa: BLE001 - that is what is looked for
                outcomes["failed"] += 1
                failures.append(_failure(number, entry_name, error))
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.setitimer(signal.ITIMER_REAL, 0)
            slowest = max(slowest, time.process_time() - begin)
    return _summed(
        n, first, outcomes, by_entry, round(slowest, 2), failures, Counter({commit(): n})
    )


def _summed(
    n: int,
    first: int,
    outcomes: Counter[str],
    by_entry: Counter[str],
    slowest: float,
    failures: list[dict[str, Any]],
    commits: Counter[str],
) -> dict[str, Any]:
    # Clopper and Pearson, one-sided.
    upper = float(beta.ppf(0.95, len(failures) + 1, max(n - len(failures), 1)))
    return {
        "n_cases": n,
        "first": first,
        "outcomes": dict(outcomes),
        "by_entry": dict(by_entry),
        "slowest_s": slowest,
        "failure_rate_upper_95": upper,
        "failures": failures,
        "commits": dict(sorted(commits.items())),
    }


def together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what several parts found as one finding.

    Parameters
    ----------
    parts
        From `fuzz`; no case in two of them.

    Returns
    -------
    dict
        As `fuzz` gives it; ``first`` is the smallest.
    """
    outcomes: Counter[str] = Counter()
    by_entry: Counter[str] = Counter()
    # Parts that were there already may be of earlier code.
    commits: Counter[str] = Counter()
    for part in parts:
        outcomes.update(part["outcomes"])
        by_entry.update(part["by_entry"])
        commits.update(part["commits"])
    return _summed(
        sum(part["n_cases"] for part in parts),
        min(part["first"] for part in parts),
        outcomes,
        by_entry,
        max(part["slowest_s"] for part in parts),
        [failure for part in parts for failure in part["failures"]],
        commits,
    )


def in_parts(n: int, first: int, n_processes: int, folder: Path) -> dict[str, Any]:
    """Run many cases in processes of `PART` cases each; parts that are done are taken as they are.

    Each part has a process of its own, so that a process that dies, or memory that is kept, is one
    part's failure and not the end of hours of work.
    """
    starts = list(range(first, first + n, PART))
    with ThreadPoolExecutor(n_processes) as pool:
        waiting = [
            pool.submit(_part, start, min(PART, first + n - start), folder) for start in starts
        ]
        parts = [done.result() for done in tqdm(waiting, unit="part")]
    return together(parts)


def _part(first: int, n: int, folder: Path) -> dict[str, Any]:
    done = folder / f"{first}-{n}.json"
    if not done.exists():
        command = [sys.executable, "-m", __spec__.name, "--no-file"]
        command += ["--cases", str(n), "--first", str(first)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if not ended.stdout.startswith("{"):
            died = {"case": first, "entry": "", "at": "", "error": f"died: {ended.stderr[-300:]}"}
            failed, here = Counter({"failed": 1}), Counter({commit(): n})
            return _summed(n, first, failed, Counter(), 0.0, [died], here)
        part = done.with_suffix(".part")
        part.write_text(ended.stdout, encoding="utf-8")
        part.replace(done)
    found: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return found


def _failure(number: int, entry: str, error: BaseException) -> dict[str, Any]:
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if "disinfo" in line.filename]
    at = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return {
        "case": number,
        "entry": entry,
        "at": at,
        "error": f"{type(error).__name__}: {error}"[:300],
    }


def limited(n_bytes: int) -> None:
    """Hold this process to some memory, so that a bomb is a failure and no incident."""
    with contextlib.suppress(ImportError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (n_bytes, n_bytes))


def main() -> int:
    """Run the cases, write and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1, help="parts that run at a time")
    parser.add_argument("--parts", type=Path, help="where finished parts are kept, to go on from")
    parser.add_argument("--no-file", action="store_true", help="print only, in this process")
    chosen = parser.parse_args()
    if chosen.no_file:
        limited(MOST_BYTES)
        found = fuzz(chosen.cases, chosen.first)
        print(json.dumps(found, indent=1))
        return int(bool(found["failures"]))
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.parts or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        found = in_parts(chosen.cases, chosen.first, chosen.processes, folder)
    write("fuzz", f"python -m benchmarks.scale.fuzz --cases {chosen.cases}", found)
    return int(bool(found["failures"]))


if __name__ == "__main__":
    sys.exit(main())
