from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.reading import read_posts
from disinfo.reading.ledger import Ledger
from disinfo.reading.times import parse_times, resolution_s

MOMENT = pd.Timestamp("2024-05-01T10:00:30Z")


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-01T10:00:30Z",
        "2024-05-01T12:00:30+02:00",
        "2024-05-01 10:00:30",
        "2024-05-01T10:00:30.000Z",
        "1714557630",
        "1714557630.0",
        "1714557630000",
        "1714557630000000",
        1714557630,
        1714557630.0,
        1714557630000,
        1714557630000000000,
        "Wed May 01 10:00:30 +0000 2024",
        "Wed, 01 May 2024 10:00:30 +0000",
        "20240501100030",
        "01.05.2024 10:00:30",
        "2024-05-01 10:00:30 UTC",
        MOMENT,
        MOMENT.to_pydatetime(),
    ],
)
def test_one_moment_in_many_forms(written):
    assert parse_times(pd.Series([written]))[0] == MOMENT
    assert parse_times(pd.Series([written, None], dtype=object))[0] == MOMENT


@pytest.mark.parametrize(
    "written",
    ["", "soon", "10", "2020", "2024-13-45", "99/99/2024", "1e400", "NaT", "9" * 30, True],
)
def test_what_is_no_time_is_missing(written):
    assert parse_times(pd.Series([written])).isna().all()


def test_dates_with_slashes_are_read_as_the_column_shows():
    day_first = parse_times(pd.Series(["03/04/2024", "31/04/2024", "25/12/2024 10:00"]))
    assert day_first.dt.month.tolist()[::2] == [4, 12]
    month_first = parse_times(pd.Series(["03/04/2024", "12/25/2024 1:00 PM"]))
    assert month_first.dt.month.tolist() == [3, 12]
    ledger = Ledger()
    assert parse_times(pd.Series(["03/04/2024"]), ledger).isna().all()
    assert "two ways" in ledger.notes[0]


def test_times_that_cannot_be_are_counted_and_the_row_stays():
    written = [
        "2030-01-01T00:00:00Z",
        "1985-01-01T00:00:00Z",
        "never",
        None,
        "2026-01-02T00:00:00Z",
    ]
    posts = read_posts(
        [{"text": f"t{n}", "created_at": at} for n, at in enumerate(written)], now="2026-01-01"
    )
    assert len(posts) == 5
    assert posts.table["created_at"].notna().tolist() == [False, False, False, False, True]
    reasons = dict(
        zip(posts.dropped["reason"].str.split(":").str[0], posts.dropped["n"], strict=True)
    )
    assert (
        reasons["time in the future"]
        == reasons["time before 1990"]
        == reasons["time cannot be read"]
        == 1
    )
    assert reasons["no time"] == 4


@pytest.mark.parametrize(
    ("freq", "seconds"),
    [("D", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6)],
)
def test_resolution(freq, seconds):
    times = pd.Series(pd.date_range("2024-01-01T00:00:00", periods=60, freq=freq, tz="UTC"))
    assert resolution_s(times) == seconds
    assert resolution_s(times[:0]) == 1.0
    if seconds >= 60:
        assert resolution_s(times[:40]) == 1.0


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=632_000_000_000_000, max_value=4_000_000_000_000_000))
def test_microseconds_survive_every_unit(micros):
    exact = pd.Timestamp(micros, unit="us", tz="UTC")
    assert parse_times(pd.Series([micros]))[0] == exact
    assert parse_times(pd.Series([str(micros)]))[0] == exact
    assert parse_times(pd.Series([exact.isoformat()]))[0] == exact
    assert parse_times(pd.Series([micros // 1_000_000]))[0] == exact.floor("s")
