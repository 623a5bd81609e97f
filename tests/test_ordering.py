"""The order by several keys is that of NumPy's lexical sort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disinfo.ordering import order_by

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
