"""Marks of texts: the links and hashtags that posts carry beside their words.

What a crowd says to a story ("I did not see that coming") names nothing of it; the page it links to
and its tag do. A link is known by its canonical form, a tag by ``#`` and its case-folded letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disinfo.text.entities_of_many import JoinedTexts

_NONE: list[str] = []


def marks_of_posts(posts: pd.DataFrame) -> list[list[str]]:
    """Return the marks of each post, from its columns or, where they are absent, from its text.

    Parameters
    ----------
    posts
        Posts with text and, where the source had them, urls and hashtags.

    Returns
    -------
    list of list of str
        Sorted, each once. A link to a whole site, not to a page of it, is no mark.

    Notes
    -----
    Fails to see that a shortened link and its page are one.

    Examples
    --------
    >>> marks_of_posts(pd.DataFrame({"text": ["Vote! #Now a.org", "see https://a.org/1"]}))
    [['#now'], ['a.org/1']]
    """
    joined: JoinedTexts | None = None
    cells = []
    for name in ("urls", "hashtags"):
        if name in posts:
            cells.append(posts[name].tolist())
        else:
            joined = joined or JoinedTexts(posts["text"].tolist())
            cells.append(getattr(joined, name)())
    return [_both(urls, tags) for urls, tags in zip(*cells, strict=True)]


def _both(urls: object, tags: object) -> list[str]:
    pages = [url for url in urls if url.partition("/")[2]] if isinstance(urls, list) else _NONE
    named = [f"#{tag}" for tag in tags] if isinstance(tags, list) else _NONE
    return sorted({*pages, *named}) if pages or named else _NONE


def marks_of_texts(texts: pd.DataFrame) -> list[list[str]]:
    """Return the marks of each distinct text.

    Parameters
    ----------
    texts
        The `texts` table.

    Returns
    -------
    list of list of str
        Those of all its posts where the table has a column marks, else those in the text shown.
        Without any text there are none.

    Examples
    --------
    >>> marks_of_texts(pd.DataFrame({"text": ["x #a"], "marks": [["#a", "#b"]]}))
    [['#a', '#b']]
    """
    if "marks" in texts:
        return [cell if isinstance(cell, list) else _NONE for cell in texts["marks"].tolist()]
    return marks_of_posts(texts[["text"]]) if "text" in texts else [_NONE] * len(texts)


def gathered(marks: Sequence[list[str]], groups: pd.Series) -> pd.Series:
    """Bring together the marks of rows that are one text.

    Parameters
    ----------
    marks
        Marks of each row.
    groups
        The text of each.

    Returns
    -------
    Series of list of str
        By text, sorted, each mark once; texts in order.

    Examples
    --------
    >>> gathered([["#b"], [], ["#a", "#b"]], pd.Series(["t-1", "t-2", "t-1"])).tolist()
    [['#a', '#b'], []]
    """
    code, names = pd.factorize(groups, sort=True)
    cells: list[list[str]] = [_NONE] * len(names)
    for row, found in zip(code.tolist(), marks, strict=True):
        if found and cells[row] is not found:
            cells[row] = found if not cells[row] else sorted({*cells[row], *found})
    return pd.Series(cells, index=pd.Index(names), dtype=object)


def carriers(marks: Sequence[list[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64], pd.Index]:
    """Give each mark of texts a number.

    Parameters
    ----------
    marks
        Marks of each text.

    Returns
    -------
    rows, codes : ndarray of int64
        A pair for each mark that a text carries.
    names : Index of str
        The marks, sorted.

    Examples
    --------
    >>> rows, codes, names = carriers([["#b"], [], ["#a", "#b"]])
    >>> rows.tolist(), codes.tolist(), names.tolist()
    ([0, 2, 2], [1, 0, 1], ['#a', '#b'])
    """
    counts = np.fromiter((len(cell) for cell in marks), dtype=np.int64, count=len(marks))
    flat = np.array([mark for cell in marks for mark in cell], dtype=object)
    codes, names = pd.factorize(flat, sort=True)
    return np.repeat(np.arange(len(marks)), counts), codes.astype(np.int64), pd.Index(names)
