"""Contraries: closed classes of words of which two cannot both be said of one event.

"The bridge is open" and "The bridge is closed" differ in one word, and so do "rises by 30" and
"falls by 30", "in May" and "in March". A row of ``contraries.tsv`` is a contrast or a class; a cell
holds its sides in one language, apart by "/", each side a list of word beginnings (a final "$"
makes it a whole word). A side means the same in all languages, so texts of two languages compare,
except in rows of scope "within": "Russian" may be left out of a translation where "Ukrainian"
stays. Rows of "time" (days, months, seasons, hours) say when: a later report of the same event has
another one and denies nothing.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TABLE = Path(__file__).with_name("contraries.tsv")
LANGUAGES = ("en", "pl", "uk", "ru", "de", "fr", "es")


# Two sides each. What has a side in one language only is left out in the others.
@lru_cache(maxsize=1)
def _rows() -> tuple[list[dict[str, str]], frozenset[int], frozenset[int]]:
    """Return the rows, and which of them hold within one language only, and which say when."""
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    within, when = (
        frozenset(n for n, row in enumerate(rows) if word in row["scope"].split())
        for word in ("within", "time")
    )
    return rows, within, when


@lru_cache(maxsize=len(LANGUAGES))
def _beginnings(language: str) -> dict[str, list[tuple[str, int, int]]]:
    """Return (beginning of a word, contrast, side) in one language, by first letter."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for contrast, row in enumerate(_rows()[0]):
        for side, words in enumerate(row[language].split(" / ")):
            for word in words.split():
                found[word[0]].append((word, contrast, side))
    return dict(found)


def contrary_sides(words: list[str], language: str) -> frozenset[tuple[int, int]]:
    """Return the sides of contrasts that some words stand on.

    Parameters
    ----------
    words
        Case-folded words.
    language
        ISO 639-1 code; in a language without a list nothing is found.

    Returns
    -------
    frozenset of (int, int)
        Contrast and side. A word's longest beginning decides within each contrast.

    Examples
    --------
    >>> contrary_sides(["gas", "rises"], "en") == contrary_sides(["gaz", "wzrośnie"], "pl")
    True
    """
    if language not in LANGUAGES:
        return frozenset()
    return frozenset().union(*(_sides_of(word, language) for word in words))


@lru_cache(maxsize=100_000)
def _sides_of(word: str, language: str) -> frozenset[tuple[int, int]]:
    best: dict[int, tuple[int, int]] = {}
    for beginning, contrast, side in _beginnings(language).get(word[:1], ()):
        whole = beginning.endswith("$")
        if word == beginning[:-1] if whole else word.startswith(beginning):
            best[contrast] = max(best.get(contrast, (0, 0)), (len(beginning), side))
    return frozenset((contrast, side) for contrast, (_, side) in best.items())


def says_when(word: str, language: str) -> bool:
    """Tell whether a word is a day, a month, a season or an hour of the day.

    Parameters
    ----------
    word
        A case-folded word.
    language
        ISO 639-1 code; in a language without a list the answer is no.

    Returns
    -------
    bool
        True for "monday", which English writes like a name.

    Examples
    --------
    >>> says_when("monday", "en"), says_when("lipno", "en")
    (True, False)
    """
    when = _rows()[2]
    return any(contrast in when for contrast, _ in contrary_sides([word], language))


def contrary(
    a: frozenset[tuple[int, int]],
    b: frozenset[tuple[int, int]],
    *,
    same_language: bool,
    of_time: bool = False,
) -> bool:
    """Tell whether two texts stand on different sides of a contrast.

    Parameters
    ----------
    a, b
        Their sides.
    same_language
        Whether they are in one language.
    of_time
        Whether to look at the contrasts that say when, and at no others.

    Returns
    -------
    bool
        True when some contrast has one side in each text, and not the same. A text that has both
        sides ("buys, then sells") stands on neither.

    Examples
    --------
    >>> one, other = contrary_sides(["open"], "en"), contrary_sides(["closed"], "en")
    >>> contrary(one, other, same_language=True)
    True
    """
    _, within, when = _rows()
    common = {name for name, _ in a} & {name for name, _ in b}
    common = common & when if of_time else common - when
    if not same_language:
        common -= within
    for contrast in common:
        sides = {side for name, side in a if name == contrast}
        others = {side for name, side in b if name == contrast}
        if len(sides) == 1 and len(others) == 1 and sides != others:
            return True
    return False


def single_sides(sides: Sequence[frozenset[tuple[int, int]]]) -> NDArray[np.int8]:
    """Return on which side of each contrast some texts stand.

    Parameters
    ----------
    sides
        What `contrary_sides` says of each of n texts.

    Returns
    -------
    ndarray of shape (number of contrasts, n), int8
        -1 where a text stands on no side or on several.

    Examples
    --------
    >>> single_sides([contrary_sides(["open"], "en")])[0].tolist()
    [0]
    """
    table = np.full((len(_rows()[0]), len(sides)), -1, dtype=np.int8)
    for text, own in enumerate(sides):
        several = set()
        for contrast, side in own:
            if table[contrast, text] >= 0:
                several.add(contrast)
            table[contrast, text] = side
        for contrast in several:
            table[contrast, text] = -1
    return table


def contrary_at_once(
    table: NDArray[np.int8],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    *,
    same_language: bool,
    of_time: bool = False,
) -> NDArray[np.bool_]:
    """Return what `contrary` says of many pairs of texts.

    Parameters
    ----------
    table
        What `single_sides` says of n texts.
    a, b
        Places of m pairs.
    same_language, of_time
        As in `contrary`, for all pairs.

    Returns
    -------
    ndarray of shape (m,), bool
        True where two texts stand on different sides of some contrast.

    Examples
    --------
    >>> table = single_sides([contrary_sides([word], "en") for word in ("open", "closed")])
    >>> contrary_at_once(table, np.array([0]), np.array([1]), same_language=True).tolist()
    [True]
    """
    _, within, when = _rows()
    result = np.zeros(len(a), dtype=bool)
    for contrast in np.flatnonzero((table >= 0).any(axis=1)).tolist():
        if (contrast in when) == of_time and (same_language or contrast not in within):
            one, other = table[contrast, a], table[contrast, b]
            result |= (one >= 0) & (other >= 0) & (one != other)
    return result
