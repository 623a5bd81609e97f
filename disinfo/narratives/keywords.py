"""Keywords of a cluster of texts: class TF-IDF within each language.

A word is telling for a narrative when it is common in it and rare in the other texts of its own
language; comparing within languages keeps "the" from being a keyword of the only English story,
and so do lists of function words in thirteen languages.

References
----------
Grootendorst 2022, BERTopic, arXiv 2203.05794 (class-based TF-IDF).
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd

from disinfo.narratives.stop_words import stop_words
from disinfo.text.normal import readable

_WORD = re.compile(r"[^\W\d_]{3,40}")
# A word in more than this share of a language's texts is a function word there.
_TOO_COMMON = 0.1
_MIN_TEXTS = 30


def class_keywords(
    texts: pd.Series, languages: pd.Series, classes: pd.Series, *, top: int = 8
) -> dict[str, list[str]]:
    """Return the most telling words of each class of texts.

    Parameters
    ----------
    texts
        Texts, n of them.
    languages
        Language of each.
    classes
        Class of each; texts with a missing class count only as background.
    top
        How many words at most.

    Returns
    -------
    dict of str to list of str
        Words by class, most telling first, ties in alphabetical order. A class of one text has
        none: its text says more.

    Notes
    -----
    Fails on languages written without spaces, and, in a language without a list of function words,
    on corpora of a few dozen texts, where those are not yet seen to be common.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = pd.Series(["the bridge fell", "the bridge burned", "the cat sat", "the cat ran"])
    >>> class_keywords(texts, pd.Series(["en"] * 4), pd.Series(list("aabb")), top=1)
    {'a': ['bridge'], 'b': ['cat']}
    """
    sizes = classes.value_counts()
    counted = set(sizes.index[sizes > 1])
    frequency: Counter[tuple[str, str]] = Counter()
    of_class: dict[str, Counter[tuple[str, str]]] = {}
    for text, language, name in zip(texts, languages, classes, strict=True):
        empty = stop_words(language)
        words = {
            (language, word)
            for word in _WORD.findall(readable(text).casefold())
            if word not in empty
        }
        frequency.update(words)
        if name in counted:
            of_class.setdefault(name, Counter()).update(words)
    n_texts = languages.value_counts().to_dict()
    keywords = {}
    for name, counts in sorted(of_class.items()):
        scores: dict[str, float] = {}
        for (language, word), count in counts.items():
            total, seen = n_texts[language], frequency[language, word]
            if total >= _MIN_TEXTS and seen > max(_TOO_COMMON * total, count):
                continue
            gain = float(count * np.log((1 + total) / seen))
            scores[word] = scores.get(word, 0.0) + gain
        ranked = sorted(scores.items(), key=lambda item: (-round(item[1], 6), item[0]))
        keywords[name] = [word for word, score in ranked[:top] if score > 0]
    return keywords
