"""The score stage: bits for the evidence, probabilities and verdicts for campaigns and accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.distinct import counted_texts
from disinfo.errors import ParameterError, outside_unit_interval, raise_all
from disinfo.schema import Table
from disinfo.scoring.scorecard import Scorecard, load_scorecard
from disinfo.stages import Findings

LIKELY = "likely inauthentic"
LOOKS_LIKE = "coordinated, looks like {}"
UNCLEAR = "coordinated, unclear"
INSUFFICIENT = "insufficient data"
NO_FINDING = "no finding"

_CAMPAIGN = "campaign"
# 90 % of a normal distribution lies within so many standard errors.
_Z90 = 1.6449
_LN2 = float(np.log(2))


@dataclass(frozen=True, kw_only=True)
class ScorecardScore:
    """Score campaigns with a scorecard, and accounts as their members (built-in `Score` stage).

    Parameters
    ----------
    prevalence
        The user's own estimate of how many coordinated groups like those found are inauthentic,
        before looking at them; in (0, 1). It sets the prior and is printed with every result.
    likely_from
        Lowest probability for the verdict "likely inauthentic"; the lower end of the interval must
        be above one half as well.
    min_posts, min_signals
        A campaign with fewer shared posts, or fewer signals that could be measured, gets the
        verdict "insufficient data" and no probability.
    max_width
        A wider interval is "insufficient data" too.
    scorecard
        Path of a scorecard; the shipped one by default.

    Raises
    ------
    ParameterError
        When a parameter is out of its range.

    Notes
    -----
    The shipped card is learned on simulated campaigns and twins; it knows the kinds of innocent
    coordination that were simulated and no others. An account's probability is its campaign's,
    lowered by the doubt about its membership; an account in no campaign gets none.
    """

    prevalence: float = 0.2
    likely_from: float = 0.8
    min_posts: int = 6
    min_signals: int = 4
    max_width: float = 0.8
    scorecard: Path | str | None = None
    _card: Scorecard = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = outside_unit_interval(
            prevalence=self.prevalence, likely_from=self.likely_from, max_width=self.max_width
        )
        if self.min_posts < 1 or self.min_signals < 1:
            problems.append("min_posts and min_signals must be positive")
        raise_all(problems, ParameterError, "ScorecardScore")
        object.__setattr__(self, "_card", load_scorecard(self.scorecard))

    @property
    def lookalikes(self) -> tuple[str, ...]:
        """The benign kinds of group that campaigns are compared with."""
        return tuple(sorted(set(self._card.profiles) - {_CAMPAIGN}))

    def __call__(self, findings: Findings, evidence: pd.DataFrame, /) -> dict[str, pd.DataFrame]:
        """Return `campaigns`, `accounts` and the completed `evidence`."""
        weighed, errors = self._weigh(evidence)
        rows, scores = [], []
        for group in findings.groups.itertuples():
            own = weighed["subject"].eq(_CAMPAIGN) & weighed["subject_id"].eq(group.campaign_id)
            score, added = self._campaign(findings, group, weighed[own], errors[own])
            scores.append(score)
            rows.extend(added)
        campaigns = _table(tables.CAMPAIGNS, scores)
        accounts, of_members = _accounts(findings, campaigns)
        completed = pd.concat(
            [weighed, _table(tables.EVIDENCE, rows), _table(tables.EVIDENCE, of_members)],
            ignore_index=True,
        )
        return {
            "campaigns": campaigns,
            "accounts": accounts,
            "evidence": tables.EVIDENCE.check(completed),
        }

    def _weigh(self, evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
        """Fill in the bits of the signals that the card knows; others keep their own."""
        bits, errors = [], []
        for row in evidence.itertuples():
            steps = self._card.signals.get(row.signal)
            found = (float(row.bits), 0.0)
            if row.status == "missing":
                found = (0.0, 0.0)
            elif steps is not None and row.subject == _CAMPAIGN:
                found = steps.at(float(row.value))
            bits.append(found[0])
            errors.append(found[1])
        return evidence.assign(bits=bits), pd.Series(errors, evidence.index, dtype="float64")

    def _campaign(
        self, findings: Findings, group: object, own: pd.DataFrame, errors: pd.Series
    ) -> tuple[dict[str, object], list[dict[str, object]]]:
        """Return one campaign's row and the evidence rows that complete its sum."""
        campaign_id: str = group.campaign_id  # type: ignore[attr-defined]
        members = findings.members[findings.members["campaign_id"] == campaign_id]
        objects = findings.campaign_objects[findings.campaign_objects["campaign_id"] == campaign_id]
        posts = findings.posts[findings.posts["post_id"].isin(objects["post_id"])]
        prior = float(np.log2(self.prevalence / (1 - self.prevalence)))
        signals = float(own["bits"].sum())
        measured = set(own.loc[own["status"] == "ok", "signal"])
        calibration = self._card.calibration_for(measured)
        correction = calibration.intercept + (calibration.slope - 1) * signals
        log_odds = prior + signals + correction
        spread = _Z90 * calibration.slope * float(np.sqrt((errors**2).sum()))
        # Two doubts: how well the card knows its weights, and how groups like this one turned out.
        bracket = [prior + bits for bits in calibration.bracket(log_odds - prior)]
        probability = _logistic(log_odds)
        low = _logistic(min(log_odds - spread, bracket[0]))
        high = _logistic(max(log_odds + spread, bracket[1]))
        # A signal that the card does not know, and that brings no bits of its own, tells nothing.
        weighs = own["signal"].isin(list(self._card.signals)) | (own["bits"] != 0)
        n_measured = int((weighs & (own["status"] == "ok")).sum())
        narratives = posts["narrative_id"].dropna() if "narrative_id" in posts else []
        scarce = len(posts) < self.min_posts or n_measured < self.min_signals
        lookalike = self._lookalike(own)
        verdict = self._verdict(probability, low, lookalike)
        if scarce or high - low > self.max_width:
            verdict, probability, low, high = INSUFFICIENT, np.nan, np.nan, np.nan
        score = {
            "campaign_id": campaign_id,
            "n_accounts": len(members),
            "n_posts": len(posts),
            "narratives": sorted(set(narratives)),
            "layers": group.layers,  # type: ignore[attr-defined]
            "window_s": group.window_s,  # type: ignore[attr-defined]
            "p": group.p,  # type: ignore[attr-defined]
            "q": group.q,  # type: ignore[attr-defined]
            "probability": probability,
            "low": low,
            "high": high,
            "verdict": verdict,
            "lookalike": lookalike,
        }
        return score, [
            _row(campaign_id, "prior", self.prevalence, prior,
                 f"stated prevalence: {self.prevalence:.0%} of groups like these are inauthentic"),
            _row(campaign_id, "calibration", None, correction,
                 "correction learned on kinds of campaign that the card had not seen"),
        ]  # fmt: skip

    def _verdict(self, probability: float, low: float, lookalike: str | None) -> str:
        if probability >= self.likely_from and low > 0.5:
            return LIKELY
        if lookalike is not None and probability < 0.5:
            return LOOKS_LIKE.format(lookalike)
        return UNCLEAR

    def _lookalike(self, own: pd.DataFrame) -> str | None:
        """Return the benign kind whose profile fits better than a campaign's, if any does."""
        fit: dict[str, float] = {}
        for kind, profile in self._card.profiles.items():
            fit[kind] = 0.0
            for row in own[own["status"] == "ok"].itertuples():
                steps = self._card.signals.get(row.signal)
                if steps is not None and not pd.isna(row.value):
                    place = int(np.searchsorted(steps.edges, row.value, side="right"))
                    fit[kind] += float(np.log(profile[row.signal][place]))
        best = max(sorted(fit), key=lambda kind: fit[kind])
        return None if best == _CAMPAIGN else best


def _logistic(bits: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(bits * _LN2, -500, 500))))


def _row(
    campaign_id: str, signal: str, value: float | None, bits: float, because: str,
    *, subject: str = _CAMPAIGN,
) -> dict[str, object]:  # fmt: skip
    return {
        "subject": subject, "subject_id": campaign_id, "signal": signal, "value": value,
        "bits": bits, "because": because, "status": "ok",
    }  # fmt: skip


def _table(table: Table, rows: list[dict[str, object]]) -> pd.DataFrame:
    return table.check(pd.DataFrame(rows)) if rows else table.empty()


def _accounts(
    findings: Findings, campaigns: pd.DataFrame
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Score every account: as a member of its most probable campaign, or not at all."""
    names, counts = counted_texts(findings.posts["account_id"])
    joined = findings.members.merge(
        campaigns[["campaign_id", "probability", "low", "high", "verdict"]], on="campaign_id"
    )
    ordered = joined.sort_values(
        ["account_id", "probability", "strength", "campaign_id"],
        ascending=[True, False, False, True],
        na_position="last",
        kind="stable",
    )
    main = ordered.drop_duplicates("account_id")
    # Even odds before looking that a candidate's account belongs: e / (1 + e) afterwards.
    belongs = 1 / (1 + np.exp2(-main["strength"].clip(-60, 60)))
    scored = main.assign(**{name: main[name] * belongs for name in ("probability", "low", "high")})
    rows: list[dict[str, object]] = []
    for row, before in zip(scored.itertuples(), main["probability"], strict=True):
        if pd.isna(row.probability):
            continue
        whole, own = _bits(before), _bits(row.probability)
        rows.append(
            _row(row.account_id, "campaign", before, whole, f"member of {row.campaign_id}",
                 subject="account")
        )  # fmt: skip
        because = f"its own actions support membership with {row.strength:.1f} bits"
        rows.append(
            _row(row.account_id, "membership", row.strength, own - whole, because,
                 subject="account")
        )  # fmt: skip
    accounts = pd.DataFrame({"account_id": names, "n_posts": counts})
    columns = ["account_id", "probability", "low", "high", "campaign_id", "verdict"]
    accounts = accounts.merge(scored[columns], on="account_id", how="left")
    accounts["verdict"] = accounts["verdict"].fillna(NO_FINDING)
    return tables.ACCOUNTS.check(accounts), rows


def _bits(probability: float) -> float:
    clipped = float(np.clip(probability, 1e-12, 1 - 1e-12))
    return float(np.log2(clipped / (1 - clipped)))
