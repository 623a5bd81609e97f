"""The exceptions of the library.

::

    DisinfoError
    ├── ParameterError (ValueError)      a parameter is out of its range or misspelt
    ├── InputError (ValueError)          a file or a table cannot be used
    │   ├── FormatError                  a file fits no known export format
    │   └── SchemaError                  a table lacks columns or has wrong ones
    ├── ModelError (RuntimeError)        a model is missing, damaged or of the wrong kind
    │   └── MissingExtraError            an optional dependency is not installed
    ├── ResultError (ValueError)         a saved result cannot be loaded
    │   ├── StorageError                 a folder cannot be written to: full, read-only
    │   └── FolderInUseError             another run is writing to the folder
    ├── EngineError (RuntimeError)       the workers of an engine keep dying
    └── MemoryLimitError (MemoryError)   a run needs more memory than it was given

Everything that the library raises on purpose is a `DisinfoError`; the built-in in brackets is
there so that code which already catches `ValueError` goes on working.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class DisinfoError(Exception):
    """Base of all exceptions raised on purpose by this library."""


class ParameterError(DisinfoError, ValueError):
    """A parameter is out of its range or misspelt."""


class InputError(DisinfoError, ValueError):
    """A file or a table cannot be used."""


class FormatError(InputError):
    """A file fits no known export format."""


class SchemaError(InputError):
    """A table lacks columns, or its columns hold something else than they should."""


class ModelError(DisinfoError, RuntimeError):
    """A model is missing, damaged or of the wrong kind."""


class MissingExtraError(ModelError):
    """An optional dependency is needed and not installed."""

    def __init__(self, module: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the module {module!r}, which is not installed: "
            f"pip install 'disinfo[{extra}]'"
        )


class ResultError(DisinfoError, ValueError):
    """A saved result cannot be loaded."""


class StorageError(ResultError):
    """A folder cannot be written to: the disk is full, the folder read-only, the name taken."""


class FolderInUseError(ResultError):
    """Another run is writing to the folder."""


class EngineError(DisinfoError, RuntimeError):
    """The workers of an engine keep dying."""


class MemoryLimitError(DisinfoError, MemoryError):
    """A run needs more memory than it was given."""


def did_you_mean(wanted: Iterable[str], seen: Sequence[str]) -> str:
    """Return a hint that pairs each wanted name with its nearest seen one.

    Parameters
    ----------
    wanted
        Names that were looked for and not found.
    seen
        Names that are there.

    Returns
    -------
    str
        A sentence to append to an error message, or an empty string when nothing is near.

    Examples
    --------
    >>> did_you_mean(["created_at"], ["createdat", "text"])
    " Did you mean 'createdat' for 'created_at'?"
    """
    lowered = {name.lower(): name for name in seen}
    hints = []
    for name in wanted:
        near = difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.6)
        if near:
            hints.append(f"{lowered[near[0]]!r} for {name!r}")
    return f" Did you mean {', '.join(hints)}?" if hints else ""


def outside_unit_interval(**values: float) -> list[str]:
    """Return a problem for each parameter that is not strictly between 0 and 1.

    Parameters
    ----------
    values
        Parameters by name.

    Returns
    -------
    list of str
        Sentences for `raise_all`.

    Examples
    --------
    >>> outside_unit_interval(alpha=0.05, prevalence=1.0)
    ['prevalence must be in (0, 1), not 1.0']
    """
    return [
        f"{name} must be in (0, 1), not {value}"
        for name, value in values.items()
        if not 0 < value < 1
    ]


def raise_all(problems: Sequence[str], error: type[DisinfoError], subject: str) -> None:
    """Raise one exception that names every problem, or do nothing when there is none.

    Parameters
    ----------
    problems
        One sentence a problem.
    error
        The class to raise.
    subject
        What was being checked; the message opens with it.

    Raises
    ------
    DisinfoError
        Of class `error`, when `problems` is not empty.
    """
    if len(problems) == 1:
        raise error(f"{subject}: {problems[0]}")
    if problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise error(f"{subject}: {len(problems)} problems\n{listed}")
