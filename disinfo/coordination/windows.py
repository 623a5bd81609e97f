"""Which windows carry the links of a run: a suggestion, which nothing uses by itself."""

from __future__ import annotations

import pandas as pd

from disinfo import tables
from disinfo.errors import ParameterError, outside_unit_interval, raise_all

_COLUMNS = ("layer", "window_s", "n_pairs", "share", "delay_s", "suggested")
# A window is long enough when so much of what is linked is linked within it or a shorter one.
_ENOUGH = 0.9


def suggest_windows(edges: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Tell, by layer, within which window the linked pairs act.

    Parameters
    ----------
    edges
        The `edges` table of a run.
    alpha
        Pairs with q up to this count as linked.

    Returns
    -------
    DataFrame
        One row for each layer and window that carries a pair: layer, window_s (seconds), n_pairs
        and their share of the layer's, delay_s (the median of their median delays, in seconds), and
        suggested: true for the shortest window that, with those below it, carries nine in ten pairs
        of the layer.

    Raises
    ------
    SchemaError
        When `edges` is no such table.
    ParameterError
        When `alpha` is out of its range.

    Notes
    -----
    A pair is carried by the window in which its p is smallest, so this reads off where the evidence
    was, among the windows that were tried. It fails where pairs are linked by something else than
    haste (a shared taste fills the longest window), and windows chosen by it on the data they are
    then used on make every p too small: choose on one week and test on the next.

    References
    ----------
    Giglietto et al. 2020, It takes a village to manipulate the media, Information, Communication &
    Society 23 (the first window estimated from data, by the quickest shares).

    Examples
    --------
    >>> from disinfo import tables
    >>> suggest_windows(tables.EDGES.empty()).empty
    True
    """
    raise_all(outside_unit_interval(alpha=alpha), ParameterError, "suggest_windows")
    checked = tables.EDGES.check(edges, source="suggest_windows")
    linked = checked[(checked["layer"] == "all") & (checked["q"] <= alpha)]
    by = linked.groupby(["carrier_layer", "carrier_window_s"], sort=True)
    found = by["median_delay_s"].agg(["size", "median"]).reset_index()
    found.columns = pd.Index(["layer", "window_s", "n_pairs", "delay_s"])
    n_pairs = found.groupby("layer")["n_pairs"]
    found["share"] = found["n_pairs"] / n_pairs.transform("sum")
    upto = n_pairs.cumsum() / n_pairs.transform("sum")
    enough = upto >= _ENOUGH
    found["suggested"] = enough & ~enough.groupby(found["layer"]).shift(fill_value=False)
    return found[list(_COLUMNS)]
