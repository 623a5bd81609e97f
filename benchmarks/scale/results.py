"""Small JSON files with what was measured and the command that measures it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.provenance import commit, machine, versions

FOLDER = Path(__file__).parent / "results"


def write(name: str, command: str, found: dict[str, Any]) -> Path:
    """Write and print a result.

    Parameters
    ----------
    name
        Name of the file.
    command
        What measures it again.
    found
        Figures.

    Returns
    -------
    Path
        The file.
    """
    stamped = {
        "command": command,
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        **found,
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(stamped, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    return path
