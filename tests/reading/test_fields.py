from __future__ import annotations

import time

import numpy as np
import pytest

from disinfo.reading.fields import dig, split_list


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        (None, []),
        (float("nan"), []),
        ("", []),
        ("[]", []),
        ("['a', 'it\\'s']", ["a", "it\\'s"]),
        ('["a", 5]', ["a", "5"]),
        ("[a, b]", ["a", "b"]),
        ("a|b;c d,a", ["a", "b", "c", "d"]),
        (["a", "b"], ["a", "b"]),
        (np.array(["a", "b"]), ["a", "b"]),
        (
            [{"text": "tag"}, {"expanded_url": "https://a.org", "url": "https://t.co"}],
            ["tag", "https://a.org"],
        ),
        (7, ["7"]),
        (7.0, ["7"]),
    ],
)
def test_lists_however_they_are_written(cell, items):
    assert split_list(cell) == items


def test_urls_may_hold_commas():
    text = "https://a.org/1,2 | www.b.org/x;y,http://c.org"
    assert split_list(text, urls=True) == ["https://a.org/1,2", "www.b.org/x;y", "http://c.org"]


def test_dig_stops_where_the_path_ends():
    record = {"a": [{"b": 1}], "c": "text"}
    assert dig(record, "a", 0, "b") == 1
    assert dig(record, "a", 1, "b") is None
    assert dig(record, "c", "d") is None
    assert dig(record, "c", 0) is None


@pytest.mark.parametrize(
    "cell", ["['" + "\\'" * 100_000 + "\\]", "," * 200_000, "['" * 100_000 + "]"]
)
def test_cells_made_to_be_slow(cell):
    start = time.process_time()
    split_list(cell, urls=True)
    assert time.process_time() - start < 1.0
