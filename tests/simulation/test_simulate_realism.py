"""Worlds are hard where they should be: raw counts fail under bursts, marginals tell little."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import get_args

import numpy as np
import pytest

from disinfo.simulation import Campaign, simulate
from disinfo.simulation.campaigns import CampaignKind

KINDS = get_args(CampaignKind)


def counted(world, *, window_s=600, least=3):
    """Return the accounts that a raw count rule flags: three objects shared within ten minutes."""
    shares = defaultdict(list)
    posts = world.posts
    seconds = posts.created_at.astype("int64") // 1_000_000
    for account, time, urls, tags, repost in zip(
        posts.account_id, seconds, posts.urls, posts.hashtags, posts.repost_of, strict=True
    ):
        objects = [repost] if isinstance(repost, str) else [*urls, *tags]
        for item in objects:
            shares[item].append((time, account))
    together = defaultdict(set)
    for item, acts in shares.items():
        for (t, a), (u, b) in itertools.combinations(acts, 2):
            if a != b and u - t <= window_s:
                together[min(a, b), max(a, b)].add(item)
    return {account for pair, items in together.items() if len(items) >= least for account in pair}


def test_raw_counts_flag_a_crowd_under_bursts_and_few_in_calm_weeks():
    rates = {}
    for bursts in (0, 6):
        w = simulate(campaigns=(), twins=(), bursts=bursts, seed=11)
        rates[bursts] = len(counted(w)) / len(w.truth_accounts)
    assert rates[0] < 0.04
    assert rates[6] > 0.2


# The strongest camouflage: accounts of all languages that live as people do, six in seven of their
# posts ordinary, and the campaign's posts in any layer.
STRONGEST = {
    "n_accounts": 60, "n_waves": 16, "rotation": 0.5, "camouflage": 0.85, "mimicry": 1.0,
    "mixing": 0.5, "languages": ("en", "pl", "uk", "ru", "de"),
}  # fmt: skip


def marginals(world):
    """Return posts, text length and hours of each person and planted account, and who is which."""
    posts = world.posts
    by = posts.groupby("account_id")
    length = posts.text.str.len().groupby(posts.account_id)
    slot = posts.created_at.dt.hour // 3
    columns = [
        np.log1p(by.size()),
        length.mean(),
        length.std().fillna(0),
        *((slot == k).groupby(posts.account_id).mean() for k in range(8)),
    ]
    truth = world.truth_accounts.set_index("account_id").loc[by.size().index]
    kept = truth.kind.eq("person") | truth.role.eq("campaign")
    return np.column_stack(columns)[kept], truth.role.eq("campaign")[kept].to_numpy()


def separability(kind="reworded", seeds=range(3), **knobs):
    """Return the cross-validated AUC of a logistic regression on marginals, over worlds."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    metrics = pytest.importorskip("sklearn.metrics")
    selection = pytest.importorskip("sklearn.model_selection")
    scores = []
    for seed in seeds:
        campaign = Campaign(kind=kind, **knobs)
        w = simulate(campaigns=(campaign,), twins=(), bursts=2, posts_per_account=14, seed=seed)
        x, y = marginals(w)
        x = (x - x.mean(axis=0)) / x.std(axis=0)
        model = linear_model.LogisticRegression(class_weight="balanced")
        folds = selection.StratifiedKFold(5, shuffle=True, random_state=0)
        guess = selection.cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
        scores.append(metrics.roc_auc_score(y, guess))
    return np.mean(scores)


def test_marginals_tell_little_at_the_strongest_camouflage():
    worlds = enumerate(KINDS)
    found = [separability(kind, range(seed, seed + 1), **STRONGEST) for seed, kind in worlds]
    assert np.mean(found) <= 0.60


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_marginals_tell_little_of_any_kind_at_the_strongest_camouflage(kind):
    assert separability(kind, range(8), **STRONGEST) <= 0.60


def test_marginals_tell_much_without_camouflage():
    assert separability(seeds=range(1), n_accounts=60, camouflage=0.0) > 0.8


def test_mimics_write_as_much_as_people_and_still_act_together():
    w = simulate(
        campaigns=(Campaign(kind="reworded", **STRONGEST),),
        twins=(),
        bursts=2,
        posts_per_account=14,
        seed=5,
    )
    assert len(w.posts) == 6000
    counts = (
        w.posts.groupby("account_id")
        .size()
        .to_frame("n")
        .join(w.truth_accounts.set_index("account_id"))
    )
    mine, people = counts.n[counts.role == "campaign"], counts.n[counts.kind == "person"]
    assert 0.7 < mine.median() / people.median() < 1.4
    acts = w.truth_posts.group_id.notna().sum()
    assert acts >= 100
    assert acts / mine.sum() < 0.25


def test_bought_accounts_spoke_otherwise_before():
    campaign = Campaign(
        kind="reworded", n_accounts=30, bought=0.5, account_age_days=30, languages=("pl",),
        camouflage=0.6,
    )  # fmt: skip
    w = simulate(campaigns=(campaign,), twins=(), seed=2)
    posts = w.posts.merge(w.truth_posts[["post_id", "group_id"]]).merge(
        w.truth_accounts[["account_id", "role"]]
    )
    mine = posts[posts.role == "campaign"]
    begun = mine[mine.group_id.notna()].groupby("account_id").created_at.min()
    before = mine[mine.created_at < mine.account_id.map(begun)]
    own = before[before.repost_of.isna() & before.reply_to.isna()]
    foreign = own.language.ne("pl").groupby(own.account_id).mean()
    assert 5 <= (foreign > 0.5).sum() <= 15
    age = (mine.created_at.min() - mine.groupby("account_id").account_created_at.first()).dt.days
    assert (age < 60).sum() in range(10, 20)


def test_mixing_spreads_a_campaign_over_layers():
    def layers(mixing):
        campaign = Campaign(kind="link_amplification", n_accounts=30, mixing=mixing)
        w = simulate(campaigns=(campaign,), twins=(), bursts=0, seed=3)
        acts = w.posts[
            w.truth_posts.set_index("post_id").loc[w.posts.post_id].group_id.notna().array
        ]
        return {
            "link": (acts.urls.map(len) > 0).mean(),
            "tag": (acts.hashtags.map(len) > 0).mean(),
            "reply": acts.reply_to.notna().mean(),
            "repost": acts.repost_of.notna().mean(),
        }

    assert layers(0.0) == {"link": 1.0, "tag": 0.0, "reply": 0.0, "repost": 0.0}
    assert min(layers(1.0).values()) > 0.1
