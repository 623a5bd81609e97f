"""Honest selection: discover groups on one half of the posts, test them on the other.

A group that was picked because it acts together will look as if it did on the data that picked it.
The halves are made of blocks of time, not of single posts or objects: one post is a link, a text
and a hashtag at once, and one news event is many posts; cutting through either would put the same
decisions, or the same excitement, on both sides.

References
----------
Cox 1975, A note on data-splitting for the evaluation of significance levels, Biometrika 62.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import ActionArrays
from disinfo.distinct import numbered

BLOCK_S = 24 * 3600
# Short data are cut into at least so many blocks, none shorter than ten minutes.
_MIN_BLOCKS = 16
_SHORTEST_S = 600


def first_half(arrays: ActionArrays, split: int = 0) -> NDArray[np.bool_]:
    """Return which posts belong to the first half.

    Parameters
    ----------
    arrays
        The actions.
    split
        Number of the split; another number, another split.

    Returns
    -------
    ndarray of bool
        By post code. Blocks are taken in the order of a hash of their number, each to the side that
        has fewer posts so far, so that the halves are of one size and follow no calendar.
    """
    first = np.full(len(arrays.posts), np.iinfo(np.int64).max)
    for acts in arrays.layers:
        np.minimum.at(first, acts.post, acts.time_ms)
    # A post whose every action was a repeat has none left; it counts for neither half.
    acting = first != np.iinfo(np.int64).max
    span_s = float(first[acting].max(initial=0)) / 1000
    block_s = float(np.clip(span_s / _MIN_BLOCKS, _SHORTEST_S, BLOCK_S))
    block = np.where(acting, first // int(block_s * 1000), 0)
    distinct, inverse = numbered(block)
    sizes = np.bincount(inverse, minlength=len(distinct))
    chosen = np.zeros(len(distinct), dtype=bool)
    filled = [0, 0]
    for place in sorted(range(len(distinct)), key=lambda at: _hash(split, int(distinct[at]))):
        smaller = int(filled[1] < filled[0])
        chosen[place] = bool(smaller)
        filled[smaller] += int(sizes[place])
    side: NDArray[np.bool_] = chosen[inverse]
    return side


def _hash(split: int, block: int) -> bytes:
    return hashlib.blake2b(f"{split} {block}".encode(), digest_size=8).digest()
