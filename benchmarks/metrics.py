"""The measures, each of which runs over the truth: what a system leaves out counts as a no."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def ratio(part: float, whole: float) -> float:
    """Return part / whole, or NaN where there is no whole.

    Examples
    --------
    >>> ratio(1, 4)
    0.25
    """
    return float(part) / float(whole) if whole else float("nan")


def f1(true_positives: float, false_positives: float, false_negatives: float) -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing is found.

    Examples
    --------
    >>> f1(2, 1, 1)
    0.6666666666666666
    """
    return ratio(2 * true_positives, 2 * true_positives + false_positives + false_negatives)


def cluster_items(truth: Sequence[object], predicted: Sequence[object]) -> dict[str, Floats]:
    """Measure each item of a clustering, so that means and sums over items are the measures.

    Parameters
    ----------
    truth, predicted
        A label an item.

    Returns
    -------
    dict of str to ndarray of shape (n,)
        ``precision`` and ``recall`` of B-cubed; ``both``, ``joined`` and ``belonging``: half of
        the item's pairs that are together in both, in the prediction, and in the truth.

    References
    ----------
    Bagga and Baldwin 1998, Entity-based cross-document coreferencing (B-cubed).

    Examples
    --------
    >>> items = cluster_items(["a", "a", "b"], [1, 1, 1])
    >>> items["precision"].round(2).tolist(), items["joined"].sum()
    ([0.67, 0.67, 0.33], np.float64(3.0))
    """
    _, t = np.unique(np.asarray(truth, dtype=str), return_inverse=True)
    _, p = np.unique(np.asarray(predicted, dtype=str), return_inverse=True)
    _, cell = np.unique(t * (p.max(initial=0) + 1) + p, return_inverse=True)
    both, joined, belonging = (np.bincount(c)[c].astype(np.float64) for c in (cell, p, t))
    return {
        "precision": both / joined,
        "recall": both / belonging,
        "both": (both - 1) / 2,
        "joined": (joined - 1) / 2,
        "belonging": (belonging - 1) / 2,
    }


def adjusted_rand(both: float, joined: float, belonging: float, n_items: int) -> float:
    """Return the adjusted Rand index from numbers of pairs.

    Parameters
    ----------
    both, joined, belonging
        Pairs together in prediction and truth, in the prediction, in the truth.
    n_items
        Number of items.

    Returns
    -------
    float
        1 for equal partitions, 0 for what chance gives.

    References
    ----------
    Hubert and Arabie 1985, Comparing partitions.
    """
    chance = ratio(joined * belonging, n_items * (n_items - 1) / 2)
    return ratio(both - chance, (joined + belonging) / 2 - chance)


def adjusted_mutual_information(truth: Sequence[object], predicted: Sequence[object]) -> float:
    """Return mutual information adjusted for chance (arithmetic mean of the entropies)."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(list(map(str, truth)), list(map(str, predicted))))


def auc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the chance that a positive scores above a negative; ties count one half.

    Examples
    --------
    >>> auc([True, True, False], [0.9, 0.2, 0.2])
    0.75
    """
    positive = np.asarray(labels, dtype=bool)
    values = np.asarray(scores, dtype=np.float64)
    n, m = int(positive.sum()), int((~positive).sum())
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return ratio(float(rank[positive].sum()) - n * (n + 1) / 2, n * m)


def calibration_error(
    labels: ArrayLike,
    probabilities: ArrayLike,
    n_bins: int = 10,
    *,
    prevalence: float | None = None,
) -> float:
    """Return the debiased L2 calibration error over bins of equal size.

    Parameters
    ----------
    labels, probabilities
        Outcome and forecast of each case.
    n_bins
        Number of bins; fewer where there are fewer than ten cases a bin.
    prevalence
        Weigh the cases as if this share of them were positive: what a forecast made for a stated
        prevalence is to be held against, whatever share the set happens to have. None: as they are.

    Returns
    -------
    float
        The plain binned error of a perfect forecast is above 0 by the noise of the outcomes; that
        part is subtracted. 0 where nothing is left, NaN below four cases, or where one class is
        absent and a prevalence is given.

    References
    ----------
    Kumar, Liang, Ma 2019, Verified uncertainty calibration, NeurIPS.

    Examples
    --------
    >>> calibration_error([1, 0] * 50, [0.5] * 100)
    0.0
    >>> round(calibration_error([1, 1, 1, 0] * 25, [0.5] * 100, 1), 2)
    0.25
    >>> calibration_error([1, 1, 1, 0] * 25, [0.5] * 100, 1, prevalence=0.5)
    0.0
    """
    outcome = np.asarray(labels, dtype=np.float64)
    forecast = np.asarray(probabilities, dtype=np.float64)
    return float(_binned_errors(outcome[None, :], forecast, n_bins, prevalence)[0])


def calibration_errors_if_perfect(
    labels: ArrayLike,
    probabilities: ArrayLike,
    n_bins: int = 10,
    *,
    prevalence: float | None = None,
    rounds: int = 1000,
) -> Floats:
    """Return the `calibration_error` that these forecasts would show if they were right.

    Parameters
    ----------
    labels, probabilities, n_bins, prevalence
        As for `calibration_error`; of the labels only the share of positives is used, and only with
        a prevalence.
    rounds
        How often outcomes are drawn from the forecasts.

    Returns
    -------
    ndarray of shape (rounds,)
        Not all 0: what is subtracted for noise is estimated from the outcomes, and a bin in which
        all came out alike shows none. So an error is to be read beside these. Where few negatives
        stand for many they hide a forecast that is too shy, not one that is too sure.

    References
    ----------
    Bröcker and Smith 2007, Increasing the reliability of reliability diagrams, Weather and
    Forecasting 22 (consistency resampling).

    Examples
    --------
    >>> errors = calibration_errors_if_perfect([1, 0] * 50, [0.5] * 100)
    >>> errors.shape, bool(errors.mean() < 0.1)
    ((1000,), True)
    """
    forecast = np.asarray(probabilities, dtype=np.float64)
    chance = forecast
    if prevalence is not None and len(forecast):
        # Where positives are more frequent than the forecasts were made for, so they are at each.
        share = float(np.mean(np.asarray(labels, dtype=np.float64)))
        positive = forecast * share / prevalence
        negative = (1 - forecast) * (1 - share) / (1 - prevalence)
        chance = positive / (positive + negative)
    drawn = np.random.default_rng(0).random((rounds, len(forecast))) < chance
    return _binned_errors(drawn.astype(np.float64), forecast, n_bins, prevalence)


def _binned_errors(
    outcomes: Floats,
    forecast: Floats,
    n_bins: int,
    prevalence: float | None,
) -> Floats:
    """Return the debiased error of one forecast for each row of outcomes."""
    n = len(forecast)
    if n < 4:
        return np.full(len(outcomes), np.nan)
    share = outcomes.mean(axis=1, keepdims=True)
    weight = np.ones(outcomes.shape)
    known = np.ones(len(outcomes), dtype=bool)
    if prevalence is not None:
        known &= ((share > 0) & (share < 1))[:, 0]
        with np.errstate(divide="ignore"):
            weight = np.where(outcomes > 0, prevalence / share, (1 - prevalence) / (1 - share))
    total = np.zeros(len(outcomes))
    bins = max(1, min(n_bins, n // 10))
    for part in np.array_split(np.argsort(forecast, kind="stable"), bins) if known.any() else ():
        of_bin = weight[:, part]
        own = of_bin / of_bin.sum(axis=1, keepdims=True)
        mean = (own * outcomes[:, part]).sum(axis=1)
        # The variance of a weighted mean; of equal weights it is that of a share.
        spread = (own**2 * (outcomes[:, part] - mean[:, None]) ** 2).sum(axis=1)
        error = own @ forecast[part] - mean
        total += of_bin.sum(axis=1) * (error**2 - spread * len(part) / (len(part) - 1))
    return np.where(known, np.sqrt(np.maximum(0.0, total / n)), np.nan)
