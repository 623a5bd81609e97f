"""Where the nodes of a network lie: forces, in time that grows with nodes and ties, not pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

ASPECT = 0.6
"""Height over width of the box that positions are made for."""
_STEPS, _STEPS_OF_MANY = 220, 90
_PULL_TO_CAMPAIGN, _PULL_TO_MIDDLE = 0.6, 0.35
_EXACT_NODES = 400
_SHARE_OF_GAP = 0.45
_MESH = 96
_MIDDLE = slice(_MESH - 1, 2 * _MESH - 1)

Points = NDArray[np.float64]


def lay_out(groups: NDArray[np.int64], pairs: NDArray[np.int64]) -> Points:
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
    Up to 400 nodes push each other pair by pair. More of them push through a mesh: each adds to the
    density of its cell, and the push of all cells is one convolution. Nodes that are nearer than a
    cell hardly push each other then; so each campaign is spread afterwards over the room it has.

    References
    ----------
    Fruchterman, Reingold (1991), Graph drawing by force-directed placement. Hockney, Eastwood
    (1988), Computer simulation using particles, on the mesh.

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
    few = n <= _EXACT_NODES
    push, steps = (_push_by_pairs, _STEPS) if few else (_push_by_mesh, _STEPS_OF_MANY)
    tied = _shares_of_ties(pairs, n)
    for step in range(steps):
        move = push(where, spring) + _pull(where, pairs, tied, spring) - _PULL_TO_MIDDLE * where
        move += _PULL_TO_CAMPAIGN * (_centres(where, groups) - where)
        length = np.linalg.norm(move, axis=1, keepdims=True) + 1e-9
        heat = 0.12 * (1 - step / steps) + 1e-3
        where = where + move / length * np.minimum(length, heat)
    return _into_unit_square(where if few else _unfolded(where, groups))


def _start(groups: NDArray[np.int64]) -> Points:
    """Put campaigns around a circle and their members on a sunflower around each centre."""
    labels, at = np.unique(groups, return_inverse=True)
    angle = 2 * np.pi * at / len(labels)
    turn = np.arange(len(groups)) * np.pi * (3 - np.sqrt(5))
    spread = 0.25 * np.sqrt((np.arange(len(groups)) + 0.5) / len(groups))
    centre = np.column_stack([np.cos(angle), np.sin(angle)]) * (0.6 if len(labels) > 1 else 0.0)
    start: Points = centre + np.column_stack([np.cos(turn), np.sin(turn)]) * (spread[:, None])
    return start


def _push_by_pairs(where: Points, spring: float) -> Points:
    gap = where[:, None, :] - where[None, :, :]
    distance = np.sqrt((gap**2).sum(axis=2)) + 1e-6
    push: Points = (gap * (spring**2 / distance**2)[:, :, None]).sum(axis=1)
    return push


def _push_by_mesh(where: Points, spring: float) -> Points:
    low = where.min(axis=0)
    cell = float(np.max(where.max(axis=0) - low)) / (_MESH - 1) + 1e-9
    at = np.minimum(((where - low) / cell + 0.5).astype(np.int64), _MESH - 1)
    flat = at[:, 0] * _MESH + at[:, 1]
    density = np.bincount(flat, minlength=_MESH**2).reshape(_MESH, _MESH).astype(np.float64)
    reach = np.arange(1 - _MESH, _MESH)
    dx, dy = np.meshgrid(reach, reach, indexing="ij")
    square = np.maximum(dx**2 + dy**2, 1)
    field = [
        fftconvolve(density, along / square)[_MIDDLE, _MIDDLE].ravel()[flat] for along in (dx, dy)
    ]
    # Within a cell: away from where the cell's nodes are on the average.
    count = density.ravel()[flat]
    inside = np.column_stack(
        [
            where[:, axis] - np.bincount(flat, where[:, axis], _MESH**2)[flat] / count
            for axis in (0, 1)
        ]
    )
    push: Points = spring**2 / cell * (np.column_stack(field) + inside / cell * count[:, None])
    return push


def _shares_of_ties(pairs: NDArray[np.int64], n: int) -> Points:
    """Return each tie's share: a node with many ties would be torn about otherwise."""
    ties = np.maximum(np.bincount(pairs.ravel(), minlength=n), 1).astype(np.float64)
    shares: Points = 1 / np.sqrt(ties[pairs[:, 0]] * ties[pairs[:, 1]]) if len(pairs) else ties[:0]
    return shares


def _pull(where: Points, pairs: NDArray[np.int64], share: Points, spring: float) -> Points:
    pull = np.zeros_like(where)
    if len(pairs) == 0:
        return pull
    between = where[pairs[:, 1]] - where[pairs[:, 0]]
    force = between * (np.linalg.norm(between, axis=1) / spring * share)[:, None]
    for axis in (0, 1):
        pull[:, axis] += np.bincount(pairs[:, 0], force[:, axis], len(where))
        pull[:, axis] -= np.bincount(pairs[:, 1], force[:, axis], len(where))
    return pull


def _centres(where: Points, groups: NDArray[np.int64]) -> Points:
    """Return the middle of each node's campaign; of a node in none, the node itself."""
    centres = where.copy()
    member = groups >= 0
    _, at, sizes = np.unique(groups[member], return_inverse=True, return_counts=True)
    for axis in (0, 1):
        centres[member, axis] = (np.bincount(at, where[member, axis]) / sizes)[at]
    return centres


def _unfolded(where: Points, groups: NDArray[np.int64]) -> Points:
    """Spread each campaign around its middle, as far as its nearest neighbour leaves room."""
    member = groups >= 0
    labels, at, sizes = np.unique(groups[member], return_inverse=True, return_counts=True)
    if len(labels) < 2:
        return where
    middles = np.column_stack([np.bincount(at, where[member, axis]) / sizes for axis in (0, 1)])
    gaps = np.linalg.norm(middles[:, None] - middles[None, :], axis=2)
    np.fill_diagonal(gaps, np.inf)
    away = where[member] - middles[at]
    reach = np.zeros(len(labels))
    np.maximum.at(reach, at, np.linalg.norm(away, axis=1))
    room = _SHARE_OF_GAP * gaps.min(axis=1)
    factor = np.clip(room / np.maximum(reach, 1e-9), 1.0, None)
    spread = where.copy()
    spread[member] = middles[at] + away * factor[at][:, None]
    return spread


def _into_unit_square(where: Points) -> Points:
    """Turn the drawing to lie flat and scale it to fit a box of `ASPECT`, keeping its form."""
    centred = where - (where.min(axis=0) + where.max(axis=0)) / 2
    around = centred - centred.mean(axis=0)
    axes = np.linalg.eigh(around.T @ around)[1].T[::-1]
    # The direction of an axis is arbitrary; a fixed sign keeps the drawing from flipping.
    flat = centred @ (axes * np.where(axes[:, :1] < 0, -1.0, 1.0)).T
    low, high = flat.min(axis=0), flat.max(axis=0)
    width, height = np.maximum(high - low, 1e-9)
    scale = min(1.0 / width, ASPECT / height) if len(where) > 1 else 1.0
    scaled: Points = (flat - (low + high) / 2) * scale / [1.0, ASPECT] + 0.5
    return np.clip(scaled, 0.0, 1.0)
