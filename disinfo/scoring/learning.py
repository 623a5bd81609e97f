"""Learning a scorecard from groups of known kind.

Each signal's weight of evidence is made monotone, and moderate: it allows that half of the
campaigns yet to come lack the trait, whatever the known ones had, so that absence speaks weakly,
and that one benign group in twenty has it. It is scaled by a non-negative coefficient fitted on all
signals together, so that what is correlated is not counted twice. The calibration is fitted on
kinds of group left out one at a time: it speaks of kinds that the card has not seen.

References
----------
Good 1950, Probability and the Weighing of Evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.scoring.scorecard import Scorecard, Steps, steps_of, summed_bits
from disinfo.scoring.venn_abers import class_weights

Floats = NDArray[np.float64]

_BINS = 4
_SMOOTHING = 1.0
# Of the coefficients, as of one prior whatever the number of groups: divided by it.
_RIDGE = 0.3
# A group that detection did not call is no case that will be scored: it teaches what its kind looks
# like, with less weight.
_NOT_CALLED = 0.5
# Of the campaigns yet to come so many lack any one trait; of benign groups so many share it.
_LACKING = 0.5
_SHARING = 0.05
# Moderate bits of several signals may say too little together; the calibration may double them.
_STEEPEST = 2.0
_LN2 = float(np.log(2))
_FOLDS = 5
_WORLDS = "worlds"


def fit_scorecard(
    values: pd.DataFrame, kinds: Sequence[str], inauthentic: Sequence[bool], worlds: Sequence[int],
    *, called: Sequence[bool] | None = None, statement: str, n_bootstrap: int = 200, seed: int = 0,
) -> Scorecard:  # fmt: skip
    """Learn a scorecard from groups of known kind.

    Parameters
    ----------
    values
        One row a group, one column a signal; NaN where a signal was missing.
    kinds
        Kind of each group: a campaign kind or a benign twin.
    inauthentic
        Whether each is inauthentic.
    worlds
        The world that each comes from; the bootstrap draws whole worlds.
    called
        Whether detection called each group. The others teach what their kind looks like; the
        calibration looks at called ones only, since only those are ever scored. All by default.
    statement
        What it was learned on.
    n_bootstrap
        Bootstrap rounds for the standard errors; 0 for a card without doubts, neither standard
        errors nor known groups, which is made faster.
    seed
        Seed of the bootstrap.

    Returns
    -------
    Scorecard
        Its calibration comes from leaving out one kind of campaign at a time, and a fifth of the
        worlds for benign groups; `known_bits` from leaving out every kind, so that intervals hold
        what a benign kind never seen would be taken for.

    Notes
    -----
    Fails with few groups: below some tens a side the bits are mostly smoothing.
    """
    truth = np.asarray(inauthentic, dtype=bool)
    scored = np.ones(len(truth), dtype=bool) if called is None else np.asarray(called, dtype=bool)
    weight = np.where(scored, 1.0, _NOT_CALLED)
    edges = {name: _edges(values[name].to_numpy(np.float64)) for name in values.columns}
    bits = _fit_bits(values, truth, weight, edges)
    rng = np.random.default_rng(seed)
    world = np.asarray(worlds)
    distinct = np.unique(world)
    draws: dict[str, list[Floats]] = {name: [] for name in bits}
    for _ in range(n_bootstrap):
        drawn = rng.choice(distinct, len(distinct))
        rows = np.concatenate([np.flatnonzero(world == one) for one in drawn])
        if truth[rows].all() or not truth[rows].any():
            continue
        for name, found in _fit_bits(values.iloc[rows], truth[rows], weight[rows], edges).items():
            draws[name].append(found)
    kind = np.asarray(kinds, dtype=object)
    fold = np.array([f"{_WORLDS} {one % _FOLDS}" for one in pd.factorize(world, sort=True)[0]])
    unseen = _unseen_bits(values, truth, weight, np.where(truth, kind, fold), edges)
    intercept, slope = _calibration(unseen[scored], truth[scored])
    known = scored if n_bootstrap else np.zeros(len(truth), dtype=bool)
    if known.any():
        # Benign kinds left out as well: harder than what the calibration speaks of.
        unseen = np.where(truth, unseen, _unseen_bits(values, truth, weight, kind, edges))
    calibrated = intercept + slope * unseen
    return Scorecard(
        signals={
            name: Steps(
                edges=tuple(edges[name].round(6).tolist()),
                bits=tuple(found.round(4).tolist()),
                error=tuple(_spread(draws[name], len(found)).round(4).tolist()),
            )
            for name, found in bits.items()
        },
        intercept=round(intercept, 4),
        slope=round(slope, 4),
        profiles=_profiles(values, truth, kind, edges),
        known_bits=tuple(calibrated[known].round(3).tolist()),
        known_inauthentic=tuple(truth[known].tolist()),
        statement=statement,
    )


def _spread(draws: list[Floats], n_steps: int) -> Floats:
    return np.std(draws, axis=0) if draws else np.zeros(n_steps)


def _edges(values: Floats) -> Floats:
    """Return quantile edges, fewer where values are tied."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return np.empty(0)
    inner = np.quantile(known, np.arange(1, _BINS) / _BINS)
    edges = np.unique(inner)
    result: Floats = edges[edges > known.min()]
    return result


def _fit_bits(
    values: pd.DataFrame, truth: NDArray[np.bool_], weight: Floats, edges: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return bits by signal: monotone weight of evidence, scaled jointly."""
    from scipy.optimize import minimize

    weights = {}
    columns = []
    for name, edge in edges.items():
        place = steps_of(values[name].to_numpy(np.float64), edge)
        weights[name] = _weight_of_evidence(place, truth, weight, len(edge) + 1)
        columns.append(np.where(place >= 0, weights[name][place], 0.0))
    design = np.stack(columns, axis=1)
    sign = np.where(truth, 1.0, -1.0)
    # The prior comes from the user's prevalence, not from this set.
    balance = weight * np.where(truth, 0.5 / _sum(weight[truth]), 0.5 / _sum(weight[~truth]))
    ridge = _RIDGE / _sum(weight)

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        margin = sign * (design @ coefficients)
        value = (balance * np.logaddexp(0, -margin)).sum() + ridge * (coefficients**2).sum()
        slope = -balance * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        return float(value), design.T @ slope + 2 * ridge * coefficients

    start = np.full(design.shape[1], 0.5)
    bounds = [(0.0, 1.0)] * design.shape[1]
    fitted = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return {name: weights[name] * scale / _LN2 for name, scale in zip(weights, fitted, strict=True)}


def _sum(weight: Floats) -> float:
    return max(float(weight.sum()), 1.0)


def _weight_of_evidence(
    place: NDArray[np.int64], truth: NDArray[np.bool_], weight: Floats, n_steps: int
) -> Floats:
    """Return the smoothed log ratio of the shares of both classes in each step, made monotone."""
    from sklearn.isotonic import IsotonicRegression

    positive, negative = (
        np.bincount(place[side], weights=weight[side], minlength=n_steps) + _SMOOTHING
        for side in ((place >= 0) & truth, (place >= 0) & ~truth)
    )
    positive_share, negative_share = positive / positive.sum(), negative / negative.sum()
    ratio = np.log(_mixed(positive_share, negative_share, _LACKING))
    ratio -= np.log(_mixed(negative_share, positive_share, _SHARING))
    fit = IsotonicRegression().fit(np.arange(n_steps), ratio, sample_weight=positive + negative)
    smooth: Floats = fit.predict(np.arange(n_steps))
    return smooth


def _mixed(own: Floats, other: Floats, share: float) -> Floats:
    return (1 - share) * own + share * other


def _unseen_bits(
    values: pd.DataFrame,
    truth: NDArray[np.bool_],
    weight: Floats,
    parts: NDArray[np.object_],
    edges: Mapping[str, Floats],
) -> Floats:
    """Return the summed bits of each group by a card that never saw its part."""
    held_out = np.zeros(len(values))
    for part in np.unique(parts.astype(str)):
        out = parts == part
        bits = _fit_bits(values[~out], truth[~out], weight[~out], edges)
        steps = {
            name: Steps(
                edges=tuple(edges[name]), bits=tuple(found), error=tuple(np.zeros(len(found)))
            )
            for name, found in bits.items()
        }
        held_out[out] = summed_bits(values[out], steps)
    return held_out


def _calibration(held_out: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit calibrated log-odds = intercept + slope x bits."""
    from scipy.optimize import minimize

    sign = np.where(truth, 1.0, -1.0)
    balance = class_weights(truth)

    def loss(parameters: Floats) -> float:
        margin = sign * (parameters[0] + parameters[1] * held_out) * _LN2
        # The penalty keeps separable data from claiming certainty.
        return float((balance * np.logaddexp(0, -margin)).sum() + 0.01 * parameters[0] ** 2)

    fitted = minimize(loss, np.array([0.0, 1.0]), bounds=[(-10, 10), (0.05, _STEEPEST)]).x
    return float(fitted[0]), float(fitted[1])


def _profiles(
    values: pd.DataFrame,
    truth: NDArray[np.bool_],
    kinds: NDArray[np.object_],
    edges: Mapping[str, Floats],
) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return how the values of each benign kind, and of campaigns together, spread over steps."""
    named = np.where(truth, "campaign", kinds.astype(str))
    profiles: dict[str, dict[str, tuple[float, ...]]] = {}
    for kind in np.unique(named):
        profiles[str(kind)] = {}
        for name, edge in edges.items():
            place = steps_of(values.loc[named == kind, name].to_numpy(np.float64), edge)
            count = np.bincount(place[place >= 0], minlength=len(edge) + 1) + _SMOOTHING
            profiles[str(kind)][name] = tuple((count / count.sum()).round(4).tolist())
    return profiles
