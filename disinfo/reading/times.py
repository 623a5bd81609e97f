"""Times as sources write them: ISO, epochs in any unit, the X and mail forms, plain dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from disinfo.reading.ledger import Ledger
from disinfo.schema import TIME_DTYPE

_EARLIEST = pd.Timestamp("1990-01-01", tz="UTC")
_FUTURE = pd.Timedelta(days=2)
_FEWEST = 50
_COARSE = (86400, 3600, 60)
_ZONE = r"(?:[zZ]|[+-]\d\d:?\d\d|[+-]\d\d|UTC|GMT| [+-]\d{4} \d{4})$"
_CLOCK = r"\d:\d\d"
_STRICT = (
    "%a %b %d %H:%M:%S %z %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %Z",
    "%Y-%m-%d %H:%M:%S %Z",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%b %d, %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
)
_BLANK = ["", "None", "nan", "NaT", "null"]
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


def parse_times(values: pd.Series, ledger: Ledger | None = None) -> pd.Series:
    """Return times in UTC; what cannot be read is missing.

    Numbers are epochs, in seconds, milliseconds, microseconds or nanoseconds by their size;
    numbers of 8 or 14 digits are ``YYYYMMDD`` and ``YYYYMMDDHHMMSS`` (as epochs they would lie
    before 1990 or after 2600). A time without a zone is taken as UTC, which is noted.

    Parameters
    ----------
    values
        A column of strings, numbers or datetimes.
    ledger
        Where to note assumptions.

    Returns
    -------
    Series of datetime64[us, UTC]
        Same index.

    Notes
    -----
    ``03/04/2020`` can be read two ways. A column is read with the day first when one of its
    values has a first number above 12, with the month first when a second number is, and not at
    all when neither or both are.

    Examples
    --------
    >>> import pandas as pd
    >>> parse_times(pd.Series(["2024-05-01T10:00:00Z", "1714557600"])).nunique()
    1
    """
    ledger = Ledger() if ledger is None else ledger
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        if not isinstance(values.dtype, pd.DatetimeTZDtype) and values.notna().any():
            _note_zone(ledger)
        return pd.to_datetime(values, utc=True).astype(TIME_DTYPE)
    if pd.api.types.is_bool_dtype(values.dtype):
        return pd.Series(pd.NaT, index=values.index, dtype=TIME_DTYPE)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return _from_numbers(values)
    text = _as_text(values)
    exact = _zoned_iso(text)
    return _from_text(text, ledger) if exact is None else exact


def _zoned_iso(text: pd.Series) -> pd.Series | None:
    """Return times where every one is ISO with a zone, which most exports write; else None."""
    import pyarrow as pa

    try:
        stamps = pa.array(text, type=pa.large_string()).cast(pa.timestamp("us", tz="UTC"))
    except pa.ArrowException:
        return None
    return pd.Series(stamps.to_pandas().array, index=text.index).astype(TIME_DTYPE)


def _as_text(values: pd.Series) -> pd.Series:
    """Return cells as stripped strings; objects that are no scalar are missing."""
    if not pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        values = values.map(
            lambda v: v if isinstance(v, str) else str(v) if np.isscalar(v) or hasattr(v, "year")
            else None
        )  # fmt: skip
    return values.astype("str").str.strip()


def _from_numbers(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64").to_numpy(na_value=np.nan)
    with np.errstate(invalid="ignore"):
        size = np.abs(numbers)
        scale = np.select([size < 1e11, size < 1e14, size < 1e17], [1e6, 1e3, 1.0], default=1e-3)
        micros = np.round(numbers * scale)
        usable = np.isfinite(micros) & (np.abs(micros) < 2.5e17)
    stamps = np.full(len(numbers), np.iinfo(np.int64).min, dtype=np.int64)
    stamps[usable] = micros[usable].astype(np.int64)
    epochs = pd.Series(stamps.view("datetime64[us]"), index=values.index).dt.tz_localize("UTC")
    for low, high, form in (
        (19900101, 21001231, "%Y%m%d"),
        (19900101000000, 21001231235959, "%Y%m%d%H%M%S"),
    ):
        calendar = (numbers >= low) & (numbers <= high) & (numbers == np.floor(numbers))
        if calendar.any():
            digits = pd.Series(numbers[calendar].astype(np.int64).astype(str))
            read = pd.to_datetime(digits, format=form, utc=True, errors="coerce")
            epochs[calendar] = read.astype(TIME_DTYPE).array
    return epochs.astype(TIME_DTYPE)


def _from_text(text: pd.Series, ledger: Ledger) -> pd.Series:
    result = pd.Series(pd.NaT, index=text.index, dtype=TIME_DTYPE)
    numeric = text.str.fullmatch(r"-?\d{5,20}(?:\.\d*)?").fillna(False).to_numpy(bool)
    if numeric.any():
        result[numeric] = _from_numbers(text[numeric]).array
    rest = text.notna().to_numpy(bool) & ~numeric
    if not rest.any():
        return result
    words = text[rest]
    read = pd.to_datetime(words, format="ISO8601", utc=True, errors="coerce").astype(TIME_DTYPE)
    # "2020" and "10" pass for ISO, but name no moment.
    read = read.mask(words.str.len() < len("2020-1-1"))
    for form in _STRICT:
        if read.notna().all():
            break
        left = read.isna()
        more = pd.to_datetime(words[left], format=form, utc=True, errors="coerce")
        read[left] = more.astype(TIME_DTYPE).array
    left = read.isna()
    if left.any():
        read[left] = _from_slashes(words[left], ledger).array
    zoned = words.str.contains(_ZONE, regex=True) & words.str.contains(_CLOCK, regex=True)
    if (read.notna() & ~zoned).any():
        _note_zone(ledger)
    result[rest] = read.array
    return result


def _from_slashes(words: pd.Series, ledger: Ledger) -> pd.Series:
    """Read ``1/2/2020``-like dates where the column shows which number is the day."""
    result = pd.Series(pd.NaT, index=words.index, dtype=TIME_DTYPE)
    parts = words.str.extract(r"^(\d{1,2})/(\d{1,2})/\d{4}\b").astype("float64")
    if parts[0].notna().sum() == 0:
        return result
    day_first, month_first = bool((parts[0] > 12).any()), bool((parts[1] > 12).any())
    if day_first == month_first:
        ledger.note("dates such as 03/04/2020 can be read two ways: those rows have no time")
        return result
    form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    for clock in _CLOCKS:
        left = result.isna()
        more = pd.to_datetime(words[left], format=form + clock, utc=True, errors="coerce")
        result[left] = more.astype(TIME_DTYPE).array
    return result


def _note_zone(ledger: Ledger) -> None:
    ledger.note("times without a zone were taken as UTC")


def plausible(
    given: pd.Series, times: pd.Series, ids: pd.Series, now: pd.Timestamp, ledger: Ledger
) -> pd.Series:
    """Return times with those removed that cannot be when a post was made; they are counted.

    Parameters
    ----------
    given
        The source's column, to tell an unreadable time from a missing one.
    times
        The parsed column.
    ids
        Ids for the examples.
    now
        The present. A post more than two days later is not from the future; its time is wrong.
    ledger
        Where to count.

    Returns
    -------
    Series of datetime64[us, UTC]
        The times.
    """
    early = (times < _EARLIEST).to_numpy(bool)
    late = (times > now + _FUTURE).to_numpy(bool)
    unread = times.isna().to_numpy(bool)
    if unread.any():
        words = given.astype("str").str.strip()
        unread = unread & ~(given.isna() | words.isin(_BLANK)).to_numpy(bool)
    ledger.add_rows("time cannot be read: row kept without time", unread, ids)
    ledger.add_rows("time before 1990: row kept without time", early, ids)
    ledger.add_rows("time in the future: row kept without time", late, ids)
    return times.mask(early | late)


def resolution_s(times: pd.Series) -> float:
    """Return the time resolution that the times show, in seconds.

    Parameters
    ----------
    times
        A column of datetime64[us, UTC].

    Returns
    -------
    float
        86400, 3600 or 60 when at least 50 times are all whole days, hours or minutes; else 1,
        or 0.001 or 1e-6 when there are fractions of a second.

    Examples
    --------
    >>> import pandas as pd
    >>> resolution_s(pd.Series(pd.date_range("2024-01-01", periods=60, freq="min", tz="UTC")))
    60.0
    """
    known = times.dropna()
    micros = known.astype("int64").to_numpy() if len(known) else np.zeros(0, dtype=np.int64)
    if len(micros) >= _FEWEST:
        for seconds in _COARSE:
            if not (micros % (seconds * 1_000_000)).any():
                return float(seconds)
    if not (micros % 1_000_000).any():
        return 1.0
    return 1e-6 if (micros % 1000).any() else 1e-3


def resolution_of(divisor: int, n_times: int) -> float:
    """Return what `resolution_s` does, from the greatest common divisor of times.

    Parameters
    ----------
    divisor
        Greatest common divisor of the times, in microseconds; 0 where there are none.
    n_times
        How many times there are.

    Returns
    -------
    float
        Seconds.
    """
    if n_times >= _FEWEST:
        for seconds in _COARSE:
            if divisor % (seconds * 1_000_000) == 0:
                return float(seconds)
    if divisor % 1_000_000 == 0:
        return 1.0
    return 1e-6 if divisor % 1000 else 1e-3
