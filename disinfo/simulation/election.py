"""Elections with planted campaigns and benign twins."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from disinfo.errors import ParameterError, raise_all
from disinfo.simulation import background, disguise, twin_posts, waves
from disinfo.simulation.bursts import break_news
from disinfo.simulation.campaigns import Campaign, language_problems
from disinfo.simulation.cast import Cast, gather
from disinfo.simulation.casting import POSTS_A_BURST, parts
from disinfo.simulation.echoes import echo
from disinfo.simulation.grammar import Draw, load
from disinfo.simulation.newsroom import Newsroom, publish
from disinfo.simulation.rhythm import Floats
from disinfo.simulation.scene import Scene
from disinfo.simulation.twins import Twin
from disinfo.simulation.world import Group, World, finish

logger = logging.getLogger(__name__)

_DEFAULT_CAMPAIGNS = (Campaign(kind="reworded"),)
_DEFAULT_TWINS = (Twin(kind="newswire"),)
# Items of outlets, as a share of all posts, and the least share of posts left for ordinary life.
_ITEM_SHARE = 0.07
_LEAST_ORDINARY = 0.1
# Share of all posts that bursts may take: when there are many, fewer people join each.
_MOST_BURSTS = 0.4


def simulate(
    *,
    n_posts: int = 6000,
    days: int = 28,
    languages: tuple[str, ...] = ("en", "pl", "uk", "ru", "de"),
    campaigns: Sequence[Campaign] = _DEFAULT_CAMPAIGNS,
    twins: Sequence[Twin] = _DEFAULT_TWINS,
    bursts: int = 6,
    seed: int = 0,
    platforms: tuple[str, ...] = ("x",),
    posts_per_account: float = 9.0,
) -> World:
    """Simulate an election month with planted campaigns and benign twins.

    Everything in it is made up: places, parties, candidates, outlets and the country of Vestria.

    Parameters
    ----------
    n_posts
        Number of posts, exactly; at least 500.
    days
        Length in days.
    languages
        Which of ``de``, ``en``, ``pl``, ``ru`` and ``uk`` people write in.
    campaigns
        Planted campaigns.
    twins
        Benign groups that act together.
    bursts
        Number of breaking events that many ordinary accounts post about within minutes.
    seed
        Same parameters and seed, same world.
    platforms
        Names of the platforms that accounts are spread over.
    posts_per_account
        Mean number of posts of an ordinary account; sets how many accounts there are.

    Returns
    -------
    World
        Posts and truth tables.

    Raises
    ------
    ParameterError
        When a parameter is out of range, or campaigns, twins and bursts leave less than one in
        ten posts for ordinary life.

    Notes
    -----
    A simulated world shows whether a method works as meant, not whether it works on real data: its
    texts come from a few thousand clauses, and nobody in it adapts. Memory grows
    with `n_posts`; `write_parts` makes large elections in parts.

    Examples
    --------
    >>> world = simulate(n_posts=1500, languages=("en",), bursts=1, seed=7)
    >>> len(world.posts)
    1500
    >>> world.truth_groups[["kind", "inauthentic"]].sort_values("kind").values.tolist()
    [['newswire', False], ['reworded', True]]
    """
    raise_all(
        _problems(n_posts, days, languages, campaigns, twins, bursts, platforms, posts_per_account),
        ParameterError,
        "simulate",
    )
    rng = np.random.default_rng([seed, 20_250_428])
    corpora = [load(language) for language in languages]
    cast = gather(
        rng,
        corpora,
        parts(rng, n_posts, languages, campaigns, twins, bursts, posts_per_account),
        len(platforms),
    )
    scene = Scene(rng=rng, draw=Draw(rng), corpora=corpora, cast=cast, horizon_s=days * 86_400)
    news = publish(scene, round(_ITEM_SHARE * n_posts))
    crowd = np.flatnonzero(cast.news > 0)
    eagerness = min(1.0, _MOST_BURSTS * n_posts / max(1.0, POSTS_A_BURST * bursts * len(crowd)))
    for number in range(bursts):
        break_news(scene, news, number, crowd, eagerness)
    _act(scene, news, campaigns, twins)
    left = n_posts - len(scene.drafts)
    if left < _LEAST_ORDINARY * n_posts:
        msg = (
            f"simulate: outlets, bursts, campaigns and twins need {len(scene.drafts)} of "
            f"{n_posts} posts and leave {left} for ordinary life; at least "
            f"{_LEAST_ORDINARY:.0%} are needed: raise n_posts, or plant less"
        )
        raise ParameterError(msg)
    replaced = disguise.to_replace(scene)
    background.write(scene, news, left + replaced, _expected(cast, left))
    disguise.settle(scene, replaced)
    logger.debug("simulated %d posts of %d accounts", len(scene.drafts), len(cast))
    groups = [Group(kind=c.kind, inauthentic=True) for c in campaigns]
    groups += [Group(kind=t.kind, inauthentic=False) for t in twins]
    return finish(scene, groups, platforms, seed)


def demo_world(seed: int = 0) -> World:
    """Simulate a small election with one planted campaign and one newswire.

    24 accounts reword five messages in five languages, in twenty waves over three weeks; no two
    of their posts are equal and they share no link. Four in ten of their posts are ordinary.

    Parameters
    ----------
    seed
        Same seed, same world.

    Returns
    -------
    World
        4,000 posts.

    Examples
    --------
    >>> len(demo_world().posts)
    4000
    """
    campaign = Campaign(
        kind="reworded",
        n_accounts=24,
        n_waves=20,
        n_messages=5,
        jitter_s=1200.0,
        rotation=0.25,
        camouflage=0.4,
    )
    return simulate(
        n_posts=4000,
        days=21,
        campaigns=(campaign,),
        twins=(Twin(kind="newswire"),),
        bursts=2,
        seed=seed,
    )


def _act(
    scene: Scene, news: Newsroom, campaigns: Sequence[Campaign], twins: Sequence[Twin]
) -> None:
    """Add the posts of all planted groups, and what the public makes of campaigns."""
    people = np.flatnonzero([kind == "person" for kind in scene.cast.kind])
    taken: set[tuple[int, int]] = set()
    for group, campaign in enumerate(campaigns):
        said = waves.claims(scene, group, campaign.n_messages, taken)
        waves.act(scene, news, campaign, group, said)
        echo(scene, campaign, group, said, people)
    for group, twin in enumerate(twins, start=len(campaigns)):
        twin_posts.act(scene, news, twin, group)


def _expected(cast: Cast, n_posts: int) -> Floats:
    """Return ordinary posts an account, with those of ordinary people making up the rest."""
    everyday = cast.everyday
    others = cast.expected[~everyday].sum()
    rest = max(n_posts - others, 0.2 * n_posts)
    return np.where(everyday, cast.expected * rest / cast.expected[everyday].sum(), cast.expected)


def _problems(
    n_posts: int,
    days: int,
    languages: tuple[str, ...],
    campaigns: Sequence[Campaign],
    twins: Sequence[Twin],
    bursts: int,
    platforms: tuple[str, ...],
    posts_per_account: float,
) -> list[str]:
    problems = language_problems(languages)
    for name, value, least in (("n_posts", n_posts, 500), ("days", days, 2), ("bursts", bursts, 0)):
        if not isinstance(value, int) or value < least:
            problems.append(f"{name} must be a whole number of at least {least}, got {value!r}")
    if not isinstance(platforms, tuple) or not platforms:
        problems.append(f"platforms must be a tuple such as ('x',), got {platforms!r}")
    if not 1 <= posts_per_account <= 1000:
        problems.append(f"posts_per_account must be in [1, 1000], got {posts_per_account!r}")
    for name, groups, wanted in (("campaigns", campaigns, Campaign), ("twins", twins, Twin)):
        wrong = [group for group in groups if not isinstance(group, wanted)]
        if wrong:
            problems.append(f"{name} must hold {wanted.__name__} objects, got {wrong[0]!r}")
            continue
        absent = {
            code for group in groups for code in group.languages or () if code not in languages
        }
        if absent:
            problems.append(f"{name} use {sorted(absent)}, which are not among {list(languages)}")
    return problems
