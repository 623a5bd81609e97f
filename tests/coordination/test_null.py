import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.coordination import SurpriseNull, pair_null
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.co_actions import MAX_FOLLOWERS, co_actions, event_hits
from disinfo.coordination.pair_null import pair_evidence
from disinfo.errors import ParameterError

START = pd.Timestamp("2025-05-01", tz="UTC")


def _actions(rows):
    frame = pd.DataFrame(rows, columns=["account_id", "object_id", "seconds"])
    return tables.ACTIONS.check(
        pd.DataFrame(
            {
                "account_id": frame["account_id"],
                "layer": "url",
                "object_id": frame["object_id"],
                "created_at": START + pd.to_timedelta(frame["seconds"], unit="s"),
                "post_id": [f"p{number}" for number in range(len(frame))],
            }
        )
    )


def test_the_join_equals_brute_force():
    rng = np.random.default_rng(0)
    rows = [
        (f"a{rng.integers(12)}", f"o{rng.integers(6)}", int(rng.integers(0, 40_000)))
        for _ in range(300)
    ]
    arrays = action_arrays(_actions(rows))
    acts = arrays.layers[0]
    joined = co_actions(acts, 600)
    expected = set()
    for i in range(len(acts)):
        for j in range(len(acts)):
            close = abs(int(acts.time_ms[i] - acts.time_ms[j])) <= 600_000
            if close and acts.item[i] == acts.item[j] and acts.account[i] < acts.account[j]:
                expected.add((acts.account[i], acts.account[j], acts.event[i]))
    assert set(zip(joined.first, joined.second, joined.event, strict=True)) == expected


def test_delay_is_signed_by_who_came_first():
    arrays = action_arrays(_actions([("b", "o", 0), ("a", "o", 50)]))
    assert co_actions(arrays.layers[0], 60).delay_ms.tolist() == [-50_000]
    assert len(co_actions(arrays.layers[0], 49).delay_ms) == 0


def test_repeats_within_six_hours_are_one_action():
    arrays = action_arrays(_actions([("a", "o", 0), ("a", "o", 60), ("a", "o", 7 * 3600)]))
    assert arrays.layers[0].time_ms.tolist() == [0, 7 * 3600 * 1000]


def test_a_viral_object_is_guarded_and_weighs_next_to_nothing():
    crowd = [(f"a{n:04d}", "viral", n % 60) for n in range(MAX_FOLLOWERS + 500)]
    quiet = [(f"a{n:04d}", f"own{n // 2}", 100 * n % 97) for n in range(MAX_FOLLOWERS + 500)]
    arrays = action_arrays(_actions(crowd + quiet))
    acts = arrays.layers[0]
    joined = co_actions(acts, 60)
    assert joined.n_skipped > 0
    hits = event_hits(acts, joined, 60)
    assert hits.max() > len(joined.first) / 2  # popularity is counted in full
    (cell,), skipped = pair_evidence(arrays, (60,))
    assert skipped["url"].on_crowded == joined.n_skipped
    assert cell.surprise.min() < 1.0


def test_p_is_conservative_where_the_stated_null_is_true():
    # Accounts pick events independently in proportion to activity and popularity.
    rng = np.random.default_rng(4)
    rows, n = [], 120
    activity = rng.lognormal(0, 0.7, n)
    for event in range(500):
        born = event * 7200
        acting = np.flatnonzero(rng.random(n) < 0.02 * activity)
        rows += [(f"a{who}", f"o{event}", born + int(rng.integers(0, 50))) for who in acting]
    (cell,), _ = pair_evidence(action_arrays(_actions(rows)), (60,))
    n_pairs = n * (n - 1) / 2
    for level in (1e-1, 1e-2, 1e-3):
        assert (cell.p <= level).sum() / n_pairs <= level


def test_testing_pairs_by_kind_gives_each_its_own_p(organic_world, monkeypatch):
    arrays = action_arrays(organic_world[0])
    by_kind, _ = pair_evidence(arrays, (60, 3600))

    def all_apart(product, count, hits):
        each = np.arange(len(product))
        return pair_null._Alike(code=each, first=each)

    monkeypatch.setattr(pair_null, "_alike", all_apart)
    one_by_one, _ = pair_evidence(arrays, (60, 3600))
    assert len(by_kind) > 0
    for some, each in zip(by_kind, one_by_one, strict=True):
        assert (some.co_actions == 1).sum() > 50
        np.testing.assert_array_equal(some.p, each.p)


def test_more_shared_rare_events_are_less_likely():
    # Pairs that share 1 to 4 events among a background of one-off events.
    rows = [(f"x{n}", f"one{n // 2}", 3600 * n + (n % 2)) for n in range(400)]
    for shared in range(1, 5):
        for event in range(shared):
            rows += [(f"p{shared}", f"s{shared}-{event}", 10**6 + 9000 * event)]
            rows += [(f"q{shared}", f"s{shared}-{event}", 10**6 + 9000 * event + 9)]
    arrays = action_arrays(_actions(rows))
    (cell,), _ = pair_evidence(arrays, (60,))
    named = {name: code for code, name in enumerate(arrays.accounts)}
    p = [
        cell.p[(cell.first == named[f"p{k}"]) & (cell.second == named[f"q{k}"])][0]
        for k in range(1, 5)
    ]
    assert p == sorted(p, reverse=True)
    assert p[-1] < 1e-6


def test_planted_pairs_pass_and_organic_ones_do_not(planted_world, organic_world):
    actions, members = planted_world
    edges = SurpriseNull()(actions)["edges"]
    passed = edges[(edges["layer"] == "all") & (edges["q"] <= 0.05)]
    accounts = set(passed["account_a"]) | set(passed["account_b"])
    assert len(accounts & members) >= 10
    # An edge names nobody, and the null of pairs does not know taste: a few others pass.
    assert len(accounts - members) <= 0.2 * len(accounts)
    organic = SurpriseNull()(organic_world[0])["edges"]
    assert not ((organic["layer"] == "all") & (organic["q"] <= 0.05)).any()


def test_q_counts_all_pairs_not_only_those_seen(organic_world):
    actions, _ = organic_world
    edges = SurpriseNull(max_p=1.0)(actions)["edges"]
    every = edges[edges["layer"] == "all"]
    n = actions["account_id"].nunique()
    smallest = every.loc[every["p"].idxmin()]
    assert smallest["q"] <= smallest["p"] * n * (n - 1) / 2 + 1e-12
    assert (every["q"] >= every["p"]).all()


def test_minute_resolution():
    rng = np.random.default_rng(0)
    rows = [(f"a{n % 7}", f"o{n % 5}", 60 * int(rng.integers(0, 9000))) for n in range(60)]
    with pytest.raises(ParameterError, match="time resolution"):
        SurpriseNull(windows_s=(10, 60))(_actions(rows))
    assert "edges" in SurpriseNull(windows_s=(60,))(_actions(rows))


@pytest.mark.parametrize("windows", [(), (600, 60), (0,), (90_000,)])
def test_bad_windows(windows):
    with pytest.raises(ParameterError):
        SurpriseNull(windows_s=windows)
