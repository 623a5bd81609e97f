"""Values as cells that a spreadsheet shows and does not run."""

from __future__ import annotations

import json
import re

import pandas as pd

# A cell that begins so is a formula to some spreadsheet; the full-width forms are to some as well.
_FORMULA = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")


def plain_cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula.

    Parameters
    ----------
    value
        A value of a table. Text that begins like a formula gets an apostrophe in front; a list
        becomes JSON; numbers and times stay.

    Returns
    -------
    object
        The value of the cell; null characters and lone surrogates are replaced.

    Examples
    --------
    >>> plain_cell("=1+1"), plain_cell("-1001234"), plain_cell(["a"])
    ("'=1+1", '-1001234', '["a"]')
    """
    if isinstance(value, list | tuple):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts, lists and column names are plain cells."""
    out = {
        str(plain_cell(str(name))): (
            column
            if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)
            else pd.Series([plain_cell(value) for value in column], index=frame.index, dtype=object)
        )
        for name, column in frame.items()
    }
    return pd.DataFrame(out, index=frame.index)
