import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import ParameterError
from disinfo.neighbours import pairs_above


def _unit(rng, n, d):
    rows = rng.normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10_000), st.floats(-0.5, 0.9))
def test_same_as_brute_force(n, seed, threshold):
    vectors = _unit(np.random.default_rng(seed), n, 6)
    found = pairs_above(vectors, threshold)
    cosines = vectors @ vectors.T
    margin = 1e-5  # a pair on the threshold itself may fall either way
    sure = {(a, b) for a in range(n) for b in range(a + 1, n) if cosines[a, b] > threshold + margin}
    possible = {
        (a, b) for a in range(n) for b in range(a + 1, n) if cosines[a, b] > threshold - margin
    }
    got = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert sure <= got <= possible


def test_a_crowd_is_cut_to_the_nearest_and_said():
    vectors = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (50, 1))
    found = pairs_above(vectors, 0.9, max_neighbours=5)
    assert len(found.saturated) == 50
    assert np.bincount(np.concatenate([found.first, found.second])).min() >= 5


def test_parameters():
    with pytest.raises(ParameterError):
        pairs_above(np.eye(2, dtype=np.float32), 1.5)
