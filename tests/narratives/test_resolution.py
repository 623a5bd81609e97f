"""The floor of topics: the usual one, unless the corpus says clearly that it does not fit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.narratives.resolution import clearest_floor
from disinfo.narratives.standing import units


def _groups(n_groups, size, spread, shared, seed=0, d=64):
    """Groups of texts about centres that have a direction in common."""
    rng = np.random.default_rng(seed)
    centres = units(units(rng.normal(size=(n_groups, d))) + shared * np.eye(1, d)[0])
    rows = np.repeat(centres, size, axis=0) + spread * units(rng.normal(size=(n_groups * size, d)))
    return units(rows)


def _floor(rows, n):
    return clearest_floor(rows, np.arange(n), usual=0.15, finest=0.42)


def test_close_stories_are_not_lumped_together_and_far_events_stay_as_usual():
    assert _floor(_groups(10, 20, spread=0.6, shared=0.6), 200) > 0.3
    assert _floor(_groups(5, 40, spread=1.2, shared=0.0), 200) == 0.15


def test_few_texts_have_no_hierarchy():
    assert _floor(_groups(2, 10, 0.5, 0.9), 20) == 0.15


@settings(max_examples=15, deadline=None)
@given(st.integers(30, 60), st.integers(0, 1000))
def test_the_floor_lies_within_the_cuts(n, seed):
    rows = units(np.random.default_rng(seed).normal(size=(n, 8)))
    assert 0 < _floor(rows, n) <= 0.42


def test_a_large_corpus_is_drawn_from():
    rows = _groups(8, 500, spread=0.5, shared=0.6)
    assert _floor(rows, 4000) == _floor(rows[::2], 2000)
