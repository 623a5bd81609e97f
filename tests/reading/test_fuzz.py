"""Damaged exports: no exception but the library's own, and every row kept or counted.

CI runs a part; ``DISINFO_FUZZ=20000`` (`make test-fuzz`) sets the mutated records a format.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import DisinfoError
from disinfo.reading import read_posts
from disinfo.reading.formats import FORMATS
from disinfo.reading.records import records_of

NOW = "2026-01-01"
N = int(os.environ.get("DISINFO_FUZZ", "100"))
# Records of a file: damage to one must not hide that of another for long.
BATCH = 50
FIXTURES = sorted((Path(__file__).parent / "fixtures").iterdir())
# The endings of reasons for which a row is in `dropped` and not in the table.
LEFT_OUT = r"left out$|one row was kept$|was joined|were joined|earliest row was kept$"
ODD = [None, True, -1, 0, 2**70, 1e300, float("nan"), "", " ", "\0", "\ud800", "[deleted]", "1E+18",
       "https://", "https://" + "a." * 200, "9" * 400, [], {}, [None], [[]], [{}], {"id": {}},
       "<a href='x", "2025-13-45T99:99:99Z", "@", "#", "é" * 50]  # fmt: skip

every_fixture = pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)


def accounted(posts):
    out = posts.dropped["reason"].str.contains(LEFT_OUT, regex=True)
    left_out = int(posts.dropped.loc[out, "n"].sum())
    return posts.n_read == len(posts) + left_out


def read_or_refuse(source, name):
    try:
        return read_posts(source, format=name, now=NOW)
    except DisinfoError:
        return None


def mutated(value, rng):
    """Return a copy of a JSON value with one place in it changed, lost or repeated."""
    if rng.random() < 0.25 or not isinstance(value, dict | list) or not value:
        return rng.choice(ODD)
    if isinstance(value, list):
        at = rng.randrange(len(value))
        return [*value[:at], mutated(value[at], rng), *value[at + rng.randrange(2) :]]
    name = rng.choice(list(value))
    rest = {key: inner for key, inner in value.items() if key != name}
    return rest if rng.random() < 0.2 else {**rest, name: mutated(value[name], rng)}


def records(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines()]
    return list(records_of(json.loads(text)))


@pytest.mark.parametrize("path", [p for p in FIXTURES if p.suffix != ".csv"], ids=lambda p: p.name)
def test_mutated_records(path):
    rng = random.Random(path.name)
    whole = json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else None
    originals = records(path) if whole is None else [whole]
    done = 0
    while done < N:
        batch = [mutated(rng.choice(originals), rng) for _ in range(min(BATCH, N - done))]
        batch = [record for record in batch if isinstance(record, dict)]
        done += BATCH
        posts = read_or_refuse(batch, path.stem)
        if posts is None:
            # Refused as a whole, as for ids that lost digits: each alone must not crash either.
            for record in batch:
                alone = read_or_refuse([record], path.stem)
                assert alone is None or accounted(alone)
        else:
            assert accounted(posts), posts.dropped


@every_fixture
def test_flipped_bytes(path, tmp_path):
    rng = random.Random(path.name)
    data = path.read_bytes()
    target = tmp_path / path.name
    for _ in range(max(1, N // BATCH)):
        damaged = bytearray(data)
        for _ in range(rng.choice([1, 3, 30])):
            at = rng.randrange(len(damaged))
            damaged[at] = rng.randrange(256)
        if rng.random() < 0.2:
            del damaged[rng.randrange(len(damaged)) :]
        target.write_bytes(damaged)
        for name in (path.stem, "auto"):
            posts = read_or_refuse(target, name)
            assert posts is None or accounted(posts), (posts.dropped, bytes(damaged))


_VALUES = st.recursive(
    st.sampled_from(ODD) | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(deadline=None, max_examples=max(30, N // 10))
@given(st.data())
def test_any_value_in_any_field(data):
    form = data.draw(st.sampled_from([form for form in FORMATS if form.record is not None]))
    keys = sorted({key.rpartition(".")[2] for mark in form.marks for key in mark})
    record = data.draw(st.dictionaries(st.sampled_from(keys), _VALUES, min_size=1))
    posts = read_or_refuse([record], form.name)
    assert posts is None or accounted(posts)
