"""Names of people and places, told by their capitals.

No lexicon: in most languages written with capitals a word that stands in the middle of a sentence
with a capital, in text that is not all set in capitals, is a name. Which words those are is asked
of the corpus as a whole, so that a headline In Title Case is read like any other text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Prefix

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A word after one of these opens a sentence and says nothing by its capital.
_OPENING = '.!?…:;|"«»“”„‘(#-–—•\n'
# German writes all nouns with a capital.
_CAPITALISED_NOUNS = frozenset({"de", "lb", "als", "nds", "bar"})
# Above this share of capitalised words a text is a headline or shouts.
_TITLE_SHARE = 0.5
# A name is written with a capital at least so many times as often as without.
_MOSTLY = 4
_SHORTEST = 3
# So many letters at the end of a name may be an inflection.
_ENDING = 2


class NameFinder:
    """Finds the names in texts of one corpus.

    Parameters
    ----------
    texts
        Readable texts from which is learned which words are names.
    languages
        Language of each.

    Notes
    -----
    Fails on scripts without capitals (no names are found), on a name that the corpus has in
    headlines only, and on German, whose nouns all have capitals: there no names are found.

    Examples
    --------
    >>> finder = NameFinder(["We saw Anna in Lipno", "so Anna left"], ["en", "en"])
    >>> sorted(finder.names("ANNA Left Lipno", "en"))
    ['anna', 'lipno']
    """

    def __init__(self, texts: Iterable[str], languages: Iterable[str]) -> None:
        capital: Counter[tuple[str, str]] = Counter()
        small: Counter[tuple[str, str]] = Counter()
        for text, language in zip(texts, languages, strict=True):
            words = _words(text)
            if language in _CAPITALISED_NOUNS or _is_title(words):
                continue
            for word, opens in words:
                key = (language, word.casefold())
                if word[0].islower():
                    small[key] += 1
                elif not opens and len(word) >= _SHORTEST:
                    capital[key] += 1
        self._names = {key for key, n in capital.items() if n >= _MOSTLY * small[key]}

    def names(self, text: str, language: str) -> frozenset[str]:
        """Return the names in a text, case-folded.

        Parameters
        ----------
        text
            A readable text.
        language
            Its language.

        Returns
        -------
        frozenset of str
            Words, each part of a name on its own.
        """
        folded = {word.casefold() for word in _WORD.findall(text)}
        return frozenset(word for word in folded if (language, word) in self._names)


def exclusive_names(a: frozenset[str], b: frozenset[str]) -> bool:
    """Tell whether each of two texts names something that the other does not.

    Parameters
    ----------
    a, b
        Names in the two texts.

    Returns
    -------
    bool
        True for "Anna in Lipno" and "Anna in Karsk". A name and its inflected form ("Lipno",
        "Lipna") are one.

    Examples
    --------
    >>> exclusive_names(frozenset({"anna", "lipno"}), frozenset({"anna", "karsk"}))
    True
    >>> exclusive_names(frozenset({"lipno"}), frozenset({"lipna", "anna"}))
    False
    """
    return _lacks(a, b) and _lacks(b, a)


def _lacks(names: frozenset[str], others: frozenset[str]) -> bool:
    rest = others - names
    return any(not any(_same_name(name, other) for other in rest) for name in names - others)


def _same_name(a: str, b: str) -> bool:
    """Tell whether two words are one but for an ending."""
    common = Prefix.similarity(a, b)
    return common >= _SHORTEST and common >= min(len(a), len(b)) - _ENDING


def _words(text: str) -> Sequence[tuple[str, bool]]:
    """Return the words of a text, and whether each opens a sentence."""
    found = []
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        found.append((match.group(), end == 0 or any(sign in _OPENING for sign in between)))
        end = match.end()
    return found


def _is_title(words: Sequence[tuple[str, bool]]) -> bool:
    inner = [word for word, opens in words if not opens]
    return sum(word[0].isupper() for word in inner) > _TITLE_SHARE * len(inner)
