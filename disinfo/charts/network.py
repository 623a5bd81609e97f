"""The coordination network: which accounts to draw, and where.

Members of campaigns are drawn by name. Accounts in no campaign that are tied to a member by a
small q are drawn as dots without a name: a pair alone names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from disinfo.charts.layout import lay_out

MOST_NODES = 5000
MOST_EDGES = 50_000


@dataclass(frozen=True)
class Node:
    """One account: where it lies (unit square) and which campaign colours it.

    `name` is missing for an account in no campaign; `campaign` is then -1, else the campaign's
    place in the order given.
    """

    name: str | None
    campaign: int
    x: float
    y: float


@dataclass(frozen=True)
class Network:
    """Nodes, and edges as pairs of places in `nodes`; `n_nodes`, `n_edges` count all there are."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    n_nodes: int
    n_edges: int

    def first(self, n_nodes: int, n_edges: int) -> Network:
        """Return the part with the first nodes and, among them, the first edges."""
        inside = [(a, b) for a, b in self.edges if a < n_nodes and b < n_nodes]
        return Network(self.nodes[:n_nodes], tuple(inside[:n_edges]), self.n_nodes, self.n_edges)


def build_network(
    campaigns: pd.DataFrame,
    members: pd.DataFrame,
    edges: pd.DataFrame,
    *,
    alpha: float,
    most_nodes: int = MOST_NODES,
    most_edges: int = MOST_EDGES,
) -> Network:
    """Choose accounts and edges to draw and lay them out.

    Parameters
    ----------
    campaigns, members, edges
        Tables of a result. The order of campaigns is that of colours; of edges only the rows with
        layer "all" are looked at.
    alpha
        Edges to accounts in no campaign are drawn when their q is at most this.
    most_nodes, most_edges
        How many are drawn: members first, edges of the smallest p first.

    Returns
    -------
    Network
        It draws members by name, and no account outside a campaign by name.

    Examples
    --------
    >>> from disinfo import tables
    >>> empty = (tables.CAMPAIGNS.empty(), tables.MEMBERS.empty(), tables.EDGES.empty())
    >>> build_network(*empty, alpha=0.05).n_nodes
    0
    """
    order = {name: i for i, name in enumerate(campaigns["campaign_id"])}
    known = members[members["campaign_id"].isin(list(order))]
    place = known.assign(_at=known["campaign_id"].map(order)).sort_values(
        ["_at", "strength", "account_id"], ascending=[True, False, True]
    )
    campaign_of = place.drop_duplicates("account_id").set_index("account_id")["_at"]
    wanted = _edges_to_draw(edges[edges["layer"] == "all"], campaign_of, alpha)
    others = pd.unique(pd.concat([wanted["account_a"], wanted["account_b"]]))
    names = [*campaign_of.index, *sorted(set(others) - set(campaign_of.index))]
    kept = {name: i for i, name in enumerate(names[:most_nodes])}
    ends = wanted.assign(_a=wanted["account_a"].map(kept), _b=wanted["account_b"].map(kept))
    drawn = ends.dropna(subset=["_a", "_b"]).head(most_edges)
    pairs = drawn[["_a", "_b"]].to_numpy(dtype=np.int64)
    groups = np.array([int(campaign_of.get(name, -1)) for name in kept], dtype=np.int64)
    where = lay_out(groups, pairs)
    return Network(
        nodes=tuple(
            Node(name if groups[i] >= 0 else None, int(groups[i]), float(x), float(y))
            for (name, i), (x, y) in zip(kept.items(), where, strict=True)
        ),
        edges=tuple((int(a), int(b)) for a, b in pairs),
        n_nodes=len(names),
        n_edges=len(wanted),
    )


def _edges_to_draw(edges: pd.DataFrame, campaign_of: Any, alpha: float) -> pd.DataFrame:
    a = edges["account_a"].map(campaign_of)
    b = edges["account_b"].map(campaign_of)
    inside = a.notna() & (a == b)
    touching = (a.notna() | b.notna()) & (edges["q"] <= alpha)
    return edges[inside | touching].sort_values(["p", "account_a", "account_b"])
