"""New names and a new order for rows, so that neither says what a row is."""

from __future__ import annotations

import hashlib

import pandas as pd


def blind_name(salt: str, name: str) -> str:
    """Return a name that says nothing; the same for the same salt and name.

    Examples
    --------
    >>> blind_name("a", "campaign-7").startswith("x")
    True
    """
    return "x" + hashlib.blake2b(f"{salt}\0{name}".encode(), digest_size=7).hexdigest()


def blind_rows(table: pd.DataFrame, id_column: str, salt: str) -> pd.DataFrame:
    """Rename a table's ids and sort by the new ones.

    Parameters
    ----------
    table
        Rows with unique ids.
    id_column
        Name of the id column.
    salt
        Another salt, another order.

    Returns
    -------
    DataFrame
        A new table.
    """
    named = table.assign(**{id_column: [blind_name(salt, str(i)) for i in table[id_column]]})
    return named.sort_values(id_column).reset_index(drop=True)


def blind_posts(posts: pd.DataFrame, salt: str) -> pd.DataFrame:
    """Rename posts and accounts of a world wherever they are named; the order of time stays.

    Parameters
    ----------
    posts
        A ``posts`` table.
    salt
        See `blind_rows`.

    Returns
    -------
    DataFrame
        A new table; columns about accounts other than their ids stay.
    """
    renamed = {}
    for column in ("post_id", "account_id", "repost_of", "reply_to", "quote_of"):
        if column in posts:
            names = posts[column]
            table = {name: blind_name(salt, name) for name in names.dropna().unique()}
            renamed[column] = names.map(table).astype("str")
    return posts.assign(**renamed)
