"""The smallest campaign that the data at hand could have shown.

"No campaign found" means little without it: it tells what could have been there unseen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from disinfo.coordination.acts import Ints, repeats
from disinfo.coordination.followers import SHAPE, Starts, freak_rate
from disinfo.coordination.group_evidence import JOIN, SIGNAL_FRESH, likelihood_ratios
from disinfo.distinct import numbered_texts
from disinfo.ordering import order_by

_SIZES = (3, 5, 10, 20)
_WINDOW_S = 3600
_N_WINDOWS = 4
# Of more actions than this a share of the objects is looked at: the mean of so many is as good.
_MOST_ACTIONS = 1_000_000


def smallest_campaign(actions: pd.DataFrame, alpha: float, *, n_accounts: int) -> str:
    """Say how small a campaign may be and still be called, in one sentence.

    Parameters
    ----------
    actions
        The `actions` table.
    alpha
        False discovery rate over campaigns.
    n_accounts
        How many accounts act.

    Returns
    -------
    str
        For several sizes, the number of objects that all members must act on within an hour, with
        nobody else acting on them, when the group is the only candidate. More candidates,
        camouflage or fellow travellers make it dearer.

    Examples
    --------
    >>> from disinfo import tables
    >>> smallest_campaign(tables.ACTIONS.empty(), 0.05, n_accounts=0)
    'There are no actions on shared objects: no campaign of any size could have been found.'
    """
    if actions.empty:
        return (
            "There are no actions on shared objects: no campaign of any size could have been found."
        )
    seen, one_of = _some_objects(actions)
    layer, layers = pd.factorize(seen["layer"], sort=True)
    key = _keys(seen, layer)
    largest = int(np.bincount(layer[key >= 0]).argmax())
    key = np.sort(key[(key >= 0) & (layer == largest)])
    after = np.searchsorted(key, key + _WINDOW_S * 1000, side="right")
    usual = float((after - np.arange(len(key)) - 1).mean()) + 1 / len(key)
    cells = len(layers) * _N_WINDOWS * (len(JOIN) + 1) * len(SIGNAL_FRESH)
    parts = []
    for n in _SIZES:
        if n > n_accounts // 2:
            break
        share = n / n_accounts
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
            freak=freak_rate(np.array([len(key) * one_of])),
        )
        best = float(np.log(likelihood_ratios(start, n).max()))
        # The proof is on one half of the posts, so twice as many objects are needed in all.
        needed = 2 * int(np.ceil((np.log(2 / alpha) + np.log(cells)) / best))
        parts.append(f"{n} accounts on {needed} objects")
    if not parts:
        return f"There are only {n_accounts} accounts that act: too few to compare with."
    return (
        f"By layer {layers[largest]!r}, a group can be called when all its members act within an "
        f"hour, and nobody else does: {', '.join(parts)}. Smaller or slower ones go unseen."
    )


def _some_objects(actions: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return all actions on one of every so many objects, and how many that is."""
    one_of = -(-len(actions) // _MOST_ACTIONS)
    if one_of == 1:
        return actions, 1
    thing, _ = numbered_texts(actions["object_id"])
    return actions[thing % one_of == 0], one_of


def _keys(actions: pd.DataFrame, layer: Ints) -> Ints:
    """Return object and time of each action as one number, -1 where it repeats another."""
    account = pd.factorize(actions["account_id"])[0].astype(np.int64)
    thing = pd.factorize(actions["object_id"])[0].astype(np.int64)
    time_ms = actions["created_at"].to_numpy("datetime64[us]").astype(np.int64) // 1000
    time_ms = time_ms - time_ms.min()
    order = order_by(time_ms)
    item = thing * (int(layer.max()) + 1) + layer
    again = np.empty(len(order), dtype=bool)
    again[order] = repeats(item[order], account[order], time_ms[order])
    return np.where(again, -1, thing * (int(time_ms.max()) + 2 * _WINDOW_S * 1000) + time_ms)
