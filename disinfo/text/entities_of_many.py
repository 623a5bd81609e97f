"""URLs, hashtags and mentions of very many texts at once.

The texts are searched as one, laid end to end with line breaks between: no pattern of
`disinfo.text.entities` runs across a line break. Where something can begin is found in the array
of all characters, and the patterns are asked at those places alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from re import Match, Pattern
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from disinfo.text.entities import HASHTAG, MENTION, URL, plain_mention, plain_tag, plain_url
from disinfo.text.urls import PLAIN_IN_TEXT, canonical_url, plain_form

# Bytes of text laid end to end at once: bounds memory, and stays below what one string may hold.
_MOST_BYTES = 1 << 25
_SMALL_LETTER = 0x20
# Host and path of a plain address, or any address as it stands.
_URL = re.compile(f"{PLAIN_IN_TEXT}|({URL.pattern})")
# One list for all texts without any, which most are.
_NOTHING: list[str] = []
Places: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


class JoinedTexts:
    """Texts laid end to end.

    Parameters
    ----------
    texts
        The texts; a missing one has nothing in it.

    Notes
    -----
    Texts without any share one empty list: whoever changes a list must copy it first.

    Examples
    --------
    >>> texts = JoinedTexts(["Vote! #Now", "see https://a.org/1, @Anna"])
    >>> texts.hashtags(), texts.urls(), texts.mentions()
    ([['now'], []], [[], ['a.org/1']], [[], ['anna']])
    """

    def __init__(self, texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> None:
        array = texts if isinstance(texts, pa.Array | pa.ChunkedArray) else pa.array(texts)
        array = array.cast(pa.large_string())
        chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
        self._pieces = [_Piece(part) for chunk in chunks for part in _parts(chunk)]

    def urls(self) -> list[list[str]]:
        """Return the URLs of each text, as `find_urls` gives them, in canonical form, each once."""
        return [cell for piece in self._pieces for cell in piece.urls()]

    def hashtags(self) -> list[list[str]]:
        """Return the hashtags of each text, as `find_hashtags` gives them, each once."""
        return [cell for piece in self._pieces for cell in piece.hashtags()]

    def mentions(self) -> list[list[str]]:
        """Return the handles mentioned in each text, as `find_mentions` gives them, each once."""
        return [cell for piece in self._pieces for cell in piece.mentions()]


def _parts(texts: pa.Array) -> Iterator[pa.Array]:
    """Yield slices of about so many bytes, each of at least one text."""
    ends = np.cumsum(pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False))
    start, before = 0, 0
    while start < len(texts):
        stop = max(start + 1, int(np.searchsorted(ends, before + _MOST_BYTES, side="right")))
        yield texts.slice(start, stop - start)
        start, before = stop, int(ends[stop - 1])


class _Piece:
    """Some texts as one string, and the same as an array of its characters."""

    def __init__(self, texts: pa.Array) -> None:
        texts = pc.fill_null(texts, "").cast(pa.string())
        offsets = pa.array([0, len(texts)], type=pa.int32())
        joined = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), "\n")[0]
        self._whole = str(memoryview(joined.as_buffer()), "utf-8")
        if self._whole.isascii():
            self._signs = np.frombuffer(joined.as_buffer(), dtype=np.uint8)
            lengths = pc.binary_length(texts)
        else:
            self._signs = np.frombuffer(self._whole.encode("utf-32-le"), dtype=np.uint32)
            lengths = pc.utf8_length(texts)
        self._ends = np.cumsum(lengths.to_numpy(zero_copy_only=False).astype(np.int64) + 1)

    def urls(self) -> list[list[str]]:
        starts = np.sort(np.concatenate([self._schemes(), self._www()]))
        known: dict[str, str] = {}

        def form_of(match: Match[str]) -> str:
            host, path, raw = match.groups()
            form = plain_form(host, path) if host else None
            if form is None:
                raw = raw or match[0]
                form = known.get(raw)
            if form is None:
                url = plain_url(raw)
                form = known[raw] = canonical_url(url) if url else ""
            return form

        return self._gathered(_URL.match, starts, form_of)

    def hashtags(self) -> list[list[str]]:
        return self._named(HASHTAG, "#＃", plain_tag)

    def mentions(self) -> list[list[str]]:
        return self._named(MENTION, "@＠", plain_mention)

    def _named(
        self, pattern: Pattern[str], signs: str, plain: Callable[[str], str]
    ) -> list[list[str]]:
        """Return the names that follow a sign."""
        known: dict[str, str] = {}

        def form_of(match: Match[str]) -> str:
            raw = match[1]
            form = known.get(raw)
            if form is None:
                form = known[raw] = plain(raw)
            return form

        return self._gathered(pattern.match, self._places(signs), form_of)

    def _gathered(
        self,
        match: Callable[[str, int], Match[str] | None],
        starts: Places,
        form_of: Callable[[Match[str]], str],
    ) -> list[list[str]]:
        """Return what is found at these places in each text, each form once.

        Matches do not overlap, as `findall` would find them; an empty form is none.
        """
        cells = [_NOTHING] * len(self._ends)
        rows = np.searchsorted(self._ends, starts, side="right").tolist()
        whole, end, several = self._whole, 0, set()
        for row, start in zip(rows, starts.tolist(), strict=True):
            # Asked for nothing inside a match: a text of links alone would be read again and again.
            if start < end or not (found := match(whole, start)):
                continue
            end = found.end()
            form = form_of(found)
            if not form:
                continue
            if cells[row] is _NOTHING:
                cells[row] = [form]
            else:
                cells[row].append(form)
                several.add(row)
        for row in several:
            cells[row] = list(dict.fromkeys(cells[row]))
        return cells

    def _places(self, signs: str) -> Places:
        """Return where one of two signs stands."""
        narrow, wide = map(ord, signs)
        there = self._signs == narrow
        if self._signs.dtype != np.uint8:
            there |= self._signs == wide
        return np.flatnonzero(there)

    def _schemes(self) -> Places:
        """Return where a URL with a scheme can begin."""
        signs = self._signs
        at = np.flatnonzero(signs[: len(signs) - 2] == ord(":"))
        at = at[(signs[at + 1] == ord("/")) & (signs[at + 2] == ord("/")) & (at >= len("http"))]
        secure = self._spells("https", at - len("https"))
        found = secure | self._spells("http", at - len("http"))
        starts: Places = at[found] - np.where(secure, len("https"), len("http"))[found]
        return starts

    def _spells(self, word: str, at: Places) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return whether a word of small letters stands at each place, in any case."""
        there = at >= 0
        for ahead, letter in enumerate(word):
            there &= (self._signs[at + ahead] | _SMALL_LETTER) == ord(letter)
        return there

    def _www(self) -> Places:
        """Return where an address without a scheme can begin."""
        signs = self._signs
        letter = (signs | _SMALL_LETTER) == ord("w")
        three = letter[:-3] & letter[1:-2] & letter[2:-1]
        return np.flatnonzero(three & (signs[3:] == ord(".")))
