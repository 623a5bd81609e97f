"""Ordinary life: what accounts write when no group and no burst moves them."""

from __future__ import annotations

import bisect

import numpy as np

from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Corpus, Topic
from disinfo.simulation.newsroom import Newsroom, Outlet
from disinfo.simulation.rhythm import Floats, by_rhythm, delayed, with_sessions
from disinfo.simulation.scene import Scene, remark

_OWN, _SHARE, _REPOST, _REPLY = range(4)
_REPLY_SHARE = 0.14
# Share of own texts with a topical tag, and with a picture.
TAG_SHARE = 0.2
PICTURE_SHARE = 0.1


def write(scene: Scene, newsroom: Newsroom, n_posts: int, expected: Floats) -> None:
    """Add ordinary posts of everybody who has some to write.

    Parameters
    ----------
    scene
        The set.
    newsroom
        Outlets to share from.
    n_posts
        How many posts to add.
    expected
        How many each account is expected to write, up to a factor; shape (accounts,).
    """
    rng, cast = scene.rng, scene.cast
    authors = rng.choice(len(cast), n_posts, p=expected / expected.sum())
    kinds = _kinds(scene, authors)
    offsets = cast.offset_h[authors]
    own = with_sessions(rng, by_rhythm(rng, offsets, scene.horizon_s), authors, 0.3)
    for kind, method in ((_OWN, _own), (_SHARE, _shares)):
        chosen = kinds == kind
        method(scene, newsroom, authors[chosen], own[chosen])
    for kind in (_REPOST, _REPLY):
        _reactions(scene, authors[kinds == kind], repost=kind == _REPOST)


def _kinds(scene: Scene, authors: Indices) -> Indices:
    """Choose for each post whether it is an own text, a share, a repost or a reply."""
    cast = scene.cast
    u = scene.rng.random(len(authors))
    share = cast.sharing[authors]
    repost = share + cast.reposting[authors] * (1 - share)
    reply = repost + _REPLY_SHARE * (1 - repost)
    return np.where(
        u < share, _SHARE, np.where(u < repost, _REPOST, np.where(u < reply, _REPLY, _OWN))
    )


def _topic(scene: Scene, corpus: Corpus, account: int) -> Topic:
    favourites = scene.cast.topics[account]
    if scene.draw.chance(0.75):
        return corpus.topics[int(favourites[scene.draw.below(3)])]
    return scene.draw.pick(corpus.topics)


def _own(scene: Scene, newsroom: Newsroom, authors: Indices, times: Indices) -> None:
    draw = scene.draw
    for account, time in zip(authors.tolist(), times.tolist(), strict=True):
        corpus = scene.corpus_of(account)
        topic = _topic(scene, corpus, account)
        scene.post(
            Draft(
                account=account,
                time=time,
                text=remark(draw, corpus, topic),
                language=corpus.language,
                topic=topic.name,
                tags=(draw.pick(topic.tags),) if draw.chance(TAG_SHARE) else (),
                media=f"{draw.below(16**8):08x}" if draw.chance(PICTURE_SHARE) else None,
            )
        )


def _shares(scene: Scene, newsroom: Newsroom, authors: Indices, times: Indices) -> None:
    draw, cast = scene.draw, scene.cast
    outlets = [draw.pick(newsroom.followed[account]) for account in authors.tolist()]
    items = [outlet.item(draw) for outlet in outlets]
    when = delayed(
        scene.rng,
        np.array([item.time for item in items], dtype=np.int64),
        cast.offset_h[authors],
        scene.horizon_s,
        median_s=3 * 3600,
        spread=1.7,
    )
    for account, outlet, item, time in zip(
        authors.tolist(), outlets, items, when.tolist(), strict=True
    ):
        scene.post(shared(scene, account, outlet, item, time))


def shared(scene: Scene, account: int, outlet: Outlet, item: Draft, time: int) -> Draft:
    """Draft a post that shares an item: its headline, a "via" line, or a comment.

    Parameters
    ----------
    scene
        The set.
    account
        Who shares.
    outlet, item
        What is shared.
    time
        When.

    Returns
    -------
    Draft
        Not yet kept.
    """
    draw = scene.draw
    corpus = scene.corpus_of(account)
    style = draw.uniform()
    message = item.message
    if style < 0.25:
        text = item.text
    elif style < 0.5:
        text = corpus.part(draw, "via", {"h": item.text, "o": outlet.name.replace(" ", "")})
    else:
        text = corpus.part(draw, "opinions" if style < 0.8 else "questions")
        if draw.chance(0.5):
            text = f"{text} {item.text}"
        else:
            message = None
    return Draft(
        account=account,
        time=time,
        text=text,
        language=corpus.language,
        topic=item.topic,
        url=item.url,
        tags=item.tags if draw.chance(0.3) else (),
        media=item.media if draw.chance(0.5) else None,
        message=message,
        story=item.story,
    )


def _reactions(scene: Scene, authors: Indices, *, repost: bool) -> None:
    """Add reposts of, or answers to, what others of the same language wrote."""
    cast, draw = scene.cast, scene.draw
    originals = [draft for draft in scene.drafts if draft.target is None]
    reach = np.log1p(cast.followers)
    for language in range(len(scene.corpora)):
        chosen = authors[cast.language[authors] == language]
        pool = [d for d in originals if cast.language[d.account] == language]
        if not len(chosen) or not pool:
            continue
        # Reach and luck: some posts of well-known accounts go far, most go nowhere.
        pull = np.exp(0.35 * reach[[d.account for d in pool]])
        mass = np.cumsum(pull * np.exp(1.3 * scene.rng.standard_normal(len(pool)))).tolist()
        targets = [pool[bisect.bisect(mass, draw.uniform() * mass[-1])] for _ in chosen]
        times = delayed(
            scene.rng,
            np.array([target.time for target in targets], dtype=np.int64),
            cast.offset_h[chosen],
            scene.horizon_s,
            median_s=1.5 * 3600,
            spread=1.7,
        )
        for account, target, time in zip(chosen.tolist(), targets, times.tolist(), strict=True):
            scene.post(
                reposted(account, target, time) if repost else _reply(scene, account, target, time)
            )


def reposted(account: int, target: Draft, time: int) -> Draft:
    """Draft a repost: the text, address, tags and picture of the original."""
    return Draft(
        account=account,
        time=time,
        text=target.text,
        language=target.language,
        topic=target.topic,
        url=target.url,
        tags=target.tags,
        media=target.media,
        target=target,
        repost=True,
        message=target.message,
        story=target.story,
        opposes=target.opposes,
    )


def _reply(scene: Scene, account: int, target: Draft, time: int) -> Draft:
    draw = scene.draw
    corpus = scene.corpus_of(account)
    text = corpus.part(draw, "replies")
    if draw.chance(0.6):
        topic = next((t for t in corpus.topics if t.name == target.topic), draw.pick(corpus.topics))
        kind = topic.thinks if draw.chance(0.4) else topic.says
        more = corpus.say(draw, draw.pick(kind), slots=topic.slots)
        text = f"{text} {more[0].upper()}{more[1:]}"
    return Draft(
        account=account,
        time=time,
        text=text,
        language=corpus.language,
        topic=target.topic,
        mention=target.account,
        target=target,
        story=target.story,
    )
