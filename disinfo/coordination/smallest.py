"""The smallest campaign that the data at hand could have shown.

"No campaign found" means little without it: it tells what could have been there unseen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from disinfo.coordination.acts import action_arrays
from disinfo.coordination.followers import SHAPE, Starts, freak_rate
from disinfo.coordination.group_evidence import JOIN, SIGNAL_FRESH, likelihood_ratios

_SIZES = (3, 5, 10, 20)
_WINDOW_S = 3600
_N_WINDOWS = 4


def smallest_campaign(actions: pd.DataFrame, alpha: float) -> str:
    """Say how small a campaign may be and still be called, in one sentence.

    Parameters
    ----------
    actions
        The `actions` table.
    alpha
        False discovery rate over campaigns.

    Returns
    -------
    str
        For several sizes, the number of objects that all members must act on within an hour, with
        nobody else acting on them, when the group is the only candidate. More candidates,
        camouflage or fellow travellers make it dearer.

    Examples
    --------
    >>> from disinfo import tables
    >>> smallest_campaign(tables.ACTIONS.empty(), 0.05)
    'There are no actions on shared objects: no campaign of any size could have been found.'
    """
    arrays = action_arrays(actions)
    if not arrays.layers:
        return (
            "There are no actions on shared objects: no campaign of any size could have been found."
        )
    acts = max(arrays.layers, key=len)
    after = np.searchsorted(acts.key, acts.key + _WINDOW_S * 1000, side="right")
    usual = float((after - np.arange(len(acts)) - 1).mean()) + 1 / len(acts)
    cells = len(arrays.layers) * _N_WINDOWS * (len(JOIN) + 1) * len(SIGNAL_FRESH)
    parts = []
    for n in _SIZES:
        if n > len(arrays.accounts) // 2:
            break
        share = n / len(arrays.accounts)
        mean = share * SHAPE / (SHAPE / usual + 2 * (1 - share))
        start = Starts(
            group=np.array([0]),
            row=np.array([0]),
            window_s=np.array([_WINDOW_S]),
            followers=np.array([n - 1]),
            mean=np.array([mean]),
            size=np.array([SHAPE]),
            fresh=np.array([True]),
            news=np.array([False]),
            freak=freak_rate(np.array([len(acts)])),
        )
        best = float(np.log(likelihood_ratios(start, n).max()))
        # The proof is on one half of the posts, so twice as many objects are needed in all.
        needed = 2 * int(np.ceil((np.log(2 / alpha) + np.log(cells)) / best))
        parts.append(f"{n} accounts on {needed} objects")
    if not parts:
        return f"There are only {len(arrays.accounts)} accounts that act: too few to compare with."
    return (
        f"By layer {acts.layer!r}, a group can be called when all its members act within an hour, "
        f"and nobody else does: {', '.join(parts)}. Smaller or slower ones go unseen."
    )
