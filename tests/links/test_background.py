import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.links.background import background, sample_corpus
from disinfo.links.overlap import Runs


def _unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _ids(n):
    return np.array([f"t-{number:06d}" for number in range(n)], dtype=object)


def _corpus(rng, n, topic=0.0, d=64):
    """Texts that share a topic: the larger the share, the nearer they all lie."""
    return _unit(rng.normal(size=(n, d)) + topic * np.sqrt(d) * np.eye(d)[0])


def test_a_dense_topic_has_a_higher_background():
    rng = np.random.default_rng(0)
    levels = []
    for topic in (0.0, 0.3, 0.5):
        vectors = _corpus(rng, 600, topic)
        levels.append(np.median(background(vectors, sample_corpus(vectors, _ids(600)))))
    assert levels[0] < levels[1] < levels[2] <= 0.5


def test_a_campaign_is_not_its_own_background():
    rng = np.random.default_rng(1)
    others = _corpus(rng, 600)
    swarm = _unit(others[:1] + 0.05 * rng.normal(size=(1400, 64)))
    vectors = np.vstack([others, swarm])
    level = background(vectors, sample_corpus(vectors, _ids(2000)))
    alone = background(others, sample_corpus(others, _ids(600)))
    assert abs(np.median(level[600:]) - np.median(alone)) < 0.05


def test_row_order_changes_nothing():
    rng = np.random.default_rng(2)
    vectors, ids = _corpus(rng, 4000, 0.3, d=16), _ids(4000)
    order = rng.permutation(4000)
    level = background(vectors, sample_corpus(vectors, ids))
    shuffled = background(vectors[order], sample_corpus(vectors[order], ids[order]))
    np.testing.assert_allclose(shuffled, level[order], atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=0, max_size=30), min_size=1, max_size=8), st.integers(0, 99))
def test_overlap_is_a_share_and_symmetric(texts, seed):
    rng = np.random.default_rng(seed)
    n = len(texts)
    sample = sample_corpus(_corpus(rng, n), _ids(n))
    a, b = rng.integers(0, n, 5), rng.integers(0, n, 5)
    runs = Runs.of(texts, sample)
    share = runs.overlaps(a, b)
    assert ((share >= 0) & (share <= 1 + 1e-6)).all()
    np.testing.assert_allclose(share, runs.overlaps(b, a), atol=1e-6)
    np.testing.assert_allclose(runs.overlaps(a, a), 1.0, atol=1e-6)
    assert (runs.at_most(a, b) >= share - 1e-6).all()


def test_what_everybody_writes_counts_for_little():
    common = [f"breaking news from the capital number {number}" for number in range(40)]
    pair = ["breaking news from the capital zebra", "breaking news from the capital quokka"]
    quote = ["zebra quokka", "we saw zebra quokka today"]
    texts = [*common, *pair, *quote]
    vectors = _corpus(np.random.default_rng(3), len(texts))
    sample = sample_corpus(vectors, _ids(len(texts)))
    runs = Runs.of(texts, sample)
    shared, quoted = runs.overlaps(np.array([40, 42]), np.array([41, 43]))
    assert shared < 0.5 < quoted
