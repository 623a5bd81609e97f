"""Shared steps of formats that are tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


def renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with library names; of two columns for one name the first named stays.

    Parameters
    ----------
    frame
        The source's table.
    names
        Source name to library name, best first.

    Returns
    -------
    DataFrame
        Columns that lose their name to another are carried along as ``source.name``.

    Examples
    --------
    >>> import pandas as pd
    >>> given = pd.DataFrame({"text": ["a"], "Message": ["b"], "Link Text": ["c"]})
    >>> renamed(given, {"Message": "text", "Link Text": "text"}).iloc[0].to_dict()
    {'source.text': 'a', 'text': 'b', 'Link Text': 'c'}
    """
    chosen: dict[str, str] = {}
    for old, new in names.items():
        if old in frame.columns and new not in chosen.values():
            chosen[old] = new
    taken = {new: f"source.{new}" for old, new in chosen.items() if new not in chosen}
    return frame.rename(columns={old: new for old, new in taken.items() if old in frame} | chosen)


def joined_cells(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return one column that lists the cells of several, missing ones left out.

    Parameters
    ----------
    frame
        The source's table.
    names
        Its columns, in order.

    Returns
    -------
    Series of list of str
        Same index.

    Examples
    --------
    >>> import pandas as pd
    >>> joined_cells(pd.DataFrame({"a": ["x", None], "b": ["y", "z"]}), ["a", "b"]).tolist()
    [['x', 'y'], ['z']]
    """
    columns = [
        frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names
    ]
    cells = [[str(cell) for cell in row if cell] for row in zip(*columns, strict=True)]
    return pd.Series(cells, index=frame.index, dtype="object")
