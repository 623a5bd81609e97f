"""Who is needed for a world: people, outlets, fact-checkers, and the members of planted groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from disinfo.simulation import waves
from disinfo.simulation.campaigns import MULTILINGUAL, Campaign
from disinfo.simulation.cast import Part
from disinfo.simulation.twins import Twin

# Posts that an account writes about one burst, measured over seeds.
POSTS_A_BURST = 0.5


def parts(
    rng: np.random.Generator,
    n_posts: int,
    languages: tuple[str, ...],
    campaigns: Sequence[Campaign],
    twins: Sequence[Twin],
    bursts: int,
    posts_per_account: float,
) -> list[Part]:
    """Say which accounts the world needs.

    Parameters
    ----------
    rng
        Source of randomness.
    n_posts, languages, campaigns, twins, bursts, posts_per_account
        As in `disinfo.simulation.simulate`.

    Returns
    -------
    list of Part
        People, outlets and fact-checkers, then the planted groups by their number.
    """
    everywhere = tuple(range(len(languages)))
    n_people = max(10 * len(languages), round(n_posts / posts_per_account))
    n_outlets = len(languages) * int(np.clip(n_posts / (200 * len(languages)), 5, 60))
    needed = [
        Part(
            n=n_people,
            kind="person",
            languages=everywhere,
            ordinary=posts_per_account,
            everyday=True,
        ),
        Part(n=n_outlets, kind="outlet", languages=everywhere, news=0.0, established=True),
        Part(
            n=len(languages), kind="fact-checker", languages=everywhere, news=0.0, established=True
        ),
    ]
    for group, campaign in enumerate(campaigns):
        several = campaign.kind in MULTILINGUAL
        rows = language_rows(rng, campaign.languages, languages, several=several)
        in_bursts = POSTS_A_BURST * bursts * campaign.camouflage
        ordinary = max(0.0, campaign.ordinary - in_bursts)
        needed += campaign_parts(campaign, group, rows, ordinary, posts_per_account)
    for group, twin in enumerate(twins, start=len(campaigns)):
        rows = language_rows(rng, twin.languages, languages, several=False)
        needed.append(twin_part(twin, group, rows, posts_per_account))
    return needed


def twin_part(twin: Twin, group: int, rows: tuple[int, ...], posts_per_account: float) -> Part:
    """Cast a twin.

    Parameters
    ----------
    twin
        What it is.
    group
        Its number.
    rows
        Rows of the languages that it uses.
    posts_per_account
        Ordinary posts of an account that lives as people do.

    Returns
    -------
    Part
        All of its accounts.
    """
    return Part(
        n=twin.size,
        role="twin",
        kind=twin.kind,
        group=group,
        languages=rows,
        ordinary=twin.ordinary * posts_per_account,
        news=twin.ordinary,
        established=twin.established,
    )


def campaign_parts(
    campaign: Campaign,
    group: int,
    rows: tuple[int, ...],
    ordinary: float,
    posts_per_account: float,
) -> list[Part]:
    """Cast a campaign: its accounts, and behind them its sites, which write in one language.

    Parameters
    ----------
    campaign
        Its knobs.
    group
        Its number.
    rows
        Rows of the languages that it uses.
    ordinary
        Ordinary posts of an account that does not live as people do.
    posts_per_account
        Those of one that does.

    Returns
    -------
    list of Part
        Plain accounts, accounts that live as people do, sites.
    """
    n_sites = waves.n_sites(campaign)
    voices = rows[1:] or rows if n_sites else rows
    n_voices = campaign.n_accounts - n_sites
    n_everyday = round(campaign.mimicry * n_voices)
    wanted = (
        (n_voices - n_everyday, voices, False, campaign.bought),
        (n_everyday, voices, True, campaign.bought),
        (n_sites, rows[:1], round(campaign.mimicry) > 0, 0.0),
    )
    return [
        Part(
            n=n,
            role="campaign",
            kind=campaign.kind,
            group=group,
            languages=spoken,
            ordinary=posts_per_account if everyday else ordinary,
            news=1.0 if everyday else campaign.camouflage,
            age_days=campaign.account_age_days,
            everyday=everyday,
            bought=bought,
        )
        for n, spoken, everyday, bought in wanted
        if n
    ]


def language_rows(
    rng: np.random.Generator,
    wanted: tuple[str, ...] | None,
    languages: tuple[str, ...],
    *,
    several: bool,
) -> tuple[int, ...]:
    """Return the rows of the languages that a group uses: those it wants, all, or one."""
    if wanted is not None:
        return tuple(languages.index(code) for code in wanted)
    if several:
        return tuple(int(row) for row in rng.permutation(len(languages)))
    return (int(rng.integers(0, len(languages))),)
