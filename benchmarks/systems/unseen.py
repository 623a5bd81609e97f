"""The score by cards that never saw one kind of campaign."""

from __future__ import annotations

import runpy
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

import disinfo
from benchmarks.provenance import ROOT
from benchmarks.systems.groups import detected
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.scoring import ScorecardScore
from disinfo.stages import GROUPS, Findings

_BUILD = ROOT / "models" / "scorecard" / "build.py"
_LIKELY = "likely inauthentic"
_ADDED = ("prior", "calibration")


@lru_cache(maxsize=1)
def _script() -> dict[str, Any]:
    return runpy.run_path(str(_BUILD))


def kinds() -> tuple[str, ...]:
    """Return the kinds of campaign that cards can be made without."""
    found: tuple[str, ...] = _script()["CAMPAIGNS"]
    return found


@lru_cache(maxsize=16)
def _score_without(kind: str) -> ScorecardScore:
    """Return the score stage with a card learned from all groups but those of a kind."""
    build = _script()
    if not build["GROUPS"].exists():
        msg = "models/scorecard/groups.csv is absent: no card can be learned"
        raise AbsentError(msg)
    groups = pd.read_csv(build["GROUPS"])
    card = build["card_of"](groups[groups["kind"] != kind], n_bootstrap=40)
    with tempfile.TemporaryDirectory() as folder:
        card.save(Path(folder) / "card.json")
        return ScorecardScore(scorecard=Path(folder) / "card.json")


def scored_without(result: disinfo.Result, kind: str) -> pd.DataFrame:
    """Return the campaigns of a result as a card without one kind scores them.

    Parameters
    ----------
    result
        Of `disinfo.detect`.
    kind
        Of campaign.

    Returns
    -------
    DataFrame
        campaign_id, probability, verdict.
    """
    own = result.evidence
    own = own[(own["subject"] == "campaign") & ~own["signal"].isin(_ADDED)]
    findings = Findings(
        posts=result.posts,
        groups=GROUPS.check(result.campaigns[list(GROUPS.columns)]),
        members=result.members,
        campaign_objects=result.campaign_objects,
    )
    campaigns = _score_without(kind)(findings, own)["campaigns"]
    return campaigns[["campaign_id", "probability", "verdict"]]


def _answer(question: Question) -> Answer:
    result = detected(question.table)
    members = result.members.rename(columns={"campaign_id": "group_id"})
    parts = []
    for kind in kinds():
        scored = scored_without(result, kind).rename(columns={"campaign_id": "group_id"})
        scored = scored.assign(without=kind, likely=scored["verdict"] == _LIKELY)
        parts.append(members.merge(scored, on="group_id"))
    return pd.concat(parts, ignore_index=True)


UNSEEN = System(
    name="disinfo: detect, kind of campaign never seen",
    answer=_answer,
    about="The whole job; each campaign is scored by a card that was learned without its kind, and "
    "each benign group by one of these cards in turn.",
)
