"""Data for the page's script, in a form that cannot end the element it stands in."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup


def script_json(value: Any) -> Markup:
    r"""Return a value as JSON that cannot end the script element it stands in.

    Parameters
    ----------
    value
        Anything that `json.dumps` takes.

    Returns
    -------
    Markup
        Pure ASCII JSON in which ``<``, ``>`` and ``&`` are escaped as well.

    Examples
    --------
    >>> str(script_json("</script>"))
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
