"""The shortcut that leaves a group out must equal leaving it out."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.crowd import N_BINS, bins_after, run_starts
from disinfo.coordination.followers import group_starts

WINDOWS = (60, 3600, 21600)


def _layer(seed, n_accounts, n_objects, n_actions):
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2025-05-01", tz="UTC")
    rows = pd.DataFrame(
        {
            "account_id": [f"a{n}" for n in rng.integers(0, n_accounts, n_actions)],
            "layer": "url",
            "object_id": [f"o{n}" for n in rng.integers(0, n_objects, n_actions)],
            "post_id": [f"p{n}" for n in range(n_actions)],
            "created_at": start
            + pd.to_timedelta(
                rng.choice([0, 0, 30, 400, 5000, 90000], n_actions).cumsum(), unit="s"
            ),
            "source": [f"s{n}" for n in rng.integers(0, 3, n_actions)],
            "language": [f"l{n}" for n in rng.integers(0, 2, n_actions)],
        }
    )
    (acts,) = action_arrays(tables.ACTIONS.check(rows)).layers
    return acts


def age_bins(key, item, crowd):
    """Return the age bin of every act, by what the acts in the rows `crowd` did before it."""
    keys = key[crowd]
    before = np.searchsorted(keys, key, side="left") - 1
    known = np.maximum(before, 0)
    same_item = (before >= 0) & (item[crowd][known] == item)
    return bins_after(key, keys[known], run_starts(keys)[known], same_item)


def _opening(acts, inside):
    """Tell by brute force which acts open what at least two outsiders take up in six hours."""
    age = age_bins(acts.key, acts.item, np.arange(len(acts)))
    found = np.zeros(len(acts), dtype=bool)
    for row in np.flatnonzero((age <= 1) | (age == N_BINS - 1)):
        delay = acts.time_ms - acts.time_ms[row]
        soon = (acts.item == acts.item[row]) & (delay > 0) & (delay <= 6 * 3600 * 1000)
        found[row] = (soon & ~inside).sum() >= 2
    return found


def _expected(acts, members, window_s):
    """Count by brute force, act by act, what `group_starts` does with sums over all objects."""
    inside = np.isin(acts.account, members)
    ages = age_bins(acts.key, acts.item, np.flatnonzero(~inside))
    acting, followed = np.zeros(N_BINS), np.zeros(N_BINS)
    span = window_s * 1000
    for row in np.flatnonzero(~inside):
        close = (acts.item == acts.item[row]) & (acts.time_ms <= acts.time_ms[row] + span)
        acting[ages[row]] += 1
        followed[ages[row]] += (close & ~inside)[row + 1 :].sum()
    overall = (followed.sum() + 1) / (acting.sum() + 1)
    rate = (followed + 20 * overall) / (acting + 20)
    fast = (ages > 0) & (ages <= 3)
    opening = _opening(acts, inside)
    found = {}
    for row in np.flatnonzero(inside):
        delay = acts.time_ms - acts.time_ms[row]
        on_object = acts.item == acts.item[row]
        before = on_object & inside & (delay >= -span)
        if before[:row].any():
            continue
        elsewhere = acts.event != acts.event[row]

        def share(kind, prior, elsewhere=elsewhere):
            own, others = (kind & elsewhere & inside).sum(), (kind & elsewhere & ~inside).sum()
            return (own + 10 * prior) / (own + others + 10)

        size = inside.mean()
        taste = share(
            acts.source == acts.source[row], share(acts.language == acts.language[row], size)
        )
        eager = [share(quick, size) for quick in (fast, opening)]
        odds = taste / (1 - taste)
        if ages[row] <= 3:
            odds *= max(0.5, *(haste / (1 - haste) / (size / (1 - size)) for haste in eager))
        part = odds / (1 + odds)
        nearby = 0.5 + (on_object & ~inside & (np.abs(delay) <= span)).sum()
        followers = (on_object & inside & (delay <= span))[row + 1 :].sum()
        mean = part * nearby / (0.5 / rate[ages[row]] + 2 * (1 - part))
        crowd = (on_object & ~inside & (delay >= 0) & (delay <= 3_600_000)).sum()
        fresh = ages[row] in (0, N_BINS - 1)
        found[row] = followers, mean, nearby, fresh, crowd >= max(3, followers)
    return found


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(6, 12), st.integers(2, 8), st.integers(80, 140))
def test_starts_equal_brute_force(seed, n_accounts, n_objects, n_actions):
    acts = _layer(seed, n_accounts, n_objects, n_actions)
    accounts = np.unique(acts.account)
    # The middle one is alone, so that it has no starts; groups may overlap.
    groups = [accounts[:3], accounts[3:4], accounts[2:6]]
    starts = group_starts(acts, groups, WINDOWS)
    assert set(starts.group) <= {0, 2}
    for number in np.unique(starts.group):
        for window_s in WINDOWS:
            expected = _expected(acts, groups[number], window_s)
            chosen = (starts.window_s == window_s) & (starts.group == number)
            assert starts.row[chosen].tolist() == list(expected)
            columns = (starts.followers, starts.mean, starts.size, starts.fresh, starts.news)
            got = np.stack([column[chosen].astype(float) for column in columns], axis=1)
            known = np.array(list(expected.values()), dtype=float)
            np.testing.assert_allclose(got, known, rtol=1e-9)
