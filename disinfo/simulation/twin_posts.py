"""Posts of benign twins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from disinfo.simulation.background import reposted
from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Corpus
from disinfo.simulation.newsroom import Newsroom, address, new_domain
from disinfo.simulation.rhythm import by_rhythm
from disinfo.simulation.scene import Scene, joined, remark
from disinfo.simulation.twins import Twin

DAY = 86_400


def act(scene: Scene, newsroom: Newsroom, twin: Twin, group: int) -> None:
    """Add all posts that a twin writes as a group.

    Parameters
    ----------
    scene
        The set; the twin's accounts are those of the group.
    newsroom
        Outlets, whose readers a customer service answers.
    twin
        Its kind.
    group
        Its number.
    """
    _ACTS[twin.kind](scene, newsroom, group, scene.cast.members(group))


def _days(scene: Scene) -> int:
    return max(1, scene.horizon_s // DAY)


def _newswire(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Print agency copy within minutes at any hour, and as many texts of their own."""
    draw = scene.draw
    domains = {row: new_domain(draw) for row in members.tolist()}
    # Fewer in a small world, which the wire would fill.
    n_stories = max(5, round(min(0.6 * _days(scene), len(scene.cast) / 16)))
    for number in range(n_stories):
        start = int(scene.horizon_s * draw.uniform())
        name = f"agency-{group}-{number}"
        facts = scene.facts()
        beat = draw.below(len(scene.corpora[0].topics))
        style, sort = draw.below(4), draw.below(18)
        copies: dict[str, str] = {}
        for row in members[scene.rng.random(len(members)) < 0.6].tolist():
            corpus = scene.corpus_of(row)
            topic = corpus.topics[beat]
            if corpus.language not in copies:
                head = corpus.say(draw, topic.heads[style], facts, topic.slots)
                second = corpus.say(draw, corpus.parts["opinions"][sort], facts)
                copies[corpus.language] = joined([head, second])
            text = copies[corpus.language]
            u = draw.uniform()
            if u < 0.15:
                text = text.split(". ")[0]
            elif u < 0.3:
                text = f"{text} (lna)"
            time = start + int(scene.rng.exponential(240.0))
            _site_post(scene, row, domains[row], time, text, topic.name, group, name)
    for row in members.tolist():
        corpus = scene.corpus_of(row)
        for _ in range(round(0.5 * n_stories)):
            topic = draw.pick(corpus.topics)
            text = corpus.say(draw, draw.pick(topic.heads), slots=topic.slots)
            time = int(scene.horizon_s * draw.uniform())
            _site_post(scene, row, domains[row], time, text, topic.name, -1, None)


def _site_post(
    scene: Scene,
    row: int,
    domain: str,
    time: int,
    text: str,
    topic: str,
    group: int,
    message: str | None,
) -> None:
    scene.post(
        Draft(
            account=row,
            time=time,
            text=text,
            language=scene.corpus_of(row).language,
            topic=topic,
            url=address(domain, time, scene.draw),
            group=group,
            message=message,
            story=message,
        )
    )


def _fan_club(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Let an idol post, and a third of the fans repost or link to it within a minute."""
    draw = scene.draw
    idol, fans = int(members[0]), members[1:]
    corpus = scene.corpus_of(idol)
    domain = new_domain(draw)
    for number in range(max(6, round(0.5 * _days(scene)))):
        name = f"alert-{group}-{number}"
        start = scene.moment()
        alert = scene.post(
            Draft(
                account=idol,
                time=start,
                text=corpus.part(draw, "alerts"),
                language=corpus.language,
                topic="music",
                url=address(domain, start, draw),
                group=group,
                message=name,
                story=name,
            )
        )
        for fan in fans[scene.rng.random(len(fans)) < 0.35].tolist():
            time = start + 4 + int(scene.rng.exponential(40.0))
            if draw.chance(0.5):
                post = reposted(fan, alert, time)
            else:
                post = Draft(
                    account=fan,
                    time=time,
                    text=joined([scene.corpus_of(fan).part(draw, "fan_lines")]),
                    language=scene.corpus_of(fan).language,
                    topic="music",
                    url=alert.url,
                    story=name,
                )
            post.group = group
            scene.post(post)


def _protest(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Let a call be copied in the days before, and the square be full on the day."""
    draw, rng = scene.draw, scene.rng
    name = f"call-{group}"
    facts = scene.facts()
    call = draw.below(2)
    day = draw.below(_days(scene))
    event = day * DAY + 15 * 3600
    tag = f"{draw.pick(('lime', 'night', 'square', 'together'))}{group}{draw.below(90) + 10}"
    copies: dict[str, str] = {}
    for row in members.tolist():
        corpus = scene.corpus_of(row)
        wording = corpus.calls[call]
        copies.setdefault(corpus.language, corpus.say(draw, wording[0], facts))
        for _ in range(1 + draw.below(3)):
            offset = scene.cast.offset_h[row : row + 1]
            hour = int(by_rhythm(rng, offset, DAY)[0])
            if draw.chance(0.5):
                time = max(0, day - 1 - draw.below(3)) * DAY + hour
                exact = draw.chance(0.5)
                text = (
                    copies[corpus.language]
                    if exact
                    else corpus.say(draw, draw.pick(wording), facts)
                )
                message: str | None = name
            else:
                time = event + int(rng.normal(0, 5400))
                text, message = joined([corpus.part(draw, "protest_lines")]), None
            scene.post(
                Draft(
                    account=row,
                    time=time,
                    text=text,
                    language=corpus.language,
                    topic="protest",
                    tags=(tag,),
                    media=f"{draw.below(16**8):08x}" if draw.chance(0.25) else None,
                    group=group,
                    message=message,
                    story=name,
                )
            )


def _petition_app(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Let everybody sign once or twice, over two weeks, in the app's words."""
    draw = scene.draw
    domain = new_domain(draw)
    petitions = [
        (draw.below(3), scene.facts(), address(domain, 0, draw), draw.below(_days(scene)) * DAY)
        for _ in range(2)
    ]
    for row in members.tolist():
        corpus = scene.corpus_of(row)
        for number in (0, 1) if draw.chance(0.3) else (draw.below(2),):
            form, facts, url, first = petitions[number]
            span = min(14 * DAY, scene.horizon_s)
            time = first + int(by_rhythm(scene.rng, scene.cast.offset_h[row : row + 1], span)[0])
            scene.post(
                Draft(
                    account=row,
                    time=time % scene.horizon_s,
                    text=_signature(scene, corpus, form, facts["town"], scene.cast.name[row]),
                    language=corpus.language,
                    topic="petition",
                    url=url,
                    group=group,
                    message=f"petition-{group}-{number}",
                    story=f"petition-{group}-{number}",
                )
            )


def _signature(scene: Scene, corpus: Corpus, form: int, town: int, name: str) -> str:
    template = corpus.parts["petitions"][form]
    return corpus.say(scene.draw, template, {"town": town}, fixed={"name": name})


def _feed(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Post numbers on schedule, twice a day, a few seconds after the hour."""
    draw = scene.draw
    hours = (7, 19)
    for place, row in enumerate(members.tolist()):
        corpus = scene.corpus_of(row)
        templates = corpus.feeds[place % len(corpus.feeds)]
        template = templates[draw.below(len(templates))]
        facts = {"town": draw.below(12)}
        for day in range(_days(scene)):
            for hour in hours:
                local = corpus.say(draw, template, facts, fixed={"hour": f"{hour}:00"})
                scene.post(
                    Draft(
                        account=row,
                        time=day * DAY + hour * 3600 - 2 * 3600 + draw.below(20),
                        text=local,
                        language=corpus.language,
                        topic="feed",
                        group=group,
                        message=f"feed-{group}-{place}",
                        story=f"feed-{group}-{place}",
                    )
                )


def _customer_service(scene: Scene, newsroom: Newsroom, group: int, members: Indices) -> None:
    """Let a firm's staff answer customers in working hours."""
    draw = scene.draw
    people = np.flatnonzero([kind == "person" for kind in scene.cast.kind])
    for row in members.tolist():
        corpus = scene.corpus_of(row)
        locals_ = people[scene.cast.language[people] == scene.cast.language[row]]
        customers = locals_ if len(locals_) else people
        sign = draw.pick(corpus.slots["sign"])
        for day in range(_days(scene)):
            if day % 7 > 4:
                continue
            customer = int(draw.pick(customers.tolist()))
            asked = day * DAY + 7 * 3600 + draw.below(9 * 3600)
            complaint = scene.post(
                Draft(
                    account=customer,
                    time=asked,
                    text=remark(draw, corpus, corpus.topics[draw.below(len(corpus.topics))]),
                    language=corpus.language,
                    topic="service",
                    mention=row,
                )
            )
            scene.post(
                Draft(
                    account=row,
                    time=asked + 120 + int(scene.rng.exponential(1500.0)),
                    text=corpus.part(draw, "service", {"sign": sign}),
                    language=corpus.language,
                    topic="service",
                    mention=customer,
                    target=complaint,
                    group=group,
                    message=f"service-{group}",
                    story=f"service-{group}",
                )
            )


_ACTS: dict[str, Callable[[Scene, Newsroom, int, Indices], None]] = {
    "newswire": _newswire,
    "fan_club": _fan_club,
    "protest": _protest,
    "petition_app": _petition_app,
    "feed": _feed,
    "customer_service": _customer_service,
}
