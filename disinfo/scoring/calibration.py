"""From summed bits to calibrated ones, and how far what is known lets them lie.

A card has two calibrations. Where an export says nothing of when accounts were made, the strongest
signals are silent, and the same sum of bits is worth less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.scoring.venn_abers import class_weights, venn_abers_bits

Floats = NDArray[np.float64]

# Moderate bits of several signals may say too little together: a calibration may stretch them, but
# not as far as the known groups alone would (2.7), of which simulated campaigns are easy ones.
STEEPEST = 2.5
_LN2 = float(np.log(2))


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Calibrated log-odds = intercept + slope x summed bits, in bits.

    Parameters
    ----------
    intercept, slope
        Of the line.
    known_bits, known_inauthentic, known_weight
        Calibrated log-odds (at equal prior odds, in bits), truth and weight of groups whose kind is
        known, each scored by a card that never saw its like. They bound the interval of every
        probability; without any there is no bound.

    Raises
    ------
    ModelError
        When the three do not have one length.
    """

    intercept: float
    slope: float
    known_bits: tuple[float, ...] = ()
    known_inauthentic: tuple[bool, ...] = ()
    known_weight: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(self.known_bits), len(self.known_inauthentic), len(self.known_weight)}
        if len(lengths) > 1:
            msg = "a calibration needs one truth and one weight for each of its known groups"
            raise ModelError(msg)

    def at(self, bits: Floats) -> Floats:
        """Return calibrated log-odds of summed bits, at equal prior odds."""
        calibrated: Floats = self.intercept + self.slope * bits
        return calibrated

    def bracket(self, bits: float) -> tuple[float, float]:
        """Bracket calibrated bits by the known groups; see `disinfo.scoring.venn_abers`.

        Parameters
        ----------
        bits
            Calibrated log-odds at equal prior odds.

        Returns
        -------
        tuple of float
            Lower and upper bits; the bits themselves where there are no known groups.

        Examples
        --------
        >>> Calibration(intercept=0.0, slope=1.0).bracket(1.5)
        (1.5, 1.5)
        """
        if not self.known_bits:
            return bits, bits
        low, high = venn_abers_bits(
            self.known_bits, self.known_inauthentic, bits, self.known_weight
        )
        return min(low, bits), max(high, bits)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Calibration:
        """Return the calibration that a card's JSON holds."""
        return cls(
            intercept=float(given["intercept"]),
            slope=float(given["slope"]),
            known_bits=tuple(map(float, given.get("known_bits", ()))),
            known_inauthentic=tuple(map(bool, given.get("known_inauthentic", ()))),
            known_weight=tuple(map(float, given.get("known_weight", ()))),
        )


def fit_line(held_out: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit calibrated log-odds = intercept + slope x bits, both classes weighing the same.

    Parameters
    ----------
    held_out
        Summed bits of groups by cards that never saw their like, shape (n,).
    truth
        Whether each is inauthentic.

    Returns
    -------
    tuple of float
        Intercept and slope.
    """
    from scipy.optimize import minimize

    sign = np.where(truth, 1.0, -1.0)
    balance = class_weights(truth)

    def loss(parameters: Floats) -> float:
        margin = sign * (parameters[0] + parameters[1] * held_out) * _LN2
        # The penalty keeps separable data from claiming certainty.
        return float((balance * np.logaddexp(0, -margin)).sum() + 0.01 * parameters[0] ** 2)

    fitted = minimize(loss, np.array([0.0, 1.0]), bounds=[(-10, 10), (0.05, STEEPEST)]).x
    return float(fitted[0]), float(fitted[1])
