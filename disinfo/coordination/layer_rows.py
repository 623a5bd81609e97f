"""The actions of one layer: on objects that enough accounts act on, in order, each once.

A post is its row here and an account its number: texts are looked up once a post, not once an
action, and written out when it is known which actions stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.distinct import Ints, Names, coded_texts, numbered_texts
from disinfo.ordering import order_by_and_text, time_steps

# Objects that live for weeks act in time slots, so that each wave of a campaign counts.
SLOTTED = ("family", "narrative", "hashtag", "mention")
SLOT_HOURS = 6


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Posts that have an account and a time, as numbers.

    Parameters
    ----------
    posts
        Columns account_id, created_at, post_id and perhaps language; index 0 … n-1.
    account, accounts
        Account codes, shape (n,), and ids in order.
    step
        Times as whole numbers, shape (n,).
    """

    posts: pd.DataFrame
    account: Ints
    accounts: Names
    step: Ints


def acting_posts(posts: pd.DataFrame) -> Acting:
    """Return posts with their accounts and times as numbers.

    Parameters
    ----------
    posts
        As for `Acting`.

    Returns
    -------
    Acting
        The same posts.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"account_id": ["b", "a"], "post_id": ["1", "2"]}, dtype="str")
    >>> acting_posts(posts.assign(created_at=pd.Timestamp("2025-05-01", tz="UTC"))).account.tolist()
    [1, 0]
    """
    account, accounts = numbered_texts(posts["account_id"])
    step = time_steps(posts["created_at"])
    return Acting(posts=posts, account=account, accounts=accounts, step=step)


@dataclass(frozen=True, kw_only=True)
class OnObjects:
    """Which posts act on which objects of one layer.

    Parameters
    ----------
    layer
        The layer's name.
    objects
        Object ids, none missing; the index is the post's row, and may repeat.
    sources
        What an account follows to come by each object, aligned, or None where that is unknown.
    """

    layer: str
    objects: pd.Series
    sources: pd.Series | None = None


def rows_in_order(on: OnObjects, acting: Acting, *, min_accounts: int) -> pd.DataFrame:
    """Return the actions of a layer by object, time, account and post, each once.

    Parameters
    ----------
    on
        Posts and objects.
    acting
        The posts.
    min_accounts
        Objects that fewer accounts act on are left out.

    Returns
    -------
    DataFrame
        Columns of `actions`, with `slot`, `source` and `language` only where they say something.

    Notes
    -----
    Needs about six numbers an action while it works. Saves nothing where each account has one post.

    Examples
    --------
    >>> import pandas as pd
    >>> ids = {"account_id": ["b", "a", "a"], "post_id": ["1", "2", "3"]}
    >>> posts = pd.DataFrame(ids, dtype="str")
    >>> acting = acting_posts(posts.assign(created_at=pd.Timestamp("2025-05-01", tz="UTC")))
    >>> objects = pd.Series(["x", "x", "y"], dtype="str")
    >>> on = OnObjects(layer="url", objects=objects)
    >>> rows_in_order(on, acting, min_accounts=2)[["account_id", "object_id"]].values.tolist()
    [['a', 'x'], ['b', 'x']]
    """
    post = on.objects.index.to_numpy(np.int64)
    item, names = _shared(on.objects, acting.account[post], min_accounts)
    often = np.flatnonzero(item >= 0)
    post, item = post[often], item[often]
    keys = [item, acting.step[post], acting.account[post]]
    order, copies = order_by_and_text(keys, acting.posts["post_id"], at=post)
    order = order[~copies]
    chosen = post[order]
    columns: dict[str, Any] = {
        "account_id": acting.accounts.take(acting.account[chosen]),
        "layer": pd.array([on.layer], dtype="str").take(np.zeros(len(chosen), dtype=np.int64)),
        "object_id": names.take(item[order]),
        "created_at": acting.posts["created_at"].array.take(chosen),
        "post_id": acting.posts["post_id"].array.take(chosen),
    }
    if on.layer in SLOTTED:
        columns["slot"] = _slots(columns["created_at"])
    if on.sources is not None:
        columns["source"] = on.sources.array.take(often[order])
    if "language" in acting.posts:
        columns["language"] = acting.posts["language"].array.take(chosen)
    return pd.DataFrame(_telling(columns))


def _shared(objects: pd.Series, account: Ints, min_accounts: int) -> tuple[Ints, Names]:
    """Return the place of objects that enough accounts act on, -1 of others, and the former."""
    item, names = coded_texts(objects)
    # One account of each object is set aside at a time: what is left in the end is shared enough.
    rest = np.arange(len(item))
    for _ in range(min_accounts - 1):
        one = np.empty(len(names), dtype=np.int64)
        one[item[rest]] = account[rest]
        rest = rest[account[rest] != one[item[rest]]]
    shared = np.zeros(len(names), dtype=bool)
    shared[item[rest]] = True
    enough = np.flatnonzero(shared)
    # Only those that stay are put in order: to compare texts takes longer than to find them.
    kept = names.take(enough)
    order = kept.argsort()
    place = np.full(len(names), -1)
    place[enough[order]] = np.arange(len(order))
    return place[item], kept.take(order)


def _slots(times: Any) -> Any:
    """Return the name of the time slot of each time."""
    # There are far fewer slots than actions, and naming one takes longer than finding it.
    place, begins = pd.factorize(pd.Series(times).dt.floor(f"{SLOT_HOURS}h"))
    return pd.array(begins.strftime("%Y-%m-%dT%H"), dtype="str").take(place)


def _telling(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out columns that say nothing: they take as much memory as those that do."""
    told = dict(columns)
    for name in ("source", "language"):
        if name in told and not _says_something(told[name]):
            del told[name]
    return told


def _says_something(column: Any) -> bool:
    said: NDArray[np.bool_] = pd.Series(column).fillna("").ne("").to_numpy()
    return bool(said.any())
