"""The same tests on data in which nobody agreed on anything: the user's own, with actors exchanged.

Two ways of exchanging, both within strata, so that every account keeps its number of actions and
every object its times:

``shuffled``
    among all actions of one layer in one clock hour. It destroys agreement and taste alike, so it
    asks only whether the arithmetic holds.
``swapped``
    among actions on one source, in one language and hour, at one age of their objects. Taste, hours
    and haste stay, agreement on single objects goes. A group that is the whole audience of its
    source at such a moment has nobody to swap with and stays as it is: `moved` says how much moved.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.coordination.crowd import Everyone, Ints
from disinfo.errors import ParameterError, raise_all
from disinfo.progress import steps
from disinfo.stages import GroupAccounts, LinkAccounts, as_tables

OBSERVED, SHUFFLED, SWAPPED = "observed", "shuffled", "swapped"
_HOUR_MS = 3600 * 1000
_ORDER = ("layer", "object_id", "created_at", "account_id", "post_id")


def null_rounds(
    actions: pd.DataFrame,
    link_accounts: LinkAccounts,
    group_accounts: GroupAccounts,
    *,
    alpha: float,
    rounds: int = 20,
    seed: int = 0,
) -> pd.DataFrame:
    """Count what the stages would call if the actors of the actions were exchanged.

    Parameters
    ----------
    actions
        The `actions` table.
    link_accounts, group_accounts
        The stages to ask, with the parameters of the run.
    alpha
        Edges with q up to this are counted.
    rounds
        How often each kind of exchange is drawn.
    seed
        Seed of the draws.

    Returns
    -------
    DataFrame
        A `null_rounds` table: a row for the actions as they are, one for each round of each kind.

    Raises
    ------
    ParameterError
        When `rounds` is not positive.

    Notes
    -----
    Zero campaigns in twenty shuffled rounds show that the tests are not broken on such data, not
    that the null fits the world: whatever makes honest people act together is exchanged away too.
    It takes ``2 rounds`` times as long as the two stages did.

    Examples
    --------
    >>> from disinfo import tables
    >>> from disinfo.coordination import GroupTest, SurpriseNull
    >>> empty = tables.ACTIONS.empty()
    >>> null_rounds(empty, SurpriseNull(), GroupTest(), alpha=0.05, rounds=2)["n_edges"].sum()
    np.int64(0)
    """
    raise_all(
        [] if rounds > 0 else [f"rounds must be positive, not {rounds}"],
        ParameterError,
        "null_check",
    )
    actions = actions.sort_values(list(_ORDER), kind="stable").reset_index(drop=True)
    draws = [(OBSERVED, 0)] + [(kind, n) for kind in (SHUFFLED, SWAPPED) for n in range(rounds)]
    strata = {SHUFFLED: hours_of(actions), SWAPPED: _moments(actions)}
    rows = []
    for kind, number in steps(draws, total=len(draws), name="null check", unit=" rounds"):
        changed = actions
        if kind != OBSERVED:
            rng = np.random.default_rng([seed, number, kind == SWAPPED])
            changed = exchanged(actions, strata[kind], rng)
        moved = (changed["account_id"] != actions["account_id"]).to_numpy()
        edges = as_tables(link_accounts(changed), main="edges", stage="edges")["edges"]
        called = as_tables(group_accounts(changed, edges), main="groups", stage="campaigns")
        members = called.get("members", tables.MEMBERS.empty())
        rows.append(
            {
                "kind": kind,
                "round": number,
                "n_edges": int((edges["q"] <= alpha).sum()),
                "n_campaigns": len(called["groups"]),
                "n_accounts": members["account_id"].nunique(),
                "moved": float(moved.mean()) if len(moved) else 0.0,
            }
        )
    return tables.NULL_ROUNDS.check(pd.DataFrame(rows))


def exchanged(actions: pd.DataFrame, stratum: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """Exchange the accounts of the actions of each stratum at random.

    Parameters
    ----------
    actions
        The `actions` table.
    stratum
        Stratum of each action.
    rng
        Where the draw comes from.

    Returns
    -------
    DataFrame
        The table with other accounts; those of each stratum are the same, each as often as before.
    """
    places = np.argsort(stratum, kind="stable")
    drawn = np.lexsort((rng.random(len(stratum)), stratum))
    account = actions["account_id"].to_numpy(dtype=object)
    changed = account.copy()
    changed[places] = account[drawn]
    return actions.assign(account_id=pd.array(changed, dtype="str"))


def hours_of(actions: pd.DataFrame) -> Ints:
    """Return the stratum of each action for `SHUFFLED`: its layer and clock hour.

    Parameters
    ----------
    actions
        The `actions` table.

    Returns
    -------
    ndarray of int64
        A stratum an action.
    """
    return _codes(actions["layer"], _stamp_ms(actions) // _HOUR_MS)


def _moments(actions: pd.DataFrame) -> Ints:
    """Return the stratum of each action for `SWAPPED`; actions are sorted by object and time."""
    stamp = _stamp_ms(actions)
    time_ms = stamp - (stamp.min() if len(stamp) else 0)
    item = _codes(actions["layer"], actions["object_id"])
    key = item * (int(time_ms.max(initial=0)) + _HOUR_MS * 24) + time_ms
    ages = Everyone(key=key, item=item).ages
    known = [actions[name] for name in ("source", "language") if name in actions]
    return _codes(actions["layer"], *known, stamp // _HOUR_MS, ages)


def _stamp_ms(actions: pd.DataFrame) -> Ints:
    stamp: Ints = actions["created_at"].to_numpy("datetime64[ms]").astype(np.int64)
    return stamp


def _codes(*columns: pd.Series | NDArray[np.int64]) -> Ints:
    """Return one code a row for each combination of values that occurs."""
    frame = pd.DataFrame({str(n): np.asarray(column) for n, column in enumerate(columns)})
    codes: Ints = frame.groupby(list(frame), sort=True, dropna=False).ngroup().to_numpy(np.int64)
    return codes
