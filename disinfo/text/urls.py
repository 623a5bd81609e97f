"""One form for the many addresses of one page, and the domain that was registered for it.

Two posts share a link when their canonical URLs are equal. The form is an identifier, not an
address to open: the scheme, tracking parameters and fragments are gone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

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
_YOUTUBE = re.compile(r"/(?:shorts|embed|live|v)/([\w\-]{6,})", re.ASCII)
_X_STATUS = re.compile(r"/(?:\w{1,50}|i/web)/status(?:es)?/(\d+)", re.ASCII)
# Longer ones are data, not addresses, and would make the search for a stable form slow.
_LONGEST = 4096


def canonical_url(url: str) -> str:
    """Return the canonical form of a URL: what two links to one page have in common.

    Dropped are the scheme, user names, default ports, hosts such as ``www.``, ``m.`` and
    ``amp.``, fragments, AMP wrappers, tracking parameters and the slash at the end. The other
    parameters are sorted, the host is lower-cased and written in punycode, the path is
    percent-encoded in one way. The link forms of YouTube, Telegram and X become one each.

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
    host, path, query = _without_amp(host, path, query)
    parameters = sorted(part for part in query.split("&") if part and not _is_tracking(part))
    host, path, parameters = _platform_form(host, path, parameters)
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
    try:
        encoded = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
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
    """Unwrap the AMP caches and drop AMP's marks on the path."""
    wrapped = ""
    if host.endswith(".cdn.ampproject.org"):
        wrapped = path.partition("/s/")[2]
    elif host in ("google.com", "google.co.uk", "google.de") and path.startswith("/amp/"):
        wrapped = path.removeprefix("/amp/").removeprefix("s/")
    if "." in wrapped.partition("/")[0]:
        inner_host, inner_path, _ = _split(wrapped)
        return _canonical_host(inner_host), inner_path, query
    while path.endswith(("/amp", ".amp")):
        path = path[:-4].rstrip("/")
    return host, path, query


def _platform_form(host: str, path: str, parameters: list[str]) -> tuple[str, str, list[str]]:
    """Bring the link forms of large platforms into one each."""
    if host in ("youtu.be", "youtube.com", "youtube-nocookie.com", "music.youtube.com"):
        return _youtube(host, path, parameters)
    if host in ("t.me", "telegram.me", "telegram.dog") or host.endswith(".t.me"):
        return _telegram(host, path)
    if host in ("twitter.com", "x.com"):
        status = _X_STATUS.match(path)
        if status:
            return "x.com", f"/i/status/{status[1]}", []
        return "x.com", path, [p for p in parameters if p.partition("=")[0] not in ("s", "t")]
    return host, path, parameters


def _youtube(host: str, path: str, parameters: list[str]) -> tuple[str, str, list[str]]:
    video = ""
    if host == "youtu.be":
        video = path[1:].partition("/")[0]
    elif (match := _YOUTUBE.match(path)) is not None:
        video = match[1]
    elif path == "/watch":
        video = next((p[2:] for p in parameters if p.startswith("v=") and p[2:]), "")
    if video:
        return "youtube.com", "/watch", [f"v={video}"]
    return "youtube.com", path, [p for p in parameters if p.partition("=")[0] not in ("si", "pp")]


def _telegram(host: str, path: str) -> tuple[str, str, list[str]]:
    if host.endswith(".t.me"):
        path = f"/{host.removesuffix('.t.me')}{path}"
    if path.startswith("/s/"):
        path = path[2:]
    if path.startswith("/joinchat/"):
        path = f"/+{path.removeprefix('/joinchat/')}"
    # Invitations are case-sensitive, channel names are not.
    return "t.me", path if path.startswith("/+") else path.lower(), []


def _telegram_app(text: str) -> str:
    """Return the web form of a ``tg://resolve`` address; other addresses are left alone."""
    if not text.lower().startswith("tg://resolve?"):
        return text
    pairs = dict(part.partition("=")[::2] for part in text.partition("?")[2].split("&"))
    if not pairs.get("domain"):
        return text
    return f"t.me/{pairs['domain']}" + (f"/{pairs['post']}" if pairs.get("post") else "")
