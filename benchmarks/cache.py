"""Where environments of peers, vectors and finished cells are kept: outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "DISINFO_BENCH"


def cache_folder(part: str) -> Path:
    """Return a folder below ``$DISINFO_BENCH`` or ``~/.cache/disinfo-benchmarks``, made if absent.

    Examples
    --------
    >>> cache_folder("cells").name
    'cells'
    """
    given = os.environ.get(VARIABLE)
    folder = Path(given) if given else Path.home() / ".cache" / "disinfo-benchmarks"
    path = folder / part
    path.mkdir(parents=True, exist_ok=True)
    return path
