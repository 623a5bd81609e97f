"""Damaged exports: no exception but the library's own, and every row kept or counted.

CI runs a part; ``DISINFO_FUZZ=20000`` (`make test-fuzz`) sets the damaged records a format.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scale.damaged import NOW, ODD, Outcome, accounted, fixtures, kinds_of
from disinfo.errors import DisinfoError
from disinfo.reading import read_posts
from disinfo.reading.formats import FORMATS

N = int(os.environ.get("DISINFO_FUZZ", "100"))
CASES = [(path, kind, damage) for path in fixtures() for kind, damage in kinds_of(path)]


@pytest.mark.parametrize(
    ("path", "damage"),
    [pytest.param(path, damage, id=f"{path.name}-{kind}") for path, kind, damage in CASES],
)
def test_damaged_records_are_kept_or_counted(path, damage):
    outcome = Outcome()
    whole = path.suffix == ".json" and damage.__name__ == "flipped_bytes"
    damage(path, max(2, N // 50) if whole else N, outcome)
    assert outcome.records >= (N if not whole else 2)
    assert outcome.failures == []


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
    try:
        posts = read_posts([record], format=form.name, now=NOW)
    except DisinfoError:
        return
    assert accounted(posts)
