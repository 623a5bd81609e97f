"""How much oftener the members share one attribute than other accounts do."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

# Two accounts with one attribute are a pair, not a pattern.
MIN_ACCOUNTS = 3


@dataclass(frozen=True, kw_only=True)
class Coincidence:
    """The attribute value that members have in common beyond what is usual.

    Parameters
    ----------
    value
        The attribute's value.
    n, of
        Members that have it, of those whose attribute is known.
    usual
        Share of other accounts that have it.
    """

    value: str
    n: int
    of: int
    usual: float

    @property
    def excess(self) -> float:
        """Share of members that have it, less the usual share."""
        return self.n / self.of - self.usual


def coincidence(members: pd.DataFrame, others: pd.DataFrame) -> Coincidence | None:
    """Find the value that the members share most beyond the usual.

    Parameters
    ----------
    members, others
        Columns account_id and value; an account may have several values, once each.

    Returns
    -------
    Coincidence or None
        None where fewer than three accounts of either side have a value.
    """
    n_members, n_others = members["account_id"].nunique(), others["account_id"].nunique()
    if n_members < MIN_ACCOUNTS or n_others < MIN_ACCOUNTS:
        return None
    counts = members["value"].value_counts()
    # A value of one member alone is shared with nobody.
    shared = counts[counts > 1]
    if shared.empty:
        return Coincidence(value="", n=0, of=n_members, usual=0.0)
    usual = others["value"].value_counts().reindex(shared.index).fillna(0) / n_others
    excess = shared / n_members - usual
    best = min(excess.index[excess == excess.max()])
    return Coincidence(value=str(best), n=int(shared[best]), of=n_members, usual=float(usual[best]))


def last_known(posts: pd.DataFrame, column: str) -> pd.Series:
    """Return each account's latest value of a column.

    Parameters
    ----------
    posts
        Rows of `posts`.
    column
        An ``account_`` column.

    Returns
    -------
    Series
        Values by account_id, accounts without one left out; empty where the column is absent.
    """
    if column not in posts:
        return pd.Series([], dtype="object", index=pd.Index([], name="account_id"))
    known = posts[posts[column].notna() & posts["account_id"].notna()]
    latest = known.sort_values(["created_at", "post_id"], kind="stable", na_position="first")
    return latest.drop_duplicates("account_id", keep="last").set_index("account_id")[column]
