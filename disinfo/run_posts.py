"""Posts with what each stage found about them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo import tables
from disinfo.narratives import main_narrative, text_table
from disinfo.stages import Findings

NO_GROUPS = {
    "membership": tables.MEMBERSHIP.empty(),
    "family_members": tables.FAMILY_MEMBERS.empty(),
}


def rows_of_texts(
    given: pd.DataFrame, posts: pd.DataFrame, texts: pd.DataFrame
) -> NDArray[np.int64]:
    """Return the row of the earliest post of each text.

    Parameters
    ----------
    given
        The posts as they were read.
    posts
        The same posts with text_id, in any order.
    texts
        The `texts` table.

    Returns
    -------
    ndarray of int64
        Row numbers in `given`, one a text.

    Examples
    --------
    >>> given = pd.DataFrame({"post_id": ["2", "1"]}, dtype="str")
    >>> days = pd.to_datetime(["2025-05-02", "2025-05-01"], utc=True)
    >>> posts = given.assign(text_id="t", created_at=days)
    >>> rows_of_texts(given, posts, pd.DataFrame({"text_id": ["t"]})).tolist()
    [1]
    """
    row_of = pd.Series(np.arange(len(given)), index=given["post_id"])
    # Of millions of posts no column is sorted that is not looked at.
    ordered = (
        posts[["text_id", "created_at", "post_id"]]
        .dropna(subset=["text_id"])
        .sort_values(["created_at", "post_id"], na_position="last", kind="stable")
    )
    first = ordered.drop_duplicates("text_id").set_index("text_id")["post_id"]
    rows: NDArray[np.int64] = row_of.loc[first.loc[texts["text_id"]]].to_numpy()
    return rows


def complete_groups(grouped: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fill in what a plain narrative function left out: a family a text, a topic a narrative.

    Parameters
    ----------
    grouped
        What the narrative stage gave, by table name.

    Returns
    -------
    dict of str to DataFrame
        The same mapping, with `family_members` and `topic_members`.
    """
    membership = grouped["membership"]
    if "family_members" not in grouped:
        lone = membership[["text_id"]].drop_duplicates()
        grouped["family_members"] = lone.assign(family_id="f-" + lone["text_id"].str[2:])
    if "topic_members" not in grouped:
        lone = membership[["narrative_id"]].drop_duplicates()
        grouped["topic_members"] = lone.assign(topic_id="o-" + lone["narrative_id"])
    return grouped


def with_groups(
    posts: pd.DataFrame, texts: pd.DataFrame, grouped: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Add family_id, narrative_id and, where the source had none, the language of the text.

    Parameters
    ----------
    posts
        Posts with text_id.
    texts
        The `texts` table.
    grouped
        `membership` and `family_members`.

    Returns
    -------
    DataFrame
        The posts with three columns more.
    """
    of_text = texts.set_index("text_id")[["language"]]
    of_text["family_id"] = grouped["family_members"].set_index("text_id")["family_id"]
    of_text["narrative_id"] = main_narrative(grouped["membership"])
    added = _looked_up(posts["text_id"], of_text.astype("str"))
    if "language" in posts:
        added["language"] = posts["language"].fillna(added["language"])
    return posts.assign(**added)


def _looked_up(keys: pd.Series, known: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns of a frame for keys of its index; missing where a key is unknown."""
    columns = {str(name): known[name].array for name in known}
    # Found once for all columns, since millions of texts are hashed for it.
    at = known.index.get_indexer(pd.Index(keys)) if len(known) else np.full(len(keys), -1)
    return {
        name: pd.Series(values.take(at, allow_fill=True), index=keys.index)
        for name, values in columns.items()
    }


def scored_posts(
    given: pd.DataFrame, enriched: pd.DataFrame, findings: Findings, campaigns: pd.DataFrame
) -> pd.DataFrame:
    """Return the input rows in their order, with ids and the probability of their campaign.

    Parameters
    ----------
    given
        The posts as they were read.
    enriched
        The posts with text_id, family_id and narrative_id, in any order.
    findings
        What was found; `campaign_objects` ties posts to campaigns.
    campaigns
        The `campaigns` table.

    Returns
    -------
    DataFrame
        One row a post. Of several campaigns the most probable one is named.
    """
    acts = findings.campaign_objects[["campaign_id", "post_id"]].drop_duplicates()
    ranked = acts.merge(campaigns[["campaign_id", "probability"]], on="campaign_id").sort_values(
        ["post_id", "probability", "campaign_id"],
        ascending=[True, False, True],
        na_position="last",
        kind="stable",
    )
    best = ranked.drop_duplicates("post_id").set_index("post_id")
    best = best.astype({"campaign_id": "str", "probability": "float64"})
    ids = enriched.set_index("post_id")[["text_id", "family_id", "narrative_id"]].astype("str")
    # Posts without a text are as good as unknown, and where none has one nothing is looked up.
    ids = ids[ids["text_id"].notna()]
    return given.assign(**_looked_up(given["post_id"], ids), **_looked_up(given["post_id"], best))


def n_accounts(posts: pd.DataFrame, accounts: pd.DataFrame) -> int:
    """Return how many accounts post; a score that counted all posts has counted them already.

    Parameters
    ----------
    posts
        Posts.
    accounts
        The `accounts` table, possibly of some accounts only.

    Returns
    -------
    int
        Number of distinct accounts.
    """
    if int(accounts["n_posts"].sum()) == int(posts["account_id"].notna().sum()):
        return len(accounts)
    return int(posts["account_id"].nunique())


def text_tables(posts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the distinct texts, and which of them each post has.

    Parameters
    ----------
    posts
        The `posts` table.

    Returns
    -------
    dict of str to DataFrame
        ``texts``, and ``text_ids`` with a row a post in their order.
    """
    texts, text_id = text_table(posts)
    return {"texts": texts, "text_ids": text_id.to_frame("text_id").reset_index(drop=True)}
