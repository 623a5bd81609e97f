"""What a campaign acted on together, and where its stories were first seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from disinfo.report.source import Source
from disinfo.text.display import display

MOST_OBJECTS = 12
_SLOT = re.compile(r"@\d{4}-\d\d-\d\d(?:T[\d:]{2,8})?$")


@dataclass(frozen=True)
class PushedObject:
    """A link, a hashtag, a message: its id, a text that explains it, and who acted on it."""

    object_id: str
    says: str
    n_posts: int
    n_accounts: int


@dataclass(frozen=True)
class ObjectGroup:
    """The objects of one kind, most pushed first; `n` counts all, the tuple is what is shown."""

    kind: str
    objects: tuple[PushedObject, ...]
    n: int


@dataclass(frozen=True)
class Sighting:
    """The first post of a narrative in one language on one platform.

    `delay_s` counts from the first sighting of all, seconds.
    """

    language: str
    platform: str
    at: pd.Timestamp
    delay_s: float


def pushed_objects(
    objects: pd.DataFrame, posts: pd.DataFrame, source: Source
) -> tuple[ObjectGroup, ...]:
    """Count a campaign's objects by kind.

    Parameters
    ----------
    objects
        The campaign's rows of `campaign_objects`.
    posts
        The campaign's posts.
    source
        The page's tables, to say what a family or a narrative is about.

    Returns
    -------
    tuple of ObjectGroup
        One a kind. The time slots of one object are counted together.
    """
    if objects.empty:
        return ()
    account_of = posts.drop_duplicates("post_id").set_index("post_id")["account_id"]
    whole = objects.assign(
        object_id=[_SLOT.sub("", value) for value in objects["object_id"]],
        account_id=objects["post_id"].map(account_of),
    )
    counted = (
        whole.groupby(["kind", "object_id"])
        .agg(n_posts=("post_id", "nunique"), n_accounts=("account_id", "nunique"))
        .reset_index()
        .sort_values(
            ["kind", "n_accounts", "n_posts", "object_id"], ascending=[True, False, False, True]
        )
    )
    says = _meanings(source)
    groups = []
    for kind, rows in counted.groupby("kind"):
        shown = tuple(
            PushedObject(
                display(row["object_id"], limit=160),
                display(says.get((str(kind), row["object_id"]), ""), limit=160),
                int(row["n_posts"]),
                int(row["n_accounts"]),
            )
            for row in rows.head(MOST_OBJECTS).to_dict("records")
        )
        groups.append(ObjectGroup(display(kind), shown, len(rows)))
    return tuple(groups)


def _meanings(source: Source) -> dict[tuple[str, str], str]:
    text = source.texts.set_index("text_id")["text"]
    medoids = source.families.set_index("family_id")["medoid_text_id"].map(text)
    labels = source.narratives.set_index("narrative_id")["label"]
    return {("family", str(k)): v for k, v in medoids.items()} | {
        ("narrative", str(k)): v for k, v in labels.items()
    }


def first_sightings(first_seen: pd.DataFrame, narratives: list[str]) -> tuple[Sighting, ...]:
    """Return the path of a campaign's narratives over languages and platforms, oldest first."""
    rows = first_seen[first_seen["narrative_id"].isin(narratives) & first_seen["at"].notna()]
    rows = rows.sort_values(["at", "language", "platform"]).drop_duplicates(
        ["language", "platform"]
    )
    return tuple(
        Sighting(
            language=display(row["language"], limit=20),
            platform=display(row["platform"], limit=40),
            at=row["at"],
            delay_s=(row["at"] - rows["at"].iloc[0]).total_seconds(),
        )
        for row in rows.to_dict("records")
    )
