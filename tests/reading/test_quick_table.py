"""The quick parser declines, or gives what the careful one gives."""

from __future__ import annotations

import gzip
from unittest import mock

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from disinfo.errors import InputError
from disinfo.reading import delimited
from disinfo.reading.delimited import read_table
from disinfo.reading.ledger import Ledger
from disinfo.reading.opening import Limits
from disinfo.reading.packing import Stored

LIMITS = Limits(max_rows=None, max_bytes=10**9, progress=False)
_CELLS = st.sampled_from(["a", "", " ", "x y", '"q"', '"a""b"', '"a,b"', '"a\nb"', '"', 'a"b', "ż",
                          "1.0", "NA", "nan", "\r", '"\n\n"', '""', '"a"b'])  # fmt: skip
_ROWS = st.lists(st.lists(_CELLS, min_size=1, max_size=4), max_size=6)


def parsed(path, data):
    ledger = Ledger()
    try:
        frames = list(read_table(Stored(path=path), data[:65536], LIMITS, ledger))
    except InputError as error:
        return type(error)
    return frames[0], ledger.counts


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "t.csv"


@settings(deadline=None, max_examples=150)
@given(_ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans())
@example([["a", "a", 'a"b'], ["a", "a", '"']], "\n", False)
@example([["a", "b", "c"], ["", "", ""], ['"a""b"', '"a"b', 'a"b']], "\n", True)
def test_quick_and_careful_tables_are_the_same(path, rows, end, closed):
    text = "id,text,more" + end + end.join(",".join(row) for row in rows) + (end if closed else "")
    data = text.encode()
    path.write_bytes(data)
    quick = parsed(path, data)
    with mock.patch.object(delimited, "quick_table", return_value=None):
        careful = parsed(path, data)
    if isinstance(careful, type):
        assert quick == careful
        return
    pd.testing.assert_frame_equal(quick[0], careful[0])
    assert quick[1] == careful[1]


def test_plain_tables_are_read_the_quick_way(path):
    data = b'id,text\n1,"Most, jest"\n2,"a ""b"""\n3,\n'
    path.write_bytes(data)
    with mock.patch.object(delimited, "_parse", side_effect=AssertionError):
        frame, counts = parsed(path, data)
    assert frame["text"].tolist()[:2] == ["Most, jest", 'a "b"']
    assert frame["text"].isna().tolist() == [False, False, True]
    assert counts == {}


def test_damage_to_a_packed_table_is_counted_once(tmp_path):
    packed = tmp_path / "t.csv.gz"
    # A quote inside a cell: to be read in the careful way.
    rows = "".join(f'{n},a"b{n * n}\n' for n in range(2_000))
    packed.write_bytes(gzip.compress(("id,text\n" + rows).encode())[:-200])
    _, counts = parsed(packed, b"id,text\n" + rows.encode())
    assert counts["packed file is damaged: read up to the damage"][0] == 1
