"""A peer gets tables as files and gives one back; what it gave is kept with the time it took."""

import sys

import pandas as pd
import pytest

from benchmarks.peers import environments, process
from benchmarks.systems import text_peers
from benchmarks.task import AbsentError, Question, System

SCRIPT = """
import json, sys
from pathlib import Path
folder = Path(sys.argv[1])
table = json.loads((folder / "input.json").read_text())
assert "fail" not in table["text"], "asked to fail"
with (folder.parent / "runs").open("a") as log:
    log.write("x")
(folder / "output.json").write_text(json.dumps({"n": [len(text) for text in table["text"]]}))
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    monkeypatch.setenv("DISINFO_BENCH", str(tmp_path))
    monkeypatch.setattr(process, "_SCRIPTS", tmp_path)
    monkeypatch.setattr(process.tempfile, "tempdir", str(tmp_path))
    (tmp_path / "toy.py").write_text(SCRIPT)
    environment = environments.Environment(name="toy", installs=())
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    (environment.folder / "complete").write_text("toy==1\n")
    return environment, tmp_path / "runs"


def test_an_answer_is_kept_with_its_seconds(toy):
    environment, runs = toy
    table = pd.DataFrame({"text": ["a", "bcd"]})
    first = process.run_script(environment, "toy", table, None)
    assert first["n"].tolist() == [1, 3]
    assert process.earlier_seconds() == (0.0, 0.0)
    again = process.run_script(environment, "toy", table, None)
    pd.testing.assert_frame_equal(first, again)
    assert runs.read_text() == "x"
    assert min(process.earlier_seconds()) > 0
    process.run_script(environment, "toy", table.head(1), None)
    assert runs.read_text() == "xx"


def test_a_failing_peer_says_why_and_is_asked_again(toy):
    environment, runs = toy
    for _ in range(2):
        with pytest.raises(AbsentError, match="asked to fail"):
            process.run_script(environment, "toy", pd.DataFrame({"text": ["fail"]}), None)
    assert not runs.exists()


def test_pairs_become_components_and_clusters_become_pairs():
    question = Question(table=pd.DataFrame({"text_id": list("abcd"), "text": list("wxyz")}))
    pairs = pd.DataFrame({"text_a": ["a", "b"], "text_b": ["b", "c"]})
    linked = System(name="p", answer=lambda q: pairs, about="Pairs.")
    labels = text_peers.as_clusters(linked).answer(question).set_index("text_id")["label"]
    assert labels["a"] == labels["b"] == labels["c"] != labels["d"]
    grouped = System(
        name="c",
        answer=lambda q: pd.DataFrame({"text_id": list("cab"), "label": [1, 1, 2]}),
        about="Clusters.",
    )
    found = text_peers.as_pairs(grouped).answer(question)
    assert found.to_numpy().tolist() == [["a", "c"]]


def test_every_text_task_has_seven_peers():
    from benchmarks.tasks import TASKS

    for name in ("links-simulated", "families-simulated", "narratives-simulated"):
        own = ("disinfo", "[baseline]", "connected components of our links", "D3lta rule, centred")
        peers = [s.name for s in TASKS[name].systems if not s.name.startswith(own)]
        assert len(peers) >= 7, peers
