"""The corpora say the same in every language, and every template can be filled."""

from __future__ import annotations

import itertools
import json
import re
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.simulation.grammar import LANGUAGES, Draw, Template, load
from disinfo.simulation.scene import joined, remark


def raw(language):
    source = resources.files("disinfo.simulation").joinpath(f"corpora/{language}.json")
    return json.loads(source.read_text(encoding="utf-8"))


def words(text):
    return set(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_corpora_have_one_shape(language):
    ours, english = load(language), load("en")
    assert [t.name for t in ours.topics] == [t.name for t in english.topics]
    assert len(ours.events) == len(english.events)
    assert [m.story for m in ours.messages] == [m.story for m in english.messages]
    for slot in ("town", "party", "cand", "n", "nn", "nnn", "hour"):
        assert len(ours.slots[slot]) == len(english.slots[slot])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_slot_hides_in_an_alternative(language):
    nested = re.findall(r"\[[^\[\]\"]*\{[^\[\]\"]*\]", json.dumps(raw(language)))
    assert nested == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_can_be_filled(language):
    corpus, draw = load(language), Draw(np.random.default_rng(0))
    fixed = {"h": "headline", "o": "Outlet"}
    said = [
        corpus.say(draw, template, slots=topic.slots)
        for topic in corpus.topics
        for template in (*topic.says, *topic.thinks, *topic.asks, *topic.heads)
    ]
    others = itertools.chain(
        *corpus.parts.values(),
        *corpus.calls,
        *corpus.feeds,
        *(event.heads + event.reacts for event in corpus.events),
        *(message.wordings + message.debunks for message in corpus.messages),
    )
    said += [corpus.say(draw, template, fixed=fixed) for template in others]
    assert not [text for text in said if re.search(r"[\[\]{}|]", text) or not text.strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_wordings_of_a_message_share_few_words(language):
    corpus, draw = load(language), Draw(np.random.default_rng(1))
    overlaps = []
    for message in corpus.messages:
        assert len(message.wordings) >= 6
        texts = [words(corpus.say(draw, w, {"town": 0})) for w in message.wordings]
        overlaps += [len(a & b) / len(a | b) for a, b in itertools.combinations(texts, 2)]
    assert np.mean(overlaps) < 0.25
    assert np.quantile(overlaps, 0.95) < 0.45


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_ordinary_posts_are_rarely_near_copies(language):
    corpus, draw = load(language), Draw(np.random.default_rng(2))
    topic = corpus.topics[4]
    texts = [words(remark(draw, corpus, topic)) for _ in range(120)]
    overlaps = [len(a & b) / len(a | b) for a, b in itertools.combinations(texts, 2)]
    assert np.mean(np.array(overlaps) > 0.8) < 0.005


def test_a_context_fixes_the_facts_and_says_them_in_every_language():
    draw = Draw(np.random.default_rng(3))
    for language in LANGUAGES:
        corpus = load(language)
        wording = Template.compile("{town} {nn} {nn}")
        told = {corpus.say(draw, wording, {"town": 3 + 12 * k, "nn": 5}) for k in range(4)}
        assert told == {
            f"{corpus.slots['town'][3]} {corpus.slots['nn'][5]} {corpus.slots['nn'][5]}"
        }


def test_a_slot_used_twice_differs():
    corpus, draw = load("en"), Draw(np.random.default_rng(4))
    pairs = [corpus.say(draw, Template.compile("{party}|{party}")).split("|") for _ in range(50)]
    assert all(a != b for a, b in pairs)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="ab A.,:?й", min_size=1, max_size=12), min_size=1, max_size=5))
def test_joined_keeps_every_letter(pieces):
    def letters(text):
        return [c for c in text.lower() if c.isalpha()]

    assert letters(joined(pieces)) == letters("".join(pieces))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab[]{}|w", max_size=20))
def test_compiling_never_loses_literals(source):
    parts = Template.compile(source).parts
    assert len(parts) % 2 == 1
    rebuilt = "".join(
        part
        if not place % 2
        else "[" + "|".join(part) + "]"
        if isinstance(part, tuple)
        else "{" + part + "}"
        for place, part in enumerate(parts)
    )
    assert rebuilt == source
