"""Breaking news: within minutes hundreds of people post about one event."""

from __future__ import annotations

import numpy as np

from disinfo.simulation.background import reposted, shared
from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Context
from disinfo.simulation.newsroom import Newsroom, Outlet, address
from disinfo.simulation.rhythm import awake
from disinfo.simulation.scene import Scene, joined

# Delays after the first headline: most people see it on their phone at once, some much later.
_FAST_MEAN_S = 300.0
_FAST_SHARE = 0.75
_SLOW_MEDIAN_S = 5400.0


def break_news(
    scene: Scene, newsroom: Newsroom, number: int, crowd: Indices, eagerness: float
) -> None:
    """Let one event break.

    Parameters
    ----------
    scene
        The set; posts are added.
    newsroom
        Who reports it.
    number
        Of the event, which gives its kind.
    crowd
        Accounts that may join, each with the chance `Cast.news`.
    eagerness
        What that chance is multiplied with.
    """
    start = scene.moment(0.02, 0.97)
    story = f"event-{number}"
    n_kinds = len(scene.corpora[0].events)
    kind = (number * 5 + scene.draw.below(2)) % n_kinds
    facts = scene.facts()
    for language, outlets in enumerate(newsroom.outlets):
        lead = _report(scene, outlets, kind, facts, start, story)
        local = crowd[scene.cast.language[crowd] == language]
        offsets = scene.cast.offset_h[local]
        wake = awake(np.full(len(local), start, dtype=np.int64), offsets)
        joins = scene.rng.random(len(local)) < eagerness * scene.cast.news[local] * wake
        _join(scene, local[joins], lead, kind, facts, start)


def _report(
    scene: Scene,
    outlets: list[Outlet],
    kind: int,
    facts: Context,
    start: int,
    story: str,
) -> list[tuple[Outlet, Draft]]:
    """Let the big outlets of a language report the event within minutes."""
    draw = scene.draw
    picture = f"{draw.below(16**8):08x}"
    lead = []
    for place, outlet in enumerate(outlets[: 4 if len(outlets) > 5 else 2]):
        corpus = scene.corpus_of(outlet.account)
        event = corpus.events[kind]
        time = start + int(place * 90 * draw.uniform())
        text = corpus.say(draw, event.heads[place], facts)
        item = scene.post(
            Draft(
                account=outlet.account,
                time=time,
                text=text,
                language=corpus.language,
                topic="news",
                url=address(outlet.domain, time, draw),
                tags=(event.tag,),
                media=picture,
                message=story,
                story=story,
            )
        )
        lead.append((outlet, item))
    return lead


def _join(
    scene: Scene,
    accounts: Indices,
    lead: list[tuple[Outlet, Draft]],
    kind: int,
    facts: Context,
    start: int,
) -> None:
    """Let each account post about the event once or a few times."""
    rng, draw = scene.rng, scene.draw
    counts = 1 + rng.poisson(0.8, len(accounts))
    authors = np.repeat(accounts, counts)
    n = len(authors)
    fast = rng.random(n) < _FAST_SHARE
    delay = np.where(
        fast,
        rng.exponential(_FAST_MEAN_S, n),
        _SLOW_MEDIAN_S * np.exp(1.2 * rng.standard_normal(n)),
    )
    for account, wait in zip(authors.tolist(), delay.tolist(), strict=True):
        corpus = scene.corpus_of(account)
        event = corpus.events[kind]
        # The first report gets most of the clicks.
        outlet, item = lead[min(int(len(lead) * draw.uniform() ** 2.2), len(lead) - 1)]
        time = max(start, item.time) + 5 + int(wait)
        u = draw.uniform()
        if u < 0.42:
            scene.post(shared(scene, account, outlet, item, time))
        elif u < 0.62:
            scene.post(reposted(account, item, time))
        else:
            pieces = [corpus.say(draw, draw.pick(event.reacts), facts)]
            if draw.chance(0.4):
                pieces.insert(0, corpus.part(draw, "openers"))
            if draw.chance(0.4):
                pieces.append(corpus.part(draw, "opinions"))
            scene.post(
                Draft(
                    account=account,
                    time=time,
                    text=joined(pieces),
                    language=corpus.language,
                    topic="news",
                    tags=(event.tag,) if draw.chance(0.55) else (),
                    media=item.media if draw.chance(0.3) else None,
                    story=item.story,
                )
            )
