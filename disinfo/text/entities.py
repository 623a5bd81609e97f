"""URLs, hashtags and mentions as they stand in a post's text.

The patterns are linear in the length of the text: each character is looked at a fixed number of
times, whatever a hostile post holds.
"""

from __future__ import annotations

import re

# A URL ends at white space, quotes or brackets of the kind that text puts around it.
# Both cases are spelt out: with a flag the search could not skip to the letters it begins with.
URL = re.compile(r"(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.)[^\s<>\"'«»“”]+")
# The length bound keeps a wall of #### or @@@@ from being read as one name.
HASHTAG = re.compile(r"(?<![\w/&#])[#＃](\w{1,100})")
MENTION = re.compile(r"(?<![\w/.@])[@＠]([\w.\-]{1,100})")
_STUMP = len("https://t.c")
_TRAILING = ".,;:!?)]}…*_~"


def _first(text: str, sign: str, wide: str) -> int:
    """Return where a pattern that begins with a sign can match first: the search for it is slow."""
    at = text.find(sign)
    also = text.find(wide)
    if at < 0 or also < 0:
        return max(at, also) if max(at, also) >= 0 else len(text)
    return min(at, also)


def _first_url(text: str) -> int:
    """Return where a URL can begin first."""
    at = text.find("://")
    head = text if at < 0 else text[:at]
    if "ww" in head or "WW" in head or "wW" in head or "Ww" in head:
        return 0
    return max(0, at - len("https")) if at >= 0 else len(text)


def find_urls(text: str) -> list[str]:
    """Return the URLs in a text, in order, without punctuation that follows them.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    list of str
        URLs as written. A URL that the platform cut off ("https://t…") is left out.

    Examples
    --------
    >>> find_urls("See https://example.org/a, and (www.example.com).")
    ['https://example.org/a', 'www.example.com']
    """
    found = map(plain_url, URL.findall(text, _first_url(text)))
    return [url for url in found if url]


def plain_url(raw: str) -> str:
    """Return what a match of `URL` holds without what follows it; an empty string if cut off."""
    if raw[-1].isalnum() and len(raw) > _STUMP:
        return raw
    if raw[-1] == "…":
        return ""
    url = raw.rstrip(_TRAILING)
    # "https://t.c" and shorter are stumps, not addresses.
    return url if len(url) > _STUMP or len(url.partition("//")[2] or url) > 3 else ""


def find_hashtags(text: str) -> list[str]:
    """Return the hashtags in a text, in order, case-folded and without the sign.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    list of str
        Tags; a tag of digits only ("#1") is a rank, not a tag, and is left out.

    Examples
    --------
    >>> find_hashtags("Vote! #Wybory2025 #1 #Żółw")
    ['wybory2025', 'żółw']
    """
    found = map(plain_tag, HASHTAG.findall(text, _first(text, "#", "＃")))
    return [tag for tag in found if tag]


def plain_tag(raw: str) -> str:
    """Return what a match of `HASHTAG` holds, case-folded; an empty string for a number."""
    return "" if raw.isdigit() else raw.casefold()


def find_mentions(text: str) -> list[str]:
    """Return the handles mentioned in a text, in order, case-folded and without the sign.

    Parameters
    ----------
    text
        The text of a post.

    Returns
    -------
    list of str
        Handles; an e-mail address is not one.

    Examples
    --------
    >>> find_mentions("@Anna and @bob.example. not me@example.org")
    ['anna', 'bob.example']
    """
    found = map(plain_mention, MENTION.findall(text, _first(text, "@", "＠")))
    return [name for name in found if name]


def plain_mention(raw: str) -> str:
    """Return what a match of `MENTION` holds, case-folded; an empty string if it is no name."""
    return raw.rstrip(".-").casefold()
