"""JSON to a file that is whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

from disinfo.whole_files import whole_file


def write_json(value: object, file: Path) -> None:
    """Write a value as indented JSON.

    Parameters
    ----------
    value
        What JSON can hold; other objects are written as their text.
    file
        Replaced when it is there. A lone surrogate, which UTF-8 cannot hold, becomes ``?``.
    """
    with whole_file(file) as part:
        text = json.dumps(value, indent=1, default=str, ensure_ascii=False)
        part.write_text(text, encoding="utf-8", errors="replace")
