"""The style of a text: function words, word shapes, punctuation, and letters within words.

For the first kind of feature, words that carry the subject become their shape (`x`, `Xx`, `XX`,
`xl` for long ones), numbers become `9`, pictographs one sign. What is left are the habits of a
writer, as n-grams of one to three tokens that a person can read: ``, but`` or ``Xx — x``. The
second kind, n-grams of letters within words, adds endings and particles. It also holds something of
the subject, and is worth that.

References
----------
Mosteller and Wallace 1963, Inference in an authorship problem (function words).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from disinfo.text.entities import MENTION, URL

# Each character is looked at a fixed number of times, whatever a hostile post holds.
_TOKEN = re.compile(r"[^\W\d_]+|\d+|#|[^\w\s]+|_+")
_MAX_CHARACTERS = 2000
_LONG_WORD = 7
_LONGEST_NGRAM = 3
_LONGEST_LETTERS = 4
_BEGIN, _END = "<", ">"
# Arrows, symbols, pictographs and flags begin here.
_PICTOGRAPHS = 0x2190


def style_tokens(text: str, function_words: Collection[str]) -> list[str]:
    """Return a text as tokens that tell its style and not its subject.

    Parameters
    ----------
    text
        A post; addresses and mentions are left out, since platforms and readers treat them
        differently.
    function_words
        Lower-case words that stay as they are.

    Returns
    -------
    list of str
        Tokens between ``<`` and ``>``. Only the first 2,000 characters are read.

    Examples
    --------
    >>> style_tokens("The BRIDGE is closed, again!", {"the", "is"})
    ['<', '^the', 'XX', 'is', 'x', ',', 'x', '!', '>']
    """
    plain = MENTION.sub(" ", URL.sub(" ", text[:_MAX_CHARACTERS]))
    tokens = [_BEGIN]
    for word in _TOKEN.findall(plain):
        first = word[0]
        if first.isalpha():
            tokens.append(_shape(word, function_words))
        elif first.isdigit():
            tokens.append("9")
        else:
            # Longer runs of signs are one habit, however long.
            tokens.append("".join("☺" if ord(c) >= _PICTOGRAPHS else c for c in word[:3]))
    return [*tokens, _END]


def _shape(word: str, function_words: Collection[str]) -> str:
    lower = word.lower()
    if lower in function_words:
        return lower if word[0] == lower[0] else f"^{lower}"
    if len(word) > 1 and word.isupper():
        return "XX"
    if word[0].isupper():
        return "Xx"
    return "xl" if len(word) >= _LONG_WORD else "x"


def ngrams(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the n-grams of one to three tokens.

    Parameters
    ----------
    tokens
        Style tokens.

    Yields
    ------
    str
        Tokens joined by blanks.

    Examples
    --------
    >>> list(ngrams(["<", "x", ">"]))
    ['<', 'x', '>', '< x', 'x >', '< x >']
    """
    for n in range(1, _LONGEST_NGRAM + 1):
        for start in range(len(tokens) - n + 1):
            yield " ".join(tokens[start : start + n])


def letter_ngrams(text: str) -> Iterator[str]:
    """Yield the n-grams of two to four characters within each word and its blanks.

    Parameters
    ----------
    text
        A post.

    Yields
    ------
    str
        Lower-case n-grams.

    Examples
    --------
    >>> list(letter_ngrams("Ah"))
    [' a', 'ah', 'h ', ' ah', 'ah ', ' ah ']
    """
    plain = MENTION.sub(" ", URL.sub(" ", text[:_MAX_CHARACTERS])).lower()
    for word in plain.split():
        padded = f" {word} "
        for n in range(2, _LONGEST_LETTERS + 1):
            for start in range(len(padded) - n + 1):
                yield padded[start : start + n]


def function_words_of(texts: Sequence[str], n_words: int) -> frozenset[str]:
    """Return the words that stand in the most texts: those that a language cannot do without.

    Parameters
    ----------
    texts
        Texts of one language, on many subjects.
    n_words
        How many words to keep; ties at the end are broken by the alphabet.

    Returns
    -------
    frozenset of str
        Lower-case words. With texts on one subject its words are among them, and the model then
        learns the subject.

    Examples
    --------
    >>> sorted(function_words_of(["the cat", "the dog", "a dog"], 2))
    ['dog', 'the']
    """
    counts: Counter[str] = Counter()
    for text in texts:
        found = _TOKEN.findall(URL.sub(" ", text[:_MAX_CHARACTERS]).lower())
        counts.update({word for word in found if word[0].isalpha()})
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return frozenset(ranked[:n_words])
