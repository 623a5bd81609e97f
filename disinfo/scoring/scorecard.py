"""The scorecard: how many bits each measurement is worth, as a table that a person can read.

Log-odds add up: prior from the stated prevalence, plus bits of each signal, plus a calibration
term. A signal's bits are a step function of its value that never decreases, so more of a suspicious
thing never clears a campaign.

References
----------
Good 1950, Probability and the Weighing of Evidence (weight of evidence).
Siddiqi 2006, Credit Risk Scorecards.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.model_files import model_file
from disinfo.scoring.calibration import Calibration

Floats = NDArray[np.float64]

# Signals that need to know when accounts were made.
OF_AGE = ("creation_burst", "young_accounts")


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
    calibration
        From summed bits to log-odds.
    ageless
        The same where none of the signals in `OF_AGE` could be measured; None uses `calibration`.
    profiles
        For each kind of group, and each signal, the share of training groups in each step.
    statement
        What it was learned on, in words.
    """

    signals: Mapping[str, Steps]
    calibration: Calibration
    ageless: Calibration | None = None
    profiles: Mapping[str, Mapping[str, tuple[float, ...]]]
    statement: str

    def calibration_for(self, measured: Collection[str]) -> Calibration:
        """Return the calibration for a group of which these signals were measured."""
        aged = any(name in measured for name in OF_AGE if name in self.signals)
        return self.calibration if aged or self.ageless is None else self.ageless

    def calibrated(self, values: pd.DataFrame) -> Floats:
        """Return the calibrated log-odds of groups, at equal prior odds.

        Parameters
        ----------
        values
            One row a group, one column a signal; NaN where a signal was missing.

        Returns
        -------
        ndarray of float64
            Bits.
        """
        summed = summed_bits(values, self.signals)
        known = values.reindex(columns=list(OF_AGE)).notna().any(axis=1).to_numpy()
        aged, other = self.calibration_for(OF_AGE), self.calibration_for(())
        result: Floats = np.where(known, aged.at(summed), other.at(summed))
        return result

    def save(self, path: Path) -> None:
        """Write the card as JSON.

        Parameters
        ----------
        path
            The file.
        """
        card = {
            "statement": self.statement,
            "calibration": asdict(self.calibration),
            "ageless": None if self.ageless is None else asdict(self.ageless),
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
            calibration=Calibration.read(card["calibration"]),
            ageless=Calibration.read(card["ageless"]) if card.get("ageless") else None,
            profiles={
                kind: {name: tuple(map(float, shares)) for name, shares in of_kind.items()}
                for kind, of_kind in card["profiles"].items()
            },
            statement=str(card["statement"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path.name} is not a scorecard: {error!r}"
        raise ModelError(msg) from error


def steps_of(values: Floats, edges: Floats) -> NDArray[np.int64]:
    """Return the step of each value.

    Parameters
    ----------
    values
        Measurements, NaN where missing.
    edges
        Ascending edges, k of them.

    Returns
    -------
    ndarray of int64
        0 … k, and -1 where the value is missing.
    """
    place = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), -1, place)


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
            place = steps_of(values[name].to_numpy(np.float64), np.array(steps.edges))
            total += np.where(place >= 0, np.array(steps.bits)[place], 0.0)
    return total
