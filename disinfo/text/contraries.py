"""Contraries: closed classes of words of which two cannot both be said of one event.

"The bridge is open" and "The bridge is closed" differ in one word, and so do "rises by 30" and
"falls by 30", "in May" and "in March". A row of ``contraries.tsv`` is a contrast or a class; a cell
holds its sides in one language, apart by "/", each side a list of word beginnings (a final "$"
makes it a whole word). A side means the same in all languages, so texts of two languages compare,
except in rows of scope "within": "Russian" may be left out of a translation where "Ukrainian"
stays.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("contraries.tsv")
LANGUAGES = ("en", "pl", "uk", "ru", "de", "fr", "es")


# Two sides each. What has a side in one language only is left out in the others.
@lru_cache(maxsize=1)
def _rows() -> tuple[list[dict[str, str]], frozenset[int]]:
    """Return the rows by column, and which of them hold within one language only."""
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows, frozenset(n for n, row in enumerate(rows) if row["scope"] == "within")


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


def contrary(
    a: frozenset[tuple[int, int]], b: frozenset[tuple[int, int]], *, same_language: bool
) -> bool:
    """Tell whether two texts stand on different sides of a contrast.

    Parameters
    ----------
    a, b
        Their sides.
    same_language
        Whether they are in one language.

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
    common = {name for name, _ in a} & {name for name, _ in b}
    if not same_language:
        common -= _rows()[1]
    for contrast in common:
        sides = {side for name, side in a if name == contrast}
        others = {side for name, side in b if name == contrast}
        if len(sides) == 1 and len(others) == 1 and sides != others:
            return True
    return False
