"""The two long tables of a page: narratives, and accounts that are members of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from disinfo.charts.timeline import sparklines
from disinfo.report.cards import Card, number_or_none
from disinfo.report.overview import verdict_class, verdict_words
from disinfo.report.source import Source
from disinfo.report.words import Words
from disinfo.text.display import display

MOST_NARRATIVES = 200
MOST_ACCOUNTS = 500

Row = TypeVar("Row")


@dataclass(frozen=True)
class NarrativeRow:
    """One narrative; `campaigns` are the numbers of those that push it.

    `says` is what most accounts of the first of them posted, `n_of_groups` counts posts of any
    campaign.
    """

    narrative_id: str
    label: str
    keywords: str
    says: str
    spoken: str
    n_posts: int
    n_of_groups: int
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


def list_narratives(source: Source, cards: Sequence[Card]) -> Listing[NarrativeRow]:
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
    posts = source.campaign_posts.drop_duplicates("post_id")
    of_groups = posts["narrative_id"].value_counts()
    told = {story.narrative_id: story for card in reversed(cards) for story in card.stories}
    rows = tuple(
        NarrativeRow(
            narrative_id=display(row["narrative_id"]),
            label=display(row["label"], limit=200),
            keywords=display(_beyond(row["label"], row["keywords"]), limit=160),
            says=told[shown_id].says if (shown_id := display(row["narrative_id"])) in told else "",
            spoken=told[shown_id].language if shown_id in told else "",
            n_posts=int(row["n_posts"]),
            n_of_groups=int(of_groups.get(row["narrative_id"], 0)),
            n_accounts=int(row["n_accounts"]),
            languages=languages.get(str(row["narrative_id"]), ""),
            coherence=float(row["coherence"]),
            counts=tuple(counts[str(row["narrative_id"])]),
            campaigns=tuple(pushed.get(str(row["narrative_id"]), ())),
        )
        for row in shown.to_dict("records")
    )
    return Listing(rows, len(table))


def _beyond(label: str, keywords: Sequence[str]) -> str:
    """Return the keywords that the label does not name already."""
    named = set(str(label).split(", "))
    return ", ".join(word for word in keywords if word not in named)


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
