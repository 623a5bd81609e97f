"""Posts over time, counted in bins that suit the span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_BINS_S = (60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 28 * 86400)
_MOST_BINS = 120
_DAY_S = 86400


@dataclass(frozen=True)
class Timeline:
    """Counts a bin.

    `counts[i]` posts fall into the `bin_s` seconds from ``start + i * bin_s``. Bins of a day or
    less begin at whole multiples from midnight UTC.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    bin_s: int
    counts: tuple[int, ...]

    @property
    def peak_start(self) -> pd.Timestamp:
        """Where the fullest bin begins; the first one of equals."""
        return self.start + pd.Timedelta(seconds=self.bin_s * int(np.argmax(self.counts)))


def count_over_time(times: pd.Series, *, most_bins: int = _MOST_BINS) -> Timeline | None:
    """Count times in the finest bins of which at most `most_bins` are needed.

    Parameters
    ----------
    times
        Times in UTC; missing ones are left out.
    most_bins
        Upper bound on the number of bins, at least 2.

    Returns
    -------
    Timeline or None
        None when no time is known.

    Examples
    --------
    >>> import pandas as pd
    >>> line = count_over_time(pd.to_datetime(pd.Series(["2025-05-01", "2025-05-03"]), utc=True))
    >>> line.bin_s, sum(line.counts)
    (3600, 2)
    """
    seconds = _epoch_seconds(times)
    if not len(seconds):
        return None
    first, last = int(seconds.min()), int(seconds.max())
    size = _bin_size(first, last, most_bins)
    begin = first // size * size
    counts = np.bincount((seconds - begin) // size)
    return Timeline(
        start=pd.Timestamp(begin, unit="s", tz="UTC"),
        end=pd.Timestamp(begin + len(counts) * size, unit="s", tz="UTC"),
        bin_s=size,
        counts=tuple(int(n) for n in counts),
    )


def _bin_size(first: int, last: int, most_bins: int) -> int:
    for size in _BINS_S:
        if last // size - first // size < most_bins:
            return size
    days = -(-(last - first + 1) // (_DAY_S * (most_bins - 1)))
    return days * _DAY_S


def sparklines(
    posts: pd.DataFrame, keys: list[str], *, column: str, n_bins: int = 28
) -> dict[str, list[int]]:
    """Count posts by key in equal bins over the span of all posts.

    Parameters
    ----------
    posts
        With `column` and created_at.
    keys
        Which values of `column` to count.
    column
        The column of keys.
    n_bins
        Bins across the whole span, the same for every key.

    Returns
    -------
    dict of str to list of int
        `n_bins` counts a key; all zero when no time is known.
    """
    timed = posts[posts["created_at"].notna()]
    line = {key: [0] * n_bins for key in keys}
    if timed.empty:
        return line
    seconds = _epoch_seconds(timed["created_at"])
    first = int(seconds.min())
    width = max(1, int(seconds.max()) - first + 1)
    bins = pd.Series((seconds - first) * n_bins // width, index=timed.index)
    wanted = timed[column].isin(keys)
    counted = bins[wanted].groupby([timed.loc[wanted, column], bins[wanted]]).size()
    for (key, at), n in counted.items():
        line[str(key)][int(at)] = int(n)
    return line


def _epoch_seconds(times: pd.Series) -> NDArray[np.int64]:
    known = pd.to_datetime(times.dropna(), utc=True).astype("datetime64[us, UTC]")
    micros = known.astype("int64").to_numpy(dtype=np.int64)
    seconds: NDArray[np.int64] = micros // 1_000_000
    return seconds
