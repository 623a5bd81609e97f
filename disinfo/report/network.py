"""The coordination network: which accounts to draw, and where.

Members of campaigns are drawn by name. Accounts in no campaign that are tied to a member by a
small q are drawn as dots without a name: a pair alone names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.report.source import Source

MOST_NODES = 400
MOST_EDGES = 2500
ASPECT = 0.6
"""Height over width of the box that positions are made for."""
_STEPS = 220
_PULL_TO_CAMPAIGN, _PULL_TO_MIDDLE = 0.6, 0.35


@dataclass(frozen=True)
class Node:
    """One account: where it lies (unit square) and which campaign colours it.

    `name` is missing for an account in no campaign; `campaign` is then -1, else the campaign's
    place in the order of the page.
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


def build_network(source: Source, *, alpha: float) -> Network:
    """Choose accounts and edges to draw and lay them out.

    Parameters
    ----------
    source
        The page's tables.
    alpha
        Edges to accounts in no campaign are drawn when their q is at most this.

    Returns
    -------
    Network
        At most `MOST_NODES` nodes, members first, and `MOST_EDGES` edges, smallest p first.
    """
    order = {name: i for i, name in enumerate(source.campaigns["campaign_id"])}
    members = source.members[source.members["campaign_id"].isin(list(order))]
    place = members.assign(_at=members["campaign_id"].map(order)).sort_values(
        ["_at", "strength", "account_id"], ascending=[True, False, True]
    )
    campaign_of = place.drop_duplicates("account_id").set_index("account_id")["_at"]
    edges = _edges_to_draw(source.edges, campaign_of, alpha)
    others = pd.unique(pd.concat([edges["account_a"], edges["account_b"]]))
    names = [*campaign_of.index, *sorted(set(others) - set(campaign_of.index))]
    kept = {name: i for i, name in enumerate(names[:MOST_NODES])}
    drawn = edges[edges["account_a"].isin(list(kept)) & edges["account_b"].isin(list(kept))]
    drawn = drawn.head(MOST_EDGES)
    pairs = np.column_stack([drawn["account_a"].map(kept), drawn["account_b"].map(kept)]).astype(
        np.int64
    )
    groups = np.array([int(campaign_of.get(name, -1)) for name in kept], dtype=np.int64)
    where = lay_out(groups, pairs)
    return Network(
        nodes=tuple(
            Node(name if groups[i] >= 0 else None, int(groups[i]), float(x), float(y))
            for (name, i), (x, y) in zip(kept.items(), where, strict=True)
        ),
        edges=tuple((int(a), int(b)) for a, b in pairs),
        n_nodes=len(names),
        n_edges=len(edges),
    )


def _edges_to_draw(edges: pd.DataFrame, campaign_of: Any, alpha: float) -> pd.DataFrame:
    a = edges["account_a"].map(campaign_of)
    b = edges["account_b"].map(campaign_of)
    inside = a.notna() & (a == b)
    touching = (a.notna() | b.notna()) & (edges["q"] <= alpha)
    return edges[inside | touching].sort_values(["p", "account_a", "account_b"])


def lay_out(groups: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Place nodes so that tied ones lie near each other and each campaign lies together.

    Parameters
    ----------
    groups
        ``(n,)`` the campaign of each node, -1 for none.
    pairs
        ``(m, 2)`` places of tied nodes.

    Returns
    -------
    ndarray of shape (n, 2)
        Positions in the unit square; the same input always gives the same output.

    Notes
    -----
    Cost is n² a step, which `MOST_NODES` bounds.

    References
    ----------
    Fruchterman, Reingold (1991), Graph drawing by force-directed placement.

    Examples
    --------
    >>> import numpy as np
    >>> where = lay_out(np.array([0, 0, 1]), np.array([[0, 1]]))
    >>> where.shape, bool(((where >= 0) & (where <= 1)).all())
    ((3, 2), True)
    """
    n = len(groups)
    if n == 0:
        return np.zeros((0, 2))
    where = _start(groups)
    spring = 0.7 / np.sqrt(n)
    for step in range(_STEPS):
        gap = where[:, None, :] - where[None, :, :]
        distance = np.sqrt((gap**2).sum(axis=2)) + 1e-6
        push = (gap * (spring**2 / distance**2)[:, :, None]).sum(axis=1)
        pull = np.zeros_like(where)
        if len(pairs):
            between = where[pairs[:, 1]] - where[pairs[:, 0]]
            force = between * (np.linalg.norm(between, axis=1, keepdims=True) / spring)
            # A node with many ties would be torn about; each tie counts by its share.
            ties = np.bincount(pairs.ravel(), minlength=n).astype(float)
            force /= np.sqrt(ties[pairs[:, 0]] * ties[pairs[:, 1]])[:, None]
            np.add.at(pull, pairs[:, 0], force)
            np.add.at(pull, pairs[:, 1], -force)
        move = (
            push
            + pull
            + _PULL_TO_CAMPAIGN * (_centres(where, groups) - where)
            - _PULL_TO_MIDDLE * where
        )
        length = np.linalg.norm(move, axis=1, keepdims=True) + 1e-9
        heat = 0.12 * (1 - step / _STEPS) + 1e-3
        where = where + move / length * np.minimum(length, heat)
    return _into_unit_square(where)


def _start(groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Put campaigns around a circle and their members on a sunflower around each centre."""
    labels, at = np.unique(groups, return_inverse=True)
    angle = 2 * np.pi * at / len(labels)
    turn = np.arange(len(groups)) * np.pi * (3 - np.sqrt(5))
    spread = 0.25 * np.sqrt((np.arange(len(groups)) + 0.5) / len(groups))
    centre = np.column_stack([np.cos(angle), np.sin(angle)]) * (0.6 if len(labels) > 1 else 0.0)
    start: NDArray[np.float64] = (
        centre + np.column_stack([np.cos(turn), np.sin(turn)]) * (spread[:, None])
    )
    return start


def _centres(where: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    centres = where.copy()
    for group in np.unique(groups[groups >= 0]):
        centres[groups == group] = where[groups == group].mean(axis=0)
    return centres


def _into_unit_square(where: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the drawing to lie flat and scale it to fit a box of `ASPECT`, keeping its form."""
    centred = where - (where.min(axis=0) + where.max(axis=0)) / 2
    around = centred - centred.mean(axis=0)
    axes = np.linalg.eigh(around.T @ around)[1].T[::-1]
    # The direction of an axis is arbitrary; a fixed sign keeps the drawing from flipping.
    flat = centred @ (axes * np.where(axes[:, :1] < 0, -1.0, 1.0)).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    width, height = np.maximum(high - low, 1e-9)
    scale = min(1.0 / width, ASPECT / height) if len(where) > 1 else 1.0
    scaled: NDArray[np.float64] = (flat - (low + high) / 2) * scale / [1.0, ASPECT] + 0.5
    return np.clip(scaled, 0.0, 1.0)
