"""Every kind of campaign and twin does what its name says, and its knobs turn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from disinfo.errors import ParameterError
from disinfo.simulation import Campaign, Twin, simulate

KINDS = (
    "copypasta", "reworded", "translated", "link_amplification", "hashtag_flood", "reply_brigade",
    "slow_persona",
)  # fmt: skip
TWINS = ("newswire", "fan_club", "protest", "petition_app", "feed", "customer_service")


def acts_of(group, *, n_posts=3000, seed=0, **knobs):
    """Return the world, and the posts that the only planted group wrote as a group."""
    planted = {"campaigns": (), "twins": ()}
    planted["twins" if isinstance(group, Twin) else "campaigns"] = (group,)
    w = simulate(n_posts=n_posts, bursts=0, seed=seed, **planted, **knobs)
    posts = w.posts.merge(w.truth_posts, on="post_id")
    return w, posts[posts.group_id.notna()]


def waves_of(acts, gap="12h"):
    """Number the waves: a new one after a gap."""
    return acts.created_at.sort_values().diff().gt(pd.Timedelta(gap)).cumsum()


def test_copypasta_is_one_text_a_wave_and_language():
    _, acts = acts_of(Campaign(kind="copypasta", languages=("pl",)))
    plain = acts.text.str.replace(r"( #\S+)+$", "", regex=True)
    assert plain.nunique() <= 8
    assert len(acts) > 80


def test_reworded_says_one_message_differently_in_several_languages():
    _, acts = acts_of(Campaign(kind="reworded"))
    assert not acts.text.duplicated().any()
    assert acts.language.nunique() == 5
    assert acts.message_id.nunique() == 3
    assert acts.urls.map(len).sum() == 0
    assert acts.groupby("message_id").language.nunique().min() >= 4


def test_paraphrase_sets_the_share_of_own_wordings():
    shares = []
    for paraphrase in (0.2, 0.8):
        campaign = Campaign(kind="reworded", paraphrase=paraphrase, languages=("en",))
        _, acts = acts_of(campaign)
        shares.append(1 - acts.text.duplicated(keep=False).mean())
    assert shares[0] < 0.45 < 0.7 < shares[1]


def test_translated_starts_on_sites_of_one_language():
    campaign = Campaign(kind="translated", languages=("ru", "de", "pl"), n_accounts=21)
    _, acts = acts_of(campaign)
    articles = acts[acts.urls.map(len) > 0]
    voices = acts[acts.urls.map(len) == 0]
    assert set(articles.language) == {"ru"}
    assert articles.account_id.nunique() == 3
    assert set(voices.language) == {"de", "pl"}
    first = acts.sort_values("created_at").groupby("message_id").first()
    assert (first.language == "ru").all()


def test_links_tags_and_targets_are_shared():
    _, acts = acts_of(Campaign(kind="link_amplification"))
    assert acts.urls.map(len).eq(1).all()
    assert acts.urls.str[0].nunique() == 8
    _, acts = acts_of(Campaign(kind="hashtag_flood"))
    assert acts.hashtags.map(len).eq(1).all()
    assert acts.hashtags.str[0].nunique() <= 3
    assert not acts.text.duplicated().any()
    _, acts = acts_of(Campaign(kind="reply_brigade"))
    assert acts.reply_to.notna().all()
    assert acts.reply_to.nunique() <= 8


def test_jitter_spreads_a_wave():
    spreads = []
    for jitter in (60.0, 3600.0):
        _, acts = acts_of(Campaign(kind="copypasta", jitter_s=jitter, n_waves=4))
        acts = acts.sort_values("created_at")
        wave = waves_of(acts)
        spread = acts.created_at.groupby(wave).apply(lambda t: t.max() - t.median())
        spreads.append(spread.dt.total_seconds().median())
    assert 10 * spreads[0] < spreads[1]


def test_a_slow_persona_takes_days():
    _, acts = acts_of(Campaign(kind="slow_persona", n_waves=2, n_messages=2))
    span = acts.groupby("message_id").created_at.agg(lambda t: t.max() - t.min())
    assert (span > pd.Timedelta(days=2)).all()


def test_rotation_and_camouflage_are_what_they_say():
    campaign = Campaign(kind="reworded", n_accounts=40, n_waves=6, rotation=0.5, camouflage=0.6)
    w, acts = acts_of(campaign, n_posts=6000)
    assert len(acts) / (40 * 6) == pytest.approx(0.5, abs=0.08)
    members = w.truth_accounts.account_id[w.truth_accounts.role.eq("campaign")]
    everything = w.posts.account_id.isin(members).sum()
    assert 1 - len(acts) / everything == pytest.approx(0.6, abs=0.08)


def test_a_batch_of_accounts_is_as_old_as_it_is_said():
    campaign = Campaign(kind="copypasta", account_age_days=40)
    w, acts = acts_of(campaign)
    age = (w.posts.created_at.min() - acts.account_created_at).dt.days
    assert age.between(20, 60).all()
    organic = w.posts[~w.posts.account_id.isin(acts.account_id)]
    assert organic.account_followers.median() > acts.account_followers.median()


def test_two_campaigns_say_different_things():
    campaigns = tuple(Campaign(kind="copypasta", languages=("en",)) for _ in range(3))
    w = simulate(n_posts=4000, campaigns=campaigns, twins=(), bursts=0, seed=1)
    posts = w.posts.merge(w.truth_posts, on="post_id").dropna(subset=["group_id"])
    plain = posts.text.str.replace(r"( #\S+)+$", "", regex=True)
    assert posts.group_id.groupby(plain).nunique().max() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_campaign_of_every_kind(kind):
    campaign = Campaign(kind=kind, n_accounts=2, n_waves=1, n_messages=1, rotation=0.9, jitter_s=0)
    w, acts = acts_of(campaign, n_posts=600)
    assert acts.account_id.nunique() == 2
    assert w.truth_groups.kind.tolist() == [kind]


def test_a_newswire_prints_agency_copy_within_minutes_beside_its_own():
    w, acts = acts_of(Twin(kind="newswire"))
    told = acts.groupby("message_id").created_at.agg(["min", "max", "size"])
    assert (told["max"] - told["min"]).dt.total_seconds().median() < 1800
    assert told["size"].mean() > 3
    members = w.posts[w.posts.account_id.isin(acts.account_id)]
    assert 0.3 < len(acts) / len(members) < 0.7
    assert members.account_followers.median() > 5 * w.posts.account_followers.median()


def test_fans_follow_their_idol_within_a_minute_and_live_otherwise():
    w, acts = acts_of(Twin(kind="fan_club"))
    first = acts.groupby("story_id").created_at.transform("min")
    wait = (acts.created_at - first).dt.total_seconds()
    assert wait[wait > 0].median() < 60
    others = w.posts.account_id.isin(acts.account_id) & ~w.posts.post_id.isin(acts.post_id)
    assert others.sum() > 40


def test_a_protest_shares_a_tag_and_little_else():
    _, acts = acts_of(Twin(kind="protest"))
    assert len(set(acts.hashtags.str[0])) == 1
    assert acts.account_id.nunique() == 30
    assert acts.urls.map(len).sum() == 0


def test_an_app_writes_everybodys_own_name():
    _, acts = acts_of(Twin(kind="petition_app"))
    assert acts.urls.str[0].nunique() == 2
    named = [name in text for name, text in zip(acts.account_name, acts.text, strict=True)]
    assert all(named)
    assert acts.text.duplicated().mean() < 0.05


def test_feeds_keep_a_schedule_and_services_answer():
    _, acts = acts_of(Twin(kind="feed"))
    assert (acts.created_at.dt.minute == 0).all()
    _, acts = acts_of(Twin(kind="customer_service"))
    assert acts.reply_to.notna().all()
    assert acts.created_at.dt.day_of_week.max() <= 4


@pytest.mark.parametrize("kind", TWINS)
def test_every_twin_is_benign(kind):
    w, acts = acts_of(Twin(kind=kind, n_accounts=6, languages=("de", "uk")), n_posts=1500)
    assert not w.truth_groups.inauthentic.any()
    assert set(w.truth_accounts.kind[w.truth_accounts.role.eq("twin")]) == {kind}
    assert set(acts.language) <= {"de", "uk"}


def test_wrong_knobs_are_all_named():
    with pytest.raises(ParameterError) as caught:
        Campaign(
            kind="rewordd", n_accounts=1, n_waves=0, n_messages=0, jitter_s=np.nan, paraphrase=2,
            rotation=1, camouflage=-1, account_age_days=0, languages="en",
        )  # fmt: skip
    for name in (
        "'reworded' for 'rewordd'", "n_accounts", "n_waves", "n_messages", "jitter_s",
        "paraphrase", "rotation", "camouflage", "account_age_days", "languages",
    ):  # fmt: skip
        assert name in str(caught.value)
    with pytest.raises(ParameterError, match="n_accounts"):
        Twin(kind="feed", n_accounts=1)
    with pytest.raises(ParameterError, match="must be different"):
        Twin(kind="feed", languages=("en", "en"))
