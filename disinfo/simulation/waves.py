"""Posts of planted campaigns: wave after wave, one message said by many accounts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from disinfo.simulation import disguise
from disinfo.simulation.campaigns import Campaign
from disinfo.simulation.cast import Indices
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Context, Corpus, Message
from disinfo.simulation.layers import LAYER_OF, TRACE_LETTERS, Look, Trail
from disinfo.simulation.newsroom import Newsroom, address, new_domain
from disinfo.simulation.scene import Scene, joined

# How often a rewording is wrapped in an opener, or followed by an opinion or a closer.
_WRAP = 0.15
_TRIES = 40
# Wordings among which an account that lives as people do takes the one nearest to an ordinary post.
_NEAREST_OF = 8


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A message with its facts settled: what a campaign says in every language."""

    name: str
    number: int
    facts: Context

    def message(self, corpus: Corpus) -> Message:
        """Return the message in a language."""
        return corpus.messages[self.number]


@dataclass(kw_only=True)
class _Writer:
    """Words claims so that no two rewordings of a campaign are equal."""

    scene: Scene
    claim: Claim
    used: set[str]
    base: dict[str, str] = field(default_factory=dict)
    turn: dict[str, int] = field(default_factory=dict)

    def copy(self, corpus: Corpus) -> str:
        """Return the wave's text in a language, the same at every call."""
        if corpus.language not in self.base:
            wording = self.scene.draw.pick(self.claim.message(corpus).wordings)
            self.base[corpus.language] = corpus.say(self.scene.draw, wording, self.claim.facts)
        return self.base[corpus.language]

    def reword(self, corpus: Corpus, letters: int | None = None) -> str:
        """Return a wording that the campaign has not used; wordings take turns.

        With a number of letters it is the nearest of several to that length.
        """
        if letters is None:
            text = self._unused(corpus)
        else:
            tried = [self._unused(corpus) for _ in range(_NEAREST_OF)]
            text = min(tried, key=lambda one: abs(len(one) - letters))
        self.used.add(text)
        return text

    def _unused(self, corpus: Corpus) -> str:
        draw = self.scene.draw
        wordings = self.claim.message(corpus).wordings
        turn = self.turn.setdefault(corpus.language, draw.below(len(wordings)))
        for attempt in range(_TRIES):
            wording = wordings[(turn + attempt) % len(wordings)]
            pieces = [corpus.say(draw, wording, self.claim.facts)]
            if draw.chance(_WRAP):
                pieces.insert(0, corpus.part(draw, "openers"))
            # More and more additions, so that the search always ends.
            pieces += [
                corpus.part(draw, tail)
                for tail in ("opinions", "closers")
                if draw.chance(_WRAP + attempt / _TRIES)
            ]
            text = joined(pieces, tidy=draw.chance(0.85))
            if text not in self.used:
                break
        self.turn[corpus.language] = turn + 1
        return text


def claims(scene: Scene, group: int, n: int, taken: set[tuple[int, int]]) -> list[Claim]:
    """Settle the messages of a campaign; no two campaigns say the same.

    Parameters
    ----------
    scene
        The set.
    group
        Number of the campaign.
    n
        How many messages.
    taken
        Pairs of message and town already in use; extended.

    Returns
    -------
    list of Claim
        Different messages as long as there are enough, then the same about other towns.
    """
    corpus = scene.corpora[0]
    order = scene.rng.permutation(len(corpus.messages)).tolist()
    n_towns = len(corpus.slots["town"])
    chosen = []
    for place in range(n):
        number = order[place % len(order)]
        facts = dict(scene.facts())
        town = facts["town"] % n_towns
        for step in range(n_towns):
            if (number, (town + step) % n_towns) not in taken:
                town = (town + step) % n_towns
                break
        taken.add((number, town))
        facts["town"] = town
        chosen.append(Claim(name=f"claim-{group}-{place}", number=number, facts=facts))
    return chosen


def act(
    scene: Scene, newsroom: Newsroom, campaign: Campaign, group: int, said: list[Claim]
) -> None:
    """Add all posts that a campaign writes as a campaign.

    Parameters
    ----------
    scene
        The set; the campaign's accounts are those of the group.
    newsroom
        Outlets, whose posts a reply brigade answers.
    campaign
        The knobs.
    group
        Its number.
    said
        Its messages.
    """
    members = scene.cast.members(group)
    accounts, attendance = _attendance(scene, campaign, members)
    starts = _starts(scene, campaign.n_waves)
    disguise.trim(scene, campaign, accounts, attendance, starts)
    used: set[str] = set()
    trace = TRACE_LETTERS.get(LAYER_OF.get(campaign.kind, "none"), 0)
    dress = _dress(scene, newsroom, campaign, group, members)
    for wave, start in enumerate(starts):
        claim = said[wave % len(said)]
        writer = _Writer(scene=scene, claim=claim, used=used)
        present = scene.rng.permutation(accounts[attendance[wave]])
        waits = scene.rng.exponential(campaign.jitter_s or 0.0, len(present))
        waits[:1] = 0.0
        look = dress(claim, start, writer)
        for account, wait in zip(present.tolist(), waits.tolist(), strict=True):
            corpus = scene.corpus_of(account)
            own = scene.draw.chance(campaign.paraphrase or 0.0)
            draft = Draft(
                account=account,
                time=start + int(wait),
                text=writer.reword(corpus, disguise.letters(scene, account, trace))
                if own
                else writer.copy(corpus),
                language=corpus.language,
                topic=claim.message(corpus).story,
                group=group,
                message=claim.name,
                story=f"story-{group}-{claim.message(corpus).story}",
            )
            scene.post(look(draft))


def _attendance(
    scene: Scene, campaign: Campaign, members: Indices
) -> tuple[Indices, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """Choose who joins which wave; everybody joins one, every wave has two."""
    accounts = members[: len(members) - n_sites(campaign)]
    rng = scene.rng
    present = rng.random((campaign.n_waves, len(accounts))) >= campaign.rotation
    idle = np.flatnonzero(~present.any(axis=0))
    present[rng.integers(0, campaign.n_waves, len(idle)), idle] = True
    for wave in np.flatnonzero(present.sum(axis=1) < 2):
        present[wave, rng.choice(len(accounts), min(2, len(accounts)), replace=False)] = True
    return accounts, present


def _starts(scene: Scene, n_waves: int) -> list[int]:
    """Spread the waves over the month, each at some hour of the day."""
    edges = np.linspace(0.02, 0.97, n_waves + 1)
    return [scene.moment(float(a), float(b)) for a, b in itertools.pairwise(edges)]


def n_sites(campaign: Campaign) -> int:
    """Return how many of a campaign's accounts are sites rather than voices."""
    return max(1, campaign.n_accounts // 7) if campaign.kind == "translated" else 0


def _dress(
    scene: Scene, newsroom: Newsroom, campaign: Campaign, group: int, members: Indices
) -> Callable[[Claim, int, _Writer], Look]:
    """Return what gives a wave's posts the link, tag or target that its kind wants."""
    draw = scene.draw
    sites = members[len(members) - n_sites(campaign) :].tolist()
    domains = [new_domain(draw), new_domain(draw)]
    site_domains = {row: new_domain(draw) for row in sites}
    turns = disguise.site_turns(scene, campaign, sites)

    def wave(claim: Claim, start: int, writer: _Writer) -> Look:
        trail = Trail(
            scene=scene,
            newsroom=newsroom,
            domains=domains,
            account=int(members[0]),
            town=claim.facts["town"],
            number=claim.number,
            start=start,
        )
        if campaign.kind == "translated":
            for row in sites:
                if next(turns[row]):
                    scene.post(_article(scene, row, site_domains[row], claim, start, group, writer))
        own = trail.look(LAYER_OF.get(campaign.kind, "none"))
        return trail.mixed(own, campaign.mixing) if campaign.mixing else own

    return wave


def _article(
    scene: Scene, row: int, domain: str, claim: Claim, start: int, group: int, writer: _Writer
) -> Draft:
    """Draft the article of a campaign's site, somewhat before the wave."""
    corpus = scene.corpus_of(row)
    time = max(0, start - int(scene.rng.exponential(1800.0)))
    story = claim.message(corpus).story
    return Draft(
        account=row,
        time=time,
        text=writer.reword(corpus, disguise.letters(scene, row, TRACE_LETTERS["link"])),
        language=corpus.language,
        topic=story,
        url=address(domain, time, scene.draw),
        group=group,
        message=claim.name,
        story=f"story-{group}-{story}",
    )
