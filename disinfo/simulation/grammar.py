"""Slot grammars: short templates that give many different sentences.

A corpus (``corpora/<language>.json``) holds templates. ``[a|b|c]`` takes one of the alternatives
and ``{slot}`` a value from a list. Lists that mean the same in every language (towns, parties,
candidates, numbers, hours) are index-aligned, so that one *context* (slot name to index) fixes the
facts of a message and the same message can be said in any language.

Templates use whole clauses and nouns that stay in the nominative, so that no value needs to be
inflected. Numbers come from sets that take one plural form in the Slavic languages: ``{n}`` is 2 to
4, ``{nn}`` and ``{nnn}`` end in a digit that governs the genitive plural.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeAlias, TypeVar

import numpy as np

LANGUAGES = ("de", "en", "pl", "ru", "uk")

Context: TypeAlias = Mapping[str, int]
Part: TypeAlias = "str | tuple[str, ...]"
T = TypeVar("T")

_TOKEN = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
_RENAMED = {
    "towns": "town",
    "parties": "party",
    "candidates": "cand",
    "streets": "street",
    "outlets": "o",
}
_LISTS = ("when", "weekday", "onday", "month", "inmonth")
_NUMBERS: dict[str, list[str]] = {
    "n": ["2", "3", "4"],
    "nn": [str(k) for k in range(12, 90) if k < 21 or k % 10 not in (1, 2, 3, 4)],
    "deg": [str(k) for k in range(12, 21)],
    "nnn": [str(k) for k in range(110, 900, 10)],
    "hour": [f"{hour}:{minute:02d}" for hour in range(6, 23) for minute in range(0, 60, 15)],
    "sign": [a + b for a in "ABDEKLMNRST" for b in "AEKLNORST"],
}


class Draw:
    """Uniform numbers from a numpy generator, handed out one at a time.

    A call of a generator for each number would cost more than the sentence it is drawn for; numbers
    are fetched in blocks.

    Parameters
    ----------
    rng
        The generator; it advances by whole blocks.

    Examples
    --------
    >>> Draw(np.random.default_rng(0)).pick(["a", "b", "c"])
    'b'
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.uniform: Callable[[], float] = self._stream(rng).__next__

    @staticmethod
    def _stream(rng: np.random.Generator) -> Iterator[float]:
        while True:
            yield from rng.random(4096).tolist()

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each equally likely."""
        return items[int(self.uniform() * len(items))]

    def chance(self, probability: float) -> bool:
        """Return whether something of this probability happens."""
        return self.uniform() < probability

    def below(self, limit: int) -> int:
        """Return an index from 0 to ``limit - 1``."""
        return int(self.uniform() * limit)


@dataclass(frozen=True)
class Template:
    """A compiled template: literals at even places, alternatives or a slot name at odd ones."""

    parts: tuple[Part, ...]

    @classmethod
    def compile(cls, source: str) -> Template:
        """Compile a template from its source.

        Examples
        --------
        >>> Template.compile("[Rain|Snow] over {town}").parts
        ('', ('Rain', 'Snow'), ' over ', 'town', '')
        """
        parts: list[Part] = []
        at = 0
        for match in _TOKEN.finditer(source):
            parts.append(source[at : match.start()])
            choices, slot = match.groups()
            parts.append(slot if choices is None else tuple(choices.split("|")))
            at = match.end()
        return cls((*parts, source[at:]))


@dataclass(frozen=True)
class Topic:
    """What people say, think, ask and read about one subject."""

    name: str
    tags: tuple[str, ...]
    slots: Mapping[str, list[str]]
    says: tuple[Template, ...]
    thinks: tuple[Template, ...]
    asks: tuple[Template, ...]
    heads: tuple[Template, ...]


@dataclass(frozen=True)
class Event:
    """A breaking event: headlines that tell it and what people exclaim."""

    tag: str
    heads: tuple[Template, ...]
    reacts: tuple[Template, ...]


@dataclass(frozen=True)
class Message:
    """A planted claim in several wordings, and the sentences that refute it."""

    story: str
    wordings: tuple[Template, ...]
    debunks: tuple[Template, ...]


@dataclass(frozen=True)
class Corpus:
    """All templates of one language, compiled."""

    language: str
    slots: Mapping[str, list[str]]
    topics: tuple[Topic, ...]
    events: tuple[Event, ...]
    messages: tuple[Message, ...]
    parts: Mapping[str, tuple[Template, ...]]
    calls: tuple[tuple[Template, ...], ...]
    feeds: tuple[tuple[Template, ...], ...]

    def say(
        self,
        draw: Draw,
        template: Template,
        context: Context | None = None,
        slots: Mapping[str, list[str]] | None = None,
        fixed: Mapping[str, str] | None = None,
    ) -> str:
        """Fill a template.

        Parameters
        ----------
        draw
            Where choices come from.
        template
            What to fill.
        context
            Slots whose index is fixed. A slot that is not fixed differs from its last use in
            the same sentence ("A beat A" is never said).
        slots
            Lists of the topic, beside the corpus's own.
        fixed
            Slots whose text is given.

        Returns
        -------
        str
            The sentence.
        """
        out: list[str] = []
        last: dict[str, int] = {}
        for place, part in enumerate(template.parts):
            if not place % 2:
                out.append(part)  # type: ignore[arg-type]
            elif isinstance(part, tuple):
                out.append(draw.pick(part))
            elif fixed and part in fixed:
                out.append(fixed[part])
            else:
                values = slots[part] if slots and part in slots else self.slots[part]
                if context and part in context:
                    index = context[part] % len(values)
                elif part in last:
                    index = (last[part] + 1 + draw.below(len(values) - 1)) % len(values)
                else:
                    index = draw.below(len(values))
                last[part] = index
                out.append(values[index])
        return "".join(out)

    def part(self, draw: Draw, name: str, fixed: Mapping[str, str] | None = None) -> str:
        """Fill one of the shared templates, such as an opener or a reply."""
        return self.say(draw, draw.pick(self.parts[name]), fixed=fixed)


_SHARED = (
    "openers", "closers", "opinions", "questions", "replies", "via", "protest_lines", "petitions",
    "service", "alerts", "fan_lines",
)  # fmt: skip


@functools.cache
def load(language: str) -> Corpus:
    """Load and compile the corpus of a language.

    Parameters
    ----------
    language
        One of `LANGUAGES`.

    Returns
    -------
    Corpus
        Compiled once and kept.

    Examples
    --------
    >>> corpus = load("de")
    >>> len(corpus.topics), len(corpus.messages)
    (13, 8)
    """
    source = resources.files("disinfo.simulation").joinpath(f"corpora/{language}.json")
    raw: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    slots = {name: list(raw[key]) for key, name in _RENAMED.items()}
    slots |= {name: list(raw[name]) for name in _LISTS if name in raw} | _NUMBERS
    slots["name"] = [f"{first} {last}" for first in raw["first"] for last in raw["last"]]
    return Corpus(
        language=language,
        slots=slots,
        topics=tuple(
            Topic(
                name=name,
                tags=tuple(topic["tags"]),
                slots=topic["slots"],
                **{key: _compiled(topic[key]) for key in ("says", "thinks", "asks", "heads")},
            )
            for name, topic in raw["topics"].items()
        ),
        events=tuple(
            Event(event["tag"], _compiled(event["heads"]), _compiled(event["reacts"]))
            for event in raw["events"]
        ),
        messages=tuple(
            Message(item["story"], _compiled(item["wordings"]), _compiled(item["debunks"]))
            for item in raw["messages"]
        ),
        parts={name: _compiled(raw[name]) for name in _SHARED},
        calls=tuple(_compiled(call) for call in raw["calls"]),
        feeds=tuple(_compiled(feed) for feed in raw["feeds"].values()),
    )


def _compiled(sources: Sequence[str]) -> tuple[Template, ...]:
    return tuple(Template.compile(source) for source in sources)
