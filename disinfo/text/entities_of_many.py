"""URLs, hashtags and mentions of very many texts at once.

The texts are searched as one, laid end to end with line breaks between: no pattern of
`disinfo.text.entities` runs across a line break, and the search for a sign in one long string costs
far less than in each of many short ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import Pattern

import numpy as np

from disinfo.text.entities import HASHTAG, MENTION, URL, plain_mention, plain_tag, plain_url
from disinfo.text.urls import canonical_url

# Where "www." can begin, in a text of any letters.
_WWW = ("ww.", "WW.", "wW.", "Ww.")
# One list for all texts without any, which most are.
_NOTHING: list[str] = []


class JoinedTexts:
    """Texts laid end to end.

    Parameters
    ----------
    texts
        The texts.

    Notes
    -----
    Texts without any share one empty list: whoever changes a list must copy it first.

    Examples
    --------
    >>> texts = JoinedTexts(["Vote! #Now", "see https://a.org/1, @Anna"])
    >>> texts.hashtags(), texts.urls(), texts.mentions()
    ([['now'], []], [[], ['a.org/1']], [[], ['anna']])
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = "\n".join(texts)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self._ends = np.cumsum(lengths + 1)

    def urls(self) -> list[list[str]]:
        """Return the URLs of each text, as `find_urls` gives them, in canonical form, each once."""
        starts = self._schemes()
        if self._whole.isascii():
            starts += _places(self._whole.lower(), "www.")
        else:
            # Lower case could move what follows, and is slow where letters are not of ASCII.
            starts += [at - 1 for sign in _WWW for at in self._places(sign)]
        found = self._matches(URL, sorted(starts))
        plain = [(at, url) for at, raw in found if (url := plain_url(raw))]
        forms = {url: canonical_url(url) for url in {url for _, url in plain}}
        return self._by_text([(at, form) for at, url in plain if (form := forms[url])])

    def hashtags(self) -> list[list[str]]:
        """Return the hashtags of each text, as `find_hashtags` gives them, each once."""
        starts = sorted(self._places("#") + self._places("＃"))
        found = self._matches(HASHTAG, starts)
        return self._by_text([(at, tag) for at, raw in found if (tag := plain_tag(raw))])

    def mentions(self) -> list[list[str]]:
        """Return the handles mentioned in each text, as `find_mentions` gives them, each once."""
        starts = sorted(self._places("@") + self._places("＠"))
        found = self._matches(MENTION, starts)
        return self._by_text([(at, name) for at, raw in found if (name := plain_mention(raw))])

    def _schemes(self) -> list[int]:
        """Return where a URL with a scheme can begin."""
        whole, starts = self._whole, []
        for at in self._places("://"):
            head = whole[max(0, at - len("https")) : at].lower()
            if head.endswith(("https", "http")):
                starts.append(at - (5 if head == "https" else 4))
        return starts

    def _places(self, sign: str) -> list[int]:
        return _places(self._whole, sign)

    def _matches(self, pattern: Pattern[str], starts: list[int]) -> Iterator[tuple[int, str]]:
        """Yield matches at these places that do not overlap, as `findall` would find them."""
        whole, match, end = self._whole, pattern.match, 0
        # A pattern with a group is asked for the group, like `findall`.
        group = pattern.groups
        for start in starts:
            if start >= end and (found := match(whole, start)):
                end = found.end()
                yield start, found[group]

    def _by_text(self, found: list[tuple[int, str]]) -> list[list[str]]:
        cells = [_NOTHING] * len(self._ends)
        places = np.fromiter((at for at, _ in found), dtype=np.int64, count=len(found))
        rows = np.searchsorted(self._ends, places, side="right").tolist()
        several = set()
        for row, (_, thing) in zip(rows, found, strict=True):
            if cells[row] is _NOTHING:
                cells[row] = [thing]
            else:
                cells[row].append(thing)
                several.add(row)
        for row in several:
            cells[row] = list(dict.fromkeys(cells[row]))
        return cells


def _places(whole: str, sign: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(sign), whole)]
