"""The formats that are known: those of the library, and those that installed packages add."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points

from disinfo.errors import ParameterError, did_you_mean
from disinfo.reading.adapters.bluesky_api import BLUESKY_API
from disinfo.reading.adapters.communalytic import COMMUNALYTIC
from disinfo.reading.adapters.coortweet import COORTWEET
from disinfo.reading.adapters.crowdtangle import CROWDTANGLE
from disinfo.reading.adapters.facebook import FACEBOOK
from disinfo.reading.adapters.fourcat import FOURCAT
from disinfo.reading.adapters.instagram import INSTAGRAM
from disinfo.reading.adapters.jetstream import JETSTREAM
from disinfo.reading.adapters.mastodon import MASTODON
from disinfo.reading.adapters.meta_library import META_LIBRARY
from disinfo.reading.adapters.open_measures import OPEN_MEASURES
from disinfo.reading.adapters.qut_toolkit import QUT_TOOLKIT
from disinfo.reading.adapters.reddit import REDDIT
from disinfo.reading.adapters.telegram_desktop import TELEGRAM_DESKTOP
from disinfo.reading.adapters.telegram_fourcat import TELEGRAM_FOURCAT
from disinfo.reading.adapters.threads import THREADS
from disinfo.reading.adapters.tiktok_comments import TIKTOK_COMMENTS
from disinfo.reading.adapters.tiktok_research import TIKTOK_RESEARCH
from disinfo.reading.adapters.tiktok_zeeschuimer import TIKTOK_ZEESCHUIMER
from disinfo.reading.adapters.x_api import X_API
from disinfo.reading.adapters.x_archive import X_ARCHIVE
from disinfo.reading.adapters.x_classic import X_CLASSIC
from disinfo.reading.adapters.x_clemson import X_CLEMSON
from disinfo.reading.adapters.x_zeeschuimer import X_ZEESCHUIMER
from disinfo.reading.adapters.youtube import YOUTUBE_COMMENTS, YOUTUBE_VIDEOS
from disinfo.reading.format import Format, Record, keys_of

logger = logging.getLogger(__name__)

# Packages add formats under this group of entry points, one `Format` each.
GROUP = "disinfo.formats"

# Any table or records whose columns go by the library's names, by alias, or by the user's.
GENERIC = Format(name="generic", marks=(), title="Any table or records with usual names")

# Of two formats that fit equally well the earlier one is taken.
FORMATS: tuple[Format, ...] = (
    X_API, X_CLASSIC, X_ZEESCHUIMER, X_ARCHIVE, X_CLEMSON,
    TELEGRAM_DESKTOP, TELEGRAM_FOURCAT,
    JETSTREAM, BLUESKY_API,
    META_LIBRARY, CROWDTANGLE, FACEBOOK, THREADS, INSTAGRAM,
    TIKTOK_RESEARCH, TIKTOK_ZEESCHUIMER, TIKTOK_COMMENTS,
    YOUTUBE_COMMENTS, YOUTUBE_VIDEOS,
    MASTODON, REDDIT,
    FOURCAT, COMMUNALYTIC, OPEN_MEASURES,
    COORTWEET, QUT_TOOLKIT,
)  # fmt: skip


@cache
def _added() -> tuple[Format, ...]:
    """Return the formats of installed packages, in order of name; a broken one is logged."""
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            form = entry.load()
        except Exception:  # noqa: BLE001 - another package's code may fail in any way
            logger.warning("format %r of another package cannot be loaded", entry.value)
            continue
        if isinstance(form, Format):
            found.append(form)
        else:
            logger.warning("format %r of another package is no Format", entry.value)
    return tuple(found)


def known_formats() -> tuple[Format, ...]:
    """Return all formats that are recognised; those of other packages come first."""
    return (*_added(), *FORMATS)


def format_named(name: str | Format) -> Format | None:
    """Return the format of a name; None for ``auto``; a `Format` is returned as it is.

    Raises
    ------
    ParameterError
        When there is no such format, with the nearest name.
    """
    if isinstance(name, Format):
        return name
    by_name = {form.name: form for form in (GENERIC, *reversed(known_formats()))}
    if name != "auto" and name not in by_name:
        known = ["auto", *sorted(by_name)]
        hint = did_you_mean([str(name)], known)
        raise ParameterError(f"format: {name!r} is unknown; known: {known}.{hint}")
    return by_name.get(name)


def format_of_records(records: Iterable[Record]) -> Format:
    """Return the format that most of the first records fit; the generic one if none does.

    Where a record fits several, the one with the largest mark has it.
    """
    forms = [form for form in known_formats() if form.record is not None]
    votes: Counter[str] = Counter()
    for keys, n in Counter(keys_of(record) for record in records).items():
        best = _best(forms, keys)
        if best is not GENERIC:
            votes[best.name] += n
    if not votes:
        return GENERIC
    most = max(votes.values())
    return next(form for form in forms if votes[form.name] == most)


def format_of_table(columns: Iterable[object]) -> Format:
    """Return the table format that a header fits; the generic one if none does."""
    keys = frozenset(str(column).strip() for column in columns)
    return _best([form for form in known_formats() if form.table is not None], keys)


def _best(forms: Iterable[Format], keys: frozenset[str]) -> Format:
    best, size = GENERIC, 0
    for form in forms:
        fit = form.fit(keys)
        if fit > size:
            best, size = form, fit
    return best


def nearest_formats(keys: frozenset[str], n: int = 3) -> str:
    """Return a sentence that names the formats which keys fit best, and what they lack.

    Parameters
    ----------
    keys
        The keys of a record, as `keys_of` gives them, or a header.
    n
        How many formats to name.

    Returns
    -------
    str
        The sentence; empty where no format shares a key.

    Examples
    --------
    >>> nearest_formats(frozenset({"tweetid", "userid", "tweet_text"}), 1)
    " Nearest format: 'x-archive' (lacks tweet_time)."
    """
    shares = []
    for order, form in enumerate(known_formats()):
        for mark in form.marks:
            share = len(mark & keys) / len(mark)
            if share > 0:
                shares.append((-share, order, form.name, sorted(mark - keys)))
    best: dict[str, list[str]] = {}
    for _, _, name, missing in sorted(shares):
        best.setdefault(name, missing)
    named = [f"{name!r} (lacks {', '.join(lacks)})" for name, lacks in list(best.items())[:n]]
    if not named:
        return ""
    return f" Nearest format{'s' if len(named) > 1 else ''}: {'; '.join(named)}."
