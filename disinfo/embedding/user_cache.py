"""The user's cache folder, where the default model and the vectors lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Return the folder for models and vectors of this user; it is not created.

    ``$DISINFO_CACHE`` where it is set, else the platform's cache folder.

    Returns
    -------
    Path
        The folder.

    Examples
    --------
    >>> user_cache().is_absolute()
    True
    """
    chosen = os.environ.get("DISINFO_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        base = Path(local) if local else Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "disinfo"
