"""The scorecard: how many bits each measurement is worth, as a table that a person can read.

Log-odds add up: prior from the stated prevalence, plus bits of each signal, plus a calibration
term. A signal's bits are a step function of its value that never decreases, so more of a suspicious
thing never clears a campaign. What is correlated is not counted twice: each signal's weight of
evidence is scaled by a non-negative coefficient fitted on all signals together.

References
----------
Good 1950, Probability and the Weighing of Evidence (weight of evidence).
Siddiqi 2006, Credit Risk Scorecards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.model_files import model_file

Floats = NDArray[np.float64]

_BINS = 4
_SMOOTHING = 1.0
_RIDGE = 0.05
_LN2 = float(np.log(2))


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Bits of one signal as a step function of its value.

    Parameters
    ----------
    edges
        Ascending values at which the bits change, k of them.
    bits
        Bits below, between and above them, k + 1, never decreasing.
    error
        Standard error of each, in bits, by bootstrap over training worlds.
    """

    edges: tuple[float, ...]
    bits: tuple[float, ...]
    error: tuple[float, ...]

    def __post_init__(self) -> None:
        lengths = (len(self.bits), len(self.error))
        if lengths != (len(self.edges) + 1,) * 2 or sorted(self.bits) != list(self.bits):
            msg = f"steps need ascending bits, one more than edges: {self}"
            raise ModelError(msg)

    def at(self, value: float) -> tuple[float, float]:
        """Return the bits of a value and their standard error.

        Parameters
        ----------
        value
            A measurement of the signal.

        Returns
        -------
        tuple of float
            Bits and standard error; none for a value that is not a number.

        Examples
        --------
        >>> Steps(edges=(0.5,), bits=(-1.0, 2.0), error=(0.1, 0.3)).at(0.7)
        (2.0, 0.3)
        """
        if np.isnan(value):
            return 0.0, 0.0
        place = int(np.searchsorted(self.edges, value, side="right"))
        return self.bits[place], self.error[place]


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """All steps, the calibration and the profiles of benign twins.

    Parameters
    ----------
    signals
        Steps by signal name.
    intercept, slope
        Calibrated log-odds = intercept + slope x summed bits, in bits.
    profiles
        For each kind of group, and each signal, the share of training groups in each step.
    statement
        What it was learned on, in words.
    """

    signals: Mapping[str, Steps]
    intercept: float
    slope: float
    profiles: Mapping[str, Mapping[str, tuple[float, ...]]]
    statement: str

    def save(self, path: Path) -> None:
        """Write the card as JSON.

        Parameters
        ----------
        path
            The file.
        """
        card = {
            "statement": self.statement,
            "calibration": {"intercept": self.intercept, "slope": self.slope},
            "signals": {name: asdict(steps) for name, steps in sorted(self.signals.items())},
            "profiles": {kind: dict(shares) for kind, shares in sorted(self.profiles.items())},
        }
        path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def load_scorecard(path: Path | str | None = None) -> Scorecard:
    """Load the shipped scorecard or one from a path.

    Parameters
    ----------
    path
        A JSON card; the shipped one by default.

    Returns
    -------
    Scorecard
        The card.

    Raises
    ------
    ModelError
        When the file is not a scorecard.
    """
    path = Path(path) if path else model_file("scorecard", "scorecard.json")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        return Scorecard(
            signals={
                name: Steps(**{key: tuple(map(float, values)) for key, values in steps.items()})
                for name, steps in card["signals"].items()
            },
            intercept=float(card["calibration"]["intercept"]),
            slope=float(card["calibration"]["slope"]),
            profiles={
                kind: {name: tuple(map(float, shares)) for name, shares in of_kind.items()}
                for kind, of_kind in card["profiles"].items()
            },
            statement=str(card["statement"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} is not a scorecard: {error!r}"
        raise ModelError(msg) from error


def fit_scorecard(
    values: pd.DataFrame, kinds: Sequence[str], inauthentic: Sequence[bool], worlds: Sequence[int],
    *, statement: str, n_bootstrap: int = 200, seed: int = 0,
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
    statement
        What it was learned on.
    n_bootstrap
        Bootstrap rounds for the standard errors.
    seed
        Seed of the bootstrap.

    Returns
    -------
    Scorecard
        Its calibration comes from leaving out one kind of group at a time, so that it speaks of
        kinds never seen.

    Notes
    -----
    Fails with few groups: below some tens a side the bits are mostly smoothing.
    """
    truth = np.asarray(inauthentic, dtype=bool)
    edges = {name: _edges(values[name].to_numpy(np.float64)) for name in values.columns}
    bits = _fit_bits(values, truth, edges)
    rng = np.random.default_rng(seed)
    world = np.asarray(worlds)
    distinct = np.unique(world)
    draws: dict[str, list[Floats]] = {name: [] for name in bits}
    for _ in range(n_bootstrap):
        drawn = rng.choice(distinct, len(distinct))
        rows = np.concatenate([np.flatnonzero(world == one) for one in drawn])
        if truth[rows].all() or not truth[rows].any():
            continue
        for name, found in _fit_bits(values.iloc[rows], truth[rows], edges).items():
            draws[name].append(found)
    intercept, slope = _calibration(values, truth, np.asarray(kinds, dtype=object), edges)
    return Scorecard(
        signals={
            name: Steps(
                edges=tuple(edges[name].round(6).tolist()),
                bits=tuple(found.round(4).tolist()),
                error=tuple(np.std(draws[name], axis=0).round(4).tolist()),
            )
            for name, found in bits.items()
        },
        intercept=round(intercept, 4),
        slope=round(slope, 4),
        profiles=_profiles(values, truth, np.asarray(kinds, dtype=object), edges),
        statement=statement,
    )


def _edges(values: Floats) -> Floats:
    """Return quantile edges, fewer where values are tied."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return np.empty(0)
    inner = np.quantile(known, np.arange(1, _BINS) / _BINS)
    edges = np.unique(inner)
    result: Floats = edges[edges > known.min()]
    return result


def _steps_of(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """Return the step of each value, -1 where it is missing."""
    place = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), -1, place)


def _fit_bits(
    values: pd.DataFrame, truth: NDArray[np.bool_], edges: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return bits by signal: monotone weight of evidence, scaled jointly."""
    from scipy.optimize import minimize

    weights = {}
    columns = []
    for name, edge in edges.items():
        place = _steps_of(values[name].to_numpy(np.float64), edge)
        weights[name] = _weight_of_evidence(place, truth, len(edge) + 1)
        columns.append(np.where(place >= 0, weights[name][place], 0.0))
    design = np.stack(columns, axis=1)
    sign = np.where(truth, 1.0, -1.0)
    # Both classes weigh the same: the prior comes from the user's prevalence, not from this set.
    balance = np.where(truth, 0.5 / max(truth.sum(), 1), 0.5 / max((~truth).sum(), 1))

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        margin = sign * (design @ coefficients)
        value = (balance * np.logaddexp(0, -margin)).sum() + _RIDGE * (coefficients**2).sum()
        slope = -balance * sign / (1 + np.exp(np.clip(margin, -50, 50)))
        return float(value), design.T @ slope + 2 * _RIDGE * coefficients

    start = np.full(design.shape[1], 0.5)
    bounds = [(0.0, 1.0)] * design.shape[1]
    fitted = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return {name: weights[name] * scale / _LN2 for name, scale in zip(weights, fitted, strict=True)}


def _weight_of_evidence(place: NDArray[np.int64], truth: NDArray[np.bool_], n_steps: int) -> Floats:
    """Return the smoothed log ratio of the shares of both classes in each step, made monotone."""
    from sklearn.isotonic import IsotonicRegression

    known = place >= 0
    positive = np.bincount(place[known & truth], minlength=n_steps) + _SMOOTHING
    negative = np.bincount(place[known & ~truth], minlength=n_steps) + _SMOOTHING
    ratio = np.log(positive / positive.sum()) - np.log(negative / negative.sum())
    fit = IsotonicRegression().fit(
        np.arange(n_steps), ratio, sample_weight=(positive + negative).astype(float)
    )
    smooth: Floats = fit.predict(np.arange(n_steps))
    return smooth


def summed_bits(values: pd.DataFrame, signals: Mapping[str, Steps]) -> Floats:
    """Return the summed bits of each group.

    Parameters
    ----------
    values
        One row a group, one column a signal; a missing value adds nothing.
    signals
        Steps by signal.

    Returns
    -------
    ndarray of float64
        Bits.
    """
    total = np.zeros(len(values))
    for name, steps in signals.items():
        if name in values:
            place = _steps_of(values[name].to_numpy(np.float64), np.array(steps.edges))
            total += np.where(place >= 0, np.array(steps.bits)[place], 0.0)
    return total


def _calibration(
    values: pd.DataFrame,
    truth: NDArray[np.bool_],
    kinds: NDArray[np.object_],
    edges: Mapping[str, Floats],
) -> tuple[float, float]:
    """Fit calibrated log-odds = intercept + slope x bits on kinds left out one at a time."""
    from scipy.optimize import minimize

    held_out = np.zeros(len(values))
    for kind in np.unique(kinds):
        out = kinds == kind
        bits = _fit_bits(values[~out], truth[~out], edges)
        steps = {
            name: Steps(
                edges=tuple(edges[name]), bits=tuple(found), error=tuple(np.zeros(len(found)))
            )
            for name, found in bits.items()
        }
        held_out[out] = summed_bits(values[out], steps)
    sign = np.where(truth, 1.0, -1.0)
    balance = np.where(truth, 0.5 / max(truth.sum(), 1), 0.5 / max((~truth).sum(), 1))

    def loss(parameters: Floats) -> float:
        margin = sign * (parameters[0] + parameters[1] * held_out) * _LN2
        # The penalty keeps separable data from claiming certainty.
        return float((balance * np.logaddexp(0, -margin)).sum() + 0.01 * parameters[0] ** 2)

    fitted = minimize(loss, np.array([0.0, 1.0]), bounds=[(-10, 10), (0.05, 1.0)]).x
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
            place = _steps_of(values.loc[named == kind, name].to_numpy(np.float64), edge)
            count = np.bincount(place[place >= 0], minlength=len(edge) + 1) + _SMOOTHING
            profiles[str(kind)][name] = tuple((count / count.sum()).round(4).tolist())
    return profiles
