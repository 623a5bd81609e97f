"""One form for the many addresses of one page, and the domain that was registered for it.

Two posts share a link when their canonical URLs are equal. The form is an identifier, not an
address to open: the scheme, tracking parameters and fragments are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from disinfo.text.url_platforms import is_platform, platform_form, redirect_target

# Parameters that say who sent the visitor, never which page is meant. `source`, `from` and `id`
# are absent on purpose: on many sites they pick the page.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "oly_", "fb_action_", "_hs")
_TRACKING_NAMES = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid
    igsh mc_cid mc_eid mkt_tok vero_id wickedid xtor _ga _gl _openstat yadclid tgclid fb_source
    fb_ref fbadid ref ref_src ref_url referer referrer refsrc cmpid cmp ocid ito ncid smid smtyp
    sr_share s_cid spm wt_mc wt_zmc at_medium at_campaign at_custom1 at_custom2 at_custom3
    at_custom4 at_link_id at_link_origin at_link_type at_format at_ptr_name at_bbc_team guccounter
    guce_referrer guce_referrer_sig __twitter_impression feedtype feedname rss amp outputtype
    share_id sharetype taid tpcc via mibextid rdid __tn__ __cft__[0]
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
# Hosts that show the same pages as the host without them.
_MIRRORS = ("www.", "m.", "amp.", "mobile.", "touch.", "web.")
_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]{1,30}:(?!\d{1,5}(?:[/?#]|$))", re.IGNORECASE)
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9.\-_]+")
_PORT = re.compile(r":(?:80|443)?$")
_LABEL = r"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?"
# Most addresses only lose their scheme: no parameters, no dots or escapes in the path.
_PLAIN = re.compile(rf"(?:https?://)?({_LABEL}(?:\.{_LABEL})+)((?:/[A-Za-z0-9\-_~]+)*)/?", re.ASCII)
# The same inside a text: what follows ends any address, and the last sign is never punctuation.
PLAIN_IN_TEXT = (
    rf"https?://({_LABEL}(?:\.{_LABEL})+)((?:/[A-Za-z0-9\-_~]+)*)/?(?<=[A-Za-z0-9/])"
    r"(?=[\s<>\"'«»“”]|\Z)"
)
# The same for many addresses, one a line; lines that are none have neither host nor path.
_PLAIN_LINES = re.compile(rf"^(?:{_PLAIN.pattern}|.*)$", re.ASCII | re.MULTILINE)
_WRAPPERS = re.compile(r"(?:google|bing)\.[a-z.]{2,6}|yandex\.[a-z]{2,3}", re.ASCII)
# Longer ones are data, not addresses, and would make the search for a stable form slow.
_LONGEST = 4096
# What is left of an address that a platform cut off.
_STUMP = 3


def canonical_url(url: str) -> str:
    """Return the canonical form of a URL: what two links to one page have in common.

    Dropped are the scheme, user names, default ports, hosts such as ``www.``, ``m.`` and
    ``amp.``, fragments, AMP wrappers, tracking parameters and the slash at the end. The other
    parameters are sorted, the host is lower-cased and written in punycode, the path is
    percent-encoded in one way. The link forms of YouTube, Telegram, X, Facebook, Instagram,
    TikTok and Reddit become one each, and a platform's redirect becomes the address that it
    names.

    Parameters
    ----------
    url
        A URL, with or without a scheme.

    Returns
    -------
    str
        The canonical form; ``canonical_url`` of it is itself. An address of another scheme
        (``mailto:``, ``at:``), or longer than 4,096 characters, only loses its white space.

    Notes
    -----
    It fails where a site keeps the page in the fragment (single-page applications), or where a
    parameter that is usually tracking picks the page. Short links (``bit.ly/…``) stay short,
    since opening them needs the network.

    Examples
    --------
    >>> canonical_url("https://www.example.org/news/?b=2&utm_source=x&a=1#top")
    'example.org/news?a=1&b=2'
    >>> canonical_url("https://youtu.be/dQw4w9WgXcQ?si=abc")
    'youtube.com/watch?v=dQw4w9WgXcQ'
    >>> canonical_url("https://t.me/s/Channel/77")
    't.me/channel/77'
    """
    plain = _PLAIN.fullmatch(url) if len(url) <= _LONGEST else None
    if plain is not None and "amp" not in plain[2]:
        host = _plain_host(plain[1])
        if host is not None:
            return host + plain[2]
    text = _BLANK.sub("", url)
    if len(text) > _LONGEST:
        return text
    # A wrapper can hold a wrapper; each round unwraps one, so their number bounds the rounds.
    for _ in range(_LONGEST):
        shorter = _one_round(text)
        if shorter == text:
            break
        text = shorter
    return text


def canonical_urls(urls: Iterable[str]) -> dict[str, str]:
    r"""Return `canonical_url` of each URL; the plain ones, which most are, all at once.

    Parameters
    ----------
    urls
        URLs; repeated ones are looked at once.

    Returns
    -------
    dict of str to str
        Each URL with its canonical form.

    Examples
    --------
    >>> canonical_urls(["https://a.org/1/", "www.a.org/1"])
    {'https://a.org/1/': 'a.org/1', 'www.a.org/1': 'a.org/1'}
    """
    unique = list(dict.fromkeys(urls))
    found = (
        _PLAIN_LINES.findall("\n".join(unique))
        if max(map(len, unique), default=0) <= _LONGEST
        else []
    )
    if len(found) != len(unique):
        # A URL that holds a line break would move all after it.
        return {url: canonical_url(url) for url in unique}
    return {
        url: (plain_form(host, path) if host else None) or canonical_url(url)
        for url, (host, path) in zip(unique, found, strict=True)
    }


def plain_form(host: str, path: str) -> str | None:
    """Return the canonical form of a plain address; None where it takes a closer look.

    Parameters
    ----------
    host, path
        What the groups of `PLAIN_IN_TEXT` hold.

    Returns
    -------
    str or None
        The form.

    Examples
    --------
    >>> plain_form("www.example.org", "/news")
    'example.org/news'
    """
    known = _plain_host(host)
    if (
        known is None
        or "amp" in path
        or not _STUMP < len(path) + len(host) < _LONGEST - len("https:///")
    ):
        return None
    return known + path


def registered_domain(url: str) -> str:
    """Return the domain that was registered for a URL's host, by the public suffix list.

    Sites below a shared host that hands out names (``name.blogspot.com``) are domains of their
    own, since each has its own publisher.

    Parameters
    ----------
    url
        A URL, canonical or not, or a bare host.

    Returns
    -------
    str
        The domain, lower-cased, in punycode; the last two labels under an unknown
        suffix; the host itself for an IP address; an empty string where there is no host.

    Notes
    -----
    The list is the snapshot that ships with `tldextract`; nothing is fetched. It fails for
    suffixes younger than that snapshot, which are then taken for domains.

    Examples
    --------
    >>> registered_domain("https://news.bbc.co.uk/story")
    'bbc.co.uk'
    """
    text = canonical_url(url)
    if _OTHER_SCHEME.match(text):
        return ""
    return _domain_of_host(_split(text)[0].rpartition("@")[2].partition(":")[0])


def _one_round(text: str) -> str:
    """Return a form that is at least as near to the canonical one."""
    scheme = _SCHEME.match(text)
    if scheme is None and _OTHER_SCHEME.match(text):
        return _telegram_app(text)
    host, path, query = _split(text[scheme.end() :] if scheme else text)
    host = _canonical_host(host)
    path, query = _percent(path).rstrip("/"), _percent(query)
    target = redirect_target(host, path, query)
    if target is not None:
        return target
    host, path, query = _without_amp(host, path, query)
    parameters = sorted(part for part in query.split("&") if part and not _is_tracking(part))
    host, path, parameters = platform_form(host, path, parameters)
    return host + path + ("?" + "&".join(parameters) if parameters else "")


def _split(text: str) -> tuple[str, str, str]:
    """Return host, path and query of a URL without scheme; the fragment is left out."""
    text = text.partition("#")[0]
    text, _, query = text.partition("?")
    host, slash, path = text.partition("/")
    return host, slash + path, query


def _percent(text: str) -> str:
    """Return the text with one way of percent-encoding, which a second call leaves alone."""
    encoded = quote(text, safe="%/:@!$&'()*+,;=?-._~[]", errors="replace")
    return _ESCAPE.sub(_unescape, encoded)


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


@lru_cache(maxsize=65536)
def _plain_host(raw: str) -> str | None:
    """Return the canonical host of plain addresses; None where a platform's rules apply."""
    host = _canonical_host(raw)
    return None if is_platform(host) or _canonical_host(host) != host else host


@lru_cache(maxsize=65536)
def _canonical_host(raw: str) -> str:
    host = _PORT.sub("", raw.rpartition("@")[2]).lower().rstrip(".")
    name, colon, port = host.partition(":")
    name = _punycode(name)
    while name.startswith(_MIRRORS):
        rest = name.partition(".")[2]
        # "m.me" and "web.de" are sites: what is left must be a registered domain or below one.
        if _domain_of_host(name) == name or "." not in rest:
            break
        name = rest
    return name + colon + port


def _punycode(name: str) -> str:
    if name.isascii():
        return name
    import idna

    try:
        # As browsers do it (UTS #46): "straße.de" is not "strasse.de".
        encoded = idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        encoded = ""
    if _HOST.fullmatch(encoded):
        return encoded
    return quote(name, safe="%", errors="replace").lower()


@lru_cache(maxsize=1)
def _suffixes() -> Any:
    import tldextract

    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
    )


@lru_cache(maxsize=65536)
def _domain_of_host(host: str) -> str:
    if not host:
        return ""
    domain: str = _suffixes()(host).top_domain_under_public_suffix
    labels = host.split(".")
    if not domain and len(labels) > 2 and labels[-1].isalpha():
        # The list's own default rule: an unknown last label is a suffix.
        return ".".join(labels[-2:])
    return domain.lower() or host


def _without_amp(host: str, path: str, query: str) -> tuple[str, str, str]:
    """Unwrap the AMP and Turbo caches and drop AMP's marks on the path."""
    wrapped = ""
    if host.endswith(".cdn.ampproject.org"):
        wrapped = path.partition("/s/")[2]
    elif _WRAPPERS.fullmatch(host):
        kind, _, rest = path[1:].partition("/")
        wrapped = rest.removeprefix("s/") if kind in ("amp", "turbo") else ""
    if "." in wrapped.partition("/")[0]:
        inner_host, inner_path, _ = _split(wrapped)
        return _canonical_host(inner_host), inner_path, query
    path = path.removesuffix(".amp.html") + ".html" if path.endswith(".amp.html") else path
    while path.endswith(("/amp", ".amp")):
        path = path[:-4].rstrip("/")
    return host, path, query


def _telegram_app(text: str) -> str:
    """Return the web form of a ``tg://`` address; other addresses are left alone."""
    head, _, query = text.partition("?")
    if not head.lower().startswith("tg:"):
        return text
    pairs = dict(part.partition("=")[::2] for part in query.split("&"))
    post = f"/{pairs['post']}" if pairs.get("post") else ""
    match head.lower().removeprefix("tg:").strip("/"):
        case "resolve" if pairs.get("domain"):
            return f"t.me/{pairs['domain']}{post}"
        case "join" if pairs.get("invite"):
            return f"t.me/+{pairs['invite']}"
        case "privatepost" if pairs.get("channel") and post:
            return f"t.me/c/{pairs['channel']}{post}"
        case _:
            return text
