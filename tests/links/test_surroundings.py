import numpy as np

from disinfo.links.surroundings import MOST, drawn_together


def _unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_two_far_tellings_of_one_message_come_nearer():
    rng = np.random.default_rng(0)
    message = rng.normal(size=64)
    told = _unit(message + 1.3 * rng.normal(size=(10, 64)))
    others = _unit(rng.normal(size=(10, 64)))
    vectors = np.vstack([told, others])
    a, b = np.triu_indices(10, 1)
    certain = ~((a == 0) & (b == 9))
    moved = drawn_together(vectors, a[certain], b[certain], np.ones(certain.sum()))
    assert moved[0] @ moved[9] > vectors[0] @ vectors[9] + 0.2
    np.testing.assert_array_equal(moved[10:], _unit(vectors[10:]))


def test_of_a_swarm_the_nearest_count():
    n = MOST + 8
    vectors = np.vstack([np.eye(2)[:1], np.tile(np.eye(2)[1:], (n, 1))]).astype(np.float32)
    vectors[MOST + 1 :] = [-1.0, 0.0]
    nearness = np.where(np.arange(1, n + 1) <= MOST, 0.9, 0.1)
    moved = drawn_together(vectors, np.zeros(n, np.int64), np.arange(1, n + 1), nearness)
    assert moved[0] @ np.array([0.0, 1.0]) > 0.5
    assert moved[0] @ np.array([-1.0, 0.0]) < 0
