"""Combining p-values and controlling the false discovery rate.

References
----------
Benjamini and Hochberg 1995, Controlling the false discovery rate.
Liu and Xie 2020, Cauchy combination test, JASA 115.
Wang and Ramdas 2022, False discovery rate control with e-values, JRSS B 84.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A single p of 1 would outweigh any evidence in the Cauchy sum, so p is kept below it.
_HIGHEST_P = 0.99
_LOWEST_P = 1e-300


def benjamini_hochberg(p: Floats, n_tests: int) -> Floats:
    """Return q-values when the p-values given are the smallest of `n_tests`.

    Parameters
    ----------
    p
        p-values, shape (m,); those of the other ``n_tests - m`` hypotheses are 1.
    n_tests
        Number of hypotheses, at least m.

    Returns
    -------
    ndarray of shape (m,), float64
        q-values: the lowest level at which each hypothesis is rejected.

    Examples
    --------
    >>> import numpy as np
    >>> benjamini_hochberg(np.array([0.001, 0.5]), 10).tolist()
    [0.01, 1.0]
    """
    order = np.argsort(p, kind="stable")
    ranks = np.arange(1, len(p) + 1)
    scaled = p[order] * n_tests / ranks
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def cauchy_combination(p: Floats, of: NDArray[np.int64], n_cells: int) -> Floats:
    """Combine the p-values of each hypothesis into one.

    Parameters
    ----------
    p
        p-values, shape (m,).
    of
        The hypothesis that each belongs to, 0 ... h-1, shape (m,).
    n_cells
        Number of cells tested for each hypothesis, at least those that have a value: those without
        one count as a p of .99.

    Returns
    -------
    ndarray of shape (h,), float64
        Combined p-values, valid in the tail whatever the dependence between cells.

    Examples
    --------
    >>> import numpy as np
    >>> float(cauchy_combination(np.array([1e-6, 0.5]), np.array([0, 0]), 3)[0]) < 1e-5
    True
    """
    # tan(pi (1/2 - p)) is 1 / tan(pi p), which keeps its digits for tiny p.
    cotangent = 1 / np.tan(np.pi * np.clip(p, _LOWEST_P, _HIGHEST_P))
    missing = n_cells - np.bincount(of)
    statistic = np.bincount(of, weights=cotangent) + missing / np.tan(np.pi * _HIGHEST_P)
    mean = statistic / n_cells
    combined = np.where(
        mean > 0, np.arctan(1 / np.where(mean > 0, mean, 1)) / np.pi, 0.5 - np.arctan(mean) / np.pi
    )
    result: Floats = np.clip(combined, 0.0, 1.0)
    return result


def e_benjamini_hochberg(log_weighted_e: Floats) -> Floats:
    """Return q-values from weighted e-values, valid under any dependence.

    Parameters
    ----------
    log_weighted_e
        ln(w E), shape (m,), the weights w summing to at most 1 over all hypotheses.

    Returns
    -------
    ndarray of shape (m,), float64
        q-values: the lowest level at which the weighted e-BH procedure rejects each.

    Examples
    --------
    >>> import numpy as np
    >>> e_benjamini_hochberg(np.log(np.array([40.0, 20.0, 0.1]))).round(3).tolist()
    [0.025, 0.025, 1.0]
    """
    order = np.argsort(-log_weighted_e, kind="stable")
    ranks = np.arange(1, len(order) + 1)
    level = np.exp(np.minimum(-log_weighted_e[order] - np.log(ranks), 0.0))
    q = np.empty(len(order))
    q[order] = np.minimum.accumulate(level[::-1])[::-1]
    return q
