"""A world is whole, honest about its truth, and the same for the same seed."""

from __future__ import annotations

import functools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.simulation import Campaign, Twin, demo_world, simulate
from disinfo.simulation.rhythm import by_rhythm, delayed, with_sessions


@functools.cache
def world(seed=0):
    return simulate(n_posts=3000, bursts=2, seed=seed)


def test_posts_are_a_posts_table_of_the_size_asked_for():
    posts = world().posts
    pd.testing.assert_frame_equal(tables.POSTS.check(posts, sort=False), posts)
    assert len(posts) == 3000
    assert posts.created_at.is_monotonic_increasing
    assert (posts.created_at.dt.microsecond == 0).all()
    assert posts.created_at.max() - posts.created_at.min() < pd.Timedelta(days=28)
    assert posts.language.nunique() == 5
    assert (posts.account_created_at < posts.created_at).all()


def test_same_seed_same_world_and_another_seed_another_one():
    again = simulate(n_posts=3000, bursts=2, seed=0)
    for name in ("posts", "truth_accounts", "truth_groups", "truth_posts"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(world(), name))
    assert not set(world(1).posts.post_id) & set(again.posts.post_id)


def test_truth_covers_every_account_and_post():
    w = world()
    assert set(w.truth_accounts.account_id) == set(w.posts.account_id)
    assert set(w.truth_posts.post_id) == set(w.posts.post_id)
    assert w.truth_accounts.group_id.isna().equals(w.truth_accounts.role.eq("organic"))
    counts = w.truth_accounts.groupby("group_id").size()
    assert counts.to_dict() == w.truth_groups.set_index("group_id").n_accounts.to_dict()
    acted = w.truth_posts.groupby("group_id").size()
    assert acted.to_dict() == w.truth_groups.set_index("group_id").n_posts.to_dict()
    assert w.truth_groups.set_index("kind").inauthentic.to_dict() == {
        "newswire": False,
        "reworded": True,
    }


def test_reposts_and_replies_point_to_earlier_posts():
    posts = world().posts.set_index("post_id")
    for column in ("repost_of", "reply_to"):
        rows = posts[posts[column].notna()]
        targets = posts.loc[rows[column]]
        assert len(rows) > 100
        assert (targets.created_at.to_numpy() <= rows.created_at.to_numpy()).all()
        assert targets.repost_of.isna().all()
    reposts = posts[posts.repost_of.notna()]
    originals = posts.loc[reposts.repost_of]
    assert (originals.text.to_numpy() == reposts.text.to_numpy()).all()


def test_debunks_oppose_a_message_of_the_campaign_and_are_organic():
    w = world()
    truth = w.truth_posts.merge(w.posts[["post_id", "account_id"]]).merge(
        w.truth_accounts[["account_id", "role"]]
    )
    claims = set(truth.message_id[truth.role.eq("campaign") & truth.group_id.notna()])
    debunks = truth[truth.opposes.notna()]
    assert len(debunks) > 10
    assert set(debunks.opposes) <= claims
    assert not set(debunks.message_id) & claims
    assert debunks.group_id.isna().all()


def test_ids_do_not_tell_roles():
    w = simulate(n_posts=6000, seed=3, campaigns=(Campaign(kind="reworded", n_accounts=100),))
    roles = w.truth_accounts.set_index("account_id").role
    planted = roles.eq("campaign").to_numpy()
    assert roles.index.str.fullmatch("[0-9a-f]{16}").all()
    assert w.posts.post_id.str.fullmatch("[0-9a-f]{16}").all()
    # Rank of planted accounts among sorted ids: half, within three standard errors.
    place = np.arange(len(planted))[planted].mean() / len(planted)
    assert abs(place - 0.5) < 3 * np.sqrt(1 / 12 / planted.sum())


def test_no_account_attribute_is_missing_for_anybody():
    columns = [c for c in world().posts.columns if c.startswith("account_")]
    assert len(columns) == 6
    assert not world().posts[columns].isna().to_numpy().any()
    per_account = world().posts.groupby("account_id")[columns].nunique()
    assert (per_account == 1).to_numpy().all()


def test_activity_is_heavy_tailed_and_nights_are_quiet():
    w = simulate(n_posts=6000, seed=4, campaigns=(), twins=(), bursts=0)
    people = w.truth_accounts.account_id[w.truth_accounts.kind.eq("person")]
    counts = w.posts.account_id.value_counts().reindex(people).sort_values(ascending=False)
    assert counts.iloc[: len(counts) // 10].sum() > 0.3 * counts.sum()
    assert counts.median() < 0.75 * counts.mean()
    hours = w.posts.created_at.dt.hour.value_counts(normalize=True)
    assert hours.loc[[0, 1, 2]].sum() < 0.4 * hours.loc[[10, 11, 12]].sum()


def test_everything_is_marked_as_made_up():
    urls = world().posts.urls.explode().dropna()
    assert urls.str.fullmatch(r"https://[a-z0-9-]+\.example/\S+").all()


@pytest.mark.parametrize("seed", range(3))
def test_the_default_world_fits_into_a_thousand_posts(seed):
    assert len(simulate(n_posts=1000, seed=seed).posts) == 1000


def test_a_world_of_one_language_without_groups():
    w = simulate(n_posts=500, days=2, languages=("uk",), campaigns=(), twins=(), bursts=0)
    assert w.truth_groups.empty
    assert list(w.truth_groups.columns) == [
        "group_id", "kind", "inauthentic", "n_accounts", "n_posts",
    ]  # fmt: skip
    assert set(w.posts.language) == {"uk"}


def test_platforms_are_spread_over_accounts():
    w = simulate(n_posts=1000, platforms=("x", "telegram"), seed=1)
    assert set(w.posts.platform) == {"x", "telegram"}
    assert w.posts.groupby("account_id").platform.nunique().max() == 1


def test_wrong_parameters_are_all_named():
    with pytest.raises(ParameterError) as caught:
        simulate(
            n_posts=10, days=0, languages=("xx",), bursts=-1, platforms="x", posts_per_account=0
        )
    for name in ("n_posts", "days", "xx", "bursts", "platforms", "posts_per_account"):
        assert name in str(caught.value)
    with pytest.raises(ParameterError, match="campaigns use"):
        simulate(languages=("en",), campaigns=(Campaign(kind="reworded", languages=("de",)),))
    with pytest.raises(ParameterError, match="twins must hold Twin"):
        simulate(twins=("newswire",))
    with pytest.raises(ParameterError, match=r"leave -?\d+ for ordinary life"):
        simulate(n_posts=1000, campaigns=(Campaign(kind="copypasta", n_accounts=200),))


def test_the_demo_hides_no_shortcut():
    w = demo_world(seed=2)
    posts = w.posts.merge(w.truth_posts, on="post_id")
    members = w.truth_accounts[w.truth_accounts.role.eq("campaign")]
    acts = posts[posts.account_id.isin(members.account_id) & posts.group_id.notna()]
    assert len(w.posts) == 4000
    assert 18 <= len(members) <= 26
    assert acts.language.nunique() == 5
    assert acts.message_id.nunique() == 5
    assert not acts.text.duplicated().any()
    assert acts.urls.map(len).eq(0).all()
    life = posts[posts.account_id.isin(members.account_id) & posts.group_id.isna()]
    assert 0.25 < len(life) / (len(life) + len(acts)) < 0.6
    # Ordinary people talk of refugees from Vestria as well.
    chatter = posts[~posts.account_id.isin(members.account_id) & posts.message_id.isna()]
    pattern = re.compile("vestri|вестр", re.IGNORECASE)
    assert chatter.text.str.contains(pattern).sum() > 20


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.floats(-12, 12))
def test_times_stay_inside_the_world(seed, n, offset):
    rng = np.random.default_rng(seed)
    horizon, offsets = 3 * 86_400, np.full(n, offset)
    times = by_rhythm(rng, offsets, horizon)
    assert ((times >= 0) & (times < horizon)).all()
    later = delayed(rng, times, offsets, horizon, median_s=3600.0, spread=1.5)
    assert ((later >= times) & (later < horizon)).all()
    moved = with_sessions(rng, times, rng.integers(0, 5, n), 0.3)
    assert len(moved) == n


def test_an_input_is_never_changed():
    campaigns, twins = [Campaign(kind="copypasta")], [Twin(kind="feed")]
    simulate(n_posts=2000, campaigns=campaigns, twins=twins)
    assert campaigns == [Campaign(kind="copypasta")]
    assert twins == [Twin(kind="feed")]
