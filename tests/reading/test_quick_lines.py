"""The quick parser of lines declines, or gives what the careful one gives."""

from __future__ import annotations

import json
from unittest import mock

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from disinfo.errors import DisinfoError
from disinfo.reading import read_posts, sources

NOW = "2026-01-01"
_VALUES = st.sampled_from(
    ["a", "", " ", "ż", "\0", "\u2028", "🙂", "}", "{", '"', "\\", "null", "2025-05-01T10:00:00Z",
     "https://a.org/1", None, None, 0, -1, 7, 2**63, 1.0, True, [], ["x"], {"a": "b"}]
)  # fmt: skip
_PLAIN = st.sampled_from(["a", "b #tag", None])
_RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["text", "id", "n", "extra", ""]), _VALUES, max_size=4)
    | st.fixed_dictionaries({"text": _PLAIN, "n": st.sampled_from([1, 2, None])}),
    min_size=1,
    max_size=8,
)
# What may stand between or around objects.
_GLUE = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", " ", "", ",\n", " \n", "\n\0"])


def read(path):
    try:
        posts = read_posts(path, now=NOW)
    except DisinfoError as error:
        return str(error)
    return posts


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("lines") / "t.ndjson"


def assert_same_both_ways(path, data):
    path.write_bytes(data)
    quick = read(path)
    with mock.patch.object(sources, "quick_lines", return_value=None):
        careful = read(path)
    if isinstance(careful, str):
        assert quick == careful
        return
    pd.testing.assert_frame_equal(quick.table, careful.table)
    pd.testing.assert_frame_equal(quick.dropped, careful.dropped)
    assert (quick.n_read, quick.notes, quick.format) == (
        careful.n_read, careful.notes, careful.format,
    )  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(_RECORDS, st.lists(_GLUE, min_size=9, max_size=9), st.booleans())
@example([{"text": "a", "n": 1}, {"text": "b"}, {"text": "c", "n": None}], ["\n"] * 9, True)
@example([{"text": "a"}, {"text": "b"}, {"text": "c"}], ["", "\n\n", *["\n"] * 7], False)
def test_quick_and_careful_lines_are_the_same(path, records, glue, ascii_only):
    lines = [json.dumps(record, ensure_ascii=ascii_only) for record in records]
    text = "".join(line + end for line, end in zip(lines, glue, strict=False))
    assert_same_both_ways(path, text.encode("utf-8"))


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_a_changed_byte_is_seen_by_both(path, at, value, cut):
    rows = [{"id": str(n), "text": f"Most {n} jest zamknięty 🙂", "n": n} for n in range(5)]
    data = bytearray("\n".join(map(json.dumps, rows)).encode())
    data[at % len(data)] = value
    assert_same_both_ways(path, bytes(data[: at % len(data)] if cut else data))


@pytest.mark.parametrize(
    "data",
    [
        b'{"text": "a", "text": "b"}\n{"text": "c"}\n',
        b'{"text": "\\ud800"}\n{"text": "c"}\n',
        b'{"text": "a\xff"}\n{"text": "c"}\n',
        b'{"text": "a"} {"text": "b"}\n\n{"text": "c"}\n',
        b'{"text": "a"}{"text": "b"}\n{"text":\n"c"}\n',
        b'\xef\xbb\xbf{"text": "a"}\n{"text": "c"}\n',
        b'{"text": "a", "n": 1}\n{"text": "c", "n": 1.0}\n',
        b'{"text": "a"}\n{"text": "c", "late": 1}\n' * 200,
        b'{"text": "a"}\r\n{"text": "c"}\n',
    ],
)
def test_what_the_quick_way_must_not_take(path, data):
    assert_same_both_ways(path, data)


def test_numbers_missing_from_a_whole_batch(path):
    rows = [{"text": f"a{n}", "n": n} if n < 5_000 else {"text": f"a{n}"} for n in range(11_000)]
    assert_same_both_ways(path, "\n".join(map(json.dumps, rows)).encode())


def test_texts_missing_from_a_whole_batch(path):
    rows = [
        {"text": f"a{n}", "more": "x"} if n < 5_000 else {"text": f"a{n}"} for n in range(10_001)
    ]
    assert_same_both_ways(path, "\n".join(map(json.dumps, rows)).encode())


def test_plain_lines_are_read_the_quick_way(path):
    rows = [
        {"id": str(10**18 + n), "text": f"Most {n} #a", "n": None if n else 3} for n in range(9)
    ]
    path.write_bytes("\r\n".join(map(json.dumps, rows)).encode() + b"\r\n")
    with mock.patch.object(sources, "lines_of", side_effect=AssertionError):
        posts = read_posts(path, now=NOW)
    assert posts.table["text"].tolist() == [row["text"] for row in rows]
    assert posts.table["n"].isna().sum() == 8


def test_damage_to_a_packed_file_is_counted_once(path):
    import gzip

    packed = path.with_suffix(".ndjson.gz")
    rows = [{"id": str(n), "text": f"Most {n} {n * n}"} for n in range(2_000)]
    packed.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode())[:-200])
    posts = read_posts(packed, now=NOW)
    counts = posts.dropped.set_index("reason")["n"]
    assert counts["packed file is damaged: read up to the damage"] == 1
    assert posts.n_read == len(posts) + counts["line is no JSON, or is cut: left out"]
