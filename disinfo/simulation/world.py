"""A finished world: the posts as an analyst gets them, and the truth beside them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.schema import Column, Table
from disinfo.simulation.cast import Cast
from disinfo.simulation.drafts import Draft
from disinfo.simulation.scene import Scene

# The made-up election is on the last Sunday of the default 28 days.
START = pd.Timestamp("2025-04-28", tz="UTC")

_TRUTH_ACCOUNTS = Table(
    name="truth_accounts",
    columns={
        "account_id": Column(kind="str"),
        "role": Column(kind="str", values=("organic", "twin", "campaign")),
        "group_id": Column(kind="str", nullable=True),
        "kind": Column(kind="str"),
    },
    key=("account_id",),
)
_TRUTH_GROUPS = Table(
    name="truth_groups",
    columns={
        "group_id": Column(kind="str"),
        "kind": Column(kind="str"),
        "inauthentic": Column(kind="bool"),
        "n_accounts": Column(kind="int"),
        "n_posts": Column(kind="int"),
    },
    key=("group_id",),
)
_TRUTH_POSTS = Table(
    name="truth_posts",
    columns={
        "post_id": Column(kind="str"),
        "group_id": Column(kind="str", nullable=True),
        "topic": Column(kind="str", nullable=True),
        "message_id": Column(kind="str", nullable=True),
        "opposes": Column(kind="str", nullable=True),
        "story_id": Column(kind="str", nullable=True),
    },
    key=("post_id",),
)


@dataclass(frozen=True, kw_only=True)
class World:
    """A simulated election month and its truth.

    Parameters
    ----------
    posts
        A ``posts`` table (see `disinfo.tables`) in order of time, with account_created_at,
        account_followers, account_following, account_handle and account_name.
    truth_accounts
        account_id, role (organic, twin or campaign), group_id (missing for organic), kind.
    truth_groups
        group_id, kind, inauthentic, n_accounts, and n_posts written as a group.
    truth_posts
        post_id; group_id where the post was written for a group; topic; message_id (the same
        message in any wording or language; missing for chatter); opposes (the message that it
        refutes); story_id (event, item or story).
    """

    posts: pd.DataFrame
    truth_accounts: pd.DataFrame
    truth_groups: pd.DataFrame
    truth_posts: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Group:
    """A planted group, as the truth tables name it."""

    kind: str
    inauthentic: bool


def finish(scene: Scene, groups: list[Group], platforms: tuple[str, ...], seed: int) -> World:
    """Give every post and account its id and build the tables.

    Parameters
    ----------
    scene
        The set with all drafts.
    groups
        The planted groups, by number.
    platforms
        Names of the platforms.
    seed
        Seed of the world, which ids are made from.

    Returns
    -------
    World
        Accounts that wrote nothing are left out.
    """
    cast, drafts = scene.cast, scene.drafts
    for number, draft in zip(scene.rng.permutation(len(drafts)).tolist(), drafts, strict=True):
        draft.number = number
    post_ids = [_hashed("post", seed, number) for number in range(len(drafts))]
    order = scene.rng.permutation(len(cast)).tolist()
    account_ids = [_hashed("account", seed, number) for number in order]
    group_ids = ["g-" + _hashed("group", seed, number)[:8] for number in range(len(groups))]
    drafts = sorted(drafts, key=lambda draft: (draft.time, post_ids[draft.number]))
    ids = [post_ids[draft.number] for draft in drafts]
    posts = _posts(drafts, ids, post_ids, account_ids, cast, platforms)
    active = sorted({draft.account for draft in drafts})
    return World(
        posts=posts,
        truth_accounts=_truth_accounts(cast, active, account_ids, group_ids),
        truth_groups=_truth_groups(cast, drafts, active, groups, group_ids),
        truth_posts=_truth_posts(drafts, ids, group_ids, seed),
    )


def _hashed(what: str, seed: int, number: int | str) -> str:
    text = f"{what}:{seed}:{number}".encode()
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def _posts(
    drafts: list[Draft],
    ids: list[str],
    post_ids: list[str],
    account_ids: list[str],
    cast: Cast,
    platforms: tuple[str, ...],
) -> pd.DataFrame:
    rows = np.array([draft.account for draft in drafts], dtype=np.int64)
    times = np.array([draft.time for draft in drafts], dtype="timedelta64[s]")
    created = START - pd.to_timedelta(cast.age_s, unit="s")
    targets = [None if d.target is None else _id_of(d.target, post_ids) for d in drafts]
    frame = pd.DataFrame(
        {
            "post_id": ids,
            "account_id": [account_ids[row] for row in rows],
            "text": [_text(draft, cast) for draft in drafts],
            "created_at": START + pd.to_timedelta(times),
            "platform": [platforms[k] for k in cast.platform[rows]],
            "language": [draft.language for draft in drafts],
            "urls": [[draft.url] if draft.url else [] for draft in drafts],
            "hashtags": [list(draft.tags) for draft in drafts],
            "mentions": [_mentions(draft, cast) for draft in drafts],
            "repost_of": _chosen(drafts, targets, repost=True),
            "reply_to": _chosen(drafts, targets, repost=False),
            "media_hash": [[draft.media] if draft.media else [] for draft in drafts],
            "account_created_at": created[rows],
            "account_followers": cast.followers[rows],
            "account_following": cast.following[rows],
            "account_handle": [cast.handle[row] for row in rows],
            "account_name": [cast.name[row] for row in rows],
        }
    )
    return tables.POSTS.check(frame, source="simulate", sort=False)


def _id_of(draft: Draft, post_ids: list[str]) -> str:
    return draft.given_id or post_ids[draft.number]


def _chosen(drafts: list[Draft], targets: list[str | None], *, repost: bool) -> pd.Series:
    values = [t if d.repost == repost else None for d, t in zip(drafts, targets, strict=True)]
    return pd.Series(values, dtype="str")


def _mentions(draft: Draft, cast: Cast) -> list[str]:
    return [cast.handle[draft.mention]] if draft.mention >= 0 else []


def _text(draft: Draft, cast: Cast) -> str:
    """Return the text as it is posted: the person answered first, tags and the address last."""
    pieces = [f"@{cast.handle[draft.mention]}"] if draft.mention >= 0 else []
    pieces += [draft.text, *(f"#{tag}" for tag in draft.tags)]
    if draft.url:
        pieces.append(draft.url)
    return " ".join(pieces)


def _truth_accounts(
    cast: Cast, active: list[int], account_ids: list[str], group_ids: list[str]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "account_id": [account_ids[row] for row in active],
            "role": [cast.role[row] for row in active],
            "group_id": pd.Series(
                [_named(group_ids, cast.group[row]) for row in active], dtype="str"
            ),
            "kind": [cast.kind[row] for row in active],
        }
    )
    return _TRUTH_ACCOUNTS.check(frame, source="simulate")


def _named(group_ids: list[str], group: int) -> str | None:
    return group_ids[group] if group >= 0 else None


def _truth_groups(
    cast: Cast, drafts: list[Draft], active: list[int], groups: list[Group], group_ids: list[str]
) -> pd.DataFrame:
    acting = np.bincount([d.group for d in drafts if d.group >= 0], minlength=len(groups))
    present = np.bincount(
        [cast.group[row] for row in active if cast.group[row] >= 0], minlength=len(groups)
    )
    frame = pd.DataFrame(
        {
            "group_id": pd.Series(group_ids, dtype="str"),
            "kind": pd.Series([group.kind for group in groups], dtype="str"),
            "inauthentic": pd.Series([group.inauthentic for group in groups], dtype="bool"),
            "n_accounts": present,
            "n_posts": acting,
        }
    )
    return _TRUTH_GROUPS.check(frame, source="simulate")


def _truth_posts(
    drafts: list[Draft], ids: list[str], group_ids: list[str], seed: int
) -> pd.DataFrame:
    def named(prefix: str, names: list[str | None]) -> pd.Series:
        known = {
            name: f"{prefix}-{_hashed(prefix, seed, name)[:10]}" for name in set(names) if name
        }
        return pd.Series([known.get(name or "") for name in names], dtype="str")

    frame = pd.DataFrame(
        {
            "post_id": ids,
            "group_id": pd.Series([_named(group_ids, d.group) for d in drafts], dtype="str"),
            "topic": pd.Series([draft.topic for draft in drafts], dtype="str"),
            "message_id": named("m", [draft.message for draft in drafts]),
            "opposes": named("m", [draft.opposes for draft in drafts]),
            "story_id": named("s", [draft.story for draft in drafts]),
        }
    )
    return _TRUTH_POSTS.check(frame, source="simulate")
