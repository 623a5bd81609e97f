"""The traces that a wave's posts leave: a link, a tag, an answer, a repost, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from disinfo.simulation.background import PICTURE_SHARE, TAG_SHARE, reposted
from disinfo.simulation.drafts import Draft
from disinfo.simulation.newsroom import Newsroom, Outlet, address
from disinfo.simulation.scene import Scene

Look: TypeAlias = Callable[[Draft], Draft]

LAYER_OF = {"link_amplification": "link", "hashtag_flood": "tag", "reply_brigade": "reply"}
# Letters that a trace adds to a post, about.
TRACE_LETTERS = {"link": 38, "tag": 14, "reply": 20}
_LAYERS = ("link", "tag", "reply", "repost", "none")


@dataclass(kw_only=True)
class Trail:
    """The link, tag and target of one wave, each made when it is first wanted.

    Parameters
    ----------
    scene, newsroom
        The set, and outlets whose posts are answered.
    domains
        Sites that the campaign links to.
    account
        Row of an account of the campaign, whose language decides tag and target.
    town, number
        Of the claim; they name the tag.
    start
        Of the wave, in seconds.
    """

    scene: Scene
    newsroom: Newsroom
    domains: list[str]
    account: int
    town: int
    number: int
    start: int
    first: Draft | None = field(default=None, init=False)
    _url: str = field(default="", init=False)
    _target: Draft | None = field(default=None, init=False)

    def look(self, layer: str) -> Look:
        """Return what makes a post act in a layer; what the wave shares is settled now."""
        if layer == "link":
            url = self._linked()
            return lambda draft: _link(self.scene, draft, url)
        if layer == "tag":
            tag = self._tag()
            return lambda draft: _tagged(draft, tag)
        if layer == "reply":
            target = self._answered()
            return lambda draft: _answering(draft, target)
        if layer == "repost":
            return self._reposting
        return lambda draft: _everyday(self.scene, draft)

    def mixed(self, own: Look, mixing: float) -> Look:
        """Return a look that leaves a share of the posts to layers drawn at random."""
        draw = self.scene.draw

        def look(draft: Draft) -> Draft:
            chosen = self.look(draw.pick(_LAYERS)) if draw.chance(mixing) else own
            made = chosen(draft)
            if self.first is None and made.target is None:
                self.first = made
            return made

        return look

    def _linked(self) -> str:
        self._url = self._url or address(
            self.scene.draw.pick(self.domains), self.start, self.scene.draw
        )
        return self._url

    def _tag(self) -> str:
        corpus = self.scene.corpus_of(self.account)
        town = corpus.slots["town"][self.town % len(corpus.slots["town"])]
        return "".join(c for c in f"{town}{2025 + self.number}" if c.isalnum())

    def _answered(self) -> Draft:
        """Return the post of a big outlet nearest before the wave."""
        if self._target is None:
            language = self.scene.cast.language[self.account]
            outlets: list[Outlet] = self.newsroom.outlets[language][:6]
            items = [item for outlet in outlets for item in outlet.items]
            before = [item for item in items if item.time <= self.start]
            self._target = max(before, key=lambda item: item.time) if before else items[0]
        return self._target

    def _reposting(self, draft: Draft) -> Draft:
        """Return a repost of the wave's first post, or the post itself where there is none yet."""
        first = self.first
        if first is None or first.account == draft.account:
            return _everyday(self.scene, draft)
        repost = reposted(draft.account, first, max(draft.time, first.time + 5))
        repost.group = draft.group
        return repost


def _link(scene: Scene, draft: Draft, url: str) -> Draft:
    """Give a post the wave's link; half of the posts only comment on it."""
    draft.url = url
    if scene.draw.chance(0.5):
        draft.text = scene.corpus_of(draft.account).part(scene.draw, "opinions")
        draft.message = None
    return draft


def _everyday(scene: Scene, draft: Draft) -> Draft:
    """Give a post a topical tag or a picture of its own, as often as ordinary posts have them."""
    corpus, draw = scene.corpus_of(draft.account), scene.draw
    topic = "election" if draft.topic == "vote" else draft.topic
    tags = next(t.tags for t in corpus.topics if t.name == topic)
    if draw.chance(TAG_SHARE):
        draft.tags = (draw.pick(tags),)
    if draw.chance(PICTURE_SHARE):
        draft.media = f"{draw.below(16**8):08x}"
    return draft


def _tagged(draft: Draft, tag: str) -> Draft:
    draft.tags = (tag,)
    return draft


def _answering(draft: Draft, target: Draft) -> Draft:
    draft.target = target
    draft.mention = target.account
    draft.time = max(draft.time, target.time + 30)
    return draft
