"""From evidence to probability: an additive scorecard, calibrated, with intervals and verdicts."""

from disinfo.scoring.score import ScorecardScore
from disinfo.scoring.scorecard import Scorecard, fit_scorecard, load_scorecard

__all__ = ["Scorecard", "ScorecardScore", "fit_scorecard", "load_scorecard"]
