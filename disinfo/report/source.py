"""What a page may look at: the result's tables, narrowed to what is shown.

Posts of accounts in no campaign are counted but their texts never reach the page: an account is
shown only as a member of a campaign that passed as a group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from disinfo.report.stories import pushed_narratives

_POST_COLUMNS = ("post_id", "account_id", "created_at", "narrative_id", "campaign_id")
_SHOWN_COLUMNS = (
    "post_id", "account_id", "text", "created_at", "platform", "language", "text_id", "family_id",
    "narrative_id", "account_handle",
)  # fmt: skip


class Reportable(Protocol):
    """The part of a result that a report reads; see `disinfo.tables` for the columns."""

    @property
    def posts(self) -> pd.DataFrame:
        """Posts with narrative_id and campaign_id."""

    @property
    def texts(self) -> pd.DataFrame:
        """Distinct texts."""

    @property
    def families(self) -> pd.DataFrame:
        """Families of one message."""

    @property
    def narratives(self) -> pd.DataFrame:
        """Narratives."""

    @property
    def membership(self) -> pd.DataFrame:
        """Which text belongs to which narrative."""

    @property
    def first_seen(self) -> pd.DataFrame:
        """First sighting of each narrative by language and platform."""

    @property
    def edges(self) -> pd.DataFrame:
        """Pairs of accounts."""

    @property
    def campaigns(self) -> pd.DataFrame:
        """Campaigns."""

    @property
    def members(self) -> pd.DataFrame:
        """Members of campaigns."""

    @property
    def campaign_objects(self) -> pd.DataFrame:
        """What the members of a campaign acted on together."""

    @property
    def accounts(self) -> pd.DataFrame:
        """Accounts."""

    @property
    def evidence(self) -> pd.DataFrame:
        """Evidence rows."""

    @property
    def exhibits(self) -> pd.DataFrame:
        """Posts that prove a signal."""

    @property
    def dropped(self) -> pd.DataFrame:
        """What was left out."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """How the result was made."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The tables of one page.

    `posts` has every post without its text; `campaign_posts` has one row a campaign and post
    that may be shown, with its text; `campaigns` lists only the narratives that a campaign pushes.
    The other fields are the result's tables.
    """

    posts: pd.DataFrame
    campaign_posts: pd.DataFrame
    texts: pd.DataFrame
    families: pd.DataFrame
    narratives: pd.DataFrame
    membership: pd.DataFrame
    first_seen: pd.DataFrame
    edges: pd.DataFrame
    campaigns: pd.DataFrame
    members: pd.DataFrame
    campaign_objects: pd.DataFrame
    accounts: pd.DataFrame
    evidence: pd.DataFrame
    exhibits: pd.DataFrame
    dropped: pd.DataFrame
    manifest: Mapping[str, Any]
    null_rounds: pd.DataFrame | None = None


def read_source(result: Reportable) -> Source:
    """Pick what a page needs from a result, most suspicious campaign first.

    Parameters
    ----------
    result
        Anything that has the tables of `Reportable`.

    Returns
    -------
    Source
        New frames; the result is not changed.
    """
    posts = _campaign_posts(result)
    campaigns = result.campaigns.assign(
        _first=(result.campaigns["verdict"] != "likely inauthentic").astype("int64")
    ).sort_values(
        ["_first", "probability", "q", "campaign_id"], ascending=[True, False, True, True]
    )
    pushed = pushed_narratives(campaigns, posts, result.narratives)
    return Source(
        posts=result.posts.reindex(columns=list(_POST_COLUMNS)),
        campaign_posts=posts,
        texts=result.texts,
        families=result.families,
        narratives=result.narratives,
        membership=result.membership,
        first_seen=result.first_seen,
        edges=result.edges[result.edges["layer"] == "all"].reset_index(drop=True),
        campaigns=campaigns.drop(columns="_first")
        .assign(narratives=pd.Series(pushed, index=campaigns.index, dtype="object"))
        .reset_index(drop=True),
        members=result.members,
        campaign_objects=result.campaign_objects,
        accounts=result.accounts,
        evidence=result.evidence[result.evidence["subject"] == "campaign"].reset_index(drop=True),
        exhibits=result.exhibits[result.exhibits["subject"] == "campaign"].reset_index(drop=True),
        dropped=result.dropped,
        manifest=dict(result.manifest),
        null_rounds=getattr(result, "null_rounds", None),
    )


def _campaign_posts(result: Reportable) -> pd.DataFrame:
    """Return one row a campaign and post: the posts that carry it, and its exhibits."""
    posts = result.posts
    pairs = [result.campaign_objects[["campaign_id", "post_id"]]]
    exhibits = result.exhibits[result.exhibits["subject"] == "campaign"]
    pairs.append(exhibits.rename(columns={"subject_id": "campaign_id"})[["campaign_id", "post_id"]])
    if "campaign_id" in posts.columns:
        pairs.append(posts.loc[posts["campaign_id"].notna(), ["campaign_id", "post_id"]])
    keys = pd.concat(pairs, ignore_index=True).drop_duplicates()
    shown = posts.reindex(columns=list(_SHOWN_COLUMNS))
    # Posts without a language of their own take the one that was read from their text.
    if "text_id" in posts.columns:
        read = shown["text_id"].map(result.texts.set_index("text_id")["language"])
        shown = shown.assign(language=shown["language"].where(shown["language"].notna(), read))
    merged = keys.merge(shown, on="post_id", how="inner")
    merged = merged[merged["campaign_id"].isin(result.campaigns["campaign_id"])]
    return merged.sort_values(["campaign_id", "created_at", "post_id"]).reset_index(drop=True)
