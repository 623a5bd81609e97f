"""The formats that are known. A new one is a file with a `Format` and a line here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from disinfo.errors import ParameterError, did_you_mean
from disinfo.reading.format import Format, Record, keys_of
from disinfo.reading.fourcat import FOURCAT
from disinfo.reading.jetstream import JETSTREAM
from disinfo.reading.telegram_desktop import TELEGRAM_DESKTOP
from disinfo.reading.x_api import X_API
from disinfo.reading.x_archive import X_ARCHIVE

# Any table or records whose columns go by the library's names, by alias, or by the user's.
GENERIC = Format(name="generic", marks=())

FORMATS: tuple[Format, ...] = (X_API, X_ARCHIVE, TELEGRAM_DESKTOP, JETSTREAM, FOURCAT)

_BY_NAME = {form.name: form for form in (*FORMATS, GENERIC)}


def format_named(name: str) -> Format | None:
    """Return the format of a name; None for ``auto``.

    Raises
    ------
    ParameterError
        When there is no such format, with the nearest name.
    """
    if name != "auto" and name not in _BY_NAME:
        known = ["auto", *_BY_NAME]
        msg = f"format: {name!r} is unknown; known: {known}.{did_you_mean([name], known)}"
        raise ParameterError(msg)
    return _BY_NAME.get(name)


def format_of_records(records: Iterable[Record]) -> Format:
    """Return the format that most of the first records fit; the generic one if none does."""
    votes: Counter[str] = Counter()
    for record in records:
        keys = keys_of(record)
        fitting = (form for form in FORMATS if form.record is not None and form.fits(keys))
        votes.update(form.name for form in fitting)
    if not votes:
        return GENERIC
    most = max(votes.values())
    return next(form for form in FORMATS if votes[form.name] == most)


def format_of_table(columns: Iterable[object]) -> Format:
    """Return the table format that a header fits; the generic one if none does."""
    keys = frozenset(str(column).strip() for column in columns)
    fitting = (form for form in FORMATS if form.table is not None and form.fits(keys))
    return next(fitting, GENERIC)
