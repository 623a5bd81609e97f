"""Worlds are hard where they should be: raw counts fail under bursts, marginals tell little."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest

from disinfo.simulation import Campaign, simulate


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


def marginals(world):
    """Return posts, text length, followers and hours of each account, and who is planted."""
    posts = world.posts
    by = posts.groupby("account_id")
    hour = posts.created_at.dt.hour
    columns = [
        np.log1p(by.size()),
        posts.text.str.len().groupby(posts.account_id).mean(),
        np.log1p(by.account_followers.first()),
        *(hour.between(h, h + 5).groupby(posts.account_id).mean() for h in (0, 6, 12)),
    ]
    truth = world.truth_accounts.set_index("account_id").loc[by.size().index]
    kept = truth.kind.eq("person") | truth.role.eq("campaign")
    return np.column_stack(columns)[kept], truth.role.eq("campaign")[kept].to_numpy()


def separability(camouflage, *, n_waves, rotation):
    """Return the cross-validated AUC of a logistic regression on marginals, over three seeds."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    metrics = pytest.importorskip("sklearn.metrics")
    selection = pytest.importorskip("sklearn.model_selection")
    scores = []
    for seed in range(3):
        campaign = Campaign(
            kind="reworded",
            n_accounts=60,
            n_waves=n_waves,
            rotation=rotation,
            camouflage=camouflage,
        )
        w = simulate(campaigns=(campaign,), bursts=2, posts_per_account=14, seed=seed)
        x, y = marginals(w)
        x = (x - x.mean(axis=0)) / x.std(axis=0)
        model = linear_model.LogisticRegression(class_weight="balanced")
        folds = selection.StratifiedKFold(5, shuffle=True, random_state=0)
        guess = selection.cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
        scores.append(metrics.roc_auc_score(y, guess))
    return np.mean(scores)


def test_marginals_give_a_camouflaged_campaign_little_away():
    assert separability(0.9, n_waves=6, rotation=0.8) <= 0.61
    assert separability(0.0, n_waves=8, rotation=0.3) > 0.8
