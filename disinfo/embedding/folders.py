"""Where models and vectors lie: the files shipped with the package and the user's cache folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import disinfo
from disinfo.errors import ModelError


def shipped_folder(name: str) -> Path:
    """Find a folder of ``models/``, in an installed package or in a checkout.

    Parameters
    ----------
    name
        The folder's name.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ModelError
        When the package was installed without it.

    Examples
    --------
    >>> shipped_folder("e5-small-offline").name
    'e5-small-offline'
    """
    package = Path(disinfo.__file__).parent
    places = [package / "_models" / name, package.parent / "models" / name]
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    msg = f"the folder {name!r} that ships with disinfo was not found; looked at {looked}"
    raise ModelError(msg)


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
