"""Parts on disk are together what `read_posts` gives."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import InputError, ParameterError
from disinfo.reading import PostParts, read_parts, read_posts, sources

NOW = "2026-01-01"
FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(sources, "_BATCH", 2)


def plain(table):
    """Return cells by column; what is missing is None, whatever its type."""
    cells = {name: table[name].tolist() for name in sorted(table.columns)}
    return {
        name: [cell if isinstance(cell, list) or not pd.isna(cell) else None for cell in column]
        for name, column in cells.items()
    }


def assert_same(parts, posts):
    if len(posts):
        assert plain(parts.posts().table) == plain(posts.table)
    pd.testing.assert_frame_equal(parts.dropped, posts.dropped)
    assert (len(parts), parts.n_read, parts.format) == (len(posts), posts.n_read, posts.format)
    assert parts.resolution_s == posts.resolution_s
    assert set(parts.notes) == set(posts.notes)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_parts_of_every_format(path, tmp_path):
    parts = read_parts(path, tmp_path / "parts", part_rows=2, now=NOW)
    assert isinstance(parts, PostParts)
    assert_same(parts, read_posts(path, now=NOW))


_ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from([None, "1", "2", "3", "1.2E+18"]),
        "account_id": st.sampled_from([None, "a", "b"]),
        "text": st.sampled_from([None, "x", "y https://a.org/1"]),
        "created_at": st.sampled_from([None, "2025-05-01T10:00:00Z", "2025-05-02T10:00:30Z"]),
        "platform": st.sampled_from(["x", "vk", None]),
        "n": st.integers(0, 1),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(_ROW, min_size=1, max_size=14), st.integers(1, 5))
def test_ids_repeated_across_parts(tmp_path_factory, rows, size):
    folder = tmp_path_factory.mktemp("parts")
    path = folder / "posts.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    posts = read_posts(path, now=NOW)
    assert_same(read_parts(path, folder / "parts", part_rows=size, now=NOW), posts)


def test_tables_in_parts(tmp_path):
    rows = [f"{n},a{n % 3},text {n},2025-05-01T10:{n:02d}:00Z" for n in range(60)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["id,author,body,date", *rows, "7,a1,again,", "8,a,x,,,,", ""]))
    for size in (7, 1000):
        parts = read_parts(path, tmp_path / f"parts{size}", part_rows=size, now=NOW)
        assert_same(parts, read_posts(path, now=NOW))
    assert read_parts(path, tmp_path / "few", max_rows=3, now=NOW).n_read == 3


def test_objects_are_written_as_json(tmp_path):
    path = tmp_path / "p.ndjson"
    path.write_text('{"text": "a", "more": [1, {"b": 2}]}\n{"text": "b", "more": "c"}\n')
    (frame,) = read_parts(path, tmp_path / "parts")
    assert frame["more"].tolist() == ['[1, {"b": 2}]', '"c"']


def test_what_is_refused(tmp_path):
    (tmp_path / "p.csv").write_text("text\na\n")
    read_parts(tmp_path / "p.csv", tmp_path / "parts")
    with pytest.raises(ParameterError, match="parts already"):
        read_parts(tmp_path / "p.csv", tmp_path / "parts")
    with pytest.raises(ParameterError, match="part_rows"):
        read_parts(tmp_path / "p.csv", tmp_path / "other", part_rows=0)
    with pytest.raises(InputError, match="no such file"):
        read_parts(tmp_path / "q.csv", tmp_path / "third")


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Reading 30 times as much takes about as much memory."""
    code = (
        "import resource, sys; from disinfo.reading import read_parts\n"
        "read_parts(sys.argv[1], sys.argv[2], part_rows=2000)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    line = json.dumps({"text": "word " * 200, "user": "a", "date": "2025-05-01T10:00:00Z"})
    peaks = []
    for n in (2_000, 60_000):
        path = tmp_path / f"{n}.ndjson"
        with path.open("w") as file:
            file.writelines(f'{{"id": "{i}", {line[1:]}\n' for i in range(n))
        done = subprocess.run(
            [sys.executable, "-c", code, str(path), str(tmp_path / f"parts{n}")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        peaks.append(int(done.stdout))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
    # The larger file alone is 63 MB.
    assert peaks[1] - peaks[0] < 40_000, peaks
