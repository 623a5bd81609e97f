"""The edge stage: pairs of accounts under the surprise-weighted null, with q over all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.acts import LONGEST_WINDOW_S, Ints, action_arrays
from disinfo.coordination.fdr import benjamini_hochberg, cauchy_combination
from disinfo.coordination.pair_null import PairCell, pair_evidence
from disinfo.distinct import Names
from disinfo.engines import ONE_PROCESS, Engine
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
    engine
        Where the joins run; `Pipeline(engine=...)` sets it.

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
    engine: Engine = ONE_PROCESS

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
        cells, unformed = pair_evidence(arrays, windows, self.engine)
        counts: dict[str, tuple[int, str | None]] = {
            f"layer {layer}: pairs of actions on a crowded object, not formed": (
                one.on_crowded,
                None,
            )
            for layer, one in unformed.items()
        }
        counts |= {
            f"layer {layer} is crowded: pairs of accounts with a single co-action, not judged": (
                one.lone,
                None,
            )
            for layer, one in unformed.items()
        }
        n_short = len(self.windows_s or DEFAULT_WINDOWS_S) - len(windows)
        reason = f"window shorter than the time resolution ({arrays.resolution_s:g} s): not used"
        counts[reason] = (n_short, None)
        edges = tables.EDGES.empty()
        if cells:
            pairs = combined_pairs(cells, n_cells=len(arrays.layers) * len(windows))
            n_accounts = len(arrays.accounts)
            q = benjamini_hochberg(pairs.p, n_accounts * (n_accounts - 1) // 2)
            listed = pairs.p <= self.max_p
            counts[f"pair with combined p above {self.max_p:g}: not listed"] = (
                int((~listed).sum()),
                None,
            )
            edges = _edges_table(cells, pairs, listed, q, arrays.accounts)
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


@dataclass(frozen=True, kw_only=True)
class CombinedPairs:
    """All pairs of some cells with the combined p of each.

    Parameters
    ----------
    first, second
        Account codes, sorted.
    p
        Combined p-value.
    of
        For each cell, the place of each of its pairs in `first` and `second`.
    """

    first: Ints
    second: Ints
    p: NDArray[np.float64]
    of: tuple[Ints, ...]


def combined_pairs(cells: list[PairCell], *, n_cells: int) -> CombinedPairs:
    """Combine the layers and windows of each pair.

    Parameters
    ----------
    cells
        From `pair_evidence`, at least one.
    n_cells
        Layers times windows that were tested.

    Returns
    -------
    CombinedPairs
        One entry a pair.
    """
    first = np.concatenate([cell.first for cell in cells])
    second = np.concatenate([cell.second for cell in cells])
    width = int(second.max()) + 1
    pairs, of = np.unique(first * width + second, return_inverse=True)
    p = cauchy_combination(np.concatenate([cell.p for cell in cells]), of, n_cells)
    bounds = np.cumsum([len(cell) for cell in cells])[:-1]
    return CombinedPairs(
        first=pairs // width, second=pairs % width, p=p, of=tuple(np.split(of, bounds))
    )


def _edges_table(
    cells: list[PairCell],
    pairs: CombinedPairs,
    listed: NDArray[np.bool_],
    q: NDArray[np.float64],
    accounts: Names,
) -> pd.DataFrame:
    """Return the listed pairs: a row for each cell, and one of all layers by the strongest cell."""
    rows = pd.concat(
        [
            cell.described(listed[of]).assign(pair=of[listed[of]])
            for cell, of in zip(cells, pairs.of, strict=True)
        ],
        ignore_index=True,
    )
    best = rows.sort_values(["pair", "p", "layer", "window_s"], kind="stable")
    best = best.drop_duplicates("pair")
    every = best.assign(
        carrier_layer=best["layer"],
        carrier_window_s=best["window_s"],
        layer=ALL_LAYERS,
        window_s=0,
        p=pairs.p[best["pair"].to_numpy()],
        q=q[best["pair"].to_numpy()],
    )
    edges = pd.concat([rows, every], ignore_index=True)
    edges["account_a"] = accounts[edges["first"].to_numpy(np.int64)]
    edges["account_b"] = accounts[edges["second"].to_numpy(np.int64)]
    return tables.EDGES.check(edges[list(tables.EDGES.columns)], source=_STAGE)
