"""A saved result is whole or refused, and nothing in it leads out of its folder."""

import errno
import json
import multiprocessing
import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import disinfo
from disinfo import saved_frames, saved_result
from disinfo.errors import FolderInUseError, ResultError, StorageError
from disinfo.folder_lock import folder_lock
from disinfo.whole_files import whole_file

RESULT = disinfo.Result(manifest={"n_posts": 0})


@pytest.fixture
def folder(tmp_path):
    return RESULT.save(tmp_path / "out")


def _seal(folder, name):
    """Make the manifest agree with a table that was swapped, as an attacker would."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["checksums"][name] = saved_result.checksum(folder / f"{name}.parquet")
    file.write_text(json.dumps(manifest))


def test_a_full_disk_leaves_the_earlier_result(folder, monkeypatch):
    written = []

    def full(table, where, **given):
        written.append(where)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return pq.ParquetWriter(where, table.schema).close()

    before = disinfo.load(folder)
    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(StorageError, match=r"disk is full \(.* bytes free\)"):
        RESULT.save(folder)
    assert disinfo.load(folder).manifest == before.manifest
    assert not list(folder.glob("*.part"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_the_system_s_own_refusal_is_understood(tmp_path):
    # As a stream: pyarrow removes a path to which it could not write, and this is a device.
    with (
        pytest.raises(StorageError, match="disk is full"),
        saved_result.storage_errors(tmp_path),
        open("/dev/full", "wb") as stream,
    ):
        pq.write_table(pa.table({"a": ["x"] * 100_000}), stream)


def test_a_read_only_folder_is_named(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(StorageError, match=r"out: it may not be written to \(Permission denied\)"):
        RESULT.save(tmp_path / "out")


def _hold(folder, ready, done):
    with folder_lock(folder):
        ready.set()
        done.wait(30)


def test_two_runs_on_one_folder(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, ready, done))
    other.start()
    assert ready.wait(30)
    with pytest.raises(FolderInUseError, match="another run is writing to"):
        RESULT.save(tmp_path)
    other.kill()  # its lock dies with it
    other.join()
    RESULT.save(tmp_path)
    disinfo.load(tmp_path)


def test_a_planted_link_is_not_written_through(tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "posts.parquet.part").symlink_to(other)
    (out / "texts.parquet").symlink_to(other)
    RESULT.save(out)
    assert other.read_text() == "mine"
    assert not (out / "texts.parquet").is_symlink()


def test_a_link_out_of_the_folder_is_refused(folder, tmp_path):
    (folder / "edges.parquet").rename(tmp_path / "edges.parquet")
    (folder / "edges.parquet").symlink_to(tmp_path / "edges.parquet")
    with pytest.raises(ResultError, match="leads out of the folder"):
        disinfo.load(folder)


@pytest.mark.parametrize(
    "manifest",
    [
        "", "[]", "null", "[" * 100_000, "\ud800", '{"format_version": 1}',
        '{"format_version": 1, "checksums": 3}', '{"format_version": {}, "checksums": {}}',
        '{"format_version": NaN, "checksums": {}}',
    ],
)  # fmt: skip
def test_no_manifest_of_any_kind_gets_through(folder, manifest):
    (folder / "manifest.json").write_bytes(manifest.encode("utf-8", "surrogatepass"))
    with pytest.raises(ResultError):
        disinfo.load(folder)


def test_a_small_file_that_claims_much_is_refused(folder, monkeypatch):
    n = 1_000_000
    bomb = pa.table({"text_id": pa.array(["x"] * n), "family_id": pa.array(["y"] * n)})
    pq.write_table(bomb, folder / "family_members.parquet", compression="zstd")
    assert (folder / "family_members.parquet").stat().st_size < 10_000
    _seal(folder, "family_members")
    monkeypatch.setattr(saved_frames.read_frame, "__kwdefaults__", {"max_bytes": 10_000_000})
    with pytest.raises(ResultError, match="would take 16,000,000 bytes"):
        disinfo.load(folder)


def test_a_table_of_other_columns_is_refused(folder):
    pq.write_table(pa.table({"a": [1]}), folder / "links.parquet")
    _seal(folder, "links")
    with pytest.raises(ResultError, match="'text_a'"):
        disinfo.load(folder)


def test_metadata_of_a_file_rebuilds_nothing(tmp_path):
    frame = pd.DataFrame({"a": pd.Categorical(["x", "y"])})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet")
    hostile = pq.read_table(tmp_path / "a.parquet").replace_schema_metadata({"pandas": "{"})
    pq.write_table(hostile, tmp_path / "a.parquet")
    assert saved_frames.read_frame(tmp_path / "a.parquet")["a"].tolist() == ["x", "y"]


def test_a_file_is_whole_or_absent(tmp_path):
    file = tmp_path / "a.txt"
    with whole_file(file) as part:
        part.write_text("first")

    def cut_short():
        with whole_file(file) as part:
            part.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        cut_short()
    assert file.read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
