"""Posts that are written in HTML: their words, and their links."""

from __future__ import annotations

import re
from html import unescape

_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ANCHOR = re.compile(r"<a\s[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_CLASS = re.compile(r"""\sclass\s*=\s*["']([^"'<>]*)["']""", re.IGNORECASE)
# Mastodon writes mentions and tags as links too, and marks them.
_NO_LINK = frozenset(["mention", "hashtag", "quote-link"])


def text_of(html: object) -> str | None:
    r"""Return the words of an HTML text, paragraphs and breaks as new lines.

    Parameters
    ----------
    html
        The text; None where it is no string.

    Returns
    -------
    str or None
        Without tags, entities resolved.

    Examples
    --------
    >>> text_of('<p>A &amp; B<br>C</p><p>see <a href="https://a.org/x">a.org</a></p>')
    'A & B\nC\nsee a.org'
    """
    if not isinstance(html, str):
        return None
    if "<" not in html and "&" not in html:
        return html
    return unescape(_TAG.sub("", _BREAK.sub("\n", html))).strip()


def links_of(html: object) -> list[str]:
    """Return where the links of an HTML text lead, mentions and tags left out.

    Parameters
    ----------
    html
        The text.

    Returns
    -------
    list of str
        Addresses of http and https, in order.

    Examples
    --------
    >>> links_of('<a href="https://a.org/?x=1&amp;y=2">a</a> <a class="mention" href="https://b">')
    ['https://a.org/?x=1&y=2']
    """
    found = []
    for anchor in _ANCHOR.findall(html) if isinstance(html, str) else []:
        kind, href = _CLASS.search(anchor), _HREF.search(anchor)
        if href is None or (kind and not _NO_LINK.isdisjoint(kind[1].split())):
            continue
        address = unescape(href[1] or href[2] or "").strip()
        if address.lower().startswith(("http://", "https://")):
            found.append(address)
    return found
