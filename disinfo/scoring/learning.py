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

from disinfo.scoring.calibration import Calibration, fit_line
from disinfo.scoring.scorecard import OF_AGE, Scorecard, Steps, steps_of, summed_bits

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
# Intervals allow that so many of the benign groups to come are of a kind that the card never saw.
# An assumption and no measurement: nobody can count the kinds that nobody thought of.
_UNFORESEEN = 0.25
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
        Its calibrations come from leaving out one kind of campaign at a time, and a fifth of the
        worlds for benign groups. The known groups that bound intervals are those, and benign ones
        once more by cards without their kind, which weigh a quarter: as if one in four of the
        benign groups to come were of a kind never seen. Where signals of the age of accounts are
        among the values, `ageless` is learned from the same groups without them.

    Notes
    -----
    Fails with few groups: below some tens a side the bits are mostly smoothing.
    """
    truth = np.asarray(inauthentic, dtype=bool)
    scored = np.ones(len(truth), dtype=bool) if called is None else np.asarray(called, dtype=bool)
    weight = np.where(scored, 1.0, _NOT_CALLED)
    edges = {name: _edges(values[name].to_numpy(np.float64)) for name in values.columns}
    bits = _fit_bits(values, truth, weight, edges)
    world = np.asarray(worlds)
    draws = _drawn_bits(values, truth, weight, edges, world, n_bootstrap, seed)
    kind = np.asarray(kinds, dtype=object)
    fold = np.array([f"{_WORLDS} {one % _FOLDS}" for one in pd.factorize(world, sort=True)[0]])
    ages = values.assign(**{name: np.nan for name in OF_AGE if name in values})
    asked = (values, ages) if any(name in values for name in OF_AGE) else (values,)
    unseen = _unseen_bits(values, truth, weight, np.where(truth, kind, fold), edges, asked)
    # Benign kinds left out as well: harder than what the calibration speaks of.
    unforeseen = _unseen_bits(values, truth, weight, kind, edges, asked) if n_bootstrap else unseen
    calibrations = [
        _calibration(one[scored], other[scored], truth[scored], doubts=n_bootstrap > 0)
        for one, other in zip(unseen, unforeseen, strict=True)
    ]
    return Scorecard(
        signals={
            name: Steps(
                edges=tuple(edges[name].round(6).tolist()),
                bits=tuple(found.round(4).tolist()),
                error=tuple(_spread(draws[name], len(found)).round(4).tolist()),
            )
            for name, found in bits.items()
        },
        calibration=calibrations[0],
        ageless=calibrations[1] if len(asked) > 1 else None,
        profiles=_profiles(values, truth, kind, edges),
        statement=statement,
    )


def _drawn_bits(
    values: pd.DataFrame, truth: NDArray[np.bool_], weight: Floats, edges: Mapping[str, Floats],
    world: NDArray[np.int64], n_rounds: int, seed: int,
) -> dict[str, list[Floats]]:  # fmt: skip
    """Return the bits of each signal in rounds that draw whole worlds."""
    rng = np.random.default_rng(seed)
    distinct = np.unique(world)
    draws: dict[str, list[Floats]] = {name: [] for name in edges}
    for _ in range(n_rounds):
        drawn = rng.choice(distinct, len(distinct))
        rows = np.concatenate([np.flatnonzero(world == one) for one in drawn])
        if truth[rows].all() or not truth[rows].any():
            continue
        for name, found in _fit_bits(values.iloc[rows], truth[rows], weight[rows], edges).items():
            draws[name].append(found)
    return draws


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
    asked: Sequence[pd.DataFrame],
) -> list[Floats]:
    """Return the summed bits of each group, as asked, by a card that never saw its part."""
    held_out = [np.zeros(len(values)) for _ in asked]
    for part in np.unique(parts.astype(str)):
        out = parts == part
        bits = _fit_bits(values[~out], truth[~out], weight[~out], edges)
        steps = {
            name: Steps(
                edges=tuple(edges[name]), bits=tuple(found), error=tuple(np.zeros(len(found)))
            )
            for name, found in bits.items()
        }
        for summed, one in zip(held_out, asked, strict=True):
            summed[out] = summed_bits(one[out], steps)
    return held_out


def _calibration(
    unseen: Floats, unforeseen: Floats, truth: NDArray[np.bool_], *, doubts: bool
) -> Calibration:
    """Fit the line on groups of unseen worlds and kinds; bound it by unforeseen kinds as well."""
    intercept, slope = (round(one, 4) for one in fit_line(unseen, truth))
    if not doubts:
        return Calibration(intercept=intercept, slope=slope)
    benign = ~truth
    bits = np.concatenate([unseen, unforeseen[benign]])
    weight = np.concatenate(
        [np.where(truth, 1.0, 1 - _UNFORESEEN), np.full(int(benign.sum()), _UNFORESEEN)]
    )
    return Calibration(
        intercept=intercept,
        slope=slope,
        known_bits=tuple((intercept + slope * bits).round(3).tolist()),
        known_inauthentic=(*truth.tolist(), *[False] * int(benign.sum())),
        known_weight=tuple(weight.tolist()),
    )


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
