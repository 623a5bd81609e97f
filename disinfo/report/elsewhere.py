"""The same evidence read at another prevalence than the one that a run assumed."""

from __future__ import annotations

from dataclasses import dataclass

from disinfo.charts.waterfall import log_odds

PREVALENCES = (0.01, 0.05, 0.2, 0.5)


@dataclass(frozen=True)
class Reading:
    """A probability, and the prevalence at which the evidence gives it."""

    prevalence: float
    probability: float


def read_elsewhere(probability: float | None, prevalence: float | None) -> tuple[Reading, ...]:
    """Move a probability to other prevalences.

    Parameters
    ----------
    probability
        What the run found, or None.
    prevalence
        What the run assumed, or None.

    Returns
    -------
    tuple of Reading
        One for each of `PREVALENCES` that is not the run's own; none where either is missing.

    Notes
    -----
    The bits of the evidence stay as they are: only the start of the waterfall moves, by Bayes'
    rule on the odds. A verdict is not judged anew.

    Examples
    --------
    >>> [round(reading.probability, 3) for reading in read_elsewhere(0.5, 0.5)]
    [0.01, 0.05, 0.2]
    """
    if probability is None or prevalence is None or not 0 < prevalence < 1:
        return ()
    if not 0 < probability < 1:
        return ()
    bits = log_odds(probability) - log_odds(prevalence)
    return tuple(
        Reading(other, 1 / (1 + 2 ** -(bits + log_odds(other))))
        for other in PREVALENCES
        if abs(other - prevalence) > 1e-9
    )
