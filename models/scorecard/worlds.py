"""The worlds that the scorecard learns from: knobs drawn from seeds that are used for nothing else.

Elections, seeds from 9000 on, hold five kinds of campaign and nine benign twins, all kinds among
them. Small worlds, seeds from 9500 on, are what most exports are: some hundred posts of one
language over some days, with one campaign and three twins, where some columns are not told.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from disinfo.simulation import Campaign, Twin, World, plant, simulate
from disinfo.simulation.grammar import LANGUAGES

FIRST_SEED = 9000
FIRST_SMALL = 9500
N_POSTS = 6000
N_CAMPAIGNS = 5
CAMPAIGNS = (
    "copypasta", "reworded", "translated", "link_amplification", "hashtag_flood", "reply_brigade",
    "slow_persona",
)  # fmt: skip
TWINS = ("newswire", "fan_club", "protest", "petition_app", "feed", "customer_service")
CROWDS = ("fan_club", "protest", "petition_app")
# What an export may not tell, apart from one another.
UNTOLD = (
    ("account_created_at",),
    ("account_handle", "account_name"),
    ("account_followers", "account_following"),
    ("repost_of",),
    ("reply_to",),
    ("urls", "hashtags", "mentions"),
    ("media", "media_hash"),
)


def world_of(seed: int) -> World:
    """Simulate one world with knobs drawn from its seed."""
    rng = np.random.default_rng(seed)
    return small_world(rng, seed) if seed >= FIRST_SMALL else election(rng, seed)


def small_world(rng: np.random.Generator, seed: int) -> World:
    """Plant one campaign and three twins in a few days of one language, and untell some columns."""
    language = str(rng.choice(LANGUAGES))
    given = simulate(
        n_posts=int(np.exp(rng.uniform(np.log(500), np.log(2500)))),
        days=int(rng.integers(2, 15)),
        languages=(language,),
        campaigns=(),
        twins=(),
        bursts=int(rng.integers(0, 3)),
        posts_per_account=float(rng.uniform(1.5, 10)),
        # Other draws than those of what is planted.
        seed=seed + 1_000_000,
    ).posts
    for columns in UNTOLD:
        if rng.random() < 0.4:
            given = given.drop(columns=[name for name in columns if name in given])
    campaign = _campaign(rng, str(rng.choice(CAMPAIGNS)))
    campaign = dataclasses.replace(
        campaign, n_accounts=int(rng.integers(4, 21)), languages=(language,)
    )
    twins = [
        Twin(kind=str(kind), n_accounts=int(rng.integers(3, 21)), languages=(language,))
        for kind in rng.choice(TWINS, 3, replace=False)
    ]
    return plant(given, (campaign,), twins=twins, seed=seed)


def election(rng: np.random.Generator, seed: int) -> World:
    """Simulate a month of an election in five languages."""
    campaigns = tuple(
        _campaign(rng, str(kind)) for kind in rng.choice(CAMPAIGNS, N_CAMPAIGNS, replace=False)
    )
    # Crowds of the usual size are seldom called; large ones show what called ones look like.
    more = (
        Twin(kind="newswire", n_accounts=int(rng.integers(4, 16))),
        Twin(kind="feed", n_accounts=int(rng.integers(3, 13))),
        Twin(kind=str(rng.choice(CROWDS)), n_accounts=int(rng.integers(25, 61))),
    )
    return simulate(
        n_posts=N_POSTS,
        campaigns=campaigns,
        twins=(*(Twin(kind=kind) for kind in TWINS), *more),
        bursts=int(rng.choice([0, 2, 4])),
        platforms=("x",) if rng.random() < 0.6 else ("x", "telegram"),
        seed=seed,
    )


def _campaign(rng: np.random.Generator, kind: str) -> Campaign:
    """Draw the knobs of a campaign; most hide nothing, some hide in one way or another."""

    def seldom() -> float:
        return float(rng.uniform(0.2, 1.0)) if rng.random() < 0.25 else 0.0

    return Campaign(
        kind=kind,
        n_accounts=int(rng.integers(6, 31)),
        n_waves=int(rng.integers(4, 14)),
        jitter_s=float(np.exp(rng.uniform(np.log(60), np.log(7200)))),
        paraphrase=float(rng.uniform(0.2, 1.0)),
        rotation=float(rng.uniform(0.1, 0.5)),
        camouflage=float(rng.uniform(0.1, 0.6)),
        mimicry=seldom(),
        mixing=seldom(),
        bought=seldom(),
        account_age_days=None if rng.random() < 0.6 else float(rng.integers(20, 400)),
    )
