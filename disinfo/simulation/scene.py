"""What all generators of posts share: the cast, the languages, the clock and the dice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from disinfo.simulation.cast import Cast
from disinfo.simulation.drafts import Draft
from disinfo.simulation.grammar import Context, Corpus, Draw, Topic
from disinfo.simulation.rhythm import DAY, by_rhythm

_CENTRAL = np.array([2.0])


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The set on which posts are written.

    Parameters
    ----------
    rng, draw
        Sources of randomness, for arrays and for single choices.
    corpora
        One a language of the world.
    cast
        The accounts.
    horizon_s
        Length of the world in seconds.
    drafts
        All posts so far; generators append to it.
    """

    rng: np.random.Generator
    draw: Draw
    corpora: list[Corpus]
    cast: Cast
    horizon_s: int
    drafts: list[Draft] = field(default_factory=list)

    def corpus_of(self, account: int) -> Corpus:
        """Return the corpus of an account's main language."""
        return self.corpora[int(self.cast.language[account])]

    def moment(self, after: float = 0.0, before: float = 1.0) -> int:
        """Return a time within a share of the world, its hour by everybody's day rhythm."""
        days = self.horizon_s // DAY
        day = int((after + (before - after) * self.draw.uniform()) * days)
        second = int(by_rhythm(self.rng, _CENTRAL, DAY)[0])
        return min(day, days - 1) * DAY + second

    def facts(self) -> Context:
        """Return facts for a story: one index for each slot that languages share."""
        slots = ("town", "party", "cand", "n", "nn", "nnn", "hour", "weekday", "onday")
        day = self.draw.below(7)
        fixed = {"weekday": day, "onday": day}
        return {name: fixed.get(name, self.draw.below(10_080)) for name in slots}

    def post(self, draft: Draft) -> Draft:
        """Keep a draft, brought inside the world's time, and return it."""
        draft.time = min(max(draft.time, 0), self.horizon_s - 1)
        self.drafts.append(draft)
        return draft


def remark(draw: Draw, corpus: Corpus, topic: Topic) -> str:
    """Compose an ordinary post about a topic.

    Parameters
    ----------
    draw
        Source of randomness.
    corpus
        The language.
    topic
        One of the corpus's topics.

    Returns
    -------
    str
        One to three sentences.

    Examples
    --------
    >>> from disinfo.simulation.grammar import load
    >>> corpus = load("en")
    >>> remark(Draw(np.random.default_rng(1)), corpus, corpus.topics[8])  # doctest: +ELLIPSIS
    '...'
    """

    def topical(kind: str) -> str:
        return corpus.say(draw, draw.pick(getattr(topic, kind)), slots=topic.slots)

    style = draw.below(8)
    pieces: list[str] = []
    if style in (1, 5):
        pieces.append(corpus.part(draw, "openers"))
    if style in (4, 5):
        pieces.append(topical("thinks"))
    if style != 4:
        pieces.append(topical("says"))
    if style in (2, 5, 6):
        pieces.append(corpus.part(draw, "opinions"))
    if style in (3, 6):
        pieces.append(corpus.part(draw, "questions"))
    if style in (4, 7):
        pieces.append(topical("asks"))
    if draw.chance(0.3):
        pieces.append(corpus.part(draw, "closers"))
    return joined(pieces, tidy=draw.chance(0.85))


def joined(pieces: Sequence[str], *, tidy: bool = True) -> str:
    """Join clauses and sentences into a text with capitals and full stops.

    Parameters
    ----------
    pieces
        Clauses; a piece that ends in a comma or colon leads into the next one.
    tidy
        Whether sentences open with a capital and the text ends with a full stop.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> joined(["Well,", "it rained", "Sigh."])
    'Well, it rained. Sigh.'
    """
    out = ""
    for piece in pieces:
        if not out:
            out = piece[0].upper() + piece[1:] if tidy else piece
        elif out[-1] == "," and piece[0].isupper():
            out = f"{out[:-1]}: {piece}"
        elif not out[-1].isalnum():
            opens = tidy and out[-1] in ".?!"
            out += " " + (piece[0].upper() + piece[1:] if opens else piece)
        elif piece[0].isalpha() and piece[0].isupper():
            out += ". " + piece
        else:
            out += " " + piece
    if tidy and out and out[-1].isalnum():
        out += "."
    return out
