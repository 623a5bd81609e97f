"""Large elections come in parts, and campaigns can be planted among given posts."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.simulation import Campaign, Twin, parts, plant, simulate, simulate_parts, write_parts
from disinfo.simulation.twins import TwinKind

SETTINGS = {
    "n_posts": 2000,
    "part_posts": 500,
    "languages": ("en", "pl"),
    "bursts": 1,
    "campaigns": (Campaign(kind="copypasta", n_accounts=5, n_waves=2, rotation=0.0),),
    "twins": (Twin(kind="feed"),),
    "seed": 3,
}


def test_parts_have_all_posts_and_share_no_id():
    made = list(simulate_parts(**SETTINGS))
    assert [len(part.posts) for part in made] == [500] * 4
    posts = pd.concat([part.posts for part in made])
    assert posts.post_id.is_unique
    owners = posts.assign(part=posts.index.to_series().eq(0).cumsum().array)
    assert owners.groupby("account_id").part.nunique().max() == 1
    kinds = pd.concat([part.truth_groups for part in made]).kind.tolist()
    assert sorted(kinds) == ["copypasta", "feed"]


def test_an_interrupted_writing_goes_on(tmp_path, monkeypatch):
    whole = write_parts(tmp_path / "whole", **SETTINGS)

    made = []

    def once(**parameters):
        made.append(parameters["seed"])
        if len(made) == 3:
            raise KeyboardInterrupt
        return simulate(**parameters)

    monkeypatch.setattr(parts, "simulate", once)
    with pytest.raises(KeyboardInterrupt):
        write_parts(tmp_path / "cut", **SETTINGS)
    cut = write_parts(tmp_path / "cut", **SETTINGS)
    assert len(made) == 5, "the two whole parts were not made again"
    names = sorted(path.name for path in whole.iterdir())
    assert names == sorted(path.name for path in cut.iterdir())
    for folder in parts.TABLES:
        for name in names:
            one, other = (pd.read_parquet(root.parent / folder / name) for root in (whole, cut))
            pd.testing.assert_frame_equal(one, other)


def test_parts_of_other_parameters_are_not_mixed(tmp_path):
    write_parts(tmp_path, **SETTINGS)
    with pytest.raises(ParameterError, match="not with"):
        write_parts(tmp_path, **{**SETTINGS, "seed": 4})
    with pytest.raises(ParameterError, match="part_posts"):
        next(simulate_parts(n_posts=1000, part_posts=10))


def _given():
    """Posts that are not ours: digits for ids, few columns, one text missing."""
    made = simulate(n_posts=2000, languages=("de", "pl"), campaigns=(), twins=(), seed=8).posts
    ids = {name: str(1_000_000_000 + k) for k, name in enumerate(made.post_id)}
    accounts = {name: str(77_000_000 + k) for k, name in enumerate(made.account_id.unique())}
    made = made.assign(
        post_id=made.post_id.map(ids),
        account_id=made.account_id.map(accounts),
        repost_of=made.repost_of.map(ids).astype("str"),
        reply_to=made.reply_to.map(ids).astype("str"),
        mine="kept",
    )
    made.loc[5, "text"] = None
    return made.drop(columns=["media_hash", "account_handle", "account_name"])


PLANTED = (
    Campaign(kind="reply_brigade", n_accounts=12, account_age_days=20.0),
    Campaign(kind="reworded", n_accounts=12, languages=("pl", "uk"), mimicry=1.0, mixing=0.4),
)


def test_given_posts_stay_and_planted_ones_look_like_them():
    given = _given()
    w = plant(given, PLANTED, seed=1)
    pd.testing.assert_frame_equal(tables.POSTS.check(w.posts, sort=False), w.posts)
    assert list(w.posts) == list(given)
    kept = w.posts[w.posts.post_id.isin(given.post_id)]
    assert len(kept) == len(given)
    assert kept.mine.eq("kept").all()
    added = w.posts[~w.posts.post_id.isin(given.post_id)]
    assert added.post_id.str.fullmatch(r"\d{10}").all()
    assert added.account_id.str.fullmatch(r"\d{8}").all()
    assert not set(added.account_id) & set(given.account_id)
    assert added.created_at.between(given.created_at.min(), given.created_at.max()).all()
    role = w.truth_accounts.set_index("account_id").role
    assert role.value_counts()["campaign"] == 24
    assert set(role[added.account_id.unique()]) == {"campaign"}
    assert set(w.truth_posts.post_id) == set(w.posts.post_id)


def test_planted_accounts_answer_and_repost_given_posts():
    given = _given()
    w = plant(given, PLANTED, seed=1)
    added = w.posts[~w.posts.post_id.isin(given.post_id)]
    for column, least in (("reply_to", 40), ("repost_of", 40)):
        targets = added[column].dropna()
        assert len(targets) >= least
        assert set(targets) <= set(w.posts.post_id)
    when = w.posts.set_index("post_id").created_at
    answers = added.dropna(subset=["reply_to"])
    assert (when[answers.reply_to].array <= answers.created_at.array).all()


def test_twins_of_every_kind_are_planted_and_benign():
    given = _given()
    kinds = get_args(TwinKind)
    w = plant(given, PLANTED[:1], twins=[Twin(kind=kind) for kind in kinds], seed=1)
    groups = w.truth_groups.set_index("kind")["inauthentic"]
    assert groups.to_dict() == {"reply_brigade": True, **dict.fromkeys(kinds, False)}
    accounts = w.truth_accounts.query("role == 'twin'")
    assert set(accounts["kind"]) == set(kinds)
    said = w.truth_posts.dropna(subset=["group_id"]).merge(w.posts, on="post_id")
    spoken = said.merge(w.truth_groups, on="group_id")["kind"].value_counts()
    assert (spoken[list(kinds)] >= 20).all()
    # Somebody asks the customer service, and is nobody's member.
    asked = w.truth_accounts.query("kind == 'person'")
    assert len(asked)
    assert asked["group_id"].isna().all()


def test_old_firms_stay_old_and_nobody_reposts_where_no_repost_is_told():
    given = _given()
    young = given["created_at"].min() - pd.Timedelta(days=5)
    given = given.assign(account_created_at=young).drop(columns="repost_of")
    w = plant(given, PLANTED[:1], twins=(Twin(kind="feed"), Twin(kind="fan_club")), seed=1)
    kind = w.posts["account_id"].map(w.truth_accounts.set_index("account_id")["kind"])
    age = w.posts.groupby(kind)["account_created_at"].max()
    assert age["feed"] < young - pd.Timedelta(days=365)
    assert age["fan_club"] == young
    # Three in five ordinary posts would be reposts of given ones, and repeat their whole text.
    added = w.posts[~w.posts["post_id"].isin(given["post_id"])]
    assert added["text"].isin(given["text"]).mean() < 0.05


def test_a_world_can_be_planted_into_with_its_own_seed():
    given = simulate(n_posts=600, languages=("en",), campaigns=(), twins=(), seed=5).posts
    w = plant(given, (Campaign(kind="reworded", n_accounts=5, languages=("en",)),), seed=5)
    assert w.posts["post_id"].is_unique
    assert set(given["account_id"]).isdisjoint(
        w.truth_accounts.query("role == 'campaign'")["account_id"]
    )


def test_planting_is_the_same_for_the_same_seed_and_any_order_of_rows():
    given = _given()
    one = plant(given, PLANTED, seed=1)
    other = plant(given.sample(frac=1.0, random_state=0), PLANTED, seed=1)
    pd.testing.assert_frame_equal(one.posts, other.posts)
    assert not plant(given, PLANTED, seed=2).posts.equals(one.posts)


def test_what_cannot_be_planted_is_said():
    given = _given()
    with pytest.raises(ParameterError, match=r"lack the columns \['text'\]"):
        plant(given.drop(columns="text"), PLANTED)
    with pytest.raises(ParameterError, match="nothing to plant"):
        plant(given, ())
    with pytest.raises(ParameterError, match="twins must hold Twin objects"):
        plant(given, (), twins=PLANTED)
    with pytest.raises(ParameterError, match="span a day"):
        plant(given.head(3).assign(created_at=given.created_at.iloc[0]), PLANTED)
