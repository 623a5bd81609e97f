"""Short hashes of stages, parameters and code: what a stored table was made by."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
from functools import lru_cache
from pathlib import Path

from disinfo.whole_files import checksum

# Libraries whose version may change the last bits of a figure.
_NUMERIC = ("numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "graspologic-native")


def fingerprint(*parts: str) -> str:
    """Return a short hash of some strings.

    Parameters
    ----------
    parts
        The strings; where one ends and the next begins counts.

    Returns
    -------
    str
        20 hexadecimal digits.

    Examples
    --------
    >>> fingerprint("a", "bc") == fingerprint("ab", "c")
    False
    """
    digest = hashlib.blake2b(digest_size=10)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def fingerprint_of_stage(stage: object) -> str | None:
    """Return a fingerprint of a stage's class and parameters.

    Parameters
    ----------
    stage
        A stage, a tuple of functions, or None for a table that the user handed in.

    Returns
    -------
    str or None
        None for a function or class from elsewhere, whose code is not known to be the same.
    """
    parts = []
    for one in stage if isinstance(stage, tuple) else (stage,):
        if one is None:
            return None
        kind = one if hasattr(one, "__qualname__") else type(one)
        if not str(kind.__module__).startswith("disinfo."):
            return None
        # An embedding is more than its parameters: the model behind a name may have changed.
        parts += [kind.__module__, kind.__qualname__, str(getattr(one, "model_id", ""))]
        if dataclasses.is_dataclass(one) and not isinstance(one, type):
            for item in dataclasses.fields(one):
                # Where a stage runs changes nothing of what it gives.
                if item.init and item.name != "engine":
                    described = _described(getattr(one, item.name))
                    if described is None:
                        return None
                    parts += [item.name, described]
    return fingerprint(*parts)


def _described(value: object) -> str | None:
    """Return a parameter as text; of a file, its content and not its name."""
    if isinstance(value, str | Path) and len(str(value)) < 4096 and Path(value).is_file():
        return checksum(Path(value))
    if callable(value) or dataclasses.is_dataclass(value):
        return fingerprint_of_stage(value)
    return repr(value)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a fingerprint of this package's code and of the libraries that do its arithmetic.

    Returns
    -------
    str
        The same on any machine that has the same versions.
    """
    package = Path(__file__).parent
    sources = sorted(package.rglob("*.py"))
    parts = [f"{path.relative_to(package)}:{checksum(path)}" for path in sources]
    parts += [f"{name} {importlib.metadata.version(name)}" for name in _NUMERIC]
    return fingerprint(*parts)
