"""The order by several keys is that of NumPy's lexical sort, and with a text that of pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disinfo.ordering import order_by, order_by_and_text, time_steps

WHOLE = st.integers(-(2**63), 2**63 - 1)
ROWS = st.lists(st.tuples(WHOLE | st.integers(-2, 2), st.integers(0, 2**40), st.integers(0, 2)))


@given(ROWS)
def test_the_order_is_that_of_lexsort_however_large_the_numbers(rows):
    keys = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    before = keys.copy()
    assert order_by(*keys).tolist() == np.lexsort(keys[::-1]).tolist()
    assert order_by(keys[0]).tolist() == np.argsort(keys[0], kind="stable").tolist()
    assert (keys == before).all()


@pytest.mark.parametrize("least", [0, -(2**63)])
def test_keys_too_wide_for_one_number_are_sorted_one_after_the_other(least):
    wide = np.array([2**63 - 1, least, 2**63 - 1, least])
    assert order_by(wide, wide[::-1].copy(), np.array([1, 1, 0, 0])).tolist() == [3, 1, 2, 0]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.sampled_from(["p1", "p10", "p2", None]))
    )
)
def test_a_text_decides_where_all_keys_are_equal(rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "text"]).astype({"text": "str"})
    keys = [frame[name].to_numpy(np.int64) for name in ("a", "b")]
    order, repeats = order_by_and_text(keys, frame["text"])
    expected = frame.sort_values(["a", "b", "text"], kind="stable")
    assert order.tolist() == expected.index.tolist()
    assert repeats.tolist() == expected.duplicated().tolist()


@given(st.lists(st.integers(-(2**40), 2**40), max_size=5), st.sampled_from([1, 1_000, 10**6]))
def test_times_are_counted_in_the_longest_unit_that_fits_all(numbers, unit):
    exact = np.array(numbers, dtype=np.int64) * unit
    steps = time_steps(pd.Series(pd.to_datetime(exact, unit="us", utc=True)))
    assert (np.argsort(steps, kind="stable") == np.argsort(exact, kind="stable")).all()
    for factor in (1, 1_000, 10**6):
        if (exact % (10**6 // factor) == 0).all():
            assert (steps * (10**6 // factor) == exact).all()
            break
