import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.coordination.fdr import (
    benjamini_hochberg,
    cauchy_combination,
    e_benjamini_hochberg,
)

P = st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=30).map(np.array)


@settings(deadline=None)
@given(P, st.integers(0, 100))
def test_bh_rejects_what_the_textbook_rejects(p, more):
    n_tests = len(p) + more
    q = benjamini_hochberg(p, n_tests)
    for alpha in (0.01, 0.05, 0.5):
        ordered = np.sort(p)
        passing = np.flatnonzero(ordered <= alpha * np.arange(1, len(p) + 1) / n_tests)
        cut = ordered[passing[-1]] if len(passing) else -1.0
        near = np.abs(q - alpha) < 1e-9
        assert ((q <= alpha) == (p <= cut))[~near].all()


@settings(deadline=None)
@given(P)
def test_cauchy_of_equal_values_is_that_value(p):
    for value in p:
        combined = cauchy_combination(np.full(4, value), np.zeros(4, dtype=int), 4)[0]
        assert np.isclose(combined, min(value, 0.99), rtol=1e-6)


def test_cauchy_is_not_undone_by_a_p_of_one():
    combined = cauchy_combination(np.array([1e-6, 1.0, 1.0]), np.zeros(3, dtype=int), 3)[0]
    assert combined == cauchy_combination(np.array([1e-6]), np.zeros(1, dtype=int), 3)[0]
    assert 1e-6 < combined < 1e-5


def test_cauchy_is_uniform_enough_under_the_null():
    rng = np.random.default_rng(0)
    p = rng.random((20_000, 6))
    combined = cauchy_combination(p.ravel(), np.repeat(np.arange(20_000), 6), 6)
    assert abs((combined <= 0.05).mean() - 0.05) < 0.01
    assert (combined <= 0.001).mean() < 0.003


@settings(deadline=None)
@given(st.lists(st.floats(-5, 20), min_size=1, max_size=20).map(np.array))
def test_e_bh_rejects_what_the_textbook_rejects(log_e):
    q = e_benjamini_hochberg(log_e)
    e = np.exp(log_e)
    for alpha in (0.01, 0.05):
        ordered = np.sort(e)[::-1]
        k = np.flatnonzero(ordered >= 1 / (alpha * np.arange(1, len(e) + 1)))
        cut = ordered[k[-1]] if len(k) else np.inf
        near = np.abs(q - alpha) < 1e-9
        assert ((q <= alpha) == (e >= cut))[~near].all()
