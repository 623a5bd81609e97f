"""Distinct numbers are those that NumPy finds, distinct texts those of Python."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from disinfo.distinct import counted_texts, distinct, numbered, numbered_texts


@given(arrays(st.sampled_from([np.int64, np.uint64, np.int32]), array_shapes(min_side=0)))
def test_distinct_numbers_are_those_of_numpy_and_keep_their_type(values):
    before = values.copy()
    found = distinct(values)
    assert np.array_equal(found, np.unique(values))
    assert np.array_equal(distinct(values, found[:1], found), found)
    assert found.dtype == values.dtype
    assert np.array_equal(values, before)


@pytest.mark.parametrize("largest", [3, 2**62])
@given(st.data())
def test_places_among_distinct_codes_are_those_of_numpy(largest, data):
    codes = np.array(data.draw(st.lists(st.integers(0, largest))), dtype=np.int64)
    for ours, theirs in zip(numbered(codes), np.unique(codes, return_inverse=True), strict=True):
        assert np.array_equal(ours, theirs)
        assert ours.dtype == np.int64


@given(st.lists(st.sampled_from(["", "a", "b", "ą", "aa"])))
def test_texts_are_numbered_in_their_order(texts):
    codes, names = numbered_texts(pd.Series(texts, dtype="str"))
    assert names.tolist() == sorted(set(texts))
    assert [names[code] for code in codes] == texts
    assert codes.dtype == np.int64


@pytest.mark.parametrize("at_once", [1, 3, 1000])
@given(texts=st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=5)))
def test_texts_are_counted_whatever_the_parts(at_once, texts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("disinfo.distinct._TEXTS_AT_ONCE", at_once)
        names, counts = counted_texts(pd.Series(texts, dtype="str"))
    expected = Counter(text for text in texts if text is not None)
    assert names.tolist() == sorted(expected)
    assert counts.tolist() == [expected[name] for name in names]
