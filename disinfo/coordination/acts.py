"""Actions as sorted arrays: what the joins and tests run on.

The times of one object are laid out on a line of its own, so that one sorted array of keys answers
"who acted on this object between t and t + w" by binary search, for all objects at once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.coordination.crowd import OLDEST_MS, OPENING, Everyone
from disinfo.coordination.crowd import Ints as Ints
from disinfo.coordination.once import once
from disinfo.distinct import Names, coded_texts, numbered, numbered_texts
from disinfo.ordering import order_by, order_by_and_text, time_steps

# An account that comes back to an object within this time has not made a second decision.
REPEAT_S = 6 * 3600
LONGEST_WINDOW_S = 24 * 3600
_PER_ACTION = ("account", "item", "event", "source", "language", "post", "time_ms", "key")


@dataclass(frozen=True, kw_only=True)
class Acts:
    """The actions of one layer, sorted by object and time.

    Parameters
    ----------
    layer
        The layer's name.
    account, item, event, source, language, post
        Codes, int64 of shape (m,). An event is an object in a slot where the layer has slots, else
        the object itself. Accounts share one code table over all layers, as do posts. A source of
        one language and of another are two; an unknown source is that of its language.
    time_ms
        Milliseconds since the first action of the data.
    key
        ``item * stride + time_ms``, ascending.
    names
        Object ids by item code.
    """

    layer: str
    account: Ints
    item: Ints
    event: Ints
    source: Ints
    language: Ints
    post: Ints
    time_ms: Ints
    key: Ints
    names: Names

    def __len__(self) -> int:
        return len(self.key)

    def where(self, chosen: NDArray[np.bool_]) -> Acts:
        """Return the chosen actions."""
        arrays = {name: getattr(self, name) for name in _PER_ACTION}
        # Some are one array under two names, and stay so.
        chosen_of = {id(array): array[chosen] for array in arrays.values()}
        return Acts(
            layer=self.layer,
            names=self.names,
            **{name: chosen_of[id(array)] for name, array in arrays.items()},
        )

    def rows_of(self, accounts: Ints) -> Ints:
        """Return the rows of some accounts' actions, ascending."""
        order, bounds = self._by_account
        known = accounts[accounts < len(bounds) - 1]
        return np.sort(order[ranges(bounds[known], bounds[known + 1])])

    def n_rows_of(self, accounts: Ints) -> int:
        """Return how many actions some accounts have."""
        _, bounds = self._by_account
        known = accounts[accounts < len(bounds) - 1]
        return int((bounds[known + 1] - bounds[known]).sum())

    @once
    def activity(self) -> Ints:
        """How many actions each account has, by code."""
        return np.bincount(self.account)

    @once
    def everyone(self) -> Everyone:
        """All accounts as the crowd that a group is compared with."""
        return Everyone(key=self.key, item=self.item)

    @once
    def kind_counts(self) -> dict[str, Ints]:
        """How many actions each source and each language has, by code."""
        return {name: np.bincount(getattr(self, name)) for name in ("source", "language")}

    @once
    def occurrences(self) -> dict[str, tuple[Ints, Ints]]:
        """How often each event has each source, and each language.

        By kind, ``event * number of kinds + kind`` of the pairs that occur, ascending, and counts.
        """
        return {
            name: np.unique(self.event * len(counts) + getattr(self, name), return_counts=True)
            for name, counts in self.kind_counts.items()
        }

    @once
    def early(self) -> dict[str, tuple[int, Ints]]:
        """Early acts by kind of moment: how many there are, and how many each event has."""
        everyone = self.everyone
        masks = {"hasty": everyone.hasty, "pioneering": everyone.pioneering}
        n_events = int(self.event.max(initial=-1)) + 1
        return {
            name: (int(mask.sum()), np.bincount(self.event[mask], minlength=n_events))
            for name, mask in masks.items()
        }

    def neighbourhood(self, accounts: Ints) -> int:
        """Return about how many acts change, at most, when some accounts are left out."""
        near = self._near_account
        return int(near[accounts[accounts < len(near)]].sum())

    @once
    def _near_account(self) -> Ints:
        # Where they open an object, that of all who come within a day.
        opens = np.flatnonzero(np.isin(self.everyone.ages, OPENING))
        near = np.ones(len(self))
        near[opens] += np.searchsorted(self.key, self.key[opens] + OLDEST_MS) - opens
        return np.bincount(self.account, weights=near).astype(np.int64)

    @once
    def _by_account(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.account, kind="stable")
        n_accounts = int(self.account.max(initial=-1)) + 1
        return order, np.searchsorted(self.account[order], np.arange(n_accounts + 1))


@dataclass(frozen=True, kw_only=True)
class ActionArrays:
    """All layers of an `actions` table.

    Parameters
    ----------
    layers
        One `Acts` a layer, in alphabetical order.
    accounts
        Account ids by code, sorted.
    posts
        Post ids by code, in no order; an action without a post has one of its own.
    resolution_s
        Time resolution of the actions, in seconds: 60 where no action has seconds.
    """

    layers: tuple[Acts, ...]
    accounts: Names
    posts: Names
    resolution_s: float

    def where_posts(self, chosen: NDArray[np.bool_]) -> ActionArrays:
        """Return the actions of the chosen posts (a mask by post code)."""
        return ActionArrays(
            layers=tuple(acts.where(chosen[acts.post]) for acts in self.layers),
            accounts=self.accounts,
            posts=self.posts,
            resolution_s=self.resolution_s,
        )

    def afresh(self) -> ActionArrays:
        """Return the same actions, without what was computed of them once."""
        return replace(self, layers=tuple(replace(acts) for acts in self.layers))


def action_arrays(actions: pd.DataFrame) -> ActionArrays:
    """Bring an `actions` table into sorted arrays.

    Parameters
    ----------
    actions
        The `actions` table, in any order.

    Returns
    -------
    ActionArrays
        Repeats of an account on an object within six hours are one action, the first.

    Examples
    --------
    >>> import pandas as pd
    >>> from disinfo import tables
    >>> arrays = action_arrays(tables.ACTIONS.empty())
    >>> len(arrays.layers), len(arrays.accounts)
    (0, 0)
    """
    # Texts are put in order once, as codes; whatever follows sorts and compares numbers. Those of
    # posts are put in order where all else is equal only: nearly every action has its own.
    account, accounts = numbered_texts(actions["account_id"])
    named = post_names(actions)
    post, posts = coded_texts(named)
    exact = actions["created_at"].to_numpy("datetime64[us]").astype(np.int64)
    stamp = exact // 1000
    time_ms = stamp - (stamp.min() if len(stamp) else 0)
    coded = _Coded(
        objects=actions["object_id"],
        post_names=named,
        account=account,
        post=post,
        step=time_steps(actions["created_at"]),
        time_ms=time_ms,
        stride=int(time_ms.max(initial=0)) + 2 * LONGEST_WINDOW_S * 1000 + 1,
        kinds={name: _codes_of(actions, name) for name in ("slot", "language", "source")},
    )
    layer, layer_names = numbered_texts(actions["layer"])
    # Side by side: sorting and looking texts up let go of the interpreter.
    with ThreadPoolExecutor() as threads:
        of_layer = [np.flatnonzero(layer == code) for code in range(len(layer_names))]
        layers = tuple(threads.map(coded.acts, map(str, layer_names), of_layer))
    return ActionArrays(
        layers=layers, accounts=accounts, posts=posts, resolution_s=_resolution(stamp)
    )


@dataclass(frozen=True, kw_only=True)
class _Coded:
    """An `actions` table as numbers, all layers together; texts of objects are still texts."""

    objects: pd.Series
    post_names: pd.Series
    account: Ints
    post: Ints
    step: Ints
    time_ms: Ints
    stride: int
    kinds: dict[str, Ints | None]

    def acts(self, layer: str, rows: Ints) -> Acts:
        """Return the actions of a layer, sorted, without repeats."""
        item, names = numbered_texts(self.objects.iloc[rows])
        keys = [item, self.step[rows], self.account[rows]]
        order, _ = order_by_and_text(keys, self.post_names, at=rows)
        rows, item = rows[order], item[order]
        again = repeats(item, self.account[rows], self.time_ms[rows])
        rows, item = rows[~again], item[~again]
        # Of what tells no two apart there is one array: there may be millions of actions.
        language = self._within(np.zeros(len(rows), dtype=np.int64), "language", rows)
        return Acts(
            layer=layer,
            account=self.account[rows],
            item=item,
            event=self._within(item, "slot", rows),
            source=self._within(language, "source", rows),
            language=language,
            post=self.post[rows],
            time_ms=self.time_ms[rows],
            key=item * self.stride + self.time_ms[rows],
            names=names,
        )

    def _within(self, outer: Ints, kind: str, rows: Ints) -> Ints:
        """Return new numbers of the kinds of some rows, those of two outer kinds apart.

        Where all are of one kind these are the outer ones.
        """
        codes = self.kinds[kind]
        if codes is None or not len(rows):
            return outer
        inner = codes[rows]
        if inner.max() == inner.min():
            return outer
        return numbered(outer * (int(inner.max()) + 1) + inner)[1]


def ranges(begin: Ints, end: Ints) -> Ints:
    """Return all whole numbers of the ranges [begin, end), one range after the other.

    Parameters
    ----------
    begin, end
        Bounds, of one length; none ends before it begins.

    Returns
    -------
    ndarray of int64
        Numbers.
    """
    length = end - begin
    shift = np.repeat(begin - (np.cumsum(length) - length), length)
    return shift + np.arange(len(shift))


def post_names(actions: pd.DataFrame) -> pd.Series:
    """Return the post of each action; an action without one is a post of its own.

    Parameters
    ----------
    actions
        The `actions` table.

    Returns
    -------
    Series of str
        Aligned with `actions`.
    """
    alone = actions["post_id"].isna()
    if not alone.any():
        return actions["post_id"]
    of = actions[alone]
    stamp = of["created_at"].astype("int64").astype("str")
    lone = "\x00" + of["object_id"] + "\x00" + of["account_id"] + "\x00" + stamp
    return actions["post_id"].fillna(lone)


def _codes_of(actions: pd.DataFrame, column: str) -> Ints | None:
    """Return the codes of a text column that may be missing in places; None where it is absent."""
    if column not in actions:
        return None
    return numbered_texts(actions[column].fillna(""))[0]


def repeats(item: Ints, account: Ints, time_ms: Ints) -> NDArray[np.bool_]:
    """Mark actions of an account on an object less than six hours after its last one there.

    Parameters
    ----------
    item, account
        Codes, an entry an action; those of one item stand in order of time.
    time_ms
        Milliseconds.

    Returns
    -------
    ndarray of bool
        Aligned with the actions.
    """
    # Times stand in order already, and two keys fit into one number where three would not.
    order = order_by(item, account)
    item, account, time_ms = item[order], account[order], time_ms[order]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (
        (item[1:] == item[:-1])
        & (account[1:] == account[:-1])
        & (np.diff(time_ms) < REPEAT_S * 1000)
    )
    marked = np.zeros(len(order), dtype=bool)
    marked[order] = again
    return marked


def _resolution(stamp_ms: Ints) -> float:
    """Return 60 when every time is a whole minute, 1 when a whole second, else .001."""
    # With a handful of actions whole minutes may be chance.
    enough = 20
    if len(stamp_ms) >= enough and not (stamp_ms % 60_000).any():
        return 60.0
    return 1.0 if not (stamp_ms % 1000).any() else 0.001
