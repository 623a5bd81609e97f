"""What the average of a corpus takes out of its vectors, and what it leaves."""

import numpy as np

from disinfo.embedding import centre_by_language, corpus_means


def _rows(centres, size, spread, seed=0, d=96):
    rng = np.random.default_rng(seed)
    rows = np.repeat(centres, size, axis=0) + spread * rng.normal(size=(len(centres) * size, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _median(rows):
    return float(np.median((rows @ rows.T)[np.triu_indices(len(rows), 1)]))


def test_what_all_essays_share_is_taken_out_of_them():
    # Sixty questions; all essays share half of their direction.
    centres = np.eye(60, 96) + 1.0 * np.eye(1, 96, 95)
    rows = _rows(centres, 5, spread=0.03)
    assert _median(rows) > 0.4
    assert abs(_median(centre_by_language(rows, ["en"] * len(rows)))) < 0.2


def test_a_campaign_does_not_become_the_average():
    ordinary = _rows(np.eye(1, 96) * 0, 200, spread=1.0)
    campaign = _rows(np.eye(1, 96), 200, spread=0.05, seed=2)
    mean = corpus_means(np.vstack([ordinary, campaign]), ["en"] * 400)["en"]
    assert float(mean @ campaign.mean(axis=0)) < 0.1
    rows = centre_by_language(np.vstack([ordinary, campaign]), ["en"] * 400)
    assert _median(rows[200:]) > 0.7


def test_a_language_of_one_small_campaign_keeps_it():
    rows = _rows(np.eye(1, 96), 20, spread=0.03)
    centred = centre_by_language(rows, ["pl"] * 20)
    assert float((centred @ rows.T).mean()) > 0.8
