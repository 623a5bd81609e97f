"""E-values: the evidence that a group acts as one, in one half of the posts.

For each start, the likelihood of the number of followers under "the group acts as one" (with
probability rho a start is a signal, and each member then joins with probability eta) is divided by
its likelihood under the null of `followers`. The product over starts, averaged over a grid of eta,
rho, windows and layers, is an e-value: its expectation under the null is at most 1, whatever the
dependence between windows and layers. Averages need no independence; products do, so starts of one
member within half an hour count as one.

Members also do what everybody does, and each such act is a start that nobody follows. A campaign
opens its objects itself, so half of the grid takes only starts on fresh objects, on which no
outsider acted lately, for possible signals: camouflage on popular objects then costs nothing.

A small contamination of the null keeps one freak object from deciding: a campaign must repeat
itself.

References
----------
Vovk and Wang 2021, E-values: calibration, combination and applications, Annals of Statistics 49.
Grünwald, de Heide, Koolen 2024, Safe testing, JRSS B 86.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from disinfo.coordination.acts import ActionArrays, Acts, Ints
from disinfo.coordination.followers import Starts, group_starts
from disinfo.distinct import distinct
from disinfo.ordering import order_by

Floats = NDArray[np.float64]

# A group of which fewer than one in five answer is a crowd.
JOIN = np.array([0.2, 0.4, 0.7])
# Besides these, a turnout that varies from wave to wave, even over this and 1.
LEAST_TURNOUT = 0.2
# Probability that a start is a signal, on fresh objects and on those that outsiders opened.
SIGNAL_FRESH = np.array([0.1, 0.4, 0.8, 0.1, 0.4, 0.8])
SIGNAL_OLD = np.array([0.1, 0.4, 0.8, 0.0, 0.0, 0.0])
NEWS_CONTAMINATION = 0.2
# The null forgives a group that follows twice as eagerly as its share of the audience says: what is
# plugged in is an estimate, and a crowd of keen readers is no campaign.
SLACK = 2.0
SESSION_MS = 30 * 60 * 1000
# So many acts are looked at together: a few hundred megabytes.
_BATCH = 100_000


@dataclass(frozen=True, kw_only=True)
class GroupEvidence:
    """What one half of the posts says of one group.

    Parameters
    ----------
    log_e
        Natural logarithm of the e-value.
    layer, window_s
        The cell that carries most of it.
    layers
        Layers that alone would give an e-value of 20 or more; at least the carrying one.
    grid
        By layer, the log e-value for each window, eta and rho: shape (windows, 4, 6).
    """

    log_e: float
    layer: str
    window_s: int
    layers: tuple[str, ...]
    grid: Mapping[str, Floats] = field(repr=False)


def group_evidence(
    arrays: ActionArrays,
    groups: Sequence[Ints],
    windows_s: tuple[int, ...],
    *,
    found: Sequence[GroupEvidence] | None = None,
) -> list[GroupEvidence | None]:
    """Test each of some groups jointly.

    Parameters
    ----------
    arrays
        The actions of the half to test on.
    groups
        Account codes of each group, at least two.
    windows_s
        Windows in seconds, each at most six hours.
    found
        What the half that found the groups says of each. It tells where to look: half of the weight
        of layers, windows, eta and rho goes by it, the other half is even. Without it all is even.

    Returns
    -------
    list of GroupEvidence or None
        None where the half holds nothing about a group. What is said of a group does not depend on
        the others.
    """
    grids: list[dict[str, Floats]] = [{} for _ in groups]
    for acts in arrays.layers:
        for batch in _batches(acts, groups):
            for number, cells in _cells(acts, [groups[n] for n in batch], windows_s):
                grids[batch[number]][acts.layer] = cells
    told: Sequence[GroupEvidence | None] = [None] * len(groups) if found is None else found
    return [
        _of_grid(grid, len(arrays.layers), windows_s, one) if grid else None
        for grid, one in zip(grids, told, strict=True)
    ]


def _batches(acts: Acts, groups: Sequence[Ints]) -> list[list[int]]:
    """Put groups together whose neighbourhoods fit into memory at once."""
    work = np.cumsum([acts.neighbourhood(members) for members in groups])
    batches: dict[int, list[int]] = {}
    for number, batch in enumerate((work // _BATCH).tolist()):
        batches.setdefault(batch, []).append(number)
    return list(batches.values())


def _cells(
    acts: Acts, groups: Sequence[Ints], windows_s: tuple[int, ...]
) -> Iterator[tuple[int, Floats]]:
    """Yield, by number of the group, its log e-value for each window, eta and rho of a layer."""
    starts = group_starts(acts, groups, windows_s)
    if len(starts) == 0:
        return
    sizes = np.array([len(members) for members in groups])
    ratios = likelihood_ratios(starts, sizes[starts.group])
    cells = log_products(ratios, sessions(acts, starts))
    # A group that has a start has one in every window.
    of_groups = cells.reshape(-1, len(windows_s), *cells.shape[1:])
    yield from zip(distinct(starts.group).tolist(), of_groups, strict=True)


def _of_grid(
    grid: Mapping[str, Floats],
    n_layers: int,
    windows_s: tuple[int, ...],
    found: GroupEvidence | None,
) -> GroupEvidence:
    by_layer = {name: log_mean(cells) for name, cells in grid.items()}
    by_window = {name: np.logaddexp.reduce(cells, axis=(1, 2)) for name, cells in grid.items()}
    layer = max(sorted(grid), key=lambda name: by_window[name].max())
    carrying = {name for name, log_e in by_layer.items() if log_e >= np.log(20)}
    return GroupEvidence(
        log_e=_weighted_mean(grid, n_layers, found),
        layer=layer,
        window_s=windows_s[int(by_window[layer].argmax())],
        layers=tuple(sorted(carrying | {layer})),
        grid=grid,
    )


def _weighted_mean(grid: Mapping[str, Floats], n_layers: int, found: GroupEvidence | None) -> float:
    """Return the log of the weighted mean of all cells; weights are set before they are seen.

    A layer in which no two members meet could only lower the mean; it counts as nothing.
    """
    even = {name: cells - np.log(n_layers * cells.size) for name, cells in grid.items()}
    everywhere = float(np.logaddexp.reduce(np.concatenate([c.ravel() for c in even.values()])))
    if found is None:
        return everywhere
    told = np.concatenate([cells.ravel() for cells in found.grid.values()])
    total = float(np.logaddexp.reduce(told))
    common = [
        (cells + found.grid[name]).ravel() - total
        for name, cells in grid.items()
        if name in found.grid
    ]
    there = float(np.logaddexp.reduce(np.concatenate(common))) if common else -np.inf
    return float(np.logaddexp(everywhere, there) - np.log(2))


def likelihood_ratios(starts: Starts, n_members: int | Ints) -> Floats:
    """Return each start's likelihood ratio for every eta and rho.

    Parameters
    ----------
    starts
        Starts of groups in one layer.
    n_members
        Size of the group, n, or of the group of each start.

    Returns
    -------
    ndarray of shape (m, 4, 6), float64
        Ratios; none exceeds n over the rate of freaks.
    """
    from scipy.special import betainc, gammaln

    most = n_members - 1
    x = np.minimum(starts.followers, most).astype(np.float64)
    size = starts.size
    mean = SLACK * starts.mean
    failure = mean / (mean + size)
    log_null = (
        gammaln(x + size)
        - gammaln(size)
        - gammaln(x + 1)
        + size * np.log1p(-failure)
        + x * np.log(failure)
    )
    null = np.exp(log_null)
    # No more than all others can follow: the whole upper tail sits on the last value.
    full = x == most
    null[full] = betainc(np.maximum(x[full], 1e-9), size[full], failure[full])
    # Whoever hears of news first may be there together; how often that happens cannot be learned
    # from those who come later. More of the uniform than a mixture may have only lowers the ratio.
    news = starts.fresh & starts.news
    freak = np.where(news, np.maximum(starts.freak, NEWS_CONTAMINATION), starts.freak)
    null = (1 - starts.freak) * null + freak / n_members
    ratio = _joined(x, most) / null[:, None]
    # Fewer followers than the null expects are no evidence of a group, however unlikely they are.
    ratio = np.where((x > mean)[:, None], ratio, np.minimum(ratio, 1.0))
    return mixed_with_silence(ratio, starts.fresh)


def _joined(x: Floats, most: int | Ints) -> Floats:
    """Return the likelihood of x of `most` members joining, for every eta and a varying turnout."""
    from scipy.special import betainc, betaln

    log_choose = -np.log(most + 1) - betaln(x + 1, most - x + 1)
    fixed = np.exp(
        log_choose[:, None] + x[:, None] * np.log(JOIN) + (most - x)[:, None] * np.log1p(-JOIN)
    )
    # The binomial, integrated over the turnout.
    above = 1 - betainc(x + 1, most - x + 1, LEAST_TURNOUT)
    varied = above / ((most + 1) * (1 - LEAST_TURNOUT))
    return np.concatenate([fixed, varied[:, None]], axis=1)


def mixed_with_silence(ratio: Floats, fresh: NDArray[np.bool_]) -> Floats:
    """Mix each ratio with 1, for starts that are no signal.

    Parameters
    ----------
    ratio
        Likelihood ratios of starts that are signals, shape (m, 4), one column an eta.
    fresh
        `Starts.fresh`, shape (m,).

    Returns
    -------
    ndarray of shape (m, 4, 6), float64
        (1 - rho) + rho x ratio for every rho of the grid.
    """
    signal = np.where(fresh[:, None], SIGNAL_FRESH, SIGNAL_OLD)[:, None, :]
    mixed: Floats = (1 - signal) + signal * ratio[:, :, None]
    return mixed


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """The sittings of groups' members: starts of one within half an hour of the last one.

    Parameters
    ----------
    order
        Places of the starts, those of one session side by side, sessions of one group and window
        too.
    begins
        Where each session begins in `order`.
    cell_begins
        Where each group and window begins in `begins`.
    """

    order: Ints
    begins: Ints
    cell_begins: Ints


def sessions(acts: Acts, starts: Starts) -> Sessions:
    """Return the sessions of starts.

    Parameters
    ----------
    acts
        The actions of the layer.
    starts
        Starts, at least one in every window.

    Returns
    -------
    Sessions
        In the order of groups, windows, members and time.
    """
    account, time_ms = acts.account[starts.row], acts.time_ms[starts.row]
    order = order_by(starts.group, starts.window_s, account, time_ms)
    account, time_ms = account[order], time_ms[order]
    new = np.ones(len(order), dtype=bool)
    turns = (np.diff(starts.window_s[order]) != 0) | (np.diff(starts.group[order]) != 0)
    new[1:] = turns | (np.diff(account) != 0) | (np.diff(time_ms) > SESSION_MS)
    begins = np.flatnonzero(new)
    opens = np.concatenate([[0], np.flatnonzero(turns) + 1])
    return Sessions(order=order, begins=begins, cell_begins=np.searchsorted(begins, opens))


def log_products(ratios: Floats, of: Sessions) -> Floats:
    """Return, by group and window, the log of the product over sessions of the mean ratio in each.

    Parameters
    ----------
    ratios
        Ratios of m starts, shape (m, …).
    of
        Their sessions.

    Returns
    -------
    ndarray of shape (groups x windows, …), float64
        Logs of products, group after group.
    """
    totals = np.add.reduceat(ratios[of.order], of.begins, axis=0)
    count = np.diff(of.begins, append=len(of.order))
    logs = np.log(totals / count.reshape(-1, *[1] * (ratios.ndim - 1)))
    products: Floats = np.add.reduceat(logs, of.cell_begins, axis=0)
    return products


def log_mean(logs: Floats) -> float:
    """Return the log of the mean of exp(logs).

    Parameters
    ----------
    logs
        Logs, of any shape.

    Returns
    -------
    float
        A log.
    """
    top = float(logs.max())
    return top + float(np.log(np.exp(logs - top).mean()))
