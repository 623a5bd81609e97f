"""How campaign accounts pass for people: as many posts, at their hours, and a life before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from disinfo.simulation.campaigns import Campaign
from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.rhythm import DAY, HOUR, awake
from disinfo.simulation.scene import Scene, remark

# Differences that count alike when an ordinary post is sought for a campaign's to replace.
_HOURS_ALIKE, _LETTERS_ALIKE = 3.0, 20.0


def trim(
    scene: Scene,
    campaign: Campaign,
    accounts: Indices,
    attendance: NDArray[np.bool_],
    starts: Sequence[int],
) -> None:
    """Let accounts that live as people do join as many waves as their posts can hide.

    Parameters
    ----------
    scene
        The set.
    campaign
        Its camouflage is the share of posts that stay ordinary.
    accounts
        Rows of the cast.
    attendance
        Who joins which wave, shape (waves, accounts); changed in place. Everybody keeps one wave,
        and waves at hours when the account is awake are kept rather than others.
    starts
        When the waves begin, in seconds.
    """
    cast = scene.cast
    for column, row in enumerate(accounts.tolist()):
        if not cast.everyday[row]:
            continue
        joined = np.flatnonzero(attendance[:, column])
        allowed = _allowed(scene, campaign, row)
        if len(joined) <= allowed:
            continue
        when = np.array(starts, dtype=np.int64)[joined]
        weight = awake(when, np.full(len(joined), cast.offset_h[row]))
        kept = np.argsort(-(scene.rng.random(len(joined)) ** (1 / weight)))[:allowed]
        attendance[:, column] = False
        attendance[joined[kept], column] = True


def _allowed(scene: Scene, campaign: Campaign, row: int) -> int:
    share = (1 - campaign.camouflage) * float(scene.cast.expected[row])
    return max(1, int(share + scene.draw.uniform()))


def letters(scene: Scene, account: int, trace: int) -> int | None:
    """Return how long a text to write for an account that lives as people do, else None.

    As long as an ordinary post, less the letters that the post's trace will add.
    """
    if not scene.cast.everyday[account]:
        return None
    corpus = scene.corpus_of(account)
    return len(remark(scene.draw, corpus, scene.draw.pick(corpus.topics))) - trace


def site_turns(scene: Scene, campaign: Campaign, sites: Sequence[int]) -> dict[int, Iterator[bool]]:
    """Say, wave after wave, whether each site of a campaign publishes."""
    turns: dict[int, Iterator[bool]] = {}
    for row in sites:
        turn = np.ones(campaign.n_waves, dtype=bool)
        if scene.cast.everyday[row]:
            idle = scene.rng.permutation(campaign.n_waves)[_allowed(scene, campaign, row) :]
            turn[idle] = False
        turns[row] = iter(turn.tolist())
    return turns


def to_replace(scene: Scene) -> int:
    """Return how many campaign posts are to take the place of ordinary ones."""
    return sum(draft.group >= 0 and _mimics(scene, draft) for draft in scene.drafts)


def _mimics(scene: Scene, draft: Draft) -> bool:
    return bool(scene.cast.everyday[draft.account]) and scene.cast.group[draft.account] >= 0


def settle(scene: Scene, n_replaced: int) -> None:
    """Take out one ordinary post for each post of a campaign account that lives as people do.

    Parameters
    ----------
    scene
        The set with all drafts; as many are taken out as `n_replaced` says. The post that goes is
        one of the same account, near in hour of the day and in length, that nobody answered; where
        the account has none left, one of anybody's.
    n_replaced
        As `to_replace` gave it.
    """
    if n_replaced:
        targets = {id(draft.target) for draft in scene.drafts if draft.target is not None}
        idle: dict[int, list[Draft]] = defaultdict(list)
        for draft in scene.drafts:
            if draft.group < 0 and id(draft) not in targets and _ordinary(scene, draft):
                idle[draft.account].append(draft)
        gone: set[int] = set()
        surplus: dict[int, int] = defaultdict(int)
        for draft in scene.drafts:
            own = idle[draft.account]
            if draft.group >= 0 and _mimics(scene, draft) and own:
                gone.add(id(_replaced(draft, own, surplus)))
        spare = [d for row, own in idle.items() if scene.cast.kind[row] == "person" for d in own]
        short = n_replaced - len(gone)
        gone |= {id(spare[k]) for k in scene.rng.permutation(len(spare))[:short].tolist()}
        scene.drafts[:] = [draft for draft in scene.drafts if id(draft) not in gone]
    _rewrite_past(scene)


def _ordinary(scene: Scene, draft: Draft) -> bool:
    """Return whether a post may vanish: of an account that lives as people do, and no message."""
    plain = draft.message is None and draft.opposes is None
    return bool(scene.cast.everyday[draft.account]) and plain


def _replaced(draft: Draft, own: list[Draft], surplus: dict[int, int]) -> Draft:
    """Take out of an account's posts the one that a campaign's post replaces.

    `surplus` holds the letters that earlier replacements added to each account.
    """

    def unlike(other: Draft) -> float:
        apart = abs(draft.time - other.time) % DAY / HOUR
        hours = min(apart, 24 - apart) / _HOURS_ALIKE
        letters = surplus[draft.account] + draft.length - other.length
        return hours + abs(letters) / _LETTERS_ALIKE

    found = min(own, key=unlike)
    own.remove(found)
    surplus[draft.account] += draft.length - found.length
    return found


def _rewrite_past(scene: Scene) -> None:
    """Give bought accounts, before they first act, the words of those who had them before."""
    cast, draw = scene.cast, scene.draw
    sold: dict[int, int] = {}
    for draft in scene.drafts:
        if draft.group >= 0 and cast.bought[draft.account]:
            sold[draft.account] = min(draft.time, sold.get(draft.account, draft.time))
    others = {
        language: [k for k in range(len(scene.corpora)) if k != language] or [language]
        for language in range(len(scene.corpora))
    }
    former = {row: scene.corpora[draw.pick(others[int(cast.language[row])])] for row in sold}
    topics = {row: [draw.pick(corpus.topics) for _ in range(2)] for row, corpus in former.items()}
    if not sold:
        return
    kept = {id(draft.target) for draft in scene.drafts if draft.target is not None}
    for draft in scene.drafts:
        row = draft.account
        own = draft.group < 0 and draft.message is None and draft.target is None
        if row in sold and own and draft.time < sold[row] and id(draft) not in kept:
            topic = draw.pick(topics[row])
            draft.text = remark(draw, former[row], topic)
            draft.language, draft.topic, draft.url = former[row].language, topic.name, None
            draft.tags = (draw.pick(topic.tags),) if draft.tags else ()
