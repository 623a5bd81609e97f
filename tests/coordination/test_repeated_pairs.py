from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.coordination import GroupTest, SurpriseNull, candidates, repeated_pairs
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.co_actions import co_actions, event_hits, followers_within
from disinfo.coordination.group_evidence import group_evidence
from disinfo.coordination.repeated_pairs import is_crowded, repeated_co_actions

WINDOWS_S = (60, 600, 3600, 21_600)
START = pd.Timestamp("2025-05-01", tz="UTC")
ACTS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(0, 60_000)), min_size=1, max_size=80
)


def _acts(rows):
    frame = pd.DataFrame(rows, columns=["account", "object", "seconds"])
    actions = tables.ACTIONS.check(
        pd.DataFrame(
            {
                "account_id": "a" + frame["account"].astype("str"),
                "layer": "url",
                "object_id": "o" + frame["object"].astype("str"),
                "created_at": START + pd.to_timedelta(frame["seconds"], unit="s"),
                "post_id": [f"p{number}" for number in range(len(frame))],
            }
        )
    )
    return action_arrays(actions).layers[0]


def _rows(joined, window_s=21_600):
    near = np.abs(joined.delay_ms) <= window_s * 1000
    columns = (joined.first, joined.second, joined.event, joined.delay_ms)
    return list(zip(*(column[near].tolist() for column in columns), strict=True))


@settings(deadline=None)
@given(rows=ACTS, window_s=st.sampled_from([60, 3600, 21_600]))
def test_pairs_that_meet_twice_come_out_as_from_the_whole_join(rows, window_s):
    acts = _acts(rows)
    whole, repeated = co_actions(acts, window_s), repeated_co_actions(acts, window_s)
    met = Counter((a, b) for a, b, _, _ in _rows(whole))
    twice = [row for row in _rows(whole) if met[row[:2]] > 1]
    # Two accounts that meet twice on one event are kept: it is one co-action of a repeated pair.
    assert [row for row in _rows(repeated) if met[row[:2]] > 1] == twice
    assert set(_rows(repeated)) <= set(_rows(whole))
    assert repeated.n_lone + len({row[:2] for row in _rows(repeated)}) == len(met)
    assert repeated.n_skipped == 0


@settings(deadline=None)
@given(rows=ACTS)
def test_the_bound_on_meetings_holds_and_spares_small_objects(rows):
    acts = _acts(rows)
    followers = followers_within(acts.key, 21_600)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(repeated_pairs, "MOST_MEETINGS", 40)
        least = repeated_pairs._most_followers(followers)
        bounded = repeated_co_actions(acts, 21_600)
    formed = int(np.minimum(followers, least).sum())
    assert formed <= 40 or least == 1
    assert bounded.n_skipped == int(followers.sum()) - formed
    larger = int(np.minimum(followers, least + 1).sum())
    assert larger > 40 or least == repeated_pairs.MAX_FOLLOWERS


def test_popularity_is_counted_in_full_in_a_crowded_layer():
    rows = [(n, 0, 10 * n) for n in range(40)] + [(n, 1, 90_000 + 10 * n) for n in range(2)]
    acts = _acts(rows)
    hits = event_hits(acts, repeated_co_actions(acts, 60), 60)
    assert hits.tolist() == event_hits(acts, co_actions(acts, 60), 60).tolist()


def test_a_crowded_layer_is_said_and_its_campaign_still_comes_out(planted_world, monkeypatch):
    actions, members = planted_world
    plain = SurpriseNull()(actions)
    monkeypatch.setattr(repeated_pairs, "CROWDED", 0)
    assert all(is_crowded(acts, 3600) for acts in action_arrays(actions).layers)
    crowded = SurpriseNull()(actions)
    lone = crowded["dropped"]["reason"].str.contains("single co-action")
    assert lone.any()
    assert not plain["dropped"]["reason"].str.contains("single co-action").any()
    assert len(crowded["edges"]) <= len(plain["edges"])
    found = GroupTest()(actions, crowded["edges"])["members"]
    assert set(found["account_id"]) == set(members)


def test_candidates_that_are_not_grown_are_counted(planted_world, monkeypatch):
    actions, _ = planted_world
    monkeypatch.setattr(candidates, "_MOST_GROWN_ACTS", 0)
    dropped = GroupTest()(actions, tables.EDGES.empty())["dropped"]
    assert dropped["reason"].str.contains("too many to grow").any()


def test_unions_that_are_not_tried_are_counted(planted_world, monkeypatch):
    actions, members = planted_world
    arrays = action_arrays(actions)
    codes = np.flatnonzero(np.isin(arrays.accounts, sorted(members)))
    parts = [codes[::2], codes[1::2]]
    evidence = group_evidence(arrays, parts, WINDOWS_S)
    cut = [
        candidates.Candidate(members=own, evidence=one)
        for own, one in zip(parts, evidence, strict=True)
    ]
    joined, n_left = candidates._with_unions(arrays, cut, WINDOWS_S)
    assert [one.members.tolist() for one in joined] == [codes.tolist()]
    assert n_left == 0
    monkeypatch.setattr(candidates, "_MOST_JOINED_ACTS", 0)
    joined, n_left = candidates._with_unions(arrays, cut, WINDOWS_S)
    assert [one.members.tolist() for one in joined] == [own.tolist() for own in parts]
    assert n_left == 1
