"""Posts a CPU second, each system beside its baseline in the same run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.intervals import Columns
from benchmarks.metrics import ratio
from benchmarks.scale.growth import make_posts
from benchmarks.speed.reading import make_rows
from benchmarks.systems import groups, pairs, rules, text_peers
from benchmarks.task import AbsentError, Answer, Case, Metric, Question, System, Task
from benchmarks.tasks.coordination import world_case
from benchmarks.tasks.corpora import simulated_messages
from disinfo.coordination import GroupTest, SharedObjects, SurpriseNull
from disinfo.reading import read_posts
from disinfo.stages import as_tables

_N_LINES = 20_000
_N_SHARES = 200_000
_BUCKETED = """
    with one as (select *, second // 60 as bucket from shares),
    twice as (select * from one union all select account, object, second, bucket + 1 from one),
    met as (
        select least(a.account, b.account) as first, greatest(a.account, b.account) as second,
            a.object
        from one a join twice b on a.object = b.object and a.bucket = b.bucket
        where a.account <> b.account and a.second - b.second between 0 and 60
    )
    select first, second, count(distinct object) as weight from met group by all
"""


def lines(seed: int) -> Iterator[Case]:
    """Yield lines of JSON, one a post."""
    rows = [json.dumps(row) for row in make_rows(_N_LINES, seed)]
    question = Question(table=pd.DataFrame({"line": rows}))
    yield Case(name=f"lines {seed}", question=question, truth=pd.DataFrame({"n": [_N_LINES]}))


def texts(seed: int) -> Iterator[Case]:
    """Yield the distinct texts of a world, vectors given."""
    for case in simulated_messages(seed):
        n = len(case.question.table)
        yield Case(name=case.name, question=case.question, truth=pd.DataFrame({"n": [n]}))


def posts(seed: int) -> Iterator[Case]:
    """Yield the posts of a mixed world with bursts, true families given."""
    case = world_case("mixed+bursts", seed, texts=False)
    n = len(case.question.table)
    yield Case(name=case.name, question=case.question, truth=pd.DataFrame({"n": [n]}))


def shares(seed: int) -> Iterator[Case]:
    """Yield shares of objects in heavy tails, as the plots of growth have them."""
    table = make_posts(_N_SHARES, texts=False, seed=seed)
    table = table.assign(post_id=[f"p{n}" for n in range(_N_SHARES)], family_id=pd.NA)
    truth = pd.DataFrame({"n": [_N_SHARES]})
    yield Case(name=f"shares {seed}", question=Question(table=table), truth=truth)


def _bucketed(question: Question) -> Answer:
    """Join accounts that share an object within a minute, by buckets of a minute, in DuckDB."""
    try:
        import duckdb
    except ImportError as error:
        msg = "duckdb is not installed"
        raise AbsentError(msg) from error
    table = question.table
    shares = pd.DataFrame(
        {
            "account": pd.factorize(table["account_id"])[0],
            "object": pd.factorize(table["object_id"])[0],
            "second": table["created_at"].dt.as_unit("s").astype("int64"),
        }
    )
    with duckdb.connect() as connection:
        connection.register("shares", shares)
        return connection.execute(_BUCKETED).df()


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Say how much was to be done; the harness adds how long it took."""
    return pd.DataFrame({"unit": [case.name], "n": case.truth["n"], "rows": [len(answer)]})


def _rate(seconds: str) -> Metric:
    def value(columns: Columns) -> float:
        return ratio(float(columns["n"].astype(float).sum()), float(columns[seconds].sum()))

    name = "items a CPU second" if seconds == "cpu_s" else "items a second"
    return Metric(name=name, value=value)


def _read(question: Question) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.ndjson"
        path.write_text("\n".join(question.table["line"]), encoding="utf-8")
        return read_posts(path).table


def _parse(question: Question) -> Answer:
    return pd.DataFrame({"n_fields": [len(json.loads(line)) for line in question.table["line"]]})


READ = System(
    name="disinfo: read_posts", answer=_read, about="Includes writing the file that it reads."
)
PARSE = System(name="[baseline] json.loads", answer=_parse, about="Parses and keeps nothing.")
METRICS = (_rate("cpu_s"), _rate("wall_s"))


def _one_window(question: Question) -> Answer:
    """Run actions, null and groups at one window, as the bare join has it."""
    acted = as_tables(SharedObjects()(question.table), main="actions", stage="actions")
    actions = acted["actions"]
    edges = as_tables(SurpriseNull(windows_s=(60,))(actions), main="edges", stage="edges")["edges"]
    found = as_tables(GroupTest(windows_s=(60,))(actions, edges), main="groups", stage="groups")
    return found["groups"]


ONE_WINDOW = System(
    name="disinfo: actions, pairs and groups, 60 s",
    answer=_one_window,
    about="The three stages at the window of the bare join.",
)
BUCKETED = System(
    name="[baseline] bare join in DuckDB, 60 s",
    answer=_bucketed,
    about="Counts who shares what within a minute, and tests nothing.",
)
_COMPARED = (groups.GROUP_TEST, groups.PAIRS, rules.RAW_600, *rules.RULES, *groups.PEERS)


def _task(
    name: str, description: str, cases: object, baseline: System, systems: tuple[System, ...]
) -> Task:
    return Task(
        id=f"speed-{name}",
        description=f"{description} Read as a ratio to the baseline's row: other work on the "
        "machine changes both. CPU time includes child processes. Intervals by repetition.",
        cases=cases,  # type: ignore[arg-type]
        judge=judge,
        metrics=METRICS,
        baseline=baseline.name,
        systems=systems,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_002),
        alone=True,
    )


TASKS = (
    _task("reading", f"{_N_LINES} posts as lines of JSON.", lines, PARSE, (READ, PARSE)),
    _task(
        "links",
        "Distinct texts of a simulated election, vectors given.",
        texts,
        pairs.EXACT,
        (pairs.OURS, pairs.EXACT, pairs.D3LTA_CENTRED, text_peers.SEMHASH),
    ),
    _task(
        "shares",
        f"{_N_SHARES:,} shares of one kind of object by 20,000 accounts in a month.",
        shares,
        BUCKETED,
        (ONE_WINDOW, groups.PAIRS, groups.GROUP_TEST, BUCKETED, groups.CNT),
    ),
    _task(
        "coordination",
        "6,000 posts of a simulated election, true families given.",
        posts,
        rules.RAW_600,
        _COMPARED,
    ),
)
