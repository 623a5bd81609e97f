import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from disinfo import tables
from disinfo.coordination import GroupTest, SharedObjects, candidates, smallest
from disinfo.coordination.acts import action_arrays
from disinfo.coordination.candidates import Candidate, _graphs, _with_regulars, find_candidates
from disinfo.coordination.followers import LEAST_FREAK, Starts, freak_rate
from disinfo.coordination.group_evidence import (
    SLACK,
    group_evidence,
    likelihood_ratios,
)
from disinfo.coordination.halves import first_half
from disinfo.coordination.members import Support
from disinfo.coordination.pair_null import pair_evidence
from disinfo.coordination.smallest import smallest_campaign
from disinfo.errors import ParameterError
from disinfo.text.urls import canonical_url

EDGES = tables.EDGES.empty()
WINDOWS = (60, 600, 3600, 21600)
FREAK = 0.01


def test_a_planted_group_is_named_and_nobody_else(planted_world):
    actions, members = planted_world
    found = GroupTest()(actions, EDGES)
    assert len(found["groups"]) == 1
    named = set(found["members"]["account_id"])
    assert len(named & members) >= 0.8 * len(members)
    assert named <= members
    assert found["groups"]["q"].iloc[0] <= 0.05
    assert found["members"]["dedication"].between(0, 1).all()
    assert set(found["campaign_objects"]["object_id"]) >= {"wave0"}


def test_halves_worked_on_one_at_a_time_give_the_same(planted_world, monkeypatch):
    side_by_side = GroupTest()(planted_world[0], EDGES)
    monkeypatch.setattr("disinfo.coordination.cross_fit._MOST_ACTS_AT_ONCE", 0)
    for name, table in GroupTest()(planted_world[0], EDGES).items():
        pd.testing.assert_frame_equal(table, side_by_side[name])


def test_three_accounts_are_enough(make_actions):
    actions, members = make_actions(2, group=3, waves=20)
    assert set(GroupTest()(actions, EDGES)["members"]["account_id"]) == members


@pytest.mark.parametrize("seed", range(5))
def test_organic_worlds_are_silent(seed, make_actions):
    for bursts in (0, 6):
        actions, _ = make_actions(seed, bursts=bursts)
        assert GroupTest()(actions, EDGES)["groups"].empty


def test_random_groups_have_an_e_value_of_at_most_one_on_average(organic_world):
    arrays = action_arrays(organic_world[0])
    rng = np.random.default_rng(0)
    e = []
    for _ in range(60):
        members = np.sort(rng.choice(len(arrays.accounts), 6, replace=False))
        (evidence,) = group_evidence(arrays, [members], WINDOWS)
        e.append(np.exp(evidence.log_e) if evidence else 1.0)
    assert np.mean(e) <= 1.0
    assert np.max(e) < 20


def _null(n, mean, size):
    """The null of a start: followers of a group of n, by scipy's own negative binomial."""
    spread = nbinom(size, size / (size + SLACK * mean))
    x = np.arange(n)
    mass = np.append(spread.pmf(x[:-1]), spread.sf(n - 2))
    return (1 - FREAK) * mass + FREAK / n


@pytest.mark.parametrize("news", [False, True])
@pytest.mark.parametrize(("n", "mean", "size"), [(3, 0.02, 0.5), (7, 0.8, 2.5), (40, 6.0, 30.5)])
def test_a_ratio_has_a_mean_of_at_most_one_under_the_null(n, mean, size, news):
    x = np.arange(n)
    starts = Starts(
        group=np.zeros(n, dtype=np.int64),
        row=x,
        window_s=np.full(n, 3600),
        followers=x,
        mean=np.full(n, mean),
        size=np.full(n, size),
        fresh=np.full(n, True),
        news=np.full(n, news),
        freak=np.full(n, FREAK),
    )
    null = _null(n, mean, size)
    assert np.isclose(null.sum(), 1.0)
    expected = np.einsum("x,xjr->jr", null, likelihood_ratios(starts, n))
    assert (expected <= 1 + 1e-9).all()
    assert (expected > 0.5).all() or news


def test_a_large_group_that_acts_to_the_last_member_is_seen():
    starts = Starts(
        group=np.array([0]),
        row=np.array([0]),
        window_s=np.full(1, 60),
        followers=np.array([199]),
        mean=np.array([1e-5]),
        size=np.array([0.5]),
        fresh=np.array([True]),
        news=np.array([False]),
        freak=np.array([FREAK]),
    )
    assert likelihood_ratios(starts, 200).max() > 50


def test_few_acts_of_others_vouch_for_little():
    rate = freak_rate(np.array([0, 50, 300, 100_000]))
    assert rate.tolist() == [1.0, 0.06, 0.01, LEAST_FREAK]


def test_fewer_followers_than_expected_are_no_evidence():
    starts = Starts(
        group=np.array([0]),
        row=np.array([0]),
        window_s=np.full(1, 3600),
        followers=np.array([1]),
        mean=np.array([5.0]),
        size=np.array([120.5]),
        fresh=np.array([True]),
        news=np.array([False]),
        freak=np.array([FREAK]),
    )
    assert likelihood_ratios(starts, 6).max() <= 1.0


def test_a_club_on_its_own_hashtag_is_no_campaign():
    # Each member posts by himself on the club's tag, several times a day.
    rng = np.random.default_rng(0)
    rows = [
        (f"o{rng.integers(200)}", f"tag{min(int(rng.pareto(1.2)), 40)}", rng.random())
        for _ in range(3000)
    ]
    rows += [(f"club{m}", "clubtag", rng.random()) for m in range(12) for _ in range(20)]
    frame = pd.DataFrame(rows, columns=["account_id", "object_id", "at"])
    at = pd.Timestamp("2025-05-01", tz="UTC") + pd.to_timedelta(
        (frame["at"] * 21 * 86400).round(), unit="s"
    )
    actions = tables.ACTIONS.check(
        pd.DataFrame(
            {
                "account_id": frame["account_id"],
                "layer": "hashtag",
                "object_id": frame["object_id"],
                "created_at": at,
                "post_id": [f"p{number}" for number in range(len(frame))],
                "slot": at.dt.floor("6h").dt.strftime("%Y-%m-%dT%H"),
                "source": frame["object_id"],
                "language": "en",
            }
        )
    )
    assert GroupTest()(actions, EDGES)["groups"].empty


def test_posts_are_halved_by_blocks_of_time(planted_world):
    actions, _ = planted_world
    arrays = action_arrays(actions)
    side = first_half(arrays)
    assert 0.4 < side.mean() < 0.6
    acts = arrays.layers[0]
    day = acts.time_ms // (24 * 3600 * 1000)
    assert pd.Series(side[acts.post]).groupby(day).nunique().max() == 1


def test_the_smallest_campaign_is_said(planted_world):
    actions = planted_world[0]
    sentence = smallest_campaign(actions, 0.05, n_accounts=actions["account_id"].nunique())
    assert "3 accounts on" in sentence
    assert "20 accounts on" in sentence


def test_a_share_of_the_objects_tells_the_smallest_campaign_as_well(make_actions, monkeypatch):
    actions, _ = make_actions(3, n_items=3000)
    whole = smallest_campaign(actions, 0.05, n_accounts=400)
    monkeypatch.setattr(smallest, "_MOST_ACTIONS", len(actions) // 3)
    some, one_of = smallest._some_objects(actions)
    assert one_of == 3 or one_of == 4
    assert 0.2 < len(some) / len(actions) < 0.5
    # Objects are whole.
    assert (
        some.groupby("object_id")
        .size()
        .equals(actions[actions["object_id"].isin(some["object_id"])].groupby("object_id").size())
    )
    shared = smallest_campaign(actions, 0.05, n_accounts=400)
    assert shared == smallest_campaign(actions[::-1], 0.05, n_accounts=400)
    numbers = [np.array(re.findall(r" on (\d+)", text), int) for text in (whole, shared)]
    assert np.abs(numbers[0] - numbers[1]).max() <= 2


def test_parameters():
    with pytest.raises(ParameterError) as caught:
        GroupTest(alpha=2, min_accounts=1, windows_s=(86400,))
    assert all(word in str(caught.value) for word in ("alpha", "min_accounts", "windows_s"))


def test_layers_of_actions():
    posts = tables.POSTS.check(
        pd.DataFrame(
            {
                "post_id": ["1", "2", "3", "4", "5"],
                "account_id": ["a", "b", "a", "b", None],
                "text": "x",
                "created_at": pd.Timestamp("2025-05-01T07:00", tz="UTC"),
                "urls": [["https://www.site.example/p?utm_source=x"], ["http://site.example/p"]]
                + [[]] * 3,
                "hashtags": [["lipno"], ["lipno"], [], [], []],
                "repost_of": [None, None, "9", "9", "9"],
                "family_id": ["f-1", "f-1", "f-1", "f-1", "f-1"],
            }
        )
    )
    out = SharedObjects()(posts)
    by_layer = out["actions"].groupby("layer")["post_id"].agg(list).to_dict()
    assert by_layer["url"] == ["1", "2"]  # one page, two spellings
    assert by_layer["repost"] == ["3", "4"]
    assert by_layer["family"] == ["1", "2"]  # a repost acts on nothing else
    slots = out["actions"].set_index("layer")["slot"]
    assert set(slots["hashtag"]) == {"2025-05-01T06"}
    assert slots["url"].isna().all()
    assert out["dropped"]["n"].tolist() == [1]
    with pytest.raises(ParameterError, match="unknown layer"):
        SharedObjects(layers=("urls",))


def test_an_action_stays_with_its_post_where_lists_hold_as_many_items_as_there_are_posts():
    posts = tables.POSTS.check(
        pd.DataFrame(
            {
                "post_id": ["1", "2", "3"],
                "account_id": ["a", "b", "c"],
                "created_at": pd.to_datetime(["2025-05-01"] * 3, utc=True),
                "text": ["x"] * 3,
                "hashtags": [["one", "two"], ["one"], []],
            }
        )
    )
    actions = SharedObjects(layers=("hashtag",))(posts)["actions"]
    assert actions[["account_id", "object_id", "post_id"]].to_numpy().tolist() == [
        ["a", "one", "1"],
        ["b", "one", "2"],
    ]


def test_a_candidate_among_many_must_show_what_it_costs_the_others(make_actions, monkeypatch):
    actions, _ = make_actions(2, group=8)
    arrays = action_arrays(actions)
    usual, _ = find_candidates(arrays, WINDOWS, min_accounts=3, seed=0)
    assert min(one.log_e for one in usual) > np.log(len(usual))
    # Forty pairs of accounts that show next to nothing, beside the group.
    weak = [
        Candidate(
            members=np.array([900 + 2 * k, 901 + 2 * k]),
            evidence=dataclasses.replace(usual[0].evidence, log_e=3.1),
        )
        for k in range(40)
    ]
    weighed = candidates._weighed
    monkeypatch.setattr(candidates, "_weighed", lambda *given: [*weighed(*given), *weak])
    monkeypatch.setattr(candidates, "_grown", lambda arrays, found, windows: (found, 0))
    monkeypatch.setattr(candidates, "_with_unions", lambda arrays, found, windows: (found, 0))
    found, _ = find_candidates(arrays, WINDOWS, min_accounts=3, seed=0)
    assert found
    assert all(len(one.members) > 2 for one in found)


def test_pairs_that_are_loose_by_chance_grow_no_faster_than_the_accounts():
    def n_loose(n_accounts):
        rng = np.random.default_rng(n_accounts)
        n = 3 * n_accounts
        actions = pd.DataFrame(
            {
                "account_id": np.char.mod("u%d", rng.integers(0, n_accounts, n)),
                "layer": "url",
                "object_id": np.char.mod("o%d", np.repeat(np.arange(n // 2), 2)),
                "created_at": pd.Timestamp("2025-05-01", tz="UTC")
                + pd.to_timedelta(rng.integers(0, 30 * 86400, n), unit="s"),
                "post_id": np.char.mod("p%d", np.arange(n)),
            }
        )
        # Most pairs that share an object do so within minutes.
        first = actions["created_at"].iloc[::2].repeat(2).reset_index(drop=True)
        actions["created_at"] = first + pd.to_timedelta(rng.integers(0, 600, n), unit="s")
        arrays = action_arrays(tables.ACTIONS.check(actions))
        cells, _ = pair_evidence(arrays, WINDOWS)
        return len(next(_graphs(arrays, cells, WINDOWS)).first)

    few, many = n_loose(10_000), n_loose(40_000)
    assert few > 0
    assert many <= 5 * few


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_actions_are_in_order_and_each_is_there_once(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    links = ["https://x.org/1", "http://www.x.org/1/", "https://y.org/2"]
    posts = pd.DataFrame(
        {
            "post_id": [f"p{k}" for k in rng.permutation(n)],
            "account_id": rng.choice(["a", "b", "c"], n),
            "created_at": pd.Timestamp("2025-05-01", tz="UTC")
            + pd.to_timedelta(rng.integers(0, 3, n) * rng.choice([1, 1000, 10**6]), unit="us"),
            "object_id": rng.choice(["x", "y", "z", "lone", None], n),
            "urls": [list(rng.choice(links, rng.integers(0, 4))) for _ in range(n)],
        }
    ).astype({"object_id": "str"})
    order = ["layer", "object_id", "created_at", "account_id", "post_id"]
    acted = pd.concat(
        [
            posts.assign(layer="object"),
            posts.explode("urls").assign(
                layer="url",
                object_id=lambda at: [u and canonical_url(u) for u in at["urls"].fillna("")],
            ),
        ]
    )
    acted = acted[acted["object_id"].fillna("").ne("")]
    shared = acted.groupby(["layer", "object_id"])["account_id"].transform("nunique") >= 2
    expected = acted[shared].sort_values(order, kind="stable").drop_duplicates(order)
    found = SharedObjects(layers=("url", "object"))(posts)["actions"]
    assert found[order].values.tolist() == expected[order].values.tolist()


def test_a_group_grows_by_those_whose_presence_surprises():
    start = pd.Timestamp("2025-05-01", tz="UTC")
    rows = []
    for wave in range(6):
        at = start + pd.Timedelta(days=wave)
        rows += [(f"m{n}", f"wave{wave}", at + pd.Timedelta(seconds=n)) for n in range(5)]
        # Readers of the day's news, all but two of them new each day, and one who acts everywhere.
        readers = ["reader", "listener", *(f"u{wave}-{n}" for n in range(40))]
        rows += [(who, f"day{wave}", at + pd.Timedelta(minutes=n)) for n, who in enumerate(readers)]
        rows.append(("busy", f"day{wave}", at + pd.Timedelta(minutes=5)))
        rows += [("busy", f"item{wave}-{n}", at + pd.Timedelta(hours=n)) for n in range(20)]
    frame = pd.DataFrame(rows, columns=["account_id", "object_id", "created_at"])
    actions = tables.ACTIONS.check(
        frame.assign(layer="url", post_id=[f"p{n}" for n in range(len(frame))])
    )
    arrays = action_arrays(actions)
    names = arrays.accounts.tolist()

    def grown(*group):
        members = np.sort([names.index(name) for name in group])
        return {names[code] for code in _with_regulars(arrays, members, WINDOWS)}

    assert grown("m0", "m1") == {f"m{n}" for n in range(5)}
    assert grown("reader", "listener") == {"reader", "listener"}


def test_company_helps_only_where_most_are_members():
    sure, doubtful = np.log(50.0), np.log(5.0)

    def named(log_e):
        members = np.arange(len(log_e))
        support = Support(
            members=members, log_e=np.array(log_e), shared_acts=np.full(len(log_e), 5)
        )
        return support.named(0.05).tolist()

    assert named([sure] * 40 + [doubtful]) == list(range(41))
    assert named([sure] * 2 + [doubtful]) == [0, 1]
    assert named([sure] * 3 + [doubtful] + [np.log(0.5)] * 40) == [0, 1, 2]
    # What passes by has e-values of 1 and less: nobody is named however many there are.
    assert named([0.0] * 60) == []
