"""A campaign's evidence as steps from the prior to the log-odds.

The steps restate what the score wrote down. Nothing is weighed again; where the steps do not add
up to the probability in the table, the page says so instead of choosing one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

PRIOR, CALIBRATION = "prior", "calibration"
_MARGIN_BITS = 0.5
_AGREE = 0.015
_TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
# On a short axis, where of the others one or two would be left.
_CLOSE_TICKS = (0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99)
_SHORT_BITS = 9.0


@dataclass(frozen=True)
class Step:
    """One row: what was looked at, how many bits it gave, and where that leads."""

    signal: str
    value: float
    bits: float
    start: float
    because: str
    kind: str

    @property
    def end(self) -> float:
        """The running sum after this step, bits."""
        return self.start + self.bits


@dataclass(frozen=True)
class Waterfall:
    """All steps of a campaign.

    `low` and `high` bound the axis, in bits; `ticks` are (bits, probability) within it. `unused`
    are signals with 0 bits, `missing` those whose data were not there. `agrees` is False when
    the sum belies the probability in the campaigns table, None when there is no probability.
    """

    steps: tuple[Step, ...]
    unused: tuple[Step, ...]
    missing: tuple[Step, ...]
    total: float
    low: float
    high: float
    ticks: tuple[tuple[float, float], ...]
    agrees: bool | None

    def strongest(self, sign: int) -> Step | None:
        """Return the signal that speaks loudest for (+1) or against (-1), if any does."""
        signals = [s for s in self.steps if s.kind == "signal" and s.bits * sign > 0]
        return max(signals, key=lambda step: abs(step.bits), default=None)


def log_odds(probability: float) -> float:
    """Return a probability as log-odds in bits.

    Examples
    --------
    >>> log_odds(0.2)
    -2.0
    """
    return math.log2(probability / (1 - probability))


def build_waterfall(
    evidence: pd.DataFrame, *, prevalence: float | None, probability: float | None
) -> Waterfall:
    """Order evidence rows and sum them up.

    Parameters
    ----------
    evidence
        The evidence rows of one campaign. A row of signal ``prior`` is the start; without one,
        the start is the log-odds of `prevalence`.
    prevalence
        The share of groups assumed to be inauthentic, above 0 and below 1; None starts at 0 bits.
    probability
        What the campaigns table says, or None.

    Returns
    -------
    Waterfall
        Signals by falling weight, the calibration last.
    """
    rows = {str(row["signal"]): row for row in evidence.to_dict("records")}
    prior = rows.pop(PRIOR, None)
    calibration = rows.pop(CALIBRATION, None)
    start = float(prior["bits"]) if prior else log_odds(prevalence or 0.5)
    because = str(prior["because"]) if prior else ""
    steps = [Step(PRIOR, prevalence or math.nan, start, 0.0, because, "prior")]
    ok = [row for row in rows.values() if row["status"] == "ok"]
    weighed = sorted(
        (row for row in ok if row["bits"]), key=lambda row: (-abs(row["bits"]), row["signal"])
    )
    for row, kind in [(row, "signal") for row in weighed] + (
        [(calibration, "calibration")] if calibration else []
    ):
        steps.append(_step(row, steps[-1].end, kind))
    total = steps[-1].end
    low = min(0.0, *(step.end for step in steps)) - _MARGIN_BITS
    high = max(0.0, *(step.end for step in steps)) + _MARGIN_BITS
    return Waterfall(
        steps=tuple(steps),
        unused=tuple(_step(row, total, "signal") for row in ok if not row["bits"]),
        missing=tuple(
            _step(row, total, "signal") for row in rows.values() if row["status"] == "missing"
        ),
        total=total,
        low=low,
        high=high,
        ticks=tuple(
            (log_odds(p), p)
            for p in (_CLOSE_TICKS if high - low < _SHORT_BITS else _TICKS)
            if low < log_odds(p) < high
        ),
        agrees=_agrees(total, probability),
    )


def _step(row: Mapping[str, object], start: float, kind: str) -> Step:
    value = row["value"]
    return Step(
        signal=str(row["signal"]),
        value=float(value) if isinstance(value, float | int) else math.nan,
        bits=float(str(row["bits"])),
        start=start,
        because=str(row["because"]),
        kind=kind,
    )


def _agrees(total: float, probability: float | None) -> bool | None:
    if probability is None or not math.isfinite(probability):
        return None
    return abs(1 / (1 + 2 ** -max(-900.0, min(900.0, total))) - probability) <= _AGREE
