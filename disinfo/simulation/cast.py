"""The accounts of a world: ordinary people, outlets, members of twins and of campaigns.

All of them are drawn by the same laws; what sets a group apart is said by its own knobs only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disinfo.simulation.grammar import Corpus, Draw
from disinfo.simulation.rhythm import UTC_OFFSET_H, Floats

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Spread of log activity among accounts: the busiest tenth writes about half of all posts.
ACTIVITY_SPREAD = 1.15
_SECONDS_A_YEAR = 31_557_600


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Attributes of all accounts, one array entry an account.

    Parameters
    ----------
    language
        Main language, as a row of the world's languages.
    offset_h
        Hours by which the account's day runs ahead of UTC.
    platform
        Row of the world's platforms.
    expected
        Ordinary posts that the account is expected to write.
    sharing, reposting
        Share of its ordinary posts that link to an outlet, and that repost.
    news
        Taste for breaking news: chance to join a burst.
    topics
        Three favourite topics, shape (n, 3).
    age_s
        Age at the start of the world, in seconds.
    followers, following
        Counts.
    handle, name
        How it calls itself.
    role, kind
        ``organic``, ``twin`` or ``campaign``, and what kind of it.
    group
        Number of the planted group, or -1.
    everyday
        Whether it writes as many posts as ordinary people do; shape (n,).
    bought
        Whether somebody else had it before; shape (n,).
    """

    language: Indices
    offset_h: Floats
    platform: Indices
    expected: Floats
    sharing: Floats
    reposting: Floats
    news: Floats
    topics: Indices
    age_s: Indices
    followers: Indices
    following: Indices
    handle: list[str]
    name: list[str]
    role: list[str]
    kind: list[str]
    group: Indices
    everyday: Flags
    bought: Flags

    def __len__(self) -> int:
        """Return the number of accounts."""
        return len(self.language)

    def members(self, group: int) -> Indices:
        """Return the rows of the accounts in a group."""
        return np.flatnonzero(self.group == group)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some accounts of one role, to be cast.

    Parameters
    ----------
    n
        How many.
    kind
        As in `Cast`.
    languages
        Rows of the world's languages that the part is spread over.
    role, group
        As in `Cast`.
    ordinary
        Mean number of ordinary posts of an account.
    news
        Taste for breaking news, against everybody's.
    age_days
        Mean age when the accounts were made as one batch; None for ages like everybody's.
    established
        Whether they are old, well-known accounts.
    everyday
        Whether they write as many posts as ordinary people do.
    bought
        Share that somebody else had before.
    """

    n: int
    kind: str
    languages: tuple[int, ...]
    role: str = "organic"
    group: int = -1
    ordinary: float = 0.0
    news: float = 1.0
    age_days: float | None = None
    established: bool = False
    everyday: bool = False
    bought: float = 0.0


def gather(
    rng: np.random.Generator, corpora: list[Corpus], parts: list[Part], n_platforms: int
) -> Cast:
    """Draw all accounts.

    Parameters
    ----------
    rng
        Source of randomness.
    corpora
        One a language of the world.
    parts
        Who is needed.
    n_platforms
        Number of platforms; each account lives on one.

    Returns
    -------
    Cast
        The accounts, part after part.
    """
    sizes = [part.n for part in parts]
    n = sum(sizes)
    language = np.concatenate(
        [np.asarray(part.languages)[np.arange(part.n) % len(part.languages)] for part in parts]
    )
    zone = np.array([UTC_OFFSET_H[corpus.language] for corpus in corpora])[language]
    activity = np.exp(ACTIVITY_SPREAD * rng.standard_normal(n) - ACTIVITY_SPREAD**2 / 2)
    age_s = (_SECONDS_A_YEAR * 16 * rng.beta(1.1, 1.3, n)).astype(np.int64)
    reach = rng.standard_normal(n) + 0.3 * np.log(activity) + 0.5 * np.log1p(age_s / 1e8)
    bought = np.zeros(n, dtype=bool)
    start = 0
    for part in parts:
        rows = slice(start, start + part.n)
        bought[start : start + round(part.bought * part.n)] = True
        if part.established:
            age_s[rows] = (_SECONDS_A_YEAR * (5 + 10 * rng.random(part.n))).astype(np.int64)
            reach[rows] += 3.0
        if part.age_days is not None:
            spread = 1 + 0.1 * rng.standard_normal(part.n)
            young = (np.abs(part.age_days * spread) * 86_400).astype(np.int64)
            age_s[rows] = np.where(bought[rows], age_s[rows], young)
            reach[rows] = np.where(bought[rows], reach[rows], 0.4 * reach[rows] - 1.0)
        start += part.n
    handle, name = _names(Draw(rng), corpora, language)
    n_topics = len(corpora[0].topics)
    return Cast(
        language=language,
        offset_h=zone + rng.normal(0, 1.6, n),
        platform=rng.integers(0, n_platforms, n),
        expected=activity * np.repeat([part.ordinary for part in parts], sizes),
        sharing=0.6 * rng.beta(1.2, 2.4, n),
        reposting=0.6 * rng.beta(1.2, 2.2, n),
        news=rng.beta(0.55, 1.1, n) * np.repeat([part.news for part in parts], sizes),
        topics=rng.integers(0, n_topics, (n, 3)),
        age_s=age_s,
        followers=np.exp(5.2 + 1.5 * reach).astype(np.int64),
        following=np.exp(5.4 + 0.9 * rng.standard_normal(n)).astype(np.int64),
        handle=handle,
        name=name,
        role=[part.role for part in parts for _ in range(part.n)],
        kind=[part.kind for part in parts for _ in range(part.n)],
        group=np.repeat([part.group for part in parts], sizes),
        everyday=np.repeat([part.everyday for part in parts], sizes),
        bought=bought,
    )


_SYLLABLES = (
    "ka",
    "mi",
    "ro",
    "ven",
    "tal",
    "bo",
    "lu",
    "ser",
    "nik",
    "da",
    "jo",
    "pet",
    "ol",
    "wi",
)
_WORDS = ("city", "north", "daily", "just", "real", "the", "old", "green", "night", "river", "tea")


def _names(draw: Draw, corpora: list[Corpus], language: Indices) -> tuple[list[str], list[str]]:
    """Draw a unique handle and a display name for each account."""
    handles: list[str] = []
    names: list[str] = []
    taken: set[str] = set()
    for row in language.tolist():
        shown = draw.pick(corpora[row].slots["name"])
        stem = "".join(draw.pick(_SYLLABLES) for _ in range(2 + draw.below(3)))
        style = draw.below(4)
        if style == 0:
            handle = f"{stem}{draw.below(100)}"
        elif style == 1:
            handle = f"{draw.pick(_WORDS)}_{stem}"
        elif style == 2:
            handle = f"{stem}_{draw.pick(_SYLLABLES)}{draw.pick(_SYLLABLES)}"
        else:
            handle = f"{stem}{draw.below(100_000_000):08d}"
        while handle in taken:
            handle += str(draw.below(10))
        taken.add(handle)
        handles.append(handle)
        names.append(shown if draw.chance(0.6) else shown.split(" ")[0])
    return handles, names
