"""Characters that look like others (UTS #39): seeing through them, and counting them.

Writing "Vаcсine" with Cyrillic а and с dodges every exact match. A *skeleton* brings both spellings
to one form for comparing. For reading (and for models) only tokens that mix scripts are folded,
so that honest Cyrillic or Greek text stays as it is.

References
----------
Unicode Technical Standard #39, Unicode Security Mechanisms, section 4.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from disinfo.model_files import model_file

_LATIN, _CYRILLIC, _GREEK = "latin", "cyrillic", "greek"
_TOKEN = re.compile(r"\w+")
# Blocks that hold letters of each script, and a few others: a text that has none of two of them
# mixes nothing.
_BLOCKS = tuple(
    re.compile(f"[{blocks}]")
    for blocks in (
        "A-Za-z\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2090-\u209f\u2180-\u218f\u2c60-\u2c7f"
        "\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb0f\U00010780-\U000107bf\U0001df00-\U0001dfff",
        "\u0400-\u052f\u1c80-\u1c8f\u1d00-\u1dbf\u2de0-\u2dff\ua640-\ua69f\U0001e030-\U0001e08f",
        "\u0370-\u03ff\u1d00-\u1dbf\u1f00-\u1fff\uab30-\uab6f\U00010140-\U0001018f",
    )
)


@cache
def _skeletons() -> dict[int, str]:
    table = {}
    with model_file("confusables", "skeleton.tsv").open(encoding="ascii") as lines:
        for line in lines:
            code, _, folded = line.rstrip("\n").partition("\t")
            table[int(code, 16)] = "".join(chr(int(part, 16)) for part in folded.split())
    return table


@cache
def _cyrillic_of_latin() -> dict[int, str]:
    """Map a Latin letter to the Cyrillic letter that looks like it, for Cyrillic words."""
    table: dict[int, str] = {}
    for code in range(0x0430, 0x0460):
        for char in (chr(code), chr(code).upper()):
            latin = _skeletons().get(ord(char), "")
            if len(latin) == 1 and latin.isascii() and latin.isalpha():
                table.setdefault(ord(latin), char)
    return table


@cache
def script(char: str) -> str:
    """Return "latin", "cyrillic", "greek" or "" (any other, or shared by all).

    Examples
    --------
    >>> script("a"), script("ж"), script("1")
    ('latin', 'cyrillic', '')
    """
    if not char.isalpha():
        return ""
    name = unicodedata.name(char, "")
    for known in (_LATIN, _CYRILLIC, _GREEK):
        if name.startswith(known.upper()):
            return known
    return ""


def skeleton(text: str) -> str:
    """Return the skeleton of a text: equal for texts that look alike.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        For comparing only, never for showing: ``0`` becomes ``O``, ``1`` becomes ``l``.

    Examples
    --------
    >>> skeleton("Vаcсine") == skeleton("Vaccine")
    True
    """
    if text.isascii():
        return text.translate(_skeletons())
    decomposed = unicodedata.normalize("NFD", text).translate(_skeletons())
    return unicodedata.normalize("NFD", decomposed)


@cache
def _comparable_characters() -> dict[int, str]:
    """Return for each character that has a look-alike what is left of it when nothing changes."""
    skeletons = _skeletons()
    # A letter without a skeleton can still have one in the other case.
    codes = {*skeletons, *(ord(c) for code in skeletons for c in chr(code).casefold())}
    table = {}
    for code in sorted(codes):
        text = chr(code)
        while (folded := _fold_once(text)) != text:
            text = folded
        table[code] = text
    return table


def _fold_once(text: str) -> str:
    return unicodedata.normalize("NFD", text).casefold().translate(_skeletons()).casefold()


def comparable(text: str) -> str:
    """Return the form of a text in which look-alikes in either case are equal.

    `skeleton` and case folding alone do not settle: "Ꮇ" looks like "M", which is "m" in the
    other case, which looks like "rn". Both are applied until nothing changes.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        For comparing only; ``comparable`` of it is itself.

    Examples
    --------
    >>> comparable("Ꮇ") == comparable("m") == comparable("M") == "rn"
    True
    """
    table = _comparable_characters()
    if text.isascii():
        return text.casefold().translate(table)
    while True:
        folded = unicodedata.normalize("NFD", text).casefold().translate(table)
        if folded == text:
            return text
        text = folded


def fold_mixed_scripts(text: str) -> tuple[str, int]:
    """Rewrite tokens that mix scripts in their commoner script.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    text : str
        The text with the foreign look-alike letters of mixed tokens replaced.
    n_folded : int
        How many tokens were rewritten: a sign of an attempt to dodge filters.

    Notes
    -----
    Fails on a token written wholly in the other script ("соре" for "cope"): such a token mixes
    nothing and cannot be told from an honest word without a dictionary.

    Examples
    --------
    >>> fold_mixed_scripts("the Vаcсine works")
    ('the Vaccine works', 1)
    """
    if text.isascii() or sum(block.search(text) is not None for block in _BLOCKS) < 2:
        return text, 0
    n_folded = 0

    def fold(match: re.Match[str]) -> str:
        nonlocal n_folded
        token = match.group()
        folded = _folded(token)
        n_folded += folded != token
        return folded

    return _TOKEN.sub(fold, text), n_folded


@lru_cache(maxsize=100_000)
def _folded(token: str) -> str:
    """Return a token in its main script."""
    if token.isascii():
        return token
    scripts = [script(char) for char in token]
    counts = {name: scripts.count(name) for name in (_LATIN, _CYRILLIC, _GREEK)}
    if sum(n > 0 for n in counts.values()) < 2:
        return token
    main = max(counts, key=lambda name: counts[name])
    return "".join(
        _as_script(char, main) if of not in ("", main) else char
        for char, of in zip(token, scripts, strict=True)
    )


def _as_script(char: str, target: str) -> str:
    """Return the look-alike of a letter in the target script, or the letter itself."""
    alike = _skeletons().get(ord(char), char)
    if target == _LATIN and len(alike) == 1 and script(alike) == _LATIN:
        return alike
    if target == _CYRILLIC:
        return _cyrillic_of_latin().get(ord(alike[0]), char) if len(alike) == 1 else char
    return char
