"""Every engine gives the same tables, and a dead worker costs time only."""

import dataclasses
import importlib.util
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import disinfo
from disinfo import cli
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.co_actions import JoinPart, co_actions
from disinfo.embedding.in_parts import embed_in_parts
from disinfo.engines import ONE_PROCESS, Engine, Local, Ray, Shard, ShardDone, StoredParts
from disinfo.errors import EngineError, ParameterError
from disinfo.pipeline import Pipeline
from disinfo.tables import ACTIONS


@dataclasses.dataclass(frozen=True)
class InPieces:
    """Several workers' worth of parts, in this process and out of order."""

    n_workers: int = 3

    def map(self, kernel, parts):
        done = {number: kernel(parts[number]) for number in reversed(range(len(parts)))}
        return [done[number] for number in range(len(parts))]


@dataclasses.dataclass(frozen=True)
class Double:
    """A kernel; the first process that works on part 1 is killed, if there is a marker to take."""

    marker: str = ""

    def __call__(self, part):
        values = part.column("a").to_numpy()
        if self.marker and 1 in values:
            try:
                os.rename(self.marker, self.marker + ".taken")
            except OSError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return pa.table({"a": values * 2})


@dataclasses.dataclass(frozen=True)
class Die:
    def __call__(self, part):
        os.kill(os.getpid(), signal.SIGKILL)


PARTS = [pa.table({"a": [number]}) for number in range(6)]
DOUBLED = [pa.table({"a": [2 * number]}) for number in range(6)]


def test_processes_and_one_that_dies(tmp_path):
    marker = tmp_path / "marker"
    marker.touch()
    assert Local(processes=2).map(Double(marker=str(marker)), PARTS) == DOUBLED
    assert not marker.exists()


def test_processes_that_keep_dying(monkeypatch):
    monkeypatch.setattr("disinfo.engines.local._POOLS", 1)
    with pytest.raises(EngineError, match="2 of 2 parts"):
        Local(processes=2).map(Die(), PARTS[:2])


def test_engines_are_engines(tmp_path):
    engines = [Local(), Ray(workers=2), StoredParts(folder=tmp_path), InPieces()]
    assert all(isinstance(engine, Engine) for engine in engines)


@pytest.mark.parametrize("wrong", [{"processes": 0}, {"processes": -1}])
def test_parameters_are_checked(wrong):
    with pytest.raises(ParameterError):
        Local(**wrong)
    with pytest.raises(ParameterError):
        Ray(workers=2, address="auto")
    with pytest.raises(ParameterError):
        Ray(retries=-1)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 400)),
        min_size=1,
        max_size=60,
    )
)
def test_joins_do_not_depend_on_the_parts(rows):
    frame = ACTIONS.empty().reindex(range(len(rows)))
    frame = frame.assign(
        account_id=[f"a{account}" for account, _, _ in rows],
        layer="url",
        object_id=[f"o{item}" for _, item, _ in rows],
        created_at=np.array([second for *_, second in rows], dtype="datetime64[s]"),
        post_id=[f"p{row}" for row in range(len(rows))],
    )
    acts = action_arrays(ACTIONS.check(frame)).layers[0]
    whole, pieces = co_actions(acts, 60), co_actions(acts, 60, InPieces())
    for name in ("first", "second", "event", "delay_ms"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))
    assert whole.n_skipped == pieces.n_skipped


def _letters(texts):
    rows = np.array([[text.count(letter) + 0.5 for letter in "abc"] for text in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_vectors_do_not_depend_on_the_parts():
    texts = [letter * number for letter in "abc" for number in range(1, 9)]
    whole = embed_in_parts(_letters, texts, ONE_PROCESS)
    np.testing.assert_array_equal(whole, embed_in_parts(_letters, texts, InPieces()))


def test_the_engine_reaches_the_stages():
    moved = Pipeline(engine=InPieces()).on_its_engine()
    assert moved.link_accounts.engine == InPieces()
    assert moved.engine == InPieces()


def _acts(number):
    """Two actions of two accounts on one object."""
    columns = {"key": [number, number + 1], "account": [0, 1], "event": [0, 0], "time_ms": [0, 1]}
    return pa.table(columns)


def test_parts_are_kept_and_checked(tmp_path):
    calls = []

    class Counting:
        n_workers = 1

        def map(self, kernel, parts):
            calls.append(len(parts))
            return [kernel(part) for part in parts]

    parts = [_acts(number) for number in range(3)]
    stored = StoredParts(folder=tmp_path, engine=Counting())
    first = stored.map(JoinPart(window_s=60), parts)
    assert sum(calls) == 3
    file = next(tmp_path.glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-9])
    assert [one.to_pydict() for one in stored.map(JoinPart(window_s=60), parts)] == [
        one.to_pydict() for one in first
    ]
    assert sum(calls) == 4
    with pytest.raises(ParameterError, match="function of your own"):
        stored.map(lambda part: part, parts)


def test_each_shard_does_its_share(tmp_path):
    parts = [_acts(number) for number in range(5)]
    for index in (1, 2):
        with pytest.raises(ShardDone, match=f"shard {index}/2: {4 - index} of 5 parts"):
            Shard(index=index, count=2, folder=tmp_path).map(JoinPart(window_s=60), parts)
    assert len(list(tmp_path.glob("*.parquet"))) == 5


def test_shards_of_a_job_give_the_tables_of_the_whole(tmp_path):
    rows = [
        {"account_id": f"a{row % 3}", "created_at": f"2025-05-01T10:00:{row:02d}Z",
         "text": f"The old {thing} is closed"}
        for row, thing in enumerate(("bridge", "harbour", "school", "bakery", "ferry", "garden"))
    ]  # fmt: skip
    export = tmp_path / "export.ndjson"
    export.write_text("\n".join(map(json.dumps, rows)))
    runner, whole, out = CliRunner(), tmp_path / "whole", tmp_path / "out"
    command = ["detect", str(export), "--no-report", "--out"]
    assert runner.invoke(cli.app, [*command, str(whole)]).exit_code == 0
    for shard in ("1/2", "2/2"):
        done = runner.invoke(cli.app, [*command, str(out), "--shard", shard])
        assert done.exit_code == 0, done.output
        assert f"shard {shard}: " in done.output
        assert not (out / "manifest.json").exists()
    assert len(list((out / ".parts").glob("*.parquet"))) >= 4
    assert runner.invoke(cli.app, [*command, str(out)]).exit_code == 0
    sums = [json.loads((f / "manifest.json").read_text())["checksums"] for f in (whole, out)]
    assert sums[0] == sums[1]
    assert not (out / ".parts").exists()
    assert runner.invoke(cli.app, [*command, str(out), "--shard", "3/2"]).exit_code == 2


# A busy machine starts the cluster slowly.
PATIENCE = {"RAY_agent_register_timeout_ms": "300000", "RAY_raylet_start_wait_time_s": "300"}
ON_RAY = """
import dataclasses, json, sys, time
import numpy as np, pyarrow as pa
import disinfo
from disinfo.engines import Ray
from disinfo.pipeline import Pipeline
sys.path.insert(0, sys.argv[1])
from test_engines import DOUBLED, PARTS, Double, _letters

engine = Ray(workers=2)
assert engine.map(Double(marker=sys.argv[2]), PARTS) == DOUBLED
things = ("bridge", "harvest", "ferry", "strike", "orchard")
rows = [{"account_id": f"a{i % 17}", "created_at": f"2025-05-{1 + i // 8:02d}T10:{i % 8:02d}:00Z",
         "text": f"The {things[i // 8 % 5]} is told once more, in words of day {i // 8}",
         "object_id": f"o{i // 8}"}
        for i in range(160)]
local = disinfo.detect(rows, pipeline=Pipeline(embed=_letters))
on_ray = disinfo.detect(rows, pipeline=Pipeline(embed=_letters, engine=engine))
for name, frame in local.tables.items():
    assert frame.equals(on_ray.tables[name]), name
assert len(local.edges) and len(local.links)
"""


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
def test_two_ray_workers_one_of_them_killed(tmp_path):
    marker = tmp_path / "marker"
    marker.touch()
    here = os.path.dirname(__file__)
    done = subprocess.run(
        [sys.executable, "-c", ON_RAY, here, str(marker)],
        capture_output=True,
        text=True,
        check=False,
        cwd=os.path.dirname(here),
        env={
            **os.environ,
            **PATIENCE,
            "PYTHONPATH": os.pathsep.join([os.path.dirname(here), here]),
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not marker.exists()  # a worker did die


def test_ray_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(disinfo.DisinfoError, match=r"pip install 'disinfo\[ray\]'"):
        Ray(workers=2).map(Double(), PARTS)
