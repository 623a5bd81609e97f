"""What all co-action systems share: the actions of posts, and pairs within a window."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.task import Answer, Question
from disinfo.coordination import SharedObjects
from disinfo.stages import as_tables
from disinfo.text.normal import normal_form


def shared_actions(question: Question) -> pd.DataFrame:
    """Return who acted on which shared object when: the same table for every system.

    Families are those of the question; where it has none, posts of equal normal form are one.

    Returns
    -------
    DataFrame
        An ``actions`` table; ``event`` is the object in its time slot, by number.
    """
    posts = question.table
    if "family_id" not in posts:
        posts = posts.assign(family_id=posts["text"].map(normal_form, na_action="ignore"))
    output = as_tables(SharedObjects()(posts), main="actions", stage="actions")
    actions = output["actions"]
    named = actions["layer"] + "\0" + actions["object_id"] + "\0"
    if "slot" in actions:
        named += actions["slot"].fillna("")
    return actions.assign(event=pd.factorize(named, sort=True)[0])


def pairs_within(actions: pd.DataFrame, window_s: float, on: str = "object_id") -> pd.DataFrame:
    """Return all pairs of actions of different accounts on one object within a window.

    Parameters
    ----------
    actions
        account_id, layer, created_at and the column `on`.
    window_s
        Window in seconds.
    on
        Column whose equal values (within a layer) make an object.

    Returns
    -------
    DataFrame
        first_row, second_row (places in `actions`, the earlier one first), first, second (accounts
        of the two).
    """
    objects = pd.factorize(actions["layer"].astype(str) + "\0" + actions[on].astype(str))[0]
    seconds = actions["created_at"].map(pd.Timestamp.timestamp).to_numpy(np.float64)
    accounts = actions["account_id"].to_numpy()
    order = np.lexsort((accounts, seconds, objects))
    objects, seconds = objects[order], seconds[order]
    starts, ends = [], []
    for step in range(1, len(order)):
        near = (objects[step:] == objects[:-step]) & (seconds[step:] - seconds[:-step] <= window_s)
        if not near.any():
            break
        at = np.flatnonzero(near)
        starts.append(order[at])
        ends.append(order[at + step])
    first = np.concatenate(starts) if starts else np.empty(0, dtype=np.int64)
    second = np.concatenate(ends) if ends else np.empty(0, dtype=np.int64)
    different = accounts[first] != accounts[second]
    first, second = first[different], second[different]
    return pd.DataFrame(
        {
            "first_row": first,
            "second_row": second,
            "first": accounts[first],
            "second": accounts[second],
        }
    )


def undirected(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs with the smaller account first."""
    a, b = pairs["first"].astype(str), pairs["second"].astype(str)
    return pairs.assign(first=a.where(a < b, b), second=b.where(a < b, a))


def components(edges: pd.DataFrame) -> Answer:
    """Turn edges into groups: every account with an edge is named, components are the groups.

    Parameters
    ----------
    edges
        account_a, account_b.

    Returns
    -------
    DataFrame
        account_id, group_id.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = pd.concat([edges["account_a"], edges["account_b"]], ignore_index=True).astype("str")
    codes, names = pd.factorize(ends, sort=True)
    n = len(edges)
    graph = coo_array((np.ones(n), (codes[:n], codes[n:])), shape=(len(names), len(names)))
    labels = connected_components(graph, directed=False)[1] if n else np.empty(0, dtype=np.int64)
    return pd.DataFrame({"account_id": pd.Series(names, dtype="str"), "group_id": labels})
