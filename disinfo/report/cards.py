"""One record a campaign: everything that its card shows, as text and counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from disinfo.charts.timeline import Timeline, count_over_time
from disinfo.charts.waterfall import Waterfall, build_waterfall
from disinfo.disarm import Suggestion, suggest_techniques
from disinfo.report.changes import Change, what_would_change
from disinfo.report.elsewhere import Reading, read_elsewhere
from disinfo.report.exhibits import Post, Quotes, listed_posts, quoted_posts
from disinfo.report.overview import verdict_class, verdict_words
from disinfo.report.pushed import ObjectGroup, Sighting, first_sightings, pushed_objects
from disinfo.report.source import Source
from disinfo.report.stories import Story, tell_stories
from disinfo.report.words import Words
from disinfo.text.display import display

MOST_CARDS = 40
MOST_MEMBERS = 100
MOST_POSTS_PER_PAGE, MOST_POSTS_PER_CARD = 1200, 100


@dataclass(frozen=True)
class Member:
    """An account of a campaign; `handle` is empty where the data have none."""

    account: str
    handle: str
    strength: float
    dedication: float
    n_campaign_posts: int
    n_posts: int | None
    probability: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Card:
    """Everything shown of one campaign. `n_*` say how many there are, the tuples what is shown."""

    number: int
    campaign_id: str
    verdict: str
    verdict_class: str
    statement: str
    probability: float | None
    low: float | None
    high: float | None
    p: float
    q: float
    lookalike: str
    waterfall: Waterfall
    timeline: Timeline | None
    members: tuple[Member, ...]
    n_members: int
    stories: tuple[Story, ...]
    readings: tuple[Reading, ...]
    techniques: tuple[Suggestion, ...]
    objects: tuple[ObjectGroup, ...]
    path: tuple[Sighting, ...]
    quotes: Quotes
    posts: tuple[Post, ...]
    n_posts: int
    changes: tuple[Change, ...]


def build_cards(source: Source, words: Words) -> list[Card]:
    """Return the cards of the most suspicious campaigns.

    Parameters
    ----------
    source
        The page's tables.
    words
        The page's language.

    Returns
    -------
    list of Card
        At most `MOST_CARDS`, in the order of ``source.campaigns``. The share of posts listed on
        each shrinks as there are more of them, so that a page stays small.
    """
    rows = source.campaigns.head(MOST_CARDS).to_dict("records")
    share = MOST_POSTS_PER_PAGE // max(1, len(rows))
    n_listed = max(20, min(MOST_POSTS_PER_CARD, share))
    return [
        _card(i + 1, {str(key): value for key, value in row.items()}, source, words, n_listed)
        for i, row in enumerate(rows)
    ]


def _card(number: int, row: dict[str, object], source: Source, words: Words, n_listed: int) -> Card:
    campaign = str(row["campaign_id"])
    posts = _of(source.campaign_posts, campaign)
    members = _of(source.members, campaign)
    evidence = source.evidence[source.evidence["subject_id"] == campaign]
    narratives = [str(name) for name in row["narratives"]]  # type: ignore[attr-defined]
    fall = build_waterfall(
        evidence,
        prevalence=number_or_none(source.manifest.get("prevalence")),
        probability=number_or_none(row["probability"]),
    )
    lookalike = row["lookalike"] if isinstance(row["lookalike"], str) else ""
    return Card(
        number=number,
        campaign_id=display(campaign),
        verdict=verdict_words(str(row["verdict"]), words),
        verdict_class=verdict_class(str(row["verdict"])),
        statement=_statement(row, posts, words),
        probability=number_or_none(row["probability"]),
        low=number_or_none(row["low"]),
        high=number_or_none(row["high"]),
        p=float(str(row["p"])),
        q=float(str(row["q"])),
        lookalike=lookalike,
        waterfall=fall,
        timeline=count_over_time(posts["created_at"]),
        members=_members(members, posts, source),
        n_members=len(members),
        stories=tell_stories(narratives, posts, source.narratives, words.language),
        readings=read_elsewhere(
            number_or_none(row["probability"]), number_or_none(source.manifest.get("prevalence"))
        ),
        techniques=suggest_techniques(
            evidence,
            [str(layer) for layer in row["layers"]],  # type: ignore[attr-defined]
            posts["platform"].dropna().unique(),
        ),
        objects=pushed_objects(_of(source.campaign_objects, campaign), posts, source),
        path=first_sightings(source.first_seen, narratives),
        quotes=quoted_posts(posts, source.exhibits[source.exhibits["subject_id"] == campaign]),
        posts=listed_posts(posts, n_listed),
        n_posts=len(posts),
        changes=what_would_change(fall, str(row["verdict"]), lookalike, words),
    )


def _of(frame: pd.DataFrame, campaign: str) -> pd.DataFrame:
    return frame[frame["campaign_id"] == campaign]


def number_or_none(value: object) -> float | None:
    """Return a number of a table as a float, None where it is missing."""
    number = float(str(value)) if value is not None and not pd.isna(value) else math.nan
    return number if math.isfinite(number) else None


def _statement(row: dict[str, object], posts: pd.DataFrame, words: Words) -> str:
    """Say in one sentence who did how much of what."""
    times = posts["created_at"].dropna()
    layers = [words.named("layer", str(layer)) for layer in row["layers"]]  # type: ignore[attr-defined]
    parts = [
        words(
            "card.who",
            accounts=words.count("unit.account", int(str(row["n_accounts"]))),
            posts=words.count("unit.post", int(str(row["n_posts"]))),
        )
    ]
    languages = posts["language"].dropna().nunique()
    if languages > 1:
        parts.append(words.count("card.languages", languages))
    if len(times):
        parts.append(
            words("card.when", start=f"{times.min():%Y-%m-%d}", end=f"{times.max():%Y-%m-%d}")
        )
    sentence = ", ".join(parts) + "."
    if layers:
        window = words.duration(float(str(row["window_s"])))
        sentence += " " + words("card.how", layers=", ".join(layers), window=window)
    return sentence


def _members(members: pd.DataFrame, posts: pd.DataFrame, source: Source) -> tuple[Member, ...]:
    accounts = source.accounts.set_index("account_id")
    counts = posts.groupby("account_id").size()
    handles = posts.dropna(subset="account_handle").groupby("account_id")["account_handle"].first()
    shown = members.sort_values(["strength", "account_id"], ascending=[False, True])
    out = []
    for row in shown.head(MOST_MEMBERS).to_dict("records"):
        name = row["account_id"]
        known = accounts.loc[name].to_dict() if name in accounts.index else {}
        out.append(
            Member(
                account=display(name),
                handle=display(handles.get(name, "")),
                strength=float(row["strength"]),
                dedication=float(row["dedication"]),
                n_campaign_posts=int(counts.get(name, 0)),
                n_posts=int(known["n_posts"]) if known else None,
                probability=number_or_none(known.get("probability")),
                low=number_or_none(known.get("low")),
                high=number_or_none(known.get("high")),
            )
        )
    return tuple(out)
