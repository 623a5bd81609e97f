"""The two long tables of a page: narratives, and accounts that are members of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from disinfo.charts.timeline import sparklines
from disinfo.report.cards import number_or_none
from disinfo.report.overview import verdict_class, verdict_words
from disinfo.report.source import Source
from disinfo.report.words import Words
from disinfo.text.display import display

MOST_NARRATIVES = 200
MOST_ACCOUNTS = 500

Row = TypeVar("Row")


@dataclass(frozen=True)
class NarrativeRow:
    """One narrative; `campaigns` are the numbers of those that push it."""

    narrative_id: str
    label: str
    keywords: str
    n_posts: int
    n_accounts: int
    languages: str
    coherence: float
    counts: tuple[int, ...]
    campaigns: tuple[int, ...]


@dataclass(frozen=True)
class AccountRow:
    """One member of one campaign."""

    account: str
    campaign: int
    campaign_id: str
    verdict: str
    verdict_class: str
    probability: float | None
    low: float | None
    high: float | None
    strength: float
    dedication: float
    n_posts: int | None


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """Rows shown, and how many there are."""

    rows: tuple[Row, ...]
    n: int


def list_narratives(source: Source) -> Listing[NarrativeRow]:
    """Return narratives: those of campaigns first, then by number of posts."""
    pushed: dict[str, list[int]] = {}
    for number, names in enumerate(source.campaigns["narratives"], start=1):
        for name in names:
            pushed.setdefault(str(name), []).append(number)
    table = source.narratives
    first = table["narrative_id"].isin(list(pushed))
    ordered = table.assign(_first=~first).sort_values(
        ["_first", "n_posts", "narrative_id"], ascending=[True, False, True]
    )
    shown = ordered.head(MOST_NARRATIVES)
    names = [str(name) for name in shown["narrative_id"]]
    counts = sparklines(source.posts, names, column="narrative_id")
    languages = _languages(source, names)
    rows = tuple(
        NarrativeRow(
            narrative_id=display(row["narrative_id"]),
            label=display(row["label"], limit=200),
            keywords=display(", ".join(row["keywords"]), limit=160),
            n_posts=int(row["n_posts"]),
            n_accounts=int(row["n_accounts"]),
            languages=languages.get(str(row["narrative_id"]), ""),
            coherence=float(row["coherence"]),
            counts=tuple(counts[str(row["narrative_id"])]),
            campaigns=tuple(pushed.get(str(row["narrative_id"]), ())),
        )
        for row in shown.to_dict("records")
    )
    return Listing(rows, len(table))


def _languages(source: Source, names: list[str]) -> dict[str, str]:
    """Return the languages of each narrative, most posts first."""
    members = source.membership[source.membership["narrative_id"].isin(names)]
    texts = members.merge(source.texts[["text_id", "language", "n_posts"]], on="text_id")
    counted = texts.groupby(["narrative_id", "language"])["n_posts"].sum().reset_index()
    counted = counted.sort_values(["n_posts", "language"], ascending=[False, True])
    joined = counted.groupby("narrative_id")["language"].agg(", ".join)
    return {str(name): display(value, limit=60) for name, value in joined.items()}


def list_accounts(source: Source, words: Words) -> Listing[AccountRow]:
    """Return members of campaigns, in the order of campaigns, then by strength."""
    order = pd.Series(
        range(1, len(source.campaigns) + 1), index=source.campaigns["campaign_id"], dtype="int64"
    )
    members = source.members[source.members["campaign_id"].isin(order.index)]
    merged = members.merge(source.accounts.drop(columns="campaign_id"), on="account_id", how="left")
    ordered = merged.assign(_at=merged["campaign_id"].map(order)).sort_values(
        ["_at", "strength", "account_id"], ascending=[True, False, True]
    )
    rows = tuple(
        AccountRow(
            account=display(row["account_id"], limit=80),
            campaign=int(row["_at"]),
            campaign_id=display(row["campaign_id"]),
            verdict=verdict_words(row["verdict"], words) if isinstance(row["verdict"], str) else "",
            verdict_class=verdict_class(str(row["verdict"])),
            probability=number_or_none(row["probability"]),
            low=number_or_none(row["low"]),
            high=number_or_none(row["high"]),
            strength=float(row["strength"]),
            dedication=float(row["dedication"]),
            n_posts=None if pd.isna(row["n_posts"]) else int(row["n_posts"]),
        )
        for row in ordered.head(MOST_ACCOUNTS).to_dict("records")
    )
    return Listing(rows, len(ordered))
