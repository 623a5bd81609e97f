"""The worlds of the coordination tasks: four kinds, knobs drawn from the seed.

Seeds 100 to 199 are for development, those from 20000 on for figures. Organic and burst worlds hold
no planted group at all; the mixed ones hold four campaigns and three benign twins. The ranges of
the knobs were set on development seeds so that counting posts does not find the members, and raw
counts of co-actions do about as on earlier families of worlds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from benchmarks.examination import refuse_world
from disinfo.simulation import Campaign, Twin, World, simulate

KINDS = ("organic", "bursts", "mixed", "mixed+bursts")
CAMPAIGNS = (
    "copypasta", "reworded", "translated", "link_amplification", "hashtag_flood", "reply_brigade",
    "slow_persona",
)  # fmt: skip
TWINS = ("newswire", "fan_club", "protest", "petition_app", "feed", "customer_service")
N_POSTS = 6000
DEVELOPMENT_SEEDS = range(100, 200)
FIRST_REPORTED_SEED = 20_000
# Grids of the graded worlds.
SIZES = (3, 6, 12, 30, 60)
JITTERS_S = (10.0, 300.0, 3600.0, 21600.0)
CAMOUFLAGE = (0.0, 0.3, 0.6, 0.9)
# Worlds of different kinds share nothing, also under one seed.
_BETWEEN_KINDS = 1_000_000


def world(kind: str, seed: int, n_posts: int = N_POSTS) -> World:
    """Simulate one world.

    Parameters
    ----------
    kind
        One of `KINDS`.
    seed
        Decides everything else.
    n_posts
        Size.

    Returns
    -------
    World
        Posts and truth.

    Raises
    ------
    HarnessError
        When a system that is being asked wants the world of a reported seed.
    """
    refuse_world(seed, FIRST_REPORTED_SEED)
    return _simulated(kind, seed, n_posts)


@lru_cache(maxsize=4)
def _simulated(kind: str, seed: int, n_posts: int) -> World:
    number = KINDS.index(kind)
    rng = np.random.default_rng([seed, number])
    return _made(kind, seed, n_posts, drawn_campaigns(rng) if _planted(kind) else (), rng)


def _planted(kind: str) -> bool:
    return kind.startswith("mixed")


def _made(
    kind: str, seed: int, n_posts: int, campaigns: tuple[Campaign, ...], rng: np.random.Generator
) -> World:
    planted = _planted(kind)
    return simulate(
        n_posts=n_posts,
        campaigns=campaigns,
        twins=tuple(Twin(kind=str(k)) for k in rng.choice(TWINS, 3, replace=False))  # type: ignore[arg-type]
        if planted
        else (),
        bursts=6 if kind.endswith("bursts") else 0,
        seed=seed + _BETWEEN_KINDS * KINDS.index(kind),
    )


def drawn_campaigns(rng: np.random.Generator) -> tuple[Campaign, ...]:
    """Draw the knobs of four campaigns of different kinds.

    Parameters
    ----------
    rng
        Decides everything.

    Returns
    -------
    tuple of Campaign
        Four.
    """
    return tuple(
        Campaign(
            kind=str(kind),  # type: ignore[arg-type]
            n_accounts=int(rng.integers(6, 31)),
            n_waves=int(rng.integers(4, 13)),
            jitter_s=float(np.exp(rng.uniform(np.log(60), np.log(7200)))),
            paraphrase=float(rng.uniform(0.2, 1.0)),
            rotation=float(rng.uniform(0.1, 0.5)),
            camouflage=float(rng.uniform(0.1, 0.6)),
            account_age_days=None if rng.random() < 0.6 else float(rng.integers(20, 400)),
        )
        for kind in rng.choice(CAMPAIGNS, 4, replace=False)
    )


def graded_world(kind: str, seed: int) -> tuple[World, pd.DataFrame]:
    """Simulate a world whose four campaigns have knobs from grids, for tables of power.

    Parameters
    ----------
    kind
        ``mixed`` or ``mixed+bursts``.
    seed
        Draws kinds and knobs.

    Returns
    -------
    world : World
        Posts and truth.
    knobs : DataFrame
        kind, n_accounts, jitter_s and camouflage of what was planted; kinds differ, so they name
        the groups of the truth.

    Raises
    ------
    HarnessError
        When a system that is being asked wants the world of a reported seed.
    """
    refuse_world(seed, FIRST_REPORTED_SEED)
    rng = np.random.default_rng([seed, KINDS.index(kind), 1])
    planted = CAMPAIGNS[:-1]
    knobs = pd.DataFrame(
        {
            "kind": rng.choice(planted, 4, replace=False).astype(str),
            "n_accounts": rng.choice(SIZES, 4),
            "n_waves": rng.integers(6, 13, 4),
            "jitter_s": rng.choice(JITTERS_S, 4),
            "paraphrase": rng.uniform(0.2, 1.0, 4),
            "rotation": rng.uniform(0.0, 0.5, 4),
            "camouflage": rng.choice(CAMOUFLAGE, 4),
        }
    )
    campaigns = tuple(Campaign(**row) for row in knobs.to_dict("records"))
    return _made(kind, seed, N_POSTS, campaigns, rng), knobs
