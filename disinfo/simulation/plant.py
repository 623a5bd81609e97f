"""Campaigns and benign twins planted among posts that the user hands in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.errors import ParameterError, raise_all
from disinfo.simulation import disguise, twin_posts, waves
from disinfo.simulation.background import reposted
from disinfo.simulation.campaigns import MULTILINGUAL, Campaign
from disinfo.simulation.cast import Part, gather
from disinfo.simulation.casting import campaign_parts, language_rows, twin_part
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import LANGUAGES, Draw, load
from disinfo.simulation.newsroom import Newsroom, Outlet
from disinfo.simulation.rhythm import DAY, by_rhythm
from disinfo.simulation.scene import Scene, remark
from disinfo.simulation.twins import Twin
from disinfo.simulation.world import START, Group, World, finish

_NEEDED = ("post_id", "account_id", "text", "created_at")
# Posts of a language among which campaigns find what to answer and to repost.
_MOST_ITEMS = 2_000
_REPOSTS = 0.6
# Ids come from the seed: given posts may be a simulated world of the same one.
_IDS_APART = 2**32
# Somebody must be there for a customer service to answer.
_CUSTOMERS = 20


@dataclass(frozen=True, kw_only=True)
class _Background:
    """The given posts, and what is read off them."""

    posts: pd.DataFrame
    start: pd.Timestamp
    horizon_s: int
    languages: tuple[str, ...]
    posts_per_account: float
    platforms: tuple[str, ...]


def plant(
    posts: pd.DataFrame,
    campaigns: Sequence[Campaign],
    *,
    twins: Sequence[Twin] = (),
    seed: int = 0,
) -> World:
    """Plant campaigns and benign twins among given posts, such as real ones.

    Parameters
    ----------
    posts
        A ``posts`` table with post_id, account_id, text and created_at, over at least one day.
    campaigns
        What to plant. Their accounts are added; given posts stay as they are, and no given account
        becomes a member.
    twins
        Benign groups to plant. A customer service comes with customers, who are ordinary accounts.
    seed
        Same parameters and seed, same world.

    Returns
    -------
    World
        Given and planted posts in order of time, with the columns of the given table. Its accounts
        have the role ``organic`` and the kind ``given``: that nobody among them is part of a
        campaign of his own is your assumption, and nothing here can check it.

    Raises
    ------
    ParameterError
        When a needed column is absent, the posts span less than a day, nothing is to be planted,
        or a group wants a language without a corpus.

    Notes
    -----
    Planted texts come from our grammars, and ordinary posts of planted accounts are reposts of
    given posts and grammar texts. Beside real posts they are easy to tell apart by words; use it
    for the behaviour side, and to learn what a real crowd does to false alarms. There are no
    fact-checks and no believers. Among posts without a column repost_of nobody reposts.

    Examples
    --------
    >>> from disinfo.simulation import simulate
    >>> given = simulate(n_posts=1500, languages=("en",), campaigns=(), twins=(), seed=4).posts
    >>> world = plant(given, (Campaign(kind="link_amplification", n_accounts=6),), seed=1)
    >>> world.truth_accounts["role"].value_counts()["campaign"]
    np.int64(6)
    >>> set(given["post_id"]) < set(world.posts["post_id"])
    True
    """
    given = _read_off(posts, campaigns, twins)
    rng = np.random.default_rng([seed, 20_250_429])
    corpora = [load(language) for language in given.languages]
    cast = gather(rng, corpora, _parts(rng, given, campaigns, twins), len(given.platforms))
    scene = Scene(rng=rng, draw=Draw(rng), corpora=corpora, cast=cast, horizon_s=given.horizon_s)
    news = _newsroom(scene, given)
    taken: set[tuple[int, int]] = set()
    for group, campaign in enumerate(campaigns):
        said = waves.claims(scene, group, campaign.n_messages, taken)
        waves.act(scene, news, campaign, group, said)
    for group, twin in enumerate(twins, start=len(campaigns)):
        twin_posts.act(scene, news, twin, group)
    replaced = disguise.to_replace(scene)
    _live(scene, news, reposts="repost_of" in given.posts)
    if "repost_of" not in given.posts:
        # An export that tells no reposts holds none: as posts they would be verbatim copies.
        scene.drafts[:] = [draft for draft in scene.drafts if not draft.repost]
    disguise.settle(scene, replaced)
    groups = [Group(kind=campaign.kind, inauthentic=True) for campaign in campaigns]
    groups += [Group(kind=twin.kind, inauthentic=False) for twin in twins]
    made = finish(scene, groups, given.platforms, seed + _IDS_APART)
    batches = {k for k, campaign in enumerate(campaigns) if campaign.account_age_days is not None}
    batches |= {k for k, twin in enumerate(twins, start=len(campaigns)) if twin.established}
    dated = {name for name, k in zip(cast.handle, cast.group.tolist(), strict=True) if k in batches}
    return _joined(given, made, dated, seed)


def _read_off(
    posts: pd.DataFrame, campaigns: Sequence[Campaign], twins: Sequence[Twin]
) -> _Background:
    absent = [name for name in _NEEDED if name not in posts]
    problems = [f"posts lack the columns {absent}"] if absent else []
    if not campaigns and not twins:
        problems.append("campaigns and twins are empty: nothing to plant")
    for name, planted, kind in (("campaigns", campaigns, Campaign), ("twins", twins, Twin)):
        wrong = [one for one in planted if not isinstance(one, kind)]
        if wrong:
            problems.append(f"{name} must hold {kind.__name__} objects, got {wrong[0]!r}")
    raise_all(problems, ParameterError, "plant")
    table = tables.POSTS.check(posts, source="plant", sort=False)
    table = table.dropna(subset=["account_id", "created_at"]).sort_values(
        ["created_at", "post_id"], ignore_index=True
    )
    span = table["created_at"].max() - table["created_at"].min() if len(table) else pd.Timedelta(0)
    if span < pd.Timedelta(days=1):
        raise_all([f"posts must span a day at least, got {span}"], ParameterError, "plant")
    named = table["language"].dropna() if "language" in table else pd.Series(dtype="str")
    found = [code for code in named.value_counts().index if code in LANGUAGES] or list(LANGUAGES)
    chosen = [one.languages for one in campaigns] + [one.languages for one in twins]
    wanted = {code for languages in chosen for code in languages or ()}
    platforms = table["platform"].dropna().unique() if "platform" in table else []
    return _Background(
        posts=table,
        start=table["created_at"].min(),
        horizon_s=int(span.total_seconds()) // DAY * DAY,
        languages=tuple(dict.fromkeys([*found, *sorted(wanted)])),
        posts_per_account=max(1.0, len(table) / table["account_id"].nunique()),
        platforms=tuple(sorted(platforms)) or ("x",),
    )


def _parts(
    rng: np.random.Generator,
    given: _Background,
    campaigns: Sequence[Campaign],
    twins: Sequence[Twin],
) -> list[Part]:
    needed: list[Part] = []
    for group, campaign in enumerate(campaigns):
        several = campaign.kind in MULTILINGUAL
        rows = language_rows(rng, campaign.languages, given.languages, several=several)
        needed += campaign_parts(campaign, group, rows, campaign.ordinary, given.posts_per_account)
    for group, twin in enumerate(twins, start=len(campaigns)):
        rows = language_rows(rng, twin.languages, given.languages, several=False)
        needed.append(twin_part(twin, group, rows, given.posts_per_account))
        if twin.kind == "customer_service":
            ordinary = given.posts_per_account
            needed.append(Part(n=_CUSTOMERS, kind="person", languages=rows, ordinary=ordinary))
    return needed


def _newsroom(scene: Scene, given: _Background) -> Newsroom:
    """Make an outlet a language of given posts, whose items are answered and reposted."""
    posts = given.posts.dropna(subset=["text"])
    if "repost_of" in posts:
        posts = posts[posts["repost_of"].isna()]
    seconds = (posts["created_at"] - given.start).dt.total_seconds()
    posts = posts[(seconds < given.horizon_s).to_numpy()]
    outlets = []
    for language in given.languages:
        own = posts[posts["language"] == language] if "language" in posts else posts
        own = own if len(own) else posts
        chosen = own.iloc[np.sort(scene.rng.permutation(len(own))[:_MOST_ITEMS])]
        items = [_item(row, language, given.start) for row in chosen.to_dict("records")]
        steps = np.arange(1.0, len(items) + 1).tolist()
        outlets.append([Outlet(account=-1, name="", domain="", items=items, cumulative=steps)])
    return Newsroom(outlets=outlets, followed=[])


def _item(row: dict[str, object], language: str, start: pd.Timestamp) -> Draft:
    def listed(name: str) -> list[str]:
        value = row.get(name)
        return list(value) if isinstance(value, list | tuple | np.ndarray) else []

    when = pd.Timestamp(row["created_at"])
    return Draft(
        account=-1,
        time=int((when - start).total_seconds()),
        text=str(row["text"]),
        language=language,
        url=next(iter(listed("urls")), None),
        tags=tuple(listed("hashtags")),
        media=next(iter(listed("media_hash")), None),
        given_id=str(row["post_id"]),
    )


def _live(scene: Scene, news: Newsroom, *, reposts: bool) -> None:
    """Add the ordinary posts of the planted accounts: remarks, and reposts of given posts."""
    cast, draw = scene.cast, scene.draw
    authors = np.repeat(np.arange(len(cast)), scene.rng.poisson(cast.expected))
    times = by_rhythm(scene.rng, cast.offset_h[authors], scene.horizon_s)
    for row, time in zip(authors.tolist(), times.tolist(), strict=True):
        outlet = news.outlets[cast.language[row]][0]
        item = outlet.item(draw) if reposts and outlet.items and draw.chance(_REPOSTS) else None
        if item is not None:
            wait = int(scene.rng.exponential(2 * 3600.0)) + 5
            scene.post(reposted(row, item, item.time + wait))
            continue
        corpus = scene.corpus_of(row)
        topic = corpus.topics[int(cast.topics[row][draw.below(3)])]
        text = remark(draw, corpus, topic)
        scene.post(
            Draft(account=row, time=time, text=text, language=corpus.language, topic=topic.name)
        )


def _joined(given: _Background, made: World, dated: set[str], seed: int) -> World:
    """Put given and planted posts together; ids and attributes look alike.

    Accounts whose handle is in `dated` keep the age that their campaign has given them.
    """
    rng = np.random.default_rng([seed, 20_250_430])
    planted = made.posts.copy()
    shift = given.start.floor("s") - START
    planted["created_at"] += shift
    planted["account_created_at"] += shift
    posts = given.posts
    rename = {
        name: {old: _like(posts[name], old) for old in planted[name].unique()}
        for name in ("post_id", "account_id")
    }
    for name in ("post_id", "account_id"):
        planted[name] = planted[name].map(rename[name])
    for name in ("repost_of", "reply_to"):
        own = planted[name].map(rename["post_id"])
        planted[name] = own.where(own.notna(), planted[name]).astype("str")
    _resample_attributes(rng, planted, posts, dated)
    kept = [name for name in posts.columns if name in planted]
    both = pd.concat([posts, planted[kept]], ignore_index=True)
    both = both.sort_values(["created_at", "post_id"], ignore_index=True)
    accounts = pd.DataFrame({"account_id": posts["account_id"].unique()})
    accounts = accounts.assign(role="organic", group_id=None, kind="given")
    mine = made.truth_accounts.assign(
        account_id=made.truth_accounts["account_id"].map(rename["account_id"])
    )
    truth_posts = made.truth_posts.assign(
        post_id=made.truth_posts["post_id"].map(rename["post_id"])
    )
    others = pd.DataFrame({"post_id": posts["post_id"]}).reindex(columns=truth_posts.columns)
    return World(
        posts=tables.POSTS.check(both, source="plant", sort=False),
        truth_accounts=_stacked(accounts, mine, "account_id"),
        truth_groups=made.truth_groups,
        truth_posts=_stacked(others, truth_posts, "post_id"),
    )


def _stacked(given: pd.DataFrame, planted: pd.DataFrame, key: str) -> pd.DataFrame:
    types = dict.fromkeys(planted.columns, "str")
    both = pd.concat([given.astype(types), planted.astype(types)], ignore_index=True)
    return both.sort_values(key, ignore_index=True)


def _like(given: pd.Series, name: str) -> str:
    """Return an id that looks like the given ones: digits of their length where they are digits."""
    if not given.head(100).str.fullmatch(r"\d{6,}").all():
        return name
    length = int(given.str.len().mode().iloc[0])
    number = int(hashlib.blake2b(name.encode(), digest_size=32).hexdigest(), 16)
    return str(1 + number % 9) + str(number)[-(length - 1) :]


def _resample_attributes(
    rng: np.random.Generator, planted: pd.DataFrame, posts: pd.DataFrame, dated: set[str]
) -> None:
    """Give planted accounts the age and counts of given ones, drawn as a whole."""
    columns = ("account_followers", "account_following", "account_created_at")
    names = [name for name in columns if name in posts]
    if not names:
        return
    known = posts.drop_duplicates("account_id")[names]
    accounts = planted["account_id"].unique()
    drawn = known.iloc[rng.integers(0, len(known), len(accounts))].set_axis(accounts)
    keep = planted["account_handle"].isin(dated)
    for name in names:
        own = planted["account_id"].map(drawn[name])
        if name == "account_created_at":
            own = own.where(~keep, planted[name])
        planted[name] = own
