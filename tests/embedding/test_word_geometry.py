"""What brings words together with their translations, on vectors whose answer is known."""

import numpy as np
import pytest

from disinfo.embedding.word_geometry import (
    drawn_together,
    joint_maps,
    mapped,
    mutual_neighbours,
    power_map,
    trust,
    unit,
)

WORDS, WIDTH = 300, 24


def languages(seed=0, noise=0.6):
    """Return the same meanings in three languages; six directions carry noise alone."""
    random = np.random.default_rng(seed)
    meanings = random.standard_normal((WORDS, WIDTH))
    meanings[:, -6:] = 0
    found = {}
    for name in ("en", "pl", "uk"):
        blur = 0.2 * random.standard_normal((WORDS, WIDTH))
        blur[:, -6:] *= noise * 20
        found[name] = unit((meanings + blur).astype(np.float32))
    return found


def found(a, b):
    return float(((a @ b.T).argmax(axis=1) == np.arange(len(a))).mean())


def test_maps_bring_translations_together():
    raw = languages()
    maps = joint_maps(raw, ["en"])
    joined = {name: mapped(vectors, maps[name]) for name, vectors in raw.items()}
    before, after = found(raw["pl"], raw["uk"]), found(joined["pl"], joined["uk"])
    assert before < 0.9 < after
    assert np.allclose(np.linalg.norm(joined["pl"], axis=1), 1, atol=1e-5)


def test_a_language_alone_is_left_as_it_is():
    raw = {"en": languages()["en"]}
    assert np.allclose(mapped(raw["en"], joint_maps(raw, ["en"])["en"]), raw["en"], atol=1e-5)
    drawn, nearness = drawn_together(raw["en"], [])
    assert np.allclose(drawn, raw["en"])
    assert not nearness.any()
    assert (trust(nearness, {"trust_power": 0.5}) == 1).all()


def test_words_are_drawn_to_what_they_mean_and_nearness_says_how_well():
    pivot = np.eye(WIDTH, dtype=np.float32)[:8]
    word = unit(np.array([[1, 1] + [0] * 22, [0] * 23 + [1]], np.float32))
    drawn, nearness = drawn_together(word, [pivot])
    assert drawn[0, :2] == pytest.approx([2**-0.5] * 2, abs=1e-3)
    assert np.allclose(drawn[1], word[1])
    assert nearness == pytest.approx([2**-0.5, 0], abs=1e-2)
    weights = trust(nearness, {"trust_power": 0.5})
    assert weights.mean() == pytest.approx(1)
    assert weights[1] == 0


def test_mutual_neighbours_hold_over_chunks(monkeypatch):
    raw = languages()
    whole = mutual_neighbours(raw["en"], raw["pl"])
    monkeypatch.setattr("disinfo.embedding.word_geometry._CHUNK", 7)
    parts = mutual_neighbours(raw["en"], raw["pl"])
    assert [rows.tolist() for rows in whole] == [rows.tolist() for rows in parts]
    assert len(whole[0]) == len(set(whole[1].tolist()))


def test_a_flat_spectrum_stays_flat():
    assert np.allclose(power_map(np.eye(4), -0.5), np.eye(4))
    assert np.isfinite(power_map(np.zeros((3, 3)) + np.diag([1.0, 0, 0]), -0.5, floor=0.1)).all()
