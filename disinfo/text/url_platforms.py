"""Addresses that large platforms write in many ways: one form each, and what redirects lead to.

Everything here works on a host without ``www.`` and a path and parameters as `disinfo.text.urls`
prepares them, and knows nothing of the network: a short link stays short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import unquote

Address: TypeAlias = tuple[str, str, list[str]]

_YOUTUBE = re.compile(r"/(?:shorts|embed|live|v|e)/([\w\-]{6,})", re.ASCII)
_X_STATUS = re.compile(r"/(?:\w{1,50}|i/web)/status(?:es)?/(\d+)", re.ASCII)
_INSTAGRAM = re.compile(r"(?:/[\w.]{1,40})?/(?:p|reel|reels|tv)/([\w\-]{5,})", re.ASCII)
_TIKTOK = re.compile(r"/(?:@[\w.]{0,40}/(?:video|photo)|v|embed(?:/v\d)?)/(\d{5,})", re.ASCII)
_REDDIT = re.compile(r"(?:/r/\w+|/user/\w+)?/comments/(\w+)(?:/[^/]*(?:/(\w+))?)?", re.ASCII)
_FACEBOOK_VIDEO = re.compile(r"/[^/]+/videos/(?:[^/]+/)?(\d{5,})", re.ASCII)
_LOCALE = re.compile(r"[a-z]{2}-[a-z]{2}", re.ASCII)
_CODE_TAIL = re.compile(r"(/[\w\-]+)[+\-]", re.ASCII)

# Where a redirect keeps the address that it leads to.
_REDIRECTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("facebook.com", "/l.php"): ("u",),
    ("l.messenger.com", "/l.php"): ("u",),
    ("l.instagram.com", ""): ("u",),
    ("l.threads.com", ""): ("u",),
    ("l.threads.net", ""): ("u",),
    ("l.wl.co", "/l"): ("u",),
    ("google.com", "/url"): ("q", "url"),
    ("youtube.com", "/redirect"): ("q",),
    ("out.reddit.com", ""): ("url",),
    ("t.umblr.com", "/redirect"): ("z",),
    ("vk.com", "/away.php"): ("to",),
    ("ok.ru", "/dk"): ("st.link",),
    ("linkedin.com", "/redir/redirect"): ("url",),
    ("steamcommunity.com", "/linkfilter"): ("url", "u"),
    ("slack-redir.net", "/link"): ("url",),
    ("tiktok.com", "/link/v2"): ("target",),
    ("exit.sc", ""): ("url",),
}
_SAFE_LINKS = ".safelinks.protection.outlook.com"
# Shorteners with several names of their own; a sign after the code asks for a preview.
_SHORTENERS = {
    "bit.ly": "bit.ly", "bitly.com": "bit.ly", "j.mp": "bit.ly", "goo.gl": "goo.gl",
    "is.gd": "is.gd", "v.gd": "v.gd", "ow.ly": "ow.ly", "tinyurl.com": "tinyurl.com",
    "preview.tinyurl.com": "tinyurl.com",
}  # fmt: skip
_X_MIRRORS = ("x.com", "twitter.com", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com")


def redirect_target(host: str, path: str, query: str) -> str | None:
    """Return the address that a platform's redirect leads to, where it says so itself.

    Parameters
    ----------
    host, path, query
        The parts of the redirect.

    Returns
    -------
    str or None
        The address of http or https; None where this is no such redirect.

    Examples
    --------
    >>> redirect_target("l.facebook.com", "/l.php", "u=https%3A%2F%2Fa.org%2Fx&h=1")
    'https://a.org/x'
    """
    names = _REDIRECTS.get((host, path.rstrip("/")), ())
    if host.endswith(_SAFE_LINKS):
        names = ("url",)
    for part in query.split("&") if names else ():
        name, _, value = part.partition("=")
        if name in names:
            target = unquote(value)
            if target.lower().startswith(("http://", "https://")):
                return target
    return None


def platform_form(host: str, path: str, parameters: list[str]) -> Address:
    """Return the one form of an address of a large platform; others are left alone.

    Parameters
    ----------
    host
        The host, canonical.
    path
        The path, without a slash at its end.
    parameters
        The parameters, sorted, without those that only track.

    Returns
    -------
    host, path, parameters
        The form.

    Examples
    --------
    >>> platform_form("youtu.be", "/dQw4w9WgXcQ", [])
    ('youtube.com', '/watch', ['v=dQw4w9WgXcQ'])
    """
    how = _form_of(host)
    return (host, path, parameters) if how is None else how(host, path, parameters)


def is_platform(host: str) -> bool:
    """Return whether addresses of this host have a form of their own, or may be redirects."""
    return (
        _form_of(host) is not None
        or host.endswith((_SAFE_LINKS, "ampproject.org"))
        or host.startswith(("google.", "bing.", "yandex."))
        or any(host == known for known, _ in _REDIRECTS)
    )


def _form_of(host: str) -> Callable[[str, str, list[str]], Address] | None:
    if host in _FORMS:
        return _FORMS[host]
    return next((how for ending, how in _ENDINGS.items() if host.endswith(ending)), None)


def _without(parameters: list[str], *names: str) -> list[str]:
    return [part for part in parameters if part.partition("=")[0] not in names]


def _value(parameters: list[str], *names: str) -> str:
    pairs = (part.partition("=") for part in parameters)
    return next((value for name, _, value in pairs if name in names and value), "")


def _youtube(host: str, path: str, parameters: list[str]) -> Address:
    video = ""
    if host == "youtu.be":
        video = path[1:].partition("/")[0]
    elif (match := _YOUTUBE.match(path)) is not None:
        video = match[1]
    elif path == "/watch":
        video = _value(parameters, "v")
    if video:
        return "youtube.com", "/watch", [f"v={video}"]
    return "youtube.com", path, _without(parameters, "si", "pp")


def _telegram(host: str, path: str, _parameters: list[str]) -> Address:
    if host.endswith(".t.me"):
        path = f"/{host.removesuffix('.t.me')}{path}"
    if path.startswith("/s/"):
        path = path[2:]
    if path.startswith("/joinchat/"):
        path = f"/+{path.removeprefix('/joinchat/')}"
    # Invitations are case-sensitive, channel names are not.
    return "t.me", path if path.startswith("/+") else path.lower(), []


def _x(_host: str, path: str, parameters: list[str]) -> Address:
    status = _X_STATUS.match(path)
    if status:
        return "x.com", f"/i/status/{status[1]}", []
    return "x.com", path, _without(parameters, "s", "t")


def _instagram(_host: str, path: str, parameters: list[str]) -> Address:
    post = _INSTAGRAM.match(path)
    if post:
        return "instagram.com", f"/p/{post[1]}", []
    return "instagram.com", path, _without(parameters, "hl", "taken-by")


def _tiktok(host: str, path: str, parameters: list[str]) -> Address:
    video = _TIKTOK.match(path)
    if video:
        return "tiktok.com", f"/video/{video[1]}", []
    keep = [part for part in parameters if part.startswith(("target=", "q="))]
    return host, path, keep


def _reddit(host: str, path: str, parameters: list[str]) -> Address:
    if host == "redd.it":
        path, host = (f"/comments{path}" if path else path), "reddit.com"
    thread = _REDDIT.match(path)
    if thread:
        comment = f"/_/{thread[2]}" if thread[2] else ""
        return "reddit.com", f"/comments/{thread[1]}{comment}", []
    return "reddit.com", path, _without(parameters, "context", "share_id", "sort")


def _facebook(host: str, path: str, parameters: list[str]) -> Address:
    first = host.partition(".")[0]
    if first in ("mbasic", "business", "free", "fb") or _LOCALE.fullmatch(first):
        host = "facebook.com"
    if host == "fb.com":
        host = "facebook.com"
    if host != "facebook.com":
        return host, path, parameters
    story, owner = _value(parameters, "story_fbid"), _value(parameters, "id")
    if path in ("/story.php", "/permalink.php") and story and owner:
        return host, f"/{owner}/posts/{story}", []
    video = _FACEBOOK_VIDEO.match(path)
    if video:
        return host, "/watch", [f"v={video[1]}"]
    if path in ("/watch", "/video.php", "/watch/live") and _value(parameters, "v"):
        return host, "/watch", [f"v={_value(parameters, 'v')}"]
    kept = ("fbid", "story_fbid", "id", "v", "u", "q", "set", "multi_permalinks")
    return host, path, [part for part in parameters if part.partition("=")[0] in kept]


def _wikipedia(host: str, path: str, parameters: list[str]) -> Address:
    return host.replace(".m.", ".", 1), path, parameters


def _shortener(host: str, path: str, _parameters: list[str]) -> Address:
    preview = _CODE_TAIL.fullmatch(path)
    return _SHORTENERS[host], preview[1] if preview else path, []


_FORMS: Mapping[str, Callable[[str, str, list[str]], Address]] = {
    **dict.fromkeys(
        ("youtu.be", "youtube.com", "youtube-nocookie.com", "music.youtube.com"), _youtube
    ),
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), _telegram),
    **dict.fromkeys(_X_MIRRORS, _x),
    **dict.fromkeys(("instagram.com", "instagr.am"), _instagram),
    "tiktok.com": _tiktok,
    **dict.fromkeys(
        ("reddit.com", "redd.it", "old.reddit.com", "np.reddit.com", "new.reddit.com",
         "i.reddit.com", "amp.reddit.com"),
        _reddit,
    ),
    **dict.fromkeys(("facebook.com", "fb.com"), _facebook),
    **dict.fromkeys(_SHORTENERS, _shortener),
}  # fmt: skip
_ENDINGS: Mapping[str, Callable[[str, str, list[str]], Address]] = {
    ".t.me": _telegram,
    ".facebook.com": _facebook,
    ".m.wikipedia.org": _wikipedia,
}
