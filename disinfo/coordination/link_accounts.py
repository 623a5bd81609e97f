"""The edge stage: pairs of accounts under the surprise-weighted null, with q over all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.acts import LONGEST_WINDOW_S, action_arrays
from disinfo.coordination.fdr import benjamini_hochberg, cauchy_combination
from disinfo.coordination.pair_null import pair_evidence
from disinfo.errors import ParameterError, raise_all

_STAGE = "edges"
DEFAULT_WINDOWS_S = (60, 600, 3600)
ALL_LAYERS = "all"


@dataclass(frozen=True, kw_only=True)
class SurpriseNull:
    """Link accounts that co-act more than chance explains (built-in `LinkAccounts` stage).

    Parameters
    ----------
    windows_s
        Windows in seconds; None for 60 s, 10 min and 1 h. A default window shorter than the time
        resolution of the data is left out and counted; one that was asked for is an error.
    max_p
        Pairs whose combined p is above this are counted, not listed.

    Raises
    ------
    ParameterError
        When a window is out of its range.

    Notes
    -----
    `edges` has a row for each layer and window of a pair, and one of layer ``all`` (window 0) with
    the combined p and its q: Benjamini-Hochberg over all N(N-1)/2 pairs of accounts with an action,
    not only over those that were seen together. An edge names nobody: see `GroupTest`.

    References
    ----------
    Daniels 1954, Saddlepoint approximations in statistics (the cumulant); Chernoff 1952 (the
    bound); see docs/coordination.md for the derivation.
    """

    windows_s: tuple[int, ...] | None = None
    max_p: float = 0.01

    def __post_init__(self) -> None:
        problems = []
        asked = self.windows_s if self.windows_s is not None else DEFAULT_WINDOWS_S
        if not asked or list(asked) != sorted(set(asked)):
            problems.append(f"windows_s must be ascending and not empty, not {asked}")
        if any(not 0 < window <= LONGEST_WINDOW_S for window in asked):
            problems.append(f"windows_s must lie between 1 and {LONGEST_WINDOW_S} s, not {asked}")
        if not 0 < self.max_p <= 1:
            problems.append(f"max_p must be in (0, 1], not {self.max_p}")
        raise_all(problems, ParameterError, "SurpriseNull")

    def __call__(self, actions: pd.DataFrame, /) -> dict[str, pd.DataFrame]:
        """Return `edges` and `dropped`."""
        arrays = action_arrays(actions)
        windows = usable_windows(self.windows_s, DEFAULT_WINDOWS_S, arrays.resolution_s)
        pairs, skipped = pair_evidence(arrays, windows)
        counts: dict[str, tuple[int, str | None]] = {
            f"layer {layer}: pairs of actions on a crowded object, not formed": (n, None)
            for layer, n in skipped.items()
        }
        n_short = len(self.windows_s or DEFAULT_WINDOWS_S) - len(windows)
        reason = f"window shorter than the time resolution ({arrays.resolution_s:g} s): not used"
        counts[reason] = (n_short, None)
        edges = tables.EDGES.empty()
        if len(pairs):
            combined = combine_cells(pairs, n_cells=len(arrays.layers) * len(windows))
            n_accounts = len(arrays.accounts)
            combined["q"] = benjamini_hochberg(
                combined["p"].to_numpy(), n_accounts * (n_accounts - 1) // 2
            )
            listed = combined["p"] <= self.max_p
            counts[f"pair with combined p above {self.max_p:g}: not listed"] = (
                int((~listed).sum()),
                None,
            )
            edges = _edges_table(pairs, combined[listed], arrays.accounts)
        return {"edges": edges, "dropped": tables.dropped_rows(_STAGE, counts)}


def usable_windows(
    asked: tuple[int, ...] | None, default: tuple[int, ...], resolution_s: float
) -> tuple[int, ...]:
    """Return the windows that the data's time resolution allows.

    Parameters
    ----------
    asked
        Windows that the user asked for, or None.
    default
        Windows to use when none were asked for, in seconds.
    resolution_s
        Time resolution of the actions.

    Returns
    -------
    tuple of int
        Windows in seconds; of the defaults, those that are not shorter than the resolution.

    Raises
    ------
    ParameterError
        When a window that was asked for is shorter than the resolution.
    """
    short = [window for window in asked or () if window < resolution_s]
    if short:
        msg = (
            f"windows_s {short} are shorter than the time resolution of the data "
            f"({resolution_s:g} s): within one tick all actions look simultaneous"
        )
        raise ParameterError(msg)
    return asked or tuple(window for window in default if window >= resolution_s)


def combine_cells(pairs: pd.DataFrame, *, n_cells: int) -> pd.DataFrame:
    """Combine the layers and windows of each pair.

    Parameters
    ----------
    pairs
        From `pair_evidence`.
    n_cells
        Layers times windows that were tested.

    Returns
    -------
    DataFrame
        One row a pair: first, second, p, co_actions, expected and surprise_bits of the cell that
        carried it, carrier_layer, carrier_window_s, lead_share, median_delay_s.
    """
    ordered = pairs.sort_values(["first", "second", "p", "layer", "window_s"], kind="stable")
    pair = ordered.groupby(["first", "second"], sort=True)
    position = pair.cumcount().to_numpy()
    number = pair.ngroup().to_numpy()
    grid = np.full((int(number.max()) + 1, int(position.max()) + 1), np.nan)
    grid[number, position] = ordered["p"].to_numpy()
    best = ordered[position == 0].reset_index(drop=True)
    best = best.rename(columns={"layer": "carrier_layer", "window_s": "carrier_window_s"})
    best["p"] = cauchy_combination(grid, n_cells)
    return best


def _edges_table(
    pairs: pd.DataFrame, combined: pd.DataFrame, accounts: NDArray[np.object_]
) -> pd.DataFrame:
    kept = pairs.merge(combined[["first", "second"]], on=["first", "second"])
    every = pd.concat(
        [kept, combined.assign(layer=ALL_LAYERS, window_s=0)], ignore_index=True
    ).reindex(columns=["first", "second", *tables.EDGES.columns])
    every["account_a"] = accounts[every["first"].to_numpy(np.int64)]
    every["account_b"] = accounts[every["second"].to_numpy(np.int64)]
    return tables.EDGES.check(every[list(tables.EDGES.columns)], source=_STAGE)
