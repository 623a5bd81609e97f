"""The schema of every table that stages hand on, and of every table of a result.

Column names are the public vocabulary of the library; see `disinfo.schema` for what a check does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from disinfo.schema import Column, Table


def _str(*, nullable: bool = False, optional: bool = False, values: tuple[str, ...] = ()) -> Column:
    return Column(kind="str", nullable=nullable, optional=optional, values=values)


_TEXT = _str()
_MAYBE_TEXT = _str(nullable=True)
_EXTRA_TEXT = _str(nullable=True, optional=True)
_EXTRA_LIST = Column(kind="list", nullable=True, optional=True)
_TIME = Column(kind="time")
_MAYBE_TIME = Column(kind="time", nullable=True)
_FLOAT = Column(kind="float")
_MAYBE_FLOAT = Column(kind="float", nullable=True)
_INT = Column(kind="int")
_LIST = Column(kind="list")

LINK_KINDS = ("near", "reworded", "translated", "changed", "renamed", "opposed")
# Of these kinds two texts are never one message, and of those not even one story.
APART_KINDS = ("changed", "renamed", "opposed")
OTHER_STORY_KINDS = ("renamed", "opposed")
SUBJECTS = ("post", "account", "narrative", "campaign")

POSTS = Table(
    name="posts",
    columns={
        "post_id": _TEXT,
        "account_id": _MAYBE_TEXT,
        "text": _MAYBE_TEXT,
        "created_at": _MAYBE_TIME,
        "platform": _EXTRA_TEXT,
        "language": _EXTRA_TEXT,
        "urls": _EXTRA_LIST,
        "hashtags": _EXTRA_LIST,
        "mentions": _EXTRA_LIST,
        "repost_of": _EXTRA_TEXT,
        "reply_to": _EXTRA_TEXT,
        "quote_of": _EXTRA_TEXT,
        "conversation_id": _EXTRA_TEXT,
        "media": _EXTRA_LIST,
        "media_hash": _EXTRA_LIST,
        "object_id": _EXTRA_TEXT,
    },
    key=("post_id",),
    extra=True,
)
TEXTS = Table(
    name="texts",
    columns={
        "text_id": _TEXT,
        "text": _TEXT,
        "language": _TEXT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "first_seen": _MAYBE_TIME,
        "marks": Column(kind="list", optional=True),
    },
    key=("text_id",),
)
LINKS = Table(
    name="links",
    columns={
        "text_a": _TEXT,
        "text_b": _TEXT,
        "kind": _str(values=LINK_KINDS),
        "similarity": _FLOAT,
        "lexical_similarity": _FLOAT,
    },
    key=("text_a", "text_b"),
)
FAMILY_MEMBERS = Table(
    name="family_members", columns={"text_id": _TEXT, "family_id": _TEXT}, key=("text_id",)
)
FAMILIES = Table(
    name="families",
    columns={
        "family_id": _TEXT,
        "n_texts": _INT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "density": _FLOAT,
        "medoid_text_id": _TEXT,
        "languages": _LIST,
    },
    key=("family_id",),
)
FAMILY_CENTRES = Table(
    name="family_centres", columns={"family_id": _TEXT}, key=("family_id",), extra=True
)
MEMBERSHIP = Table(
    name="membership",
    columns={
        "text_id": _TEXT,
        "narrative_id": _TEXT,
        "weight": _FLOAT,
        "joined_by": _str(optional=True, values=("words", "marks")),
    },
    key=("text_id", "narrative_id"),
)
NARRATIVES = Table(
    name="narratives",
    columns={
        "narrative_id": _TEXT,
        "topic_id": _TEXT,
        "label": _TEXT,
        "keywords": _LIST,
        "medoid_text_id": _TEXT,
        "n_texts": _INT,
        "n_posts": _INT,
        "n_accounts": _INT,
        "n_languages": _INT,
        "first_seen": _MAYBE_TIME,
        "last_seen": _MAYBE_TIME,
        "coherence": _FLOAT,
        "stability": Column(kind="float", nullable=True, optional=True),
        "weak": Column(kind="bool", optional=True),
    },
    key=("narrative_id",),
)
TOPICS = Table(
    name="topics",
    columns={
        "topic_id": _TEXT,
        "label": _TEXT,
        "n_narratives": _INT,
        "n_posts": _INT,
        "floor": _MAYBE_FLOAT,
    },
    key=("topic_id",),
)
LINEAGE = Table(
    name="lineage",
    columns={
        "kind": _str(values=("narrative", "campaign")),
        "old_id": _MAYBE_TEXT,
        "new_id": _TEXT,
        "event": _str(values=("birth", "merge", "split")),
        "at": _MAYBE_TIME,
    },
)
FIRST_SEEN = Table(
    name="first_seen",
    columns={
        "narrative_id": _TEXT,
        "language": _TEXT,
        "platform": _TEXT,
        "account_id": _MAYBE_TEXT,
        "at": _MAYBE_TIME,
    },
    key=("narrative_id", "language", "platform"),
)
BURSTS = Table(
    name="bursts",
    columns={
        "narrative_id": _TEXT,
        "start": _TIME,
        "end": _TIME,
        "n_accounts": _INT,
        "expected": _FLOAT,
        "p": _FLOAT,
        "q": _FLOAT,
        "half_hours": _FLOAT,
    },
    key=("narrative_id", "start"),
)
ACTIONS = Table(
    name="actions",
    columns={
        "account_id": _TEXT,
        "layer": _TEXT,
        "object_id": _TEXT,
        "created_at": _TIME,
        "post_id": _MAYBE_TEXT,
        "slot": _EXTRA_TEXT,
        "source": _EXTRA_TEXT,
        "language": _EXTRA_TEXT,
    },
)
EDGES = Table(
    name="edges",
    columns={
        "account_a": _TEXT,
        "account_b": _TEXT,
        "layer": _TEXT,
        "window_s": _INT,
        "co_actions": _INT,
        "expected": _FLOAT,
        "surprise_bits": _FLOAT,
        "p": _FLOAT,
        "q": _MAYBE_FLOAT,
        "carrier_layer": _MAYBE_TEXT,
        "carrier_window_s": _MAYBE_FLOAT,
        "lead_share": _MAYBE_FLOAT,
        "median_delay_s": _MAYBE_FLOAT,
    },
    key=("account_a", "account_b", "layer", "window_s"),
)
CAMPAIGNS = Table(
    name="campaigns",
    columns={
        "campaign_id": _TEXT,
        "n_accounts": _INT,
        "n_posts": _INT,
        "narratives": _LIST,
        "layers": _LIST,
        "window_s": _INT,
        "p": _FLOAT,
        "q": _FLOAT,
        "probability": _MAYBE_FLOAT,
        "low": _MAYBE_FLOAT,
        "high": _MAYBE_FLOAT,
        "verdict": _TEXT,
        "lookalike": _MAYBE_TEXT,
    },
    key=("campaign_id",),
)
MEMBERS = Table(
    name="members",
    columns={
        "campaign_id": _TEXT,
        "account_id": _TEXT,
        "strength": _FLOAT,
        "dedication": _FLOAT,
    },
    key=("campaign_id", "account_id"),
)
CAMPAIGN_OBJECTS = Table(
    name="campaign_objects",
    columns={"campaign_id": _TEXT, "kind": _TEXT, "object_id": _TEXT, "post_id": _TEXT},
    key=("campaign_id", "kind", "object_id", "post_id"),
)
ACCOUNTS = Table(
    name="accounts",
    columns={
        "account_id": _TEXT,
        "probability": _MAYBE_FLOAT,
        "low": _MAYBE_FLOAT,
        "high": _MAYBE_FLOAT,
        "n_posts": _INT,
        "campaign_id": _MAYBE_TEXT,
        "verdict": _TEXT,
    },
    key=("account_id",),
)
EVIDENCE = Table(
    name="evidence",
    columns={
        "subject": _str(values=SUBJECTS),
        "subject_id": _TEXT,
        "signal": _TEXT,
        "value": _MAYBE_FLOAT,
        "bits": _FLOAT,
        "because": _TEXT,
        "status": _str(values=("ok", "missing")),
    },
    key=("subject", "subject_id", "signal"),
)
EXHIBITS = Table(
    name="exhibits",
    columns={
        "subject": _str(values=SUBJECTS),
        "subject_id": _TEXT,
        "signal": _TEXT,
        "post_id": _TEXT,
        "rank": _INT,
    },
    key=("subject", "subject_id", "signal", "rank"),
)
NULL_ROUNDS = Table(
    name="null_rounds",
    columns={
        "kind": _str(values=("observed", "shuffled", "swapped")),
        "round": _INT,
        "n_edges": _INT,
        "n_campaigns": _INT,
        "n_accounts": _INT,
        "moved": _FLOAT,
    },
    key=("kind", "round"),
)
CLAIMS = Table(
    name="claims",
    columns={
        "claim_id": _TEXT,
        "text": _TEXT,
        "title": _EXTRA_TEXT,
        "verdict": _EXTRA_TEXT,
        "url": _EXTRA_TEXT,
    },
    key=("claim_id",),
)
CLAIM_MATCHES = Table(
    name="claim_matches",
    columns={
        "text_id": _TEXT,
        "claim_id": _TEXT,
        "rank": _INT,
        "similarity": _FLOAT,
        "direction": _str(values=("repeats", "opposes")),
    },
    key=("text_id", "rank"),
)
NARRATIVE_CLAIMS = Table(
    name="narrative_claims",
    columns={
        "narrative_id": _TEXT,
        "claim_id": _TEXT,
        "rank": _INT,
        "similarity": _FLOAT,
        "direction": _str(values=("repeats", "opposes")),
        "n_texts": _INT,
    },
    key=("narrative_id", "rank"),
)
DROPPED = Table(
    name="dropped",
    columns={"stage": _TEXT, "reason": _TEXT, "n": _INT, "example_id": _MAYBE_TEXT},
    key=("stage", "reason"),
)

ALL: Mapping[str, Table] = {
    table.name: table
    for table in (
        POSTS, TEXTS, LINKS, FAMILIES, FAMILY_MEMBERS, FAMILY_CENTRES, NARRATIVES, MEMBERSHIP,
        TOPICS, LINEAGE, FIRST_SEEN, BURSTS, ACTIONS, EDGES, CAMPAIGNS, MEMBERS, CAMPAIGN_OBJECTS,
        ACCOUNTS, EVIDENCE, EXHIBITS, NULL_ROUNDS, CLAIMS, CLAIM_MATCHES, NARRATIVE_CLAIMS, DROPPED,
    )
}  # fmt: skip


def dropped_rows(stage: str, counts: Mapping[str, tuple[int, str | None]]) -> pd.DataFrame:
    """Build rows of the `dropped` table.

    Parameters
    ----------
    stage
        The stage that left something out.
    counts
        For each reason, how many and the id of one example (or None).

    Returns
    -------
    DataFrame
        A `dropped` table; reasons with a count of zero are left out.

    Examples
    --------
    >>> dropped_rows("read", {"no text": (2, "p7"), "no time": (0, None)})["n"].tolist()
    [2]
    """
    rows = [
        {"stage": stage, "reason": reason, "n": n, "example_id": example}
        for reason, (n, example) in counts.items()
        if n
    ]
    if not rows:
        return DROPPED.empty()
    return DROPPED.check(pd.DataFrame(rows, columns=list(DROPPED.columns)), source=stage)
