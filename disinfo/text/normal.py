"""Two forms of a text: one to read and embed, one to compare.

`readable` keeps the words as a person reads them. `normal_form` goes further, to a form in which
two posts that say the same letters are the same string: it is what makes exact copies one row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from disinfo.text.entities import HASHTAG, MENTION, URL
from disinfo.text.lookalikes import comparable, fold_mixed_scripts

# Characters that show nothing: soft hyphen, zero-width, bidi controls, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# Joiners inside emoji and some scripts are honest; they are removed but not counted.
_HONEST = re.compile("[\u200c\u200d\ufe00-\ufe0f\u00ad\U000e0020-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REPOST_MARK = re.compile(r"^\s*RT\s+@[\w.\-]{1,100}:?\s*")


class _Spaced(dict[int, str]):
    """A table for `str.translate` in which all but letters, digits and white space is a space."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if sign.isalnum() or sign.isspace() else " "
        return self[code]


_SPACED = _Spaced()


@dataclass(frozen=True, kw_only=True)
class Obfuscation:
    """What was hidden in a text and had to be undone.

    Parameters
    ----------
    invisible
        Number of characters that show nothing and have no honest use in a post.
    mixed_tokens
        Number of tokens written in two scripts at once.
    """

    invisible: int
    mixed_tokens: int


def readable(text: str) -> str:
    """Return a text as a person reads it, without addresses.

    NFKC, invisible and control characters removed, look-alike letters of mixed-script tokens
    folded, the "RT @x:" mark, URLs and mentions taken out, hashtags kept as words.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    str
        Possibly empty (a post of URLs only).

    Examples
    --------
    >>> readable("RT @x: The Vаcсine\u200b works! https://t.co/abcd #News")
    'The Vaccine works! News'
    """
    return _read(text)[0]


def obfuscation(text: str) -> Obfuscation:
    """Count what `readable` had to undo.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    Obfuscation
        Counts; innocent causes are copy-and-paste from word processors and right-to-left text.

    Examples
    --------
    >>> obfuscation("Vаcсine\u200b")
    Obfuscation(invisible=1, mixed_tokens=1)
    """
    _, invisible, mixed = _read(text)
    return Obfuscation(invisible=invisible, mixed_tokens=mixed)


def _read(text: str) -> tuple[str, int, int]:
    """Return a text as it is read, and how much was hidden: characters and tokens."""
    if text.isascii():
        plain, invisible, mixed = text, 0, 0
    else:
        composed = unicodedata.normalize("NFKC", text)
        invisible = 0
        if _INVISIBLE.search(composed):
            invisible = len(_INVISIBLE.findall(_HONEST.sub("", composed)))
            composed = _INVISIBLE.sub("", composed)
        plain, mixed = fold_mixed_scripts(composed)
    # A search for a substring is many times cheaper than a pattern that finds nothing.
    if not plain.isprintable():
        plain = _CONTROL.sub(" ", plain)
    if plain.lstrip().startswith("RT"):
        plain = _REPOST_MARK.sub("", plain)
    if "://" in plain or "www." in plain.lower():
        plain = URL.sub(" ", plain)
    if "@" in plain or "＠" in plain:
        plain = MENTION.sub(" ", plain)
    if "#" in plain or "＃" in plain:
        plain = HASHTAG.sub(r"\1", plain)
    return " ".join(plain.split()), invisible, mixed


def normal_form(text: str) -> str:
    """Return the form in which copies are equal.

    `readable`, then case folding, skeleton, and only letters and digits kept. A text of which
    nothing is left (emoji, URLs) keeps its emoji, and after that its bare characters, so that two
    different ones do not become one.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    str
        Never empty for a text that holds anything but white space.

    Examples
    --------
    >>> normal_form("The VACCINE works!!! https://a.example") == normal_form("the vаccine works")
    True
    >>> normal_form("👍👍") != normal_form("👎")
    True
    """
    plain = readable(text)
    words = " ".join(plain.casefold().translate(_SPACED).split())
    if words:
        return comparable(words)
    return plain or " ".join(text.casefold().split())
