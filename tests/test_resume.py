"""A run that was cut short goes on where it stopped, and gives the same tables."""

import dataclasses
import json
import logging
import threading

import numpy as np
import pandas as pd
import pytest

import disinfo
from disinfo.errors import FolderInUseError
from disinfo.fingerprints import fingerprint_of_stage
from disinfo.folder_lock import folder_lock
from disinfo.model_files import model_file
from disinfo.pipeline import Pipeline
from disinfo.stage_store import StageStore

STORIES = ("bridge", "harvest", "ferry", "strike", "orchard")


@dataclasses.dataclass(frozen=True)
class Letters:
    """An embedding that needs no model: how often each letter is used."""

    def __call__(self, texts):
        rows = np.array([[text.count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


LIGHT = Pipeline(embed=Letters())


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    rows = [
        {
            "account_id": f"a{row % 17}",
            "created_at": f"2025-05-{1 + row // 8:02d}T10:{row % 8:02d}:0{row % 3}Z",
            "text": f"The {STORIES[row // 8 % 5]} is told once more, in words of day {row // 8}",
            "object_id": f"o{row // 8}",
            "mixed": (1, "a", None)[row % 3],
        }
        for row in range(160)
    ]
    path = tmp_path_factory.mktemp("resume") / "export.ndjson"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture(scope="module")
def uninterrupted(export, tmp_path_factory):
    return disinfo.detect(export, pipeline=LIGHT, resume=tmp_path_factory.mktemp("whole"))


def _assert_equal(first, second, *, skip=()):
    for name, frame in first.tables.items():
        if name not in skip:
            pd.testing.assert_frame_equal(frame, second.tables[name], obj=name)


def _found(caplog):
    return [r.args[0] for r in caplog.records if "was finished before" in r.msg]


def _stop_at(stage):
    def stop(*_):
        raise KeyboardInterrupt

    return dataclasses.replace(LIGHT, **{stage: stop})


def test_keeping_stages_changes_no_table(export, uninterrupted):
    plain = disinfo.detect(export, pipeline=LIGHT)
    assert len(plain.edges)
    assert len(plain.links)
    _assert_equal(plain, uninterrupted, skip=("posts",))
    # A carried column of mixed values is text on disk; all others are equal.
    posts = plain.posts.drop(columns="mixed")
    pd.testing.assert_frame_equal(posts, uninterrupted.posts.drop(columns="mixed"))


def test_only_what_was_not_finished_is_done_again(export, uninterrupted, tmp_path, caplog):
    with pytest.raises(KeyboardInterrupt):
        disinfo.detect(export, pipeline=_stop_at("link_accounts"), resume=tmp_path)
    with caplog.at_level(logging.INFO, logger="disinfo"):
        result = disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
    # The embedding is a class of this test, whose code may have changed: it is always run.
    assert _found(caplog) == ["reading", "texts", "links", "narratives", "actions"]
    _assert_equal(uninterrupted, result)


def test_other_input_parameters_or_code_take_nothing_stale(export, tmp_path, caplog, monkeypatch):
    disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
    strict = Pipeline.from_config({"group_accounts": {"alpha": 0.01}})
    strict = dataclasses.replace(strict, embed=Letters())
    with caplog.at_level(logging.INFO, logger="disinfo"):
        disinfo.detect(export, pipeline=strict, resume=tmp_path)
        assert _found(caplog)[-1] == "edges"
        caplog.clear()
        disinfo.detect(export, pipeline=LIGHT, resume=tmp_path, max_rows=50)
        assert _found(caplog) == []
        monkeypatch.setattr("disinfo.stage_store.code_version", lambda: "another")
        disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
        assert _found(caplog) == []


def test_a_damaged_part_is_made_again(export, uninterrupted, tmp_path, caplog):
    disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
    links = next(tmp_path.glob("links-*/links.parquet"))
    links.write_bytes(links.read_bytes()[:-1] + b"\x00")
    next(tmp_path.glob("edges-*/contents.json")).write_text("{")
    with caplog.at_level(logging.INFO, logger="disinfo"):
        result = disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
    assert not {"links", "edges"} & set(_found(caplog))
    assert "narratives" in _found(caplog)  # the links came out equal, so what follows still holds
    _assert_equal(uninterrupted, result)


def test_a_frame_resumes_too(export, uninterrupted, tmp_path, caplog):
    posts = disinfo.read_posts(export).table
    disinfo.detect(posts, pipeline=LIGHT, resume=tmp_path)
    with caplog.at_level(logging.INFO, logger="disinfo"):
        disinfo.detect(posts, pipeline=LIGHT, resume=tmp_path)
    assert _found(caplog)[0] == "texts"


@pytest.mark.parametrize(
    "rows",
    [[{"text": "one post"}], [{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}]],
)
def test_tables_without_rows_survive(rows, tmp_path):
    plain = disinfo.detect(rows, pipeline=LIGHT)
    for _ in range(2):
        _assert_equal(plain, disinfo.detect(rows, pipeline=LIGHT, resume=tmp_path))


def test_a_folder_in_use(export, tmp_path):
    with folder_lock(tmp_path):
        caught = []

        def other():
            try:
                disinfo.detect(export, pipeline=LIGHT, resume=tmp_path)
            except FolderInUseError as error:
                caught.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert caught


def test_what_a_killed_run_left_half_written_is_removed(tmp_path):
    half = tmp_path / "links-0123-abcd.part"
    half.mkdir()
    (half / "links.parquet").write_bytes(b"half")
    StageStore(tmp_path)
    assert not half.exists()


def test_fingerprints():
    stages = Pipeline()
    assert fingerprint_of_stage(stages.link_texts) == fingerprint_of_stage(Pipeline().link_texts)
    changed = dataclasses.replace(stages.link_texts, min_letters=3)
    assert fingerprint_of_stage(changed) != fingerprint_of_stage(stages.link_texts)
    assert fingerprint_of_stage(stages.signals) != fingerprint_of_stage(stages.signals[:-1])
    assert fingerprint_of_stage(lambda texts: texts) is None
    assert fingerprint_of_stage(None) is None


def test_the_card_of_a_stage_counts_by_content(tmp_path):
    card = tmp_path / "card.json"
    card.write_text((model_file("links", "e5-small-offline.json")).read_text())
    stage = dataclasses.replace(Pipeline().link_texts, calibration=card)
    before = fingerprint_of_stage(stage)
    card.write_text(json.dumps(json.loads(card.read_text()) | {"note": "changed"}))
    assert fingerprint_of_stage(stage) != before
