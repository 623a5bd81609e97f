"""From evidence to probability: an additive scorecard, calibrated, with intervals and verdicts."""

from disinfo.scoring.learning import fit_scorecard
from disinfo.scoring.score import ScorecardScore
from disinfo.scoring.scorecard import Scorecard, load_scorecard

__all__ = ["Scorecard", "ScorecardScore", "fit_scorecard", "load_scorecard"]
