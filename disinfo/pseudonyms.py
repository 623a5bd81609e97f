"""Pseudonyms for accounts and posts, and text without handles.

A pseudonym is a keyed hash: one account has one pseudonym wherever it stands. The key is made from
the posts, so that names cannot be looked up by hashing a list of known accounts without having the
posts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import pandas as pd

_SLOT = re.compile(r"@\d{4}-\d\d-\d\d(?:T[\d:]{2,8})?$")
# Runs are matched whole and looked into afterwards, which stays linear on any text.
_TOKEN = re.compile(r"\S+")
_RUN = re.compile(r"[\w.:+@＠-]+")
_WORD = re.compile(r"\w+")
# Addresses on these sites name an account, as a rule.
_PLATFORMS = frozenset(
    [
        "x.com",
        "twitter.com",
        "facebook.com",
        "fb.com",
        "instagram.com",
        "threads.net",
        "threads.com",
        "tiktok.com",
        "youtube.com",
        "youtu.be",
        "vk.com",
        "vk.ru",
        "ok.ru",
        "bsky.app",
        "t.me",
        "telegram.me",
        "linkedin.com",
        "odysee.com",
        "rumble.com",
        "gab.com",
        "truthsocial.com",
        "reddit.com",
    ]
)
# These kinds of object are accounts or posts themselves.
_PERSONAL_KINDS = frozenset({"mention", "reply", "repost", "quote", "account"})


@dataclass(frozen=True)
class Pseudonyms:
    """Replace accounts, posts and handles by keyed hashes.

    Parameters
    ----------
    key
        Secret of the hash, at most 64 bytes.
    known
        Account ids and handles, without ``@``, that are replaced wherever they stand as a word.

    Examples
    --------
    >>> names = Pseudonyms(key=b"k", known=frozenset({"ann_1985"}))
    >>> names.text("ask ann_1985 or @ann_1985") == f"ask {names.account('ann_1985')} or @…"
    True
    """

    key: bytes
    known: frozenset[str]

    def _hash(self, value: str, prefix: str) -> str:
        data = value.encode("utf-8", "surrogatepass")
        return prefix + blake2b(data, key=self.key, digest_size=6).hexdigest()

    def account(self, value: object) -> object:
        """Return the pseudonym of an account; a missing one stays missing."""
        return self._hash(value, "account-") if isinstance(value, str) else value

    def post(self, value: object) -> object:
        """Return the pseudonym of a post; its id could be looked up on the platform."""
        return self._hash(value, "post-") if isinstance(value, str) else value

    def text(self, value: object) -> object:
        """Return text without handles, profile addresses, e-mail addresses and known names."""
        if not isinstance(value, str):
            return value
        text = _TOKEN.sub(lambda match: _without_profile(match.group()), value)
        return _RUN.sub(lambda match: self._without_name(match.group()), text)

    def _without_name(self, run: str) -> str:
        """Return a run of name characters without handles, e-mail addresses and known names."""
        if "@" in run or "＠" in run:
            return "@…"
        name = run.strip(".:+-")
        if name in self.known:
            return run.replace(name, str(self.account(name)))
        return _WORD.sub(
            lambda match: str(self.account(match[0])) if match[0] in self.known else match[0], run
        )

    def object(self, value: str, kind: str) -> str:
        """Return an object's id; one that is an account or a post becomes a pseudonym."""
        slot = _SLOT.search(value)
        base, tail = (value[: slot.start()], slot.group()) if slot else (value, "")
        if kind in _PERSONAL_KINDS:
            return self._hash(base, f"{kind}-") + tail
        return str(self.text(base)) + tail

    def deep(self, value: Any) -> Any:
        """Return nested settings with `text` applied to every string in them."""
        if isinstance(value, dict):
            return {key: self.deep(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.deep(item) for item in value]
        return self.text(value)


def _without_profile(token: str) -> str:
    """Return a token; of an address on a platform, only the site."""
    scheme = token.find("://")
    begin = scheme + 3 if scheme >= 0 else 0
    site, slash, _ = token[begin:].partition("/")
    parts = site.lower().strip("([<{\"'").split(".")
    named = slash and any(
        ".".join(parts[i:]) in _PLATFORMS for i in range(max(0, len(parts) - 2), len(parts))
    )
    return f"{token[:begin]}{site}/…" if named else token


def pseudonyms_for(posts: pd.DataFrame, *names: pd.Series) -> Pseudonyms:
    """Return the pseudonyms that belong to a set of posts.

    Parameters
    ----------
    posts
        With post_id and account_id; they make the key.
    *names
        Further columns of account ids or handles to replace wherever they stand as a word.

    Returns
    -------
    Pseudonyms
        The same for the same posts in any order.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"post_id": ["p1"], "account_id": ["ann_1985"]})
    >>> pseudonyms_for(posts).text("ask ann_1985") != "ask ann_1985"
    True
    """
    digest = blake2b(digest_size=32)
    pairs = posts[["post_id", "account_id"]].fillna("").astype("str")
    for value in sorted((pairs["post_id"] + "\x00" + pairs["account_id"]).tolist()):
        digest.update(value.encode("utf-8", "surrogatepass") + b"\x01")
    columns = [posts["account_id"], *names]
    written = {str(name).lstrip("@") for column in columns for name in column.dropna()}
    known = {name for name in written if len(name) > 2}
    return Pseudonyms(key=digest.digest(), known=frozenset(known))
