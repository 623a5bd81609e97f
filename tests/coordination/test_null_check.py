"""Exchanged actors keep what they must keep, and agreement goes."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import disinfo
from disinfo import tables
from disinfo.coordination import GroupTest, SurpriseNull
from disinfo.coordination.null_check import _moments, exchanged, hours_of, null_rounds
from disinfo.errors import ParameterError

_ORDER = ["layer", "object_id", "created_at", "account_id", "post_id"]


def _actions(seed, n=200):
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2025-05-01", tz="UTC")
    rows = pd.DataFrame(
        {
            "account_id": [f"a{k}" for k in rng.integers(0, 12, n)],
            "layer": rng.choice(["url", "hashtag"], n),
            "object_id": [f"o{k}" for k in rng.integers(0, 9, n)],
            "post_id": [f"p{k}" for k in range(n)],
            "created_at": start + pd.to_timedelta(rng.integers(0, 40_000, n), unit="s"),
            "source": rng.choice(["s1", "s2", None], n),
            "language": rng.choice(["pl", "de"], n),
        }
    )
    return tables.ACTIONS.check(rows).sort_values(_ORDER).reset_index(drop=True)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([hours_of, _moments]))
def test_every_stratum_keeps_its_accounts_and_every_object_its_times(seed, strata):
    actions = _actions(seed)
    stratum = strata(actions)
    changed = exchanged(actions, stratum, np.random.default_rng(seed))
    kept = [name for name in actions if name != "account_id"]
    pd.testing.assert_frame_equal(changed[kept], actions[kept])
    before = pd.Series(actions["account_id"]).groupby(stratum).apply(sorted)
    after = pd.Series(changed["account_id"]).groupby(stratum).apply(sorted)
    pd.testing.assert_series_equal(before, after)


def test_swapping_stays_within_source_language_and_hour():
    actions = _actions(3)
    hour = actions["created_at"].dt.floor("h")
    columns = [actions["layer"], actions["source"].fillna(""), actions["language"], hour]
    coarse = pd.concat(columns, axis=1).groupby(_moments(actions)).nunique()
    assert (coarse == 1).all().all()


@pytest.fixture(scope="module")
def campaign():
    """Eight accounts that share nine links within a minute of each other, among a crowd."""
    rng = np.random.default_rng(0)
    start = pd.Timestamp("2025-05-01", tz="UTC")
    crowd = pd.DataFrame(
        {
            "account_id": [f"a{k}" for k in rng.integers(0, 80, 1500)],
            "object_id": [f"o{k}" for k in rng.zipf(1.6, 1500) % 400],
            "created_at": start + pd.to_timedelta(rng.integers(0, 2 * 86_400, 1500), unit="s"),
        }
    )
    waves = rng.integers(0, 2 * 86_400, 9)
    own = pd.DataFrame(
        [
            (f"c{k}", f"x{n}", start + pd.Timedelta(seconds=int(at + rng.integers(0, 60))))
            for n, at in enumerate(waves)
            for k in range(8)
        ],
        columns=["account_id", "object_id", "created_at"],
    )
    rows = pd.concat([crowd, own], ignore_index=True).assign(layer="url")
    rows["post_id"] = [f"p{k}" for k in range(len(rows))]
    return tables.ACTIONS.check(rows.assign(source="all.example", language="pl"))


def test_a_campaign_is_called_as_it_is_and_not_when_shuffled(campaign):
    found = null_rounds(campaign, SurpriseNull(), GroupTest(), alpha=0.05, rounds=2)
    by_kind = found.groupby("kind")[["n_campaigns", "n_edges"]].sum()
    assert by_kind.loc["observed", "n_campaigns"] == 1
    assert by_kind.loc["shuffled", "n_campaigns"] == 0
    assert by_kind.loc["observed", "n_edges"] > by_kind.loc["shuffled", "n_edges"]
    assert (found.loc[found["kind"] == "shuffled", "moved"] > 0.3).all()


def test_order_of_rows_does_not_matter(campaign):
    some = campaign[campaign["account_id"].str.startswith("a")].head(300)
    stages = SurpriseNull(), GroupTest(n_splits=1)
    one = null_rounds(some, *stages, alpha=0.05, rounds=1)
    two = null_rounds(some.sample(frac=1, random_state=1), *stages, alpha=0.05, rounds=1)
    pd.testing.assert_frame_equal(one, two)


def test_detect_keeps_the_check_and_a_saved_result_can_repeat_it(tmp_path):
    rows = [
        {"account_id": f"a{k % 5}", "created_at": f"2025-05-0{1 + k % 9}", "object_id": f"x{k % 3}"}
        for k in range(40)
    ]
    result = disinfo.detect(rows, null_rounds=1, alpha=0.01)
    assert result.null_rounds["kind"].tolist() == ["observed", "shuffled", "swapped"]
    loaded = disinfo.load(result.save(tmp_path / "out"))
    pd.testing.assert_frame_equal(loaded.null_rounds, result.null_rounds)
    pd.testing.assert_frame_equal(loaded.null_check(rounds=1), result.null_rounds)


def test_a_replaced_stage_has_to_be_handed_in():
    def no_groups(actions, edges):
        return {"groups": GroupTest()(actions, edges)["groups"]}

    own = dataclasses.replace(disinfo.Pipeline(), group_accounts=no_groups)
    rows = [{"account_id": "a", "created_at": "2025-05-01", "object_id": "x"}]
    result = disinfo.detect(rows, pipeline=own)
    with pytest.raises(ParameterError, match="pipeline="):
        result.null_check(rounds=1)
    assert len(result.null_check(rounds=1, pipeline=own)) == 3
    with pytest.raises(ParameterError, match="positive"):
        result.null_check(rounds=0, pipeline=own)
