"""The map of narratives: one disc a narrative, discs of one topic side by side.

Places mean no more than that: nearness inside a topic and between topics comes from packing, not
from a measured distance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST_NARRATIVES = 200
_GAP = 0.03
_ANGLES = 30


@dataclass(frozen=True)
class Disc:
    """One narrative: its place and radius on a map whose longer side is 1.

    `campaign` is the first campaign that pushes it, -1 when none does.
    """

    narrative_id: str
    topic_id: str
    label: str
    campaign: int
    n_posts: int
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class NarrativeMap:
    """Discs, the largest of each topic first; `n` counts all narratives there are."""

    discs: tuple[Disc, ...]
    n: int
    width: float
    height: float


def build_narrative_map(
    narratives: pd.DataFrame, campaigns: pd.DataFrame, *, most: int = MOST_NARRATIVES
) -> NarrativeMap:
    """Pack the largest narratives, and all that a campaign pushes, into a map.

    Parameters
    ----------
    narratives, campaigns
        Tables of a result; the order of campaigns is that of colours.
    most
        How many discs at most.

    Returns
    -------
    NarrativeMap
        The area of a disc is in proportion to the narrative's posts.

    Examples
    --------
    >>> from disinfo import tables
    >>> build_narrative_map(tables.NARRATIVES.empty(), tables.CAMPAIGNS.empty()).discs
    ()
    """
    pushed = _pushed_by(campaigns)
    first = narratives["narrative_id"].isin(list(pushed))
    shown = (
        narratives.assign(_first=~first)
        .sort_values(["_first", "n_posts", "narrative_id"], ascending=[True, False, True])
        .head(most)
        .sort_values(["n_posts", "narrative_id"], ascending=[False, True])
    )
    if shown.empty:
        return NarrativeMap((), len(narratives), 1.0, 1.0)
    radii = np.sqrt(shown["n_posts"].to_numpy(dtype=np.float64).clip(min=1))
    centres = _by_topic(shown["topic_id"].to_numpy(dtype=object), radii)
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    scale = 1 / float(np.max(high - low))
    width, height = (high - low) * scale
    discs = tuple(
        Disc(
            narrative_id=str(row["narrative_id"]),
            topic_id=str(row["topic_id"]),
            label=str(row["label"]),
            campaign=pushed.get(str(row["narrative_id"]), -1),
            n_posts=int(row["n_posts"]),
            x=float(x),
            y=float(y),
            r=float(r),
        )
        for row, (x, y), r in zip(
            shown.to_dict("records"), (centres - low) * scale, radii * scale, strict=True
        )
    )
    return NarrativeMap(discs, len(narratives), float(width), float(height))


def _pushed_by(campaigns: pd.DataFrame) -> Mapping[str, int]:
    """Return the first campaign of each narrative that any campaign pushes."""
    pushed: dict[str, int] = {}
    for number, names in enumerate(campaigns["narratives"]):
        for name in names:
            pushed.setdefault(str(name), number)
    return pushed


def _by_topic(topics: NDArray[np.object_], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pack each topic's discs, then the topics as discs of their own."""
    names, at = np.unique(topics.astype(str), return_inverse=True)
    centres = np.zeros((len(radii), 2))
    around = np.zeros(len(names))
    for topic in range(len(names)):
        own = np.flatnonzero(at == topic)
        centres[own] = pack(radii[own])
        around[topic] = (np.linalg.norm(centres[own], axis=1) + radii[own]).max()
    order = np.argsort(-around, kind="stable")
    middles = np.zeros((len(names), 2))
    middles[order] = pack(around[order], aspect=0.6)
    return centres + middles[at]


def pack(radii: NDArray[np.float64], *, aspect: float = 1.0) -> NDArray[np.float64]:
    """Place discs without overlap, each touching another and as near to the middle as it can.

    Parameters
    ----------
    radii
        ``(n,)`` above 0; large ones first pack best.
    aspect
        Height over width of the heap.

    Returns
    -------
    ndarray of shape (n, 2)
        Centres; the same radii always give the same ones.

    Examples
    --------
    >>> import numpy as np
    >>> pack(np.array([2.0, 1.0]))[0].tolist()
    [0.0, 0.0]
    """
    centres = np.zeros((len(radii), 2))
    turn = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    around = np.column_stack([np.cos(turn), np.sin(turn)])
    for i in range(1, len(radii)):
        # Some place that touches a disc is always free: the outermost ones.
        apart = (radii[:i] + radii[i]) * (1 + _GAP)
        places = (centres[:i, None, :] + around * apart[:, None, None]).reshape(-1, 2)
        far = (places[:, 0] ** 2 + (places[:, 1] / aspect) ** 2).round(9)
        for place in np.argsort(far, kind="stable"):
            gap = np.hypot(*(centres[:i] - places[place]).T)
            if (gap >= apart * (1 - 1e-9)).all():
                centres[i] = places[place]
                break
    return centres
