"""The windowed join: pairs of accounts that act on one object within a window.

Sorted arrays and binary search, never all pairs of an object: the work is in the pairs that lie
within the window. Popular objects are guarded: an action is paired with at most so many that follow
it; what is skipped is counted, and the popularity of the object is counted in full, so that a
viral object weighs as little as it should. A layer that is crowded as a whole goes through
`repeated_pairs` instead.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints
from disinfo.engines import ONE_PROCESS, Engine
from disinfo.ordering import order_by

if TYPE_CHECKING:
    import pyarrow as pa

# Followers of one action within the window; a viral URL has thousands, a campaign's rarely so many.
MAX_FOLLOWERS = 300
_PARTS_A_WORKER = 2


@dataclass(frozen=True, kw_only=True)
class CoActions:
    """Co-actions of one layer: one row for each pair of accounts and event.

    Parameters
    ----------
    first, second
        Account codes, first < second.
    event
        Event code.
    delay_ms
        Shortest delay between the two, signed: positive when `first` acted first.
    n_skipped
        Pairs that the guard did not form.
    n_lone
        Pairs of accounts with a single co-action, left out of a crowded layer.
    """

    first: Ints
    second: Ints
    event: Ints
    delay_ms: Ints
    n_skipped: int
    n_lone: int = 0


@dataclass(frozen=True, kw_only=True)
class JoinPart:
    """The kernel: actions of some objects, sorted by key, to co-actions.

    Parameters
    ----------
    window_s
        Longest delay, in seconds.
    """

    window_s: float

    def __call__(self, part: pa.Table) -> pa.Table:
        """Join the actions of a part with themselves within the window.

        Parameters
        ----------
        part
            Columns key, account, event, time_ms.

        Returns
        -------
        pyarrow.Table
            Columns first, second, event, delay_ms, sorted by the first three; the schema's
            metadata has ``n_skipped``.
        """
        import pyarrow as pa

        key, account, event, time_ms = (
            part.column(name).to_numpy() for name in ("key", "account", "event", "time_ms")
        )
        followers = followers_within(key, self.window_s)
        formed = np.minimum(followers, MAX_FOLLOWERS)
        left, right = formed_pairs(formed)
        different = account[left] != account[right]
        joined = pa.table(
            paired(left[different], right[different], account=account, event=event, time_ms=time_ms)
        )
        n_skipped = int((followers - formed).sum())
        return joined.replace_schema_metadata({"n_skipped": str(n_skipped)})


def followers_within(key: Ints, window_s: float) -> Ints:
    """Return how many actions on its object follow each action within a window.

    Parameters
    ----------
    key
        Keys of `Acts`, ascending.
    window_s
        The window, in seconds.

    Returns
    -------
    ndarray of int64
        Shape of `key`; acts of the same account included.
    """
    upper = np.searchsorted(key, key + int(window_s * 1000), side="right")
    return upper - np.arange(len(key)) - 1


def formed_pairs(formed: Ints, first_row: int = 0) -> tuple[Ints, Ints]:
    """Pair each row with so many of the rows after it.

    Parameters
    ----------
    formed
        With how many, by row.
    first_row
        Number of the first of these rows.

    Returns
    -------
    left, right : ndarray of int64
        Row numbers, left ascending and right ascending within it.
    """
    left = np.repeat(np.arange(first_row, first_row + len(formed)), formed)
    begin = np.repeat(np.cumsum(formed) - formed, formed)
    return left, left + 1 + (np.arange(len(left)) - begin)


def paired(
    left: Ints, right: Ints, *, account: Ints, event: Ints, time_ms: Ints
) -> dict[str, Ints]:
    """Turn pairs of rows into co-actions: one a pair of accounts and event.

    Parameters
    ----------
    left, right
        Rows of different accounts on one object, left before right, left ascending.
    account, event, time_ms
        By row.

    Returns
    -------
    dict of str to ndarray of int64
        first, second, event, delay_ms (the shortest), sorted by the first three.
    """
    first = np.minimum(account[left], account[right])
    second = np.maximum(account[left], account[right])
    event_of = event[left]
    pair = first * (int(second.max(initial=0)) + 1) + second
    order = order_by(pair, event_of)
    pair, event_of, left, right = pair[order], event_of[order], left[order], right[order]
    first, second = first[order], second[order]
    delay = time_ms[right] - time_ms[left]
    signed = np.where(account[left] == first, delay, -delay)
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(pair) != 0) | (np.diff(event_of) != 0)
    # Two accounts rarely meet twice on an event, so only those that do are sorted by delay.
    meeting = np.cumsum(fresh) - 1
    again = np.bincount(meeting, minlength=1)[meeting] > 1
    rows = np.flatnonzero(again)
    by_delay = rows[order_by(meeting[rows], delay[rows], signed[rows])]
    signed[rows] = signed[by_delay]
    kept = {"first": first, "second": second, "event": event_of, "delay_ms": signed}
    return {name: values[fresh] for name, values in kept.items()}


def co_actions(acts: Acts, window_s: float, engine: Engine = ONE_PROCESS) -> CoActions:
    """Join the actions of a layer with themselves within a window.

    Parameters
    ----------
    acts
        The actions of one layer.
    window_s
        Longest delay, in seconds.
    engine
        Where to. The parts are cut between objects, on which no pair lies.

    Returns
    -------
    CoActions
        Sorted by first, second, event; the same on every engine.
    """
    import pyarrow as pa

    columns = {name: getattr(acts, name) for name in ("key", "account", "event", "time_ms")}
    table = pa.table(columns)
    cuts = _cuts(acts.item, 1 if engine.n_workers == 1 else _PARTS_A_WORKER * engine.n_workers)
    parts = [table.slice(a, b - a) for a, b in itertools.pairwise(cuts)]
    found = engine.map(JoinPart(window_s=window_s), parts)
    whole = pa.concat_tables([part.replace_schema_metadata() for part in found]).combine_chunks()
    first, second, event, delay_ms = (
        whole.column(name).to_numpy() for name in ("first", "second", "event", "delay_ms")
    )
    if len(parts) > 1:
        order = order_by(first, second, event)
        first, second, event, delay_ms = (c[order] for c in (first, second, event, delay_ms))
    return CoActions(
        first=first,
        second=second,
        event=event,
        delay_ms=delay_ms,
        n_skipped=sum(int(part.schema.metadata[b"n_skipped"]) for part in found),
    )


def _cuts(item: Ints, n_parts: int) -> list[int]:
    """Return where to cut rows sorted by object into about equal parts, never within an object."""
    wanted = np.linspace(0, len(item), n_parts + 1).astype(np.int64)[1:-1]
    between = np.searchsorted(item, item[wanted], side="left") if len(item) else wanted
    return [0, *np.unique(between[between > 0]).tolist(), len(item)]


def event_hits(acts: Acts, joined: CoActions, window_s: float) -> NDArray[np.float64]:
    """Return, for each event, how many pairs of accounts act on it within a window.

    Parameters
    ----------
    acts
        The actions of the layer.
    joined
        Its co-actions within at least this window.
    window_s
        The window, in seconds.

    Returns
    -------
    ndarray of float64
        By event code; events whose pairs the guard cut, and all of a crowded layer, are counted in
        full from their actions.
    """
    n_events = int(acts.event.max(initial=-1)) + 1
    followers = followers_within(acts.key, window_s)
    within = np.abs(joined.delay_ms) <= window_s * 1000
    hits = np.bincount(joined.event[within], minlength=n_events).astype(np.float64)
    # Of a crowded layer no event has all of its pairs here.
    cut = np.full(n_events, joined.n_lone > 0)
    cut[acts.event[followers > MAX_FOLLOWERS]] = True
    if cut.any():
        full = np.bincount(acts.event, weights=followers, minlength=n_events)
        hits[cut] = np.maximum(hits[cut], full[cut])
    return hits
