"""The null for a pair of accounts, in closed form.

Under the null each account picks events independently, in proportion to its own activity in the
layer and to the event's popularity. Accounts i, j then co-act on event o within the window with
probability

    pi = 1 - exp(-k_i k_j rho_o),    rho_o = hits_o / P,    P = ((sum k)^2 - sum k^2) / 2,

with k the numbers of actions and hits_o the pairs of accounts that co-act on o. A co-action weighs
its surprise -ln pi, and S is the sum over the events of the pair. The cumulant of S under the null,

    L(t) = sum_o ln(1 - pi + pi^(1 - t)),

depends on the pair only through k_i k_j, so it is tabulated once and interpolated. The p-value is
the Chernoff bound exp(min_t [L(t) - t S]): no simulation, hence no floor below which it cannot go.

It is conservative where the null is true, and a pair helps to set the popularity it is judged by;
both are left so on purpose, since shared taste, which this null does not know, needs that room.
Therefore a pair's p only proposes: accounts are named by the group test alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.coordination.acts import ActionArrays, Acts, Ints
from disinfo.coordination.co_actions import CoActions, co_actions, event_hits
from disinfo.coordination.repeated_pairs import is_crowded, repeated_co_actions
from disinfo.engines import ONE_PROCESS, Engine

Floats = NDArray[np.float64]

_TILTS = np.concatenate((np.linspace(0.05, 0.9, 18), [0.93, 0.96, 0.99, 1.0]))
_GRID = 64
_CHUNK = 200_000


@dataclass(frozen=True, kw_only=True)
class PairCell:
    """The evidence of one layer within one window: an entry a pair of accounts with a co-action.

    Parameters
    ----------
    layer, window_s
        Which.
    first, second
        Account codes, first < second, sorted.
    co_actions
        Events on which the two act within the window.
    expected
        How many of those the null expects.
    surprise
        Sum of -ln pi over them.
    p
        Chernoff bound of the surprise.
    overlap
        Co-actions over the geometric mean of both accounts' actions.
    delay_ms
        Signed delay of each co-action, pair after pair; positive where `first` acted first.
    """

    layer: str
    window_s: int
    first: Ints
    second: Ints
    co_actions: Ints
    expected: Floats
    surprise: Floats
    p: Floats
    overlap: Floats
    delay_ms: Ints

    def __len__(self) -> int:
        return len(self.p)

    def described(self, chosen: NDArray[np.bool_]) -> pd.DataFrame:
        """Return a row for each chosen pair, with who leads and by how much.

        Parameters
        ----------
        chosen
            Which pairs, shape (len(self),).

        Returns
        -------
        DataFrame
            Columns first, second, layer, window_s, co_actions, expected, surprise_bits, p,
            lead_share, median_delay_s.
        """
        delay = self.delay_ms[np.repeat(chosen, self.co_actions)]
        count = self.co_actions[chosen]
        pair = pd.Series(np.repeat(np.arange(len(count)), count))
        leads = pd.Series((delay > 0) + 0.5 * (delay == 0), dtype="float64")
        return pd.DataFrame(
            {
                "first": self.first[chosen],
                "second": self.second[chosen],
                "layer": self.layer,
                "window_s": self.window_s,
                "co_actions": count,
                "expected": self.expected[chosen],
                "surprise_bits": self.surprise[chosen] / np.log(2),
                "p": self.p[chosen],
                "lead_share": leads.groupby(pair).mean().to_numpy(),
                "median_delay_s": (
                    pd.Series(np.abs(delay) / 1000).groupby(pair).median().to_numpy()
                ),
            }
        )


@dataclass(frozen=True, kw_only=True)
class Unformed:
    """What the guards of one layer left out.

    Parameters
    ----------
    on_crowded
        Pairs of actions on a popular object, beyond the followers that an action is paired with.
    lone
        Pairs of accounts that meet once, in a layer that is crowded as a whole.
    """

    on_crowded: int
    lone: int


def pair_evidence(
    arrays: ActionArrays, windows_s: tuple[int, ...], engine: Engine = ONE_PROCESS
) -> tuple[list[PairCell], dict[str, Unformed]]:
    """Test every pair of accounts that co-acts, in each layer and window.

    Parameters
    ----------
    arrays
        The actions.
    windows_s
        Windows in seconds, ascending.
    engine
        Where the joins run.

    Returns
    -------
    cells : list of PairCell
        One for each layer and window with a co-action.
    unformed : dict of str to Unformed
        For each layer, what the guards did not form.

    Notes
    -----
    Fails where accounts share a taste: followers of one small outlet co-act on its items every
    day. They come out as a linked pair; only the group test compares them with that audience.
    """
    cells, unformed = [], {}
    for acts in arrays.layers:
        if is_crowded(acts, windows_s[-1]):
            joined = repeated_co_actions(acts, windows_s[-1])
        else:
            joined = co_actions(acts, windows_s[-1], engine)
        unformed[acts.layer] = Unformed(on_crowded=joined.n_skipped, lone=joined.n_lone)
        activity = np.bincount(acts.account, minlength=len(arrays.accounts)).astype(np.float64)
        for window_s in windows_s:
            cell = _one_window(acts, joined, activity, window_s)
            if cell is not None:
                cells.append(cell)
    return cells, unformed


def _one_window(acts: Acts, joined: CoActions, activity: Floats, window_s: int) -> PairCell | None:
    """Return the evidence of one layer within one window; None without a co-action."""
    hits = event_hits(acts, joined, window_s)
    within = np.abs(joined.delay_ms) <= window_s * 1000
    first, second = joined.first[within], joined.second[within]
    if len(first) == 0:
        return None
    rate = hits / ((activity.sum() ** 2 - (activity**2).sum()) / 2)
    product = activity[first] * activity[second]
    chance = -np.expm1(-product * rate[joined.event[within]])
    # Rows are sorted by pair, so a pair's events lie next to each other.
    start = np.flatnonzero(np.diff(first, prepend=-1) | np.diff(second, prepend=-1))
    surprise = np.add.reduceat(-np.log(chance), start)
    count = np.diff(np.append(start, len(first)))
    alike = _alike(product[start], count, hits[joined.event[within][start]])
    return PairCell(
        layer=acts.layer,
        window_s=window_s,
        first=first[start],
        second=second[start],
        co_actions=count,
        expected=product[start] * rate.sum(),
        surprise=surprise,
        p=_tail(product[start][alike.first], surprise[alike.first], hits, rate)[alike.code],
        overlap=count / np.sqrt(product[start]),
        delay_ms=joined.delay_ms[within],
    )


@dataclass(frozen=True, kw_only=True)
class _Alike:
    """Pairs that the test cannot tell apart: a code each, and the first pair of every code."""

    code: Ints
    first: Ints


def _alike(product: Floats, count: Ints, hits: Floats) -> _Alike:
    """Put pairs together that met once, on events of equal hits, and are equally active.

    Most pairs meet once and by chance, and there are few kinds of those; every other pair is a kind
    of its own.
    """
    kind = product.astype(np.int64) * (int(hits.max()) + 1) + hits.astype(np.int64)
    once = count == 1
    kind[~once] = -1 - np.arange(int((~once).sum()))
    code, kinds = pd.factorize(kind)
    first = np.empty(len(kinds), dtype=np.int64)
    # Written backwards, so that the first pair of a kind is the one that stays.
    first[code[::-1]] = np.arange(len(code))[::-1]
    return _Alike(code=code, first=first)


def _tail(product: Floats, surprise: Floats, hits: Floats, rate: Floats) -> Floats:
    """Return the Chernoff bound of each pair's surprise."""
    # Events with equal hits have equal rates: a few hundred distinct values stand for them all.
    _, at, multiplicity = np.unique(hits[hits > 0], return_index=True, return_counts=True)
    rates = rate[hits > 0][at]
    low, high = np.log(product.min()), np.log(product.max())
    grid = np.linspace(low, high, _GRID) if high > low else np.array([low, low + 1.0])
    chance = -np.expm1(-np.exp(grid)[:, None] * rates)
    chance = np.clip(chance, 1e-300, 1.0)[:, :, None]
    cumulant = np.log1p(-chance + chance ** (1 - _TILTS))
    table = np.einsum("gut,u->gt", cumulant, multiplicity.astype(np.float64))
    step = grid[1] - grid[0]
    out = np.empty(len(product))
    for begin in range(0, len(product), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        place = np.clip((np.log(product[part]) - low) / step, 0, len(grid) - 1)
        left = np.minimum(place.astype(np.int64), len(grid) - 2)
        share = (place - left)[:, None]
        tilted = table[left] * (1 - share) + table[left + 1] * share
        bound = tilted - _TILTS * surprise[part, None]
        out[part] = np.exp(np.minimum(bound.min(axis=1), 0.0))
    return out
