"""The score by cards that never saw one kind of campaign."""

from __future__ import annotations

import runpy
import sys
from functools import lru_cache
from typing import Any

import pandas as pd
from filelock import FileLock

import disinfo
from benchmarks.cache import cache_folder
from benchmarks.provenance import ROOT, code_digest
from benchmarks.systems.groups import detected
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.scoring import ScorecardScore
from disinfo.stages import GROUPS, Findings

_BUILD = ROOT / "models" / "scorecard" / "build.py"
_LIKELY = "likely inauthentic"
_ADDED = ("prior", "calibration")


@lru_cache(maxsize=1)
def _script() -> dict[str, Any]:
    # As for a script: what it imports lies beside it.
    beside = str(_BUILD.parent)
    sys.path.append(beside)
    try:
        return runpy.run_path(str(_BUILD))
    finally:
        sys.path.remove(beside)


def kinds() -> tuple[str, ...]:
    """Return the kinds of campaign that cards can be made without."""
    found: tuple[str, ...] = runpy.run_path(str(_BUILD.with_name("worlds.py")))["CAMPAIGNS"]
    return found


@lru_cache(maxsize=16)
def _score_without(kind: str) -> ScorecardScore:
    """Return the score stage with a card learned from all groups but those of a kind.

    Cards are kept for this code: learning them takes longer than asking them.
    """
    build = _script()
    if not build["GROUPS"].exists():
        msg = "models/scorecard/groups.csv is absent: no card can be learned"
        raise AbsentError(msg)
    kept = cache_folder(f"cards/{code_digest()}") / f"{kind}.json"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            groups = pd.read_csv(build["GROUPS"])
            card = build["card_of"](groups[groups["kind"] != kind], n_bootstrap=40)
            part = kept.with_suffix(".part")
            card.save(part)
            part.replace(kept)
    return ScorecardScore(scorecard=kept)


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
