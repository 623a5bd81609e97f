"""What platforms for threat information are told about each campaign, in words and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from disinfo.disarm import Suggestion, suggest_techniques
from disinfo.result import Result
from disinfo.text.display import display

LIKELY = "likely inauthentic"
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")
CAUTION = (
    "Coordination and inauthenticity are two statements. The probability is that of "
    "inauthenticity given the evidence and the stated prevalence; nothing here says who owns an "
    "account, what they wanted, or who organised it."
)


@dataclass(frozen=True)
class Account:
    """A member of a campaign, as platforms know accounts."""

    account_id: str
    platform: str
    handle: str
    strength: float


@dataclass(frozen=True)
class Narrative:
    """A story that a campaign pushes."""

    narrative_id: str
    label: str
    summary: str


@dataclass(frozen=True)
class Finding:
    """One campaign called likely inauthentic, with all that is exported of it."""

    campaign_id: str
    summary: str
    evidence: str
    probability: float
    first_seen: pd.Timestamp
    last_seen: pd.Timestamp
    accounts: tuple[Account, ...]
    narratives: tuple[Narrative, ...]
    techniques: tuple[Suggestion, ...]


def likely_findings(result: Result) -> list[Finding]:
    """Return the campaigns called likely inauthentic, in the order of the result."""
    likely = result.campaigns[result.campaigns["verdict"] == LIKELY]
    return [_finding(row, result) for row in likely.to_dict("records")]


def left_out(result: Result) -> str:
    """Say how many groups were found and are not exported."""
    n = int((result.campaigns["verdict"] != LIKELY).sum())
    return (
        f"{n} further coordinated group(s) were found and are left out, since they are not called "
        f"{LIKELY}."
    )


def settings(result: Result) -> str:
    """Return the settings that a finding depends on, in one line."""
    manifest = result.manifest
    return (
        f"disinfo {manifest.get('version', '')}, false discovery rate {manifest.get('alpha')}, "
        f"prevalence {manifest.get('prevalence')}, seed {manifest.get('seed')}"
    )


def input_name(result: Result) -> str:
    """Return the name of the input without its folder, which may hold a person's name."""
    name = str(result.manifest.get("created_from") or "")
    return display(name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1], limit=120) or "posts"


def last_time(result: Result) -> pd.Timestamp:
    """Return the time of the last post.

    It stands for the time of the result: the same result gives the same file, and a result on
    later posts a later one.
    """
    times = result.posts["created_at"].dropna()
    return times.max() if len(times) else EPOCH


def _finding(row: dict[str, Any], result: Result) -> Finding:
    campaign = str(row["campaign_id"])
    objects = result.campaign_objects[result.campaign_objects["campaign_id"] == campaign]
    posts = result.posts[result.posts["post_id"].isin(objects["post_id"])]
    times = posts["created_at"].dropna()
    evidence = result.evidence[
        (result.evidence["subject"] == "campaign") & (result.evidence["subject_id"] == campaign)
    ]
    platforms = posts["platform"].dropna().unique() if "platform" in posts else ()
    return Finding(
        campaign_id=campaign,
        summary=(
            f"{row['n_accounts']} accounts, {row['n_posts']} posts. Verdict: {row['verdict']}, "
            f"probability {row['probability']:.2f} (90 % interval {row['low']:.2f} to "
            f"{row['high']:.2f}); q {row['q']:.2g}. Shared: {', '.join(row['layers'])}. {CAUTION}"
        ),
        evidence="\n".join(_lines(evidence)),
        probability=float(row["probability"]),
        first_seen=times.min() if len(times) else EPOCH,
        last_seen=times.max() if len(times) else EPOCH,
        accounts=tuple(_accounts(campaign, result)),
        narratives=tuple(_narratives(row["narratives"], result)),
        techniques=suggest_techniques(evidence, row["layers"], platforms),
    )


def _lines(evidence: pd.DataFrame) -> Iterator[str]:
    for row in evidence.sort_values(["bits", "signal"], ascending=[False, True]).to_dict("records"):
        yield f"{row['signal']}: {row['bits']:+.1f} bits, {display(row['because'])}"


def _accounts(campaign: str, result: Result) -> Iterator[Account]:
    members = result.members[result.members["campaign_id"] == campaign]
    posts = result.posts[result.posts["account_id"].isin(members["account_id"])]
    known = posts.reindex(columns=["account_id", "platform", "account_handle"])
    first = known.groupby("account_id")[["platform", "account_handle"]].first()
    for row in members.to_dict("records"):
        name = str(row["account_id"])
        seen = (
            first.loc[name] if name in first.index else {"platform": None, "account_handle": None}
        )
        yield Account(
            account_id=name,
            platform=_text(seen["platform"]),
            handle=_text(seen["account_handle"]),
            strength=float(row["strength"]),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _narratives(names: list[str], result: Result) -> Iterator[Narrative]:
    known = result.narratives.set_index("narrative_id")
    texts = result.texts.set_index("text_id")["text"]
    for name in names:
        if name in known.index:
            row = known.loc[name]
            text = display(texts.get(row["medoid_text_id"], ""), limit=1000)
            label = display(row["label"], limit=200) or name
            yield Narrative(name, label, f"Typical post: {text}" if text else label)
