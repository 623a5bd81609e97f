"""Pseudonyms for accounts, before anything is drawn.

The whole `Source` is rewritten, so that no later step can leak a name that it never saw. A
pseudonym is a keyed hash: the same account has the same one everywhere in a report, and in every
report on the same posts; the key is made from the posts, so that names cannot be looked up by
hashing a list of known accounts without having the posts.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import pandas as pd

from disinfo.report.source import Source

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


def pseudonyms_for(source: Source) -> Pseudonyms:
    """Return the pseudonyms of a page: key and known names come from its posts."""
    digest = blake2b(digest_size=32)
    pairs = source.posts[["post_id", "account_id"]].fillna("").astype("str")
    for value in sorted((pairs["post_id"] + "\x00" + pairs["account_id"]).tolist()):
        digest.update(value.encode("utf-8", "surrogatepass") + b"\x01")
    handles = source.campaign_posts["account_handle"].dropna().astype("str").str.lstrip("@")
    accounts = [source.posts["account_id"].dropna(), source.members["account_id"], handles]
    known = {str(name) for column in accounts for name in column if len(str(name)) > 2}
    return Pseudonyms(key=digest.digest(), known=frozenset(known))


def redact(source: Source) -> Source:
    """Return the source with accounts, post ids and handles replaced by pseudonyms.

    Parameters
    ----------
    source
        What a page would show.

    Returns
    -------
    Source
        The same page without names.

    Notes
    -----
    This is pseudonymisation, not anonymity: the wording of a post can be searched for, and a
    person named in a text without a handle stays named.
    """
    names = pseudonyms_for(source)
    objects = source.campaign_objects
    new_objects = [
        names.object(value, kind)
        for value, kind in zip(objects["object_id"], objects["kind"], strict=True)
    ]
    shown = _mapped(source.campaign_posts, names, accounts=["account_id"], texts=["text"])
    return dataclasses.replace(
        source,
        posts=_mapped(source.posts, names, accounts=["account_id"]),
        campaign_posts=shown.assign(account_handle=pd.NA),
        texts=_mapped(source.texts, names, texts=["text"]),
        narratives=_mapped(source.narratives, names, texts=["label"]).assign(
            keywords=[names.deep(list(words)) for words in source.narratives["keywords"]]
        ),
        first_seen=_mapped(source.first_seen, names, accounts=["account_id"]),
        edges=_mapped(source.edges, names, accounts=["account_a", "account_b"]),
        members=_mapped(source.members, names, accounts=["account_id"]),
        campaign_objects=_mapped(objects.assign(object_id=new_objects), names),
        accounts=_mapped(source.accounts, names, accounts=["account_id"]),
        evidence=_mapped(source.evidence, names, texts=["because"]),
        exhibits=_mapped(source.exhibits, names),
        dropped=_mapped(source.dropped, names, posts=["example_id"], texts=["reason"]),
        manifest=names.deep(dict(source.manifest)),
    )


def _mapped(
    frame: pd.DataFrame,
    names: Pseudonyms,
    *,
    accounts: Iterable[str] = (),
    posts: Iterable[str] = ("post_id",),
    texts: Iterable[str] = (),
) -> pd.DataFrame:
    """Return the frame with those columns replaced; columns it lacks are passed over."""
    changed: dict[str, list[object]] = {}
    for columns, replace in ((accounts, names.account), (posts, names.post), (texts, names.text)):
        for column in columns:
            if column in frame.columns:
                changed[column] = [replace(value) for value in frame[column]]
    return frame.assign(**{name: pd.array(values, dtype="str") for name, values in changed.items()})
