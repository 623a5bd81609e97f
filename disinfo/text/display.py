"""Make hostile text safe and honest to show: no invisible control, no endless word.

Escaping is the job of whoever writes HTML or XML. This module deals with what escaping leaves:
characters that reorder, hide or break lines, and words that break a layout. What is cut is counted
in place: ``[+120]`` stands for 120 characters that are not shown.
"""

from __future__ import annotations

import re
import unicodedata

WORD_LIMIT = 48
"""Longest run without a space; the longest everyday words of German and Polish are shorter."""

_MARKS_IN_A_ROW = 4
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The two joiners U+200C and U+200D are left alone: Persian and emoji need them.
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u2028\u2029\u2060\ufeff")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WORD = re.compile(r"\S+")


def display(text: object, *, limit: int = 600) -> str:
    r"""Return text that can be shown anywhere on a page.

    Parameters
    ----------
    text
        A post, a label, an identifier; a missing value gives an empty string.
    limit
        The most characters to keep.

    Returns
    -------
    str
        Valid Unicode without control characters except newlines. Direction overrides and
        zero-width characters are spelt out as ``⟦U+202E⟧``, and cuts are marked ``[+n]``.

    Notes
    -----
    Text in scripts without spaces (Thai, Chinese) is cut at `WORD_LIMIT` characters too, since a
    word cannot be told from a flood there.

    Examples
    --------
    >>> display("pay\u202efdp.exe")
    'pay⟦U+202E⟧fdp.exe'
    >>> display("a" * 60)[-6:]
    'a[+12]'
    """
    if not isinstance(text, str):
        return ""
    kept, rest = text[:limit], len(text) - limit
    shown = _BLANK_LINES.sub("\n\n", _visible(kept))
    shown = _WORD.sub(_shorten, shown).strip()
    return f"{shown} [+{rest}]" if rest > 0 else shown


def _visible(text: str) -> str:
    out: list[str] = []
    marks = 0
    for char in text.replace("\r\n", "\n").replace("\r", "\n"):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char in "\n\t":
            out.append(char)
        elif char in _BIDI or char in _INVISIBLE:
            out.append(f"⟦U+{ord(char):04X}⟧")
        elif category == "Cc":
            # U+2400 … U+2421 are pictures of the ASCII controls.
            out.append(chr(0x2400 + ord(char)) if ord(char) < 0x20 else "\ufffd")
        elif category == "Cs" or (ord(char) & 0xFFFE) == 0xFFFE:
            out.append("\ufffd")
        elif 0xE0000 <= ord(char) <= 0xE007F or marks > _MARKS_IN_A_ROW:
            continue
        else:
            out.append(char)
    return "".join(out)


def _shorten(match: re.Match[str]) -> str:
    word = match.group()
    limit = 2 * WORD_LIMIT if "://" in word[:12] else WORD_LIMIT
    extra = len(word) - limit
    return word if extra <= 0 else f"{word[:limit]}[+{extra}]"
