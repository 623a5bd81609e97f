"""Honest selection: discover groups on one half of the posts, test them on the other.

A group that was picked because it acts together will look as if it did on the data that picked it.
Posts are halved, not objects: one post is a link, a text and a hashtag at once, and halving by
object would put the same decision on both sides.

References
----------
Cox 1975, A note on data-splitting for the evaluation of significance levels, Biometrika 62.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.coordination.acts import ActionArrays, post_names

# A post goes where its most specific object goes.
_PRIORITY = ("url", "media", "object", "repost", "reply", "family", "hashtag", "mention")


def first_half(arrays: ActionArrays, actions: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which posts belong to the first half.

    Parameters
    ----------
    arrays
        The actions as arrays.
    actions
        The same actions as a table.

    Returns
    -------
    ndarray of bool
        By post code. All posts whose primary object (and slot) is the same are on one side; the
        side is the parity of a hash, so that it depends on nothing else.
    """
    rank = {layer: number for number, layer in enumerate(_PRIORITY)}
    frame = pd.DataFrame(
        {
            "post": post_names(actions),
            "rank": actions["layer"].map(rank).fillna(len(rank)),
            "event": actions["layer"]
            + "\x00"
            + actions["object_id"]
            + "\x00"
            + (actions["slot"].fillna("") if "slot" in actions else ""),
        }
    )
    primary = frame.sort_values(["post", "rank", "event"]).drop_duplicates("post")
    parity = {event: _parity(event) for event in primary["event"].unique()}
    side = pd.Series(primary["event"].map(parity).to_numpy(), index=primary["post"])
    chosen: NDArray[np.bool_] = side.reindex(arrays.posts).to_numpy(dtype=bool)
    return chosen


def _parity(event: str) -> bool:
    return bool(hashlib.blake2b(event.encode(), digest_size=1).digest()[0] & 1)
