"""Opposed texts: alike in wording, contrary in claim.

"The bridge is closed" and "The bridge is not closed" share nearly all words, and no embedding
tells them apart. What does is a closed class of words: negations, the vocabulary of refutation,
and contraries. "3 dead on Monday" and "5 dead by Tuesday" share nearly all words as well, and
neither denies the other: the detail has changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from disinfo.text.contraries import contrary, contrary_sides
from disinfo.text.cues import (
    names_a_source,
    negating_words,
    refutes,
    speaks_of_a_report,
    tells_of_a_check,
)
from disinfo.text.quantities import figures, quantities

_SENTENCE_END = re.compile(r"[.!?…:;\n]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Above this share of equal letters two texts are the same sentence with something changed; below
# it a negation more or less is a matter of phrasing.
_SAME_SENTENCE = 0.6
_SAME_TEMPLATE = 0.75
_ONE_WORD_CHANGED = 0.85
# A denial keeps the words of what it denies; "shows no fear" for "is undaunted" does not.
_DENIED_FRAME = 0.75
# A short post makes one claim. A longer one says so much that one negation or number more turns
# nothing about.
SHORT_WORDS = 40
# Words are compared by so many letters, since their ends are inflected.
_BEGINNING = 5
_SHORTEST_WORD = 3


@dataclass(frozen=True, kw_only=True)
class Stance:
    """The cues of one text.

    Parameters
    ----------
    negations
        Number of negating words.
    refutes
        Whether it uses the vocabulary of refutation.
    numbers
        Its numbers in order, in figures and in words, in one way of writing.
    figures
        Those written in figures.
    sourced
        Whether it says who speaks of the matter.
    of_report
        Whether it names a report or its evidence: a story, a video, a letter.
    checked
        Whether it says that something was checked or explained.
    short
        Whether it is short enough to make one claim only.
    sides
        On which sides of contrasts (open or closed, May or March) its words stand.
    frame
        Beginnings of its words of three letters and more, in order, without negations.
    sentences
        Number of negations and frame of each of its sentences.
    """

    negations: int
    refutes: bool
    numbers: tuple[str, ...]
    figures: tuple[str, ...] = ()
    sourced: bool = False
    of_report: bool = False
    checked: bool = False
    short: bool = True
    sides: frozenset[tuple[int, int]] = frozenset()
    frame: tuple[str, ...] = ()
    sentences: tuple[tuple[int, tuple[str, ...]], ...] = ()


def stance(text: str, language: str) -> Stance:
    """Find the cues of a text.

    Parameters
    ----------
    text
        Readable text.
    language
        ISO 639-1 code; in a language without lists only numbers and international words count.

    Returns
    -------
    Stance
        The cues.

    Examples
    --------
    >>> cues = stance("FAKE: 3 buses did not burn", "en")
    >>> cues.negations, cues.refutes, cues.numbers, cues.frame
    (1, True, ('3',), ('fake', 'buses', 'did', 'burn'))
    """
    words = _words(text)
    negating = negating_words(language)
    short = len(words) <= SHORT_WORDS
    parts = [_words(part) for part in _SENTENCE_END.split(text)] if short else []
    sentences = tuple((sum(w in negating for w in p), _frame(p, negating)) for p in parts if p)
    return Stance(
        negations=sum(word in negating for word in words),
        refutes=refutes(text, words, language),
        numbers=tuple(quantities(text, language)),
        figures=tuple(figures(text)),
        sourced=names_a_source(words, language),
        of_report=speaks_of_a_report(words, language),
        checked=tells_of_a_check(words, language),
        short=short,
        sides=contrary_sides(words, language) if short else frozenset(),
        frame=tuple(stem for _, frame in sentences for stem in frame),
        sentences=sentences,
    )


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def _frame(words: list[str], negating: frozenset[str]) -> tuple[str, ...]:
    """Return the beginnings of the words that are neither tiny nor negations."""
    # "n'est" is "est" and a negation.
    plain = [word.split("'")[-1] if word[1:2] == "'" else word for word in words]
    return tuple(
        word[:_BEGINNING] for word in plain if word not in negating and len(word) >= _SHORTEST_WORD
    )


def opposed(a: Stance, b: Stance, *, same_language: bool, lexical_similarity: float) -> bool:
    """Tell whether two texts on the same matter say contrary things.

    Parameters
    ----------
    a, b
        Their cues.
    same_language
        Whether they are in one language; across languages only refutation is compared.
    lexical_similarity
        Edit ratio of the two, 0 to 1.

    Returns
    -------
    bool
        True when one refutes and the other does not, unless that one denies by a source's words;
        and when near the same short sentence of one language is negated in one of them, has the
        contrary of a word, or has two words or numbers in each other's place.

    Notes
    -----
    Fails on irony, on denials without a cue word ("police: the event went ahead peacefully"), on
    words outside the lists, and on a paraphrase that turns a negation into its opposite ("did not
    stay" / "left").

    Examples
    --------
    >>> yes, no = stance("the bridge is closed", "en"), stance("the bridge is not closed", "en")
    >>> opposed(yes, no, same_language=True, lexical_similarity=0.83)
    True
    """
    if a.refutes != b.refutes and not _both_deny(a, b):
        return True
    if not (a.short and b.short and same_language):
        return False
    shared = _shared_frame(a, b)
    if max(lexical_similarity, shared) < _SAME_SENTENCE:
        return False
    one, other = _negations(a, b), _negations(b, a)
    if (one == 0) != (other == 0) and shared >= _DENIED_FRAME:
        return True
    # Slavic and Romance languages negate twice where English negates once, so counts are compared
    # only where all other words are the same.
    if one != other and lexical_similarity >= _ONE_WORD_CHANGED:
        return True
    if contrary(a.sides, b.sides, same_language=True) or _exchanged(a.frame, b.frame):
        return True
    moved = a.numbers != b.numbers and sorted(a.numbers) == sorted(b.numbers)
    return moved and a.frame == b.frame


def other_detail(a: Stance, b: Stance, *, same_language: bool, lexical_similarity: float) -> bool:
    """Tell whether two texts on the same matter differ in a detail that may have moved on.

    Parameters
    ----------
    a, b
        Their cues.
    same_language
        Whether they are in one language; across languages a contrary is all that is compared, and
        it is no more than a detail, since nobody can tell there whether it stands in the place of
        the other.
    lexical_similarity
        Edit ratio of the two, 0 to 1.

    Returns
    -------
    bool
        True when near the same short sentence names another number, day, month or hour.

    Notes
    -----
    Whether a report was brought up to date or falsified cannot be told from the two texts.

    Examples
    --------
    >>> then, now = stance("3 dead after the storm", "en"), stance("5 dead after the storm", "en")
    >>> other_detail(then, now, same_language=True, lexical_similarity=0.95)
    True
    """
    if not (a.short and b.short):
        return False
    if not same_language:
        return any(
            contrary(a.sides, b.sides, same_language=False, of_time=t) for t in (False, True)
        )
    shared = _shared_frame(a, b)
    if max(lexical_similarity, shared) < _SAME_SENTENCE:
        return False
    if contrary(a.sides, b.sides, same_language=True, of_time=True):
        return True
    likeness = 1.0 if a.frame == b.frame else max(lexical_similarity, shared)
    return _changed(a, b) and likeness >= _SAME_TEMPLATE


def _both_deny(a: Stance, b: Stance) -> bool:
    """Tell whether of two texts the one that does not refute denies in a source's words."""
    plain = b if a.refutes else a
    return plain.negations > 0 and plain.sourced


def _changed(a: Stance, b: Stance) -> bool:
    """Tell whether each of two texts has a number that the other lacks."""
    return bool(set(a.numbers) - set(b.numbers)) and bool(set(b.numbers) - set(a.numbers))


def _negations(a: Stance, b: Stance) -> int:
    """Count the negations of a text in the sentences that the other text has as well.

    A quotation with a comment ("and nobody writes about it") denies nothing of what it quotes.
    """
    words = set(b.frame)
    return sum(
        negations
        for negations, frame in a.sentences
        if len(words.intersection(frame)) >= _SAME_SENTENCE * len(set(frame))
    )


def _shared_frame(a: Stance, b: Stance) -> float:
    """Return the share of the shorter text's words that the longer one has."""
    one, other = set(a.frame), set(b.frame)
    return len(one & other) / max(min(len(one), len(other)), 1)


def _exchanged(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether two sentences differ in that two groups of words have changed places.

    What stands between them must stay: moving one group to the front is a matter of style. So is
    turning subject and time about a verb, so between groups there must be two words.
    """
    a, b = (tuple(word for word in frame if len(word) > _SHORTEST_WORD) for frame in (a, b))
    if len(a) != len(b) or a == b or sorted(a) != sorted(b):
        return False
    places = [place for place, (one, other) in enumerate(zip(a, b, strict=True)) if one != other]
    one, other = (frame[places[0] : places[-1] + 1] for frame in (a, b))
    n = len(one)
    return any(
        one[:head] == other[n - head :]
        and one[n - tail :] == other[:tail]
        and one[head : n - tail] == other[tail : n - head]
        and (head == tail == 1 or n - head - tail > 1)
        for head in range(1, n - 1)
        for tail in range(1, n - head)
    )


def doubtful(a: Stance, b: Stance) -> bool:
    """Tell whether one of two short texts denies or cites where the other does not.

    Parameters
    ----------
    a, b
        Their cues, in one language.

    Returns
    -------
    bool
        True for "they get two thousand a month" and "nobody gets that, says the ministry". Many
        rewordings have it too, so it weighs only where little else speaks for one message.

    Examples
    --------
    >>> doubtful(stance("the dam broke", "en"), stance("the dam holds, engineers say", "en"))
    True
    """
    if not (a.short and b.short):
        return False
    return (a.negations == 0) != (b.negations == 0) or a.sourced != b.sourced


def comments(a: Stance, b: Stance) -> bool:
    """Tell whether one of two short texts speaks about a report that the other makes.

    Parameters
    ----------
    a, b
        Their cues, in one language.

    Returns
    -------
    bool
        True where one names a report or its evidence and the other does not, or where one has two
        and the other none of: a report, a check, a negation, somebody who says so.

    Notes
    -----
    Fails on debunks that state the contrary as a plain fact, and on a retelling that adds where
    the story was heard.

    Examples
    --------
    >>> comments(stance("the dam broke", "en"), stance("the video of the dam is old", "en"))
    True
    """
    return a.short and b.short and (_comments_on(a, b) or _comments_on(b, a))


def _comments_on(a: Stance, b: Stance) -> bool:
    cues = ("of_report", "checked", "sourced", "negations")
    own = [bool(getattr(a, cue)) and not getattr(b, cue) for cue in cues]
    return own[0] or sum(own) > 1


def other_numbers(a: Stance, b: Stance) -> bool:
    """Tell whether two short texts name numbers and have none in common.

    Parameters
    ----------
    a, b
        Their cues.

    Returns
    -------
    bool
        True for "17 degrees on Friday" and "20 degrees on Sunday", which one template and one
        embedding make alike, in any two languages.

    Examples
    --------
    >>> other_numbers(stance("5 buses", "en"), stance("5 autobusów", "pl"))
    False
    """
    named = bool(a.figures) and bool(b.figures) and a.short and b.short
    return named and not (set(a.figures) & set(b.figures) or set(a.numbers) & set(b.numbers))
