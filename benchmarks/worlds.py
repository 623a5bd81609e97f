"""The worlds of the coordination tasks: four kinds, knobs drawn from the seed.

Seeds 100 to 199 are for development, those from 20000 on for figures. Organic and burst worlds hold
no planted group at all; the mixed ones hold four campaigns and three benign twins. The ranges of
the knobs were set on development seeds so that counting posts does not find the members, and raw
counts of co-actions do about as on earlier families of worlds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

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
    planted = kind.startswith("mixed")
    return simulate(
        n_posts=n_posts,
        campaigns=_campaigns(rng) if planted else (),
        twins=tuple(Twin(kind=str(k)) for k in rng.choice(TWINS, 3, replace=False))  # type: ignore[arg-type]
        if planted
        else (),
        bursts=6 if kind.endswith("bursts") else 0,
        seed=seed + _BETWEEN_KINDS * number,
    )


def _campaigns(rng: np.random.Generator) -> tuple[Campaign, ...]:
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
