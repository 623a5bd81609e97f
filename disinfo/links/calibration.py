"""From similarities to the probability that two texts carry the same message.

One logistic curve for each kind of link, learned on labelled pairs for one embedding model and one
precision, and kept as a readable card in ``models/links/``. A cosine of another model means
something else: its links are calibrated by nobody, which `calibrated_for` lets a caller see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from disinfo.errors import ModelError
from disinfo.model_files import model_file

Floats = NDArray[np.float64]


def logit_of(probability: float) -> float:
    """Return the logarithm of the odds of a probability."""
    return float(np.log(probability / (1 - probability)))


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A logistic curve over what two texts have in common.

    Parameters
    ----------
    intercept, margin, overlap, lexical
        Coefficients, in nats.
    """

    intercept: float
    margin: float
    overlap: float
    lexical: float

    def probability(self, margin: Floats, overlap: Floats, lexical: Floats) -> Floats:
        """Return the probability of "same message" for each pair.

        Parameters
        ----------
        margin
            Cosine less the mean background of both texts, shape (m,).
        overlap
            Weighted share of the shorter text that stands in the longer one, shape (m,).
        lexical
            Edit ratio, shape (m,).

        Returns
        -------
        ndarray of shape (m,), float64
            Probabilities.
        """
        logit = self.logit(margin, overlap, lexical)
        result: Floats = 1.0 / (1.0 + np.exp(-np.clip(logit, -50, 50)))
        return result

    def logit(self, margin: Floats, overlap: Floats, lexical: Floats) -> Floats:
        """Return the logarithm of the odds of "same message" for each pair.

        Parameters
        ----------
        margin, overlap, lexical
            As for `probability`.

        Returns
        -------
        ndarray of shape (m,), float64
            Nats.
        """
        sides = self.intercept + self.margin * margin
        return sides + self.overlap * overlap + self.lexical * lexical

    def lowest_margin(self, probability: float) -> float:
        """Return the margin below which no pair reaches a probability, whatever its wording.

        Parameters
        ----------
        probability
            The probability to reach, in (0, 1).

        Returns
        -------
        float
            A difference of cosines.
        """
        logit = logit_of(probability)
        best = max(self.overlap, 0.0) + max(self.lexical, 0.0)
        return float((logit - self.intercept - best) / self.margin)


@dataclass(frozen=True, kw_only=True)
class LinkCalibration:
    """The curves of one embedding model.

    Parameters
    ----------
    calibrated_for
        Identity of the model whose cosines the curves were learned on.
    curves
        For ``near``, ``reworded`` and ``translated``.
    """

    calibrated_for: str
    curves: Mapping[str, Curve]


def shipped_card(model_id: str) -> Path | None:
    """Return the shipped card of a model, or None when nobody calibrated it.

    Parameters
    ----------
    model_id
        Name, revision and precision of the model that made the vectors.

    Returns
    -------
    Path or None
        A card whose ``calibrated_for`` is the model.
    """
    for path in sorted(model_file("links").glob("*.json")):
        if load_calibration(path).calibrated_for == model_id:
            return path
    return None


def load_calibration(path: Path | str | None = None) -> LinkCalibration:
    """Load the shipped calibration or one from a path.

    Parameters
    ----------
    path
        A JSON card; the shipped one by default.

    Returns
    -------
    LinkCalibration
        The curves.

    Raises
    ------
    ModelError
        When the file is not a calibration card.
    """
    path = Path(path) if path else model_file("links", "e5-small-offline.json")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        curves = {
            kind: Curve(
                intercept=float(card["curves"][kind]["intercept"]),
                margin=float(card["curves"][kind]["margin"]),
                overlap=float(card["curves"][kind]["overlap"]),
                lexical=float(card["curves"][kind]["lexical"]),
            )
            for kind in ("near", "reworded", "translated")
        }
        return LinkCalibration(calibrated_for=str(card["calibrated_for"]), curves=curves)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} is not a link calibration: {error!r}"
        raise ModelError(msg) from error
