"""Bursts of a narrative: more accounts at a time than its topic's own rhythm explains.

Time is cut into slots. In each slot the accounts that tell the narrative are compared with those
that tell the other narratives of its topic: under the null the narrative's share of both is the
same in every slot. The share is learned from the other slots only, so that a burst does not explain
itself, and its uncertainty is part of the test (the beta-binomial predictive). An account counts
once a slot: one that posts fifty times is no burst.

References
----------
Benjamini and Hochberg 1995, Controlling the false discovery rate.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.errors import ParameterError, outside_unit_interval, raise_all

# A topic whose other narratives have fewer account-slots than this has no rhythm of its own: the
# whole corpus stands in for it.
_MIN_REFERENCE = 50
_MIN_ACCOUNTS = 3


def find_bursts(
    posts: pd.DataFrame, topic_of: pd.Series, *, slot_hours: int = 6, alpha: float = 0.01
) -> pd.DataFrame:
    """Find the bursts of all narratives.

    Parameters
    ----------
    posts
        Posts with account_id, created_at and narrative_id; rows that lack one are left out.
    topic_of
        topic_id by narrative_id.
    slot_hours
        Length of a slot.
    alpha
        False discovery rate over all narratives and slots.

    Returns
    -------
    DataFrame
        The `bursts` table: neighbouring slots above the rhythm are one burst.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    A burst is no sign of coordination: news bursts as well. The test takes accounts for
    independent, so posts that answer each other (a quarrel, a wave of reposts) count as a burst,
    which is what the word means. Fails to see a burst that takes the whole topic with it.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.date_range("2025-05-01", periods=40, freq="6h", tz="UTC")
    >>> rows = [(f"a{i}", at, name) for at in times for i in range(4) for name in ("n-1", "n-2")]
    >>> rows += [(f"b{i}", times[20], "n-1") for i in range(30)]
    >>> posts = pd.DataFrame(rows, columns=["account_id", "created_at", "narrative_id"])
    >>> found = find_bursts(posts, pd.Series({"n-1": "o-1", "n-2": "o-1"}))
    >>> found[["narrative_id", "n_accounts"]].to_dict("records")
    [{'narrative_id': 'n-1', 'n_accounts': 34}]
    """
    problems = outside_unit_interval(alpha=alpha)
    if slot_hours < 1:
        problems.append(f"slot_hours must be at least 1, not {slot_hours}")
    raise_all(problems, ParameterError, "find_bursts")
    told = posts[["narrative_id", "account_id", "created_at"]].dropna()
    if told.empty:
        return tables.BURSTS.empty()
    width = pd.Timedelta(hours=slot_hours)
    told = told.assign(slot=told["created_at"].dt.floor(f"{slot_hours}h"))
    once = told.drop_duplicates(["narrative_id", "slot", "account_id"])
    counted = once.groupby(["narrative_id", "slot"]).size().rename("n").reset_index()
    tested = _tested(counted, topic_of)
    called = tested[(tested["q"] <= alpha) & (tested["n"] >= _MIN_ACCOUNTS)]
    if called.empty:
        return tables.BURSTS.empty()
    called = called.sort_values(["narrative_id", "slot"])
    follows = (called["narrative_id"] == called["narrative_id"].shift()) & (
        called["slot"] - called["slot"].shift() == width
    )
    grouped = called.assign(run=(~follows).cumsum()).groupby("run")
    bursts = pd.DataFrame(
        {
            "narrative_id": grouped["narrative_id"].first(),
            "start": grouped["slot"].min(),
            "end": grouped["slot"].max() + width,
            "expected": grouped["expected"].sum(),
            "p": grouped["p"].min(),
            "q": grouped["q"].min(),
        }
    )
    return tables.BURSTS.check(bursts.join(_course(bursts, told)))


def _tested(counted: pd.DataFrame, topic_of: pd.Series) -> pd.DataFrame:
    """Add expected, p and q to the account-slots of each narrative."""
    from scipy.stats import betabinom

    topic = counted["narrative_id"].map(topic_of).fillna("")
    own = counted.groupby("narrative_id")["n"].transform("sum")
    in_slot, in_topic, n_slots = _reference(counted, topic, own)
    # Own and other account-slots outside the slot teach the share; those within it are tested.
    here = in_slot.to_numpy()
    won = (own - counted["n"]).to_numpy() + 0.5
    lost = (in_topic - own - (in_slot - counted["n"])).clip(lower=0).to_numpy() + 0.5
    p = betabinom.sf(counted["n"].to_numpy() - 1, here, won, lost)
    out = counted.assign(expected=here * won / (won + lost), p=np.clip(p, 0.0, 1.0))
    return out.assign(q=_step_up(out["p"].to_numpy(), int(n_slots.sum())))


def _reference(
    counted: pd.DataFrame, topic: pd.Series, own: pd.Series
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return account-slots of the reference in the slot and in all, and slots tested, by narrative.

    The reference is the topic where its other narratives are frequent enough, else everything.
    """
    keyed = counted.assign(topic=topic)
    of_topic = keyed.groupby("topic")["n"].transform("sum")
    topic_slot = keyed.groupby(["topic", "slot"])["n"].transform("sum")
    all_slot = keyed.groupby("slot")["n"].transform("sum")
    enough = of_topic - own >= _MIN_REFERENCE
    slots = (
        keyed.groupby("topic")["slot"].transform("nunique").where(enough, counted["slot"].nunique())
    )
    first = ~counted["narrative_id"].duplicated()
    return (
        topic_slot.where(enough, all_slot),
        of_topic.where(enough, int(counted["n"].sum())),
        slots[first],
    )


def _step_up(p: NDArray[np.float64], n_tests: int) -> NDArray[np.float64]:
    """Return Benjamini-Hochberg q-values; slots without a post have p = 1 and count as tests."""
    order = np.argsort(p, kind="stable")
    raw = p[order] * n_tests / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def _course(bursts: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return accounts of each burst, and how long it took until half of what followed was told."""
    by_name = dict(list(told.groupby("narrative_id")))
    rows = []
    for burst in bursts.to_dict("records"):
        own = by_name[burst["narrative_id"]]
        times = own["created_at"]
        inside = own[(times >= burst["start"]) & (times < burst["end"])]
        later = times[times >= burst["start"]]
        half = (later.median() - burst["start"]) / pd.Timedelta(hours=1)
        rows.append({"n_accounts": inside["account_id"].nunique(), "half_hours": half})
    return pd.DataFrame(rows, index=bursts.index)
