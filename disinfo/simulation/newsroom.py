"""Outlets, the items they publish, and who follows whom."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np

from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Corpus, Draw
from disinfo.simulation.scene import Scene

_PLACES = (
    "lindburg", "marwick", "ostelle", "grevenhall", "tarnholm", "velmora", "harrowfen",
    "quillport", "saltmere", "dunhaven", "eastwater", "harbour", "valley", "north",
)  # fmt: skip
_TITLES = (
    "courier", "post", "daily", "observer", "ledger", "times", "signal", "review", "echo",
    "record", "star", "today", "online", "portal",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A news site and its account.

    Parameters
    ----------
    account
        Row of its account in the cast.
    name
        How it is called in "via" lines.
    domain
        Its site; all sites end in ``.example``, which no real one does.
    items
        Its published posts.
    cumulative
        Running sum of the items' popularity.
    """

    account: int
    name: str
    domain: str
    items: list[Draft]
    cumulative: list[float]

    def item(self, draw: Draw) -> Draft:
        """Return one of the items, popular ones more often."""
        at = bisect.bisect(self.cumulative, draw.uniform() * self.cumulative[-1])
        return self.items[min(at, len(self.items) - 1)]


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """All outlets, by language, and the outlets that each account follows."""

    outlets: list[list[Outlet]]
    followed: list[list[Outlet]]


def address(domain: str, time: int, draw: Draw) -> str:
    """Make the address of an item."""
    return f"https://{domain}/{1 + time // 86_400:02d}/{draw.below(16**6):06x}"


def new_domain(draw: Draw) -> str:
    """Make up a site. Sites of outlets, twins and campaigns look the same."""
    return f"{draw.pick(_PLACES)}-{draw.pick(_TITLES)}-{draw.below(900) + 100}.example"


def publish(scene: Scene, n_items: int) -> Newsroom:
    """Let the outlets publish their month, and let everybody choose what to follow.

    Parameters
    ----------
    scene
        The set; outlets are the accounts of kind ``outlet``. Their posts are added.
    n_items
        Number of items, over all outlets.

    Returns
    -------
    Newsroom
        Outlets, most popular first in each language, and followers.
    """
    cast = scene.cast
    rows = [row for row, kind in enumerate(cast.kind) if kind == "outlet"]
    outlets: list[list[Outlet]] = [[] for _ in scene.corpora]
    rank = {
        row: place
        for language in range(len(scene.corpora))
        for place, row in enumerate(r for r in rows if cast.language[r] == language)
    }
    weight = np.array([(1 + rank[row]) ** -0.6 for row in rows])
    counts = np.maximum(1, np.round(n_items * weight / weight.sum())).astype(int)
    for row, count in zip(rows, counts.tolist(), strict=True):
        corpus = scene.corpus_of(row)
        names = corpus.slots["o"]
        place = rank[row]
        name = names[place] if place < len(names) else f"{corpus.slots['town'][place % 12]} {place}"
        outlets[cast.language[row]].append(_outlet(scene, corpus, row, name, count))
    return Newsroom(outlets=outlets, followed=_followed(scene, outlets))


def _outlet(scene: Scene, corpus: Corpus, row: int, name: str, count: int) -> Outlet:
    draw = scene.draw
    domain = new_domain(draw)
    beat = [draw.pick(corpus.topics) for _ in range(4)]
    items: list[Draft] = []
    for _ in range(count):
        topic = draw.pick(beat) if draw.chance(0.7) else draw.pick(corpus.topics)
        time = scene.moment()
        head = corpus.say(draw, draw.pick(topic.heads), slots=topic.slots)
        story = f"item-{row}-{len(items)}"
        items.append(
            scene.post(
                Draft(
                    account=row,
                    time=time,
                    text=head,
                    language=corpus.language,
                    topic=topic.name,
                    url=address(domain, time, draw),
                    tags=topic.tags[:1] if draw.chance(0.2) else (),
                    message=story,
                    story=story,
                )
            )
        )
    popularity = np.exp(1.2 * scene.rng.standard_normal(count))
    return Outlet(
        account=row,
        name=name,
        domain=domain,
        items=items,
        cumulative=np.cumsum(popularity).tolist(),
    )


def _followed(scene: Scene, outlets: list[list[Outlet]]) -> list[list[Outlet]]:
    """Choose one to four outlets an account, big ones more often, sometimes a niche one."""
    cumulative = [
        np.cumsum([(1 + place) ** -1.0 for place in range(len(group))]).tolist()
        for group in outlets
    ]
    draw = scene.draw
    followed = []
    for language in scene.cast.language.tolist():
        group, mass = outlets[language], cumulative[language]
        chosen = [
            group[bisect.bisect(mass, draw.uniform() * mass[-1])] for _ in range(1 + draw.below(3))
        ]
        if draw.chance(0.25):
            chosen.append(group[len(group) // 2 + draw.below(len(group) - len(group) // 2)])
        followed.append(chosen)
    return followed
