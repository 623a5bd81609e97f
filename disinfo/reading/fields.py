"""Taking fields out of nested records, whatever shape they turn out to have."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

# Names under which a list of objects (entities, media) keeps the thing itself, best first.
_INNER = ("expanded_url", "unwound_url", "url", "uri", "tag", "text", "username", "screen_name",
          "acct", "media_key", "name", "id")  # fmt: skip
# A string that is never closed ends with the cell, and a run of separators is entered at its start
# only: both keep the search linear on cells made to be slow.
_QUOTED = re.compile(r"""'((?:[^'\\]|\\[\s\S])*+)(?:'|\\?\Z)|"((?:[^"\\]|\\[\s\S])*+)(?:"|\\?\Z)""")
_BETWEEN_URLS = re.compile(r"(?<![,;|\s])[,;|\s]++(?=https?://|www\.)", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[,;|\s]+")


def dig(record: object, *path: str | int) -> Any:
    """Return the value at a path of keys and positions, or None where the path ends early.

    Parameters
    ----------
    record
        A JSON value.
    path
        Keys of objects, positions in lists.

    Returns
    -------
    object
        The value or None.

    Examples
    --------
    >>> dig({"reply": {"root": {"uri": "at://x"}}}, "reply", "root", "uri")
    'at://x'
    >>> dig({"reply": "none"}, "reply", "root") is None
    True
    """
    value: Any = record
    for step in path:
        # Exact types: JSON has no others, and this runs some twenty times a record.
        if type(value) is dict:
            value = value.get(step)
        elif type(value) is list and isinstance(step, int) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; an empty list for anything else."""
    return [item for item in value if type(item) is dict] if type(value) is list else []


def first(*values: Any) -> Any:
    """Return the first value that says something: neither None nor an empty string.

    Examples
    --------
    >>> first(None, "", 0, 5)
    0
    """
    for value in values:
        if value is not None and value != "":
            return value
    return None


def strings(values: Iterable[object]) -> list[str]:
    """Return values that are not empty as strings, each once, in order."""
    kept = [str(value) for value in values if value or value == 0]
    return list(dict.fromkeys(kept)) if len(kept) > 1 else kept


def split_list(value: object, *, urls: bool = False) -> list[str]:
    """Return the strings that a cell holds, however the source wrote its lists.

    Understood are lists and arrays (of strings, or of objects with a url, tag or name), JSON
    arrays, Python's repr, ``[a, b]`` without quotes, and text joined by commas, semicolons,
    bars or white space.

    Parameters
    ----------
    value
        The cell.
    urls
        Whether the items are URLs, which may hold commas themselves.

    Returns
    -------
    list of str
        Items in order, each once where the cell was text; none for a missing cell.

    Examples
    --------
    >>> split_list("['a', 'b']"), split_list("x, y"), split_list('["z"]')
    (['a', 'b'], ['x', 'y'], ['z'])
    >>> split_list("https://a.org/1,2,https://b.org", urls=True)
    ['https://a.org/1,2', 'https://b.org']
    """
    if type(value) is list and all(type(item) is str for item in value):
        return value
    if isinstance(value, str):
        return _split_text(value.strip(), urls=urls)
    if isinstance(value, Mapping):
        return _items([value])
    if hasattr(value, "__iter__") and not isinstance(value, bytes):
        return _items(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return []
    # An id in a column with gaps is a float: 7.0 is the id 7.
    return [str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)]


def _items(values: Iterable[Any]) -> list[str]:
    plain = (
        next((item[name] for name in _INNER if item.get(name)), None)
        if isinstance(item, Mapping)
        else item
        for item in values
    )
    return strings(item for item in plain if isinstance(item, str | int))


def _split_text(text: str, *, urls: bool) -> list[str]:
    if text.startswith("[") and text.endswith("]"):
        try:
            loaded = json.loads(text)
        except (ValueError, RecursionError):
            loaded = None
        if isinstance(loaded, list):
            return _items(loaded)
        quoted = [single or double for single, double in _QUOTED.findall(text)]
        if quoted:
            return strings(quoted)
        text = text[1:-1].strip()
    between = _BETWEEN_URLS if urls else _BETWEEN_WORDS
    return strings(part.strip(" ,;|") for part in between.split(text))
