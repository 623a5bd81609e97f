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


@pytest.mark.parametrize("exact_rows", [1000, 10])
def test_pairs_not_worth_it_take_nobodys_place(exact_rows):
    vectors = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (60, 1))

    def of_one_kind(first, second, cosine):
        return first % 20 == second % 20

    found = pairs_above(vectors, 0.9, max_neighbours=5, exact_rows=exact_rows, worth=of_one_kind)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == {(a, b) for a in range(60) for b in range(a + 20, 60, 20)}
    assert len(found.saturated) == 0


def test_a_crowd_is_cut_to_the_nearest_and_said():
    vectors = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (50, 1))
    found = pairs_above(vectors, 0.9, max_neighbours=5)
    assert len(found.saturated) == 50
    assert np.bincount(np.concatenate([found.first, found.second])).min() >= 5


def test_parameters():
    with pytest.raises(ParameterError):
        pairs_above(np.eye(2, dtype=np.float32), 1.5)


def _messages(rng, n_messages, n_wordings, d=48):
    """Wordings of messages: near each other, with cosines about .7, and apart from the rest."""
    centres = _unit(rng, n_messages, d)
    rows = np.repeat(centres, n_wordings, axis=0)
    rows = rows + 0.65 * _unit(rng, len(rows), d)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_cells_find_what_all_pairs_find():
    vectors = _messages(np.random.default_rng(0), 1000, 4)
    exact, cells = pairs_above(vectors, 0.5), pairs_above(vectors, 0.5, exact_rows=0)
    wanted = set(zip(exact.first.tolist(), exact.second.tolist(), strict=True))
    got = set(zip(cells.first.tolist(), cells.second.tolist(), strict=True))
    assert got <= wanted
    assert len(got) >= 0.97 * len(wanted)


def test_cells_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(1)
    vectors = _messages(rng, 500, 4)
    order = rng.permutation(len(vectors))
    straight = pairs_above(vectors, 0.5, exact_rows=0)
    shuffled = pairs_above(vectors[order], 0.5, exact_rows=0)
    pairs = {tuple(sorted(pair)) for pair in zip(straight.first, straight.second, strict=True)}
    back = zip(order[shuffled.first], order[shuffled.second], strict=True)
    assert len(pairs ^ {tuple(sorted(pair)) for pair in back}) <= 0.002 * len(pairs)


def test_a_swarm_larger_than_a_cell_is_cut_up_and_keeps_neighbours(monkeypatch):
    from disinfo.neighbours import cells

    monkeypatch.setattr(cells, "_MAX_CELL", 300)
    vectors = _messages(np.random.default_rng(2), 1, 2000)
    found = pairs_above(vectors, 0.5, max_neighbours=10, exact_rows=0)
    assert len(found.saturated) == 2000
    assert np.bincount(np.concatenate([found.first, found.second]), minlength=2000).min() >= 10
    assert len(found.first) <= 2000 * 10 * cells._PROBES
