"""When people post: day rhythm by time zone and habit, sessions, and how fast items spread.

Times are whole seconds since the start of the world, in UTC.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
HOUR = 3_600

Seconds: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

# Share of posts by local hour: quiet from midnight to six, a hump at noon and one after dinner.
_HOURS = np.array(
    [1.6, 0.8, 0.4, 0.3, 0.3, 0.6, 1.8, 3.6, 4.8, 5.0, 5.0, 5.2,
     5.8, 5.6, 5.0, 4.8, 5.0, 5.6, 6.4, 7.2, 7.8, 7.4, 5.8, 3.4]
)  # fmt: skip
_CUMULATIVE = np.concatenate([[0.0], np.cumsum(_HOURS) / _HOURS.sum()])
_AWAKE = np.minimum(_HOURS / 4.0, 1.0)

UTC_OFFSET_H = {"de": 2.0, "en": 1.0, "pl": 2.0, "ru": 3.0, "uk": 3.0}


def by_rhythm(rng: np.random.Generator, offset_h: Floats, horizon_s: int) -> Seconds:
    """Draw one time for each given clock: any day, the hour by day rhythm.

    Parameters
    ----------
    rng
        Source of randomness.
    offset_h
        Hours by which each account's day runs ahead of UTC: time zone and habit, shape (n,).
    horizon_s
        Length of the world in seconds.

    Returns
    -------
    ndarray of shape (n,), int64
        Times in ``[0, horizon_s)``.
    """
    n = len(offset_h)
    local = np.interp(rng.random(n), _CUMULATIVE, np.arange(25)) * HOUR
    days = rng.integers(0, max(horizon_s // DAY, 1), n)
    times = days * DAY + local - offset_h * HOUR
    return np.mod(times, horizon_s).astype(np.int64)


def awake(times: Seconds, offset_h: Floats) -> Floats:
    """Return how likely it is that each account is awake at its time, from 0 to 1.

    Parameters
    ----------
    times
        Seconds, shape (n,).
    offset_h
        As in `by_rhythm`, shape (n,).

    Returns
    -------
    ndarray of shape (n,), float64
        One in the daytime, small at night.
    """
    local = np.mod(times / HOUR + offset_h, 24.0)
    result: Floats = _AWAKE[local.astype(np.int64)]
    return result


def delayed(
    rng: np.random.Generator,
    since: Seconds,
    offset_h: Floats,
    horizon_s: int,
    *,
    median_s: float,
    spread: float,
) -> Seconds:
    """Draw when each account reacts to something: heavy-tailed delays, seldom while it sleeps.

    Parameters
    ----------
    rng
        Source of randomness.
    since
        When the thing appeared, seconds, shape (n,).
    offset_h
        As in `by_rhythm`, shape (n,).
    horizon_s
        Length of the world; later reactions are drawn again and at last put before its end.
    median_s
        Median delay in seconds.
    spread
        Standard deviation of the log delay.

    Returns
    -------
    ndarray of shape (n,), int64
        Times after `since` and before `horizon_s`.
    """
    times = since.copy()
    open_ = np.arange(len(since))
    for _ in range(6):
        if not len(open_):
            break
        delay = median_s * np.exp(spread * rng.standard_normal(len(open_)))
        drawn = since[open_] + 1 + np.minimum(delay, horizon_s).astype(np.int64)
        times[open_] = drawn
        fine = (rng.random(len(open_)) < awake(drawn, offset_h[open_])) & (drawn < horizon_s)
        open_ = open_[~fine]
    late = times >= horizon_s
    times[late] = since[late] + ((horizon_s - since[late]) * rng.random(int(late.sum()))).astype(
        np.int64
    )
    return times


def with_sessions(
    rng: np.random.Generator, times: Seconds, accounts: NDArray[np.int64], share: float
) -> Seconds:
    """Move a share of the posts next to another post of the same account.

    Parameters
    ----------
    rng
        Source of randomness.
    times
        Seconds, shape (n,).
    accounts
        Who posts, shape (n,).
    share
        Share of posts that follow another one within minutes.

    Returns
    -------
    ndarray of shape (n,), int64
        The new times.
    """
    order = np.argsort(accounts, kind="stable")
    same = np.zeros(len(times), dtype=bool)
    same[1:] = accounts[order][1:] == accounts[order][:-1]
    moved = same & (rng.random(len(times)) < share)
    ordered = times[order]
    anchors = ordered[np.flatnonzero(moved) - 1]
    ordered[moved] = anchors + rng.exponential(8 * 60, len(anchors)).astype(np.int64) + 5
    result = np.empty_like(times)
    result[order] = ordered
    return result
