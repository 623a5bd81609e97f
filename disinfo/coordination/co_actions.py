"""The windowed join: pairs of accounts that act on one object within a window.

Sorted arrays and binary search, never all pairs of an object: the work is in the pairs that lie
within the window. Popular objects are guarded: an action is paired with at most so many that follow
it; what is skipped is counted, and the popularity of the object is counted in full, so that a
viral object weighs as little as it should.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import Acts, Ints
from disinfo.engines import ONE_PROCESS, Engine

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
    """

    first: Ints
    second: Ints
    event: Ints
    delay_ms: Ints
    n_skipped: int


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
        upper = np.searchsorted(key, key + int(self.window_s * 1000), side="right")
        followers = upper - np.arange(len(key)) - 1
        formed = np.minimum(followers, MAX_FOLLOWERS)
        left = np.repeat(np.arange(len(key)), formed)
        begin = np.repeat(np.cumsum(formed) - formed, formed)
        right = left + 1 + (np.arange(len(left)) - begin)
        different = account[left] != account[right]
        left, right = left[different], right[different]
        a, b = account[left], account[right]
        delay = time_ms[right] - time_ms[left]
        first, second = np.minimum(a, b), np.maximum(a, b)
        signed = np.where(a == first, delay, -delay)
        event = event[left]
        order = np.lexsort((signed, delay, event, second, first))
        first, second, event = first[order], second[order], event[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (np.diff(first) != 0) | (np.diff(second) != 0) | (np.diff(event) != 0)
        joined = pa.table(
            {
                "first": first[fresh],
                "second": second[fresh],
                "event": event[fresh],
                "delay_ms": signed[order][fresh],
            }
        )
        n_skipped = int((followers - formed).sum())
        return joined.replace_schema_metadata({"n_skipped": str(n_skipped)})


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
        order = np.lexsort((event, second, first))
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
        By event code; events whose pairs the guard cut are counted in full from their actions.
    """
    n_events = int(acts.event.max(initial=-1)) + 1
    within = np.abs(joined.delay_ms) <= window_s * 1000
    hits = np.bincount(joined.event[within], minlength=n_events).astype(np.float64)
    upper = np.searchsorted(acts.key, acts.key + int(window_s * 1000), side="right")
    followers = upper - np.arange(len(acts)) - 1
    if followers.max(initial=0) > MAX_FOLLOWERS:
        full = np.bincount(acts.event, weights=followers, minlength=n_events)
        cut = np.unique(acts.event[followers > MAX_FOLLOWERS])
        hits[cut] = np.maximum(hits[cut], full[cut])
    return hits
