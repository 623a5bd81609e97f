"""Narratives over time, as layers of one stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from disinfo.charts.timeline import count_over_time

MOST_LAYERS = 8


@dataclass(frozen=True)
class Layer:
    """Posts of one narrative, a count a bin; without an id, those of all others together."""

    narrative_id: str
    label: str
    campaign: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Stream:
    """Layers over equal bins from `start` to `end`; the layer of all others comes last."""

    start: pd.Timestamp
    end: pd.Timestamp
    bin_s: int
    layers: tuple[Layer, ...]


def build_stream(
    posts: pd.DataFrame,
    narratives: pd.DataFrame,
    campaigns: pd.DataFrame,
    *,
    most: int = MOST_LAYERS,
) -> Stream | None:
    """Count posts by narrative and time.

    Parameters
    ----------
    posts
        With narrative_id and created_at.
    narratives, campaigns
        Tables of a result: narratives of campaigns come first, then the largest.
    most
        Layers beside that of all others.

    Returns
    -------
    Stream or None
        None when no post has both a narrative and a time.

    Examples
    --------
    >>> from disinfo import tables
    >>> posts = tables.POSTS.empty().assign(narrative_id="n")
    >>> build_stream(posts, tables.NARRATIVES.empty(), tables.CAMPAIGNS.empty()) is None
    True
    """
    told = posts.reindex(columns=["narrative_id", "created_at"]).dropna()
    line = count_over_time(told["created_at"], most_bins=60)
    if line is None:
        return None
    pushed: dict[str, int] = {}
    for number, names in enumerate(campaigns["narratives"]):
        for name in names:
            pushed.setdefault(str(name), number)
    ranked = narratives.assign(_first=~narratives["narrative_id"].isin(list(pushed))).sort_values(
        ["_first", "n_posts", "narrative_id"], ascending=[True, False, True]
    )
    seconds = (told["created_at"] - line.start).dt.total_seconds()
    bins = pd.Series((seconds // line.bin_s).astype("int64"), index=told.index)
    n_bins = len(line.counts)
    rest = np.array(line.counts)
    layers = []
    for row in ranked.head(most).to_dict("records"):
        own = bins[told["narrative_id"] == row["narrative_id"]]
        counts = np.bincount(own.to_numpy(dtype=np.int64), minlength=n_bins)
        rest = rest - counts
        name = str(row["narrative_id"])
        layers.append(Layer(name, str(row["label"]), pushed.get(name, -1), _whole(counts)))
    return Stream(line.start, line.end, line.bin_s, (*layers, Layer("", "", -1, _whole(rest))))


def _whole(counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[int, ...]:
    return tuple(int(n) for n in counts)
