"""Venn-Abers prediction: how far the known cases alone allow a probability to lie.

The new case is added to the known ones, once as a negative and once as a positive; isotonic
regression gives a probability each time. The two bracket a calibrated probability whatever the
scores are, and lie far apart where few known cases are near.

References
----------
Vovk and Petej 2014, Venn-Abers predictors, UAI.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def class_weights(truth: NDArray[np.bool_], weights: Floats | None = None) -> Floats:
    """Return weights under which both classes weigh the same and sum to 1 together.

    Parameters
    ----------
    truth
        Class of each case.
    weights
        How much each case counts within its class; all alike by default.

    Returns
    -------
    ndarray of float64
        One weight a case.

    Examples
    --------
    >>> class_weights(np.array([True, False, False])).tolist()
    [0.5, 0.25, 0.25]
    """
    own = np.ones(len(truth)) if weights is None else weights
    positive, negative = (max(float(own[side].sum()), 1.0) for side in (truth, ~truth))
    return own * np.where(truth, 0.5 / positive, 0.5 / negative)


def venn_abers_bits(
    scores: ArrayLike, truth: ArrayLike, new: float, weights: ArrayLike | None = None
) -> tuple[float, float]:
    """Bracket the weight of evidence of a new score by known ones.

    Parameters
    ----------
    scores
        Scores of n known cases, higher for positives.
    truth
        Their class.
    new
        Score of the new case.
    weights
        How much each known case counts; 1 by default, as the new one does.

    Returns
    -------
    tuple of float
        Lower and upper log-odds in bits at equal prior odds; never beyond what n cases a class can
        show (log2 of the weight of the class plus 1).

    Examples
    --------
    >>> low, high = venn_abers_bits([-2, -1, 1, 2], [False, False, True, True], 1.5)
    >>> low > 0, round(high, 2)
    (True, 1.58)
    """
    from sklearn.isotonic import IsotonicRegression

    known = np.asarray(scores, dtype=np.float64)
    labels = np.asarray(truth, dtype=bool)
    own = np.ones(len(known)) if weights is None else np.asarray(weights, dtype=np.float64)
    n_positive, n_negative = float(own[labels].sum()), float(own[~labels].sum())
    if not n_positive or not n_negative:
        return float("-inf"), float("inf")
    least, most = -float(np.log2(n_positive + 1)), float(np.log2(n_negative + 1))
    found = []
    for outcome in (False, True):
        with_new = np.append(labels, outcome)
        balance = class_weights(with_new, np.append(own, 1.0))
        fit = IsotonicRegression(y_min=0.0, y_max=1.0).fit(
            np.append(known, new), with_new.astype(float), sample_weight=balance
        )
        p = float(fit.predict([new])[0])
        with np.errstate(divide="ignore"):
            found.append(float(np.log2(p) - np.log2(1 - p)))
    return float(np.clip(found[0], least, most)), float(np.clip(found[1], least, most))
