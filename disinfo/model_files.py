"""Where the shipped models lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from disinfo.errors import ModelError

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE / "_models", _PACKAGE.parent / "models")


def model_file(*parts: str) -> Path:
    """Return the path of a shipped model file.

    Parameters
    ----------
    parts
        Path below ``models/``.

    Returns
    -------
    Path
        An existing file or folder.

    Raises
    ------
    ModelError
        When the installation lacks it.

    Examples
    --------
    >>> model_file("confusables", "skeleton.tsv").name
    'skeleton.tsv'
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    msg = f"the shipped model {'/'.join(parts)} is not in this installation; install disinfo again"
    raise ModelError(msg)
