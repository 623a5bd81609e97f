"""What the public makes of a campaign: fact-checks and their readers, and a few believers.

All of them are organic. A fact-check repeats the claim in almost the same words to refute it, and a
believer repeats it in words of his own: neither is a member of the campaign.
"""

from __future__ import annotations

import numpy as np

from disinfo.simulation.campaigns import Campaign
from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.newsroom import address, new_domain
from disinfo.simulation.rhythm import delayed
from disinfo.simulation.scene import Scene, joined
from disinfo.simulation.waves import Claim

_HOUR = 3600
# Posts of the public about a claim, as a share of the campaign's own posts about it.
_REFUTING = 0.25
_BELIEVING = 0.08
_CHECKED = 0.7
_CHECKING_H = 20


def echo(scene: Scene, campaign: Campaign, group: int, said: list[Claim], people: Indices) -> None:
    """Add what the public posts about a campaign's messages.

    Parameters
    ----------
    scene
        The set, which holds the campaign's posts already.
    campaign
        Its knobs.
    group
        Its number.
    said
        Its messages.
    people
        Accounts of ordinary people.
    """
    for claim in said:
        posts = [d for d in scene.drafts if d.group == group and d.message == claim.name]
        if not posts:
            continue
        spoken = {post.language for post in posts}
        first = min(post.time for post in posts)
        local = people[[scene.corpus_of(row).language in spoken for row in people.tolist()]]
        if not len(local):
            continue
        n_refuting = max(2, round(_REFUTING * len(posts)))
        _refute(scene, claim, group, first + 3 * _HOUR, spoken, local, n_refuting)
        _believe(scene, claim, group, first, local, scene.rng.poisson(_BELIEVING * len(posts)))


def _refute(
    scene: Scene,
    claim: Claim,
    group: int,
    since: int,
    spoken: set[str],
    people: Indices,
    n: int,
) -> None:
    draw = scene.draw
    checkers = [
        row
        for row, kind in enumerate(scene.cast.kind)
        if kind == "fact-checker" and scene.corpus_of(row).language in spoken
    ]
    urls: dict[str, str] = {}
    # Each desk decides by itself whether a claim is worth checking, and takes its own time.
    checked = [row for row in checkers if draw.chance(_CHECKED)]
    opened = [since + int(scene.rng.exponential(_CHECKING_H * _HOUR)) for _ in checked]
    since = min(opened, default=since + _CHECKING_H * _HOUR)
    for row, time in zip(checked, opened, strict=True):
        corpus = scene.corpus_of(row)
        domain = new_domain(draw)
        urls[corpus.language] = address(domain, time, draw)
        _oppose(scene, claim, group, row, time, urls[corpus.language], plain=True)
    readers = draw_some(scene, people, max(0, n - len(checked)))
    times = delayed(
        scene.rng,
        np.full(len(readers), min(since, scene.horizon_s - 2), dtype=np.int64),
        scene.cast.offset_h[readers],
        scene.horizon_s,
        median_s=5.0 * _HOUR,
        spread=1.2,
    )
    for row, time in zip(readers.tolist(), times.tolist(), strict=True):
        url = urls.get(scene.corpus_of(row).language) if draw.chance(0.5) else None
        _oppose(scene, claim, group, row, time, url, plain=False)


def _oppose(
    scene: Scene, claim: Claim, group: int, row: int, time: int, url: str | None, *, plain: bool
) -> None:
    draw = scene.draw
    corpus = scene.corpus_of(row)
    message = claim.message(corpus)
    pieces = [corpus.say(draw, draw.pick(message.debunks), claim.facts)]
    if not plain and draw.chance(0.5):
        pieces.insert(0, corpus.part(draw, "openers"))
    if not plain and draw.chance(0.4):
        pieces.append(corpus.part(draw, "opinions"))
    scene.post(
        Draft(
            account=row,
            time=time,
            text=joined(pieces),
            language=corpus.language,
            topic=message.story,
            url=url,
            message=f"debunk-{claim.name}",
            story=f"story-{group}-{message.story}",
            opposes=claim.name,
        )
    )


def _believe(scene: Scene, claim: Claim, group: int, since: int, people: Indices, n: int) -> None:
    draw = scene.draw
    believers = draw_some(scene, people, int(n))
    times = delayed(
        scene.rng,
        np.full(len(believers), since, dtype=np.int64),
        scene.cast.offset_h[believers],
        scene.horizon_s,
        median_s=10.0 * _HOUR,
        spread=1.4,
    )
    for row, time in zip(believers.tolist(), times.tolist(), strict=True):
        corpus = scene.corpus_of(row)
        message = claim.message(corpus)
        pieces = [corpus.say(draw, draw.pick(message.wordings), claim.facts)]
        pieces.append(corpus.part(draw, "questions" if draw.chance(0.6) else "opinions"))
        scene.post(
            Draft(
                account=row,
                time=time,
                text=joined(pieces),
                language=corpus.language,
                topic=message.story,
                message=claim.name,
                story=f"story-{group}-{message.story}",
            )
        )


def draw_some(scene: Scene, people: Indices, n: int) -> Indices:
    """Choose accounts by their taste for news, with repetition.

    Parameters
    ----------
    scene
        The set.
    people
        Whom to choose from.
    n
        How many.

    Returns
    -------
    ndarray of int64
        Rows of the cast.
    """
    weight = scene.cast.news[people] + 0.05
    chosen: Indices = scene.rng.choice(people, n, p=weight / weight.sum())
    return chosen
