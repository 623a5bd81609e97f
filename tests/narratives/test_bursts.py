"""Bursts: found where planted, seldom where the topic's rhythm explains everything."""

import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.errors import ParameterError
from disinfo.narratives import find_bursts

START = pd.Timestamp("2025-05-01", tz="UTC")
TOPICS = pd.Series({f"n-{i}": f"o-{i % 3}" for i in range(12)})


def quiet(seed, n=3000, days=20):
    """Posts that follow one rhythm: day and night, and a day on which everybody talks."""
    rng = np.random.default_rng(seed)
    day = rng.choice(days, size=n, p=_shares(days))
    hour = np.clip(rng.normal(15, 4, size=n), 0, 23.99)
    return pd.DataFrame(
        {
            "account_id": [f"a{i}" for i in rng.integers(0, 400, size=n)],
            "created_at": START + pd.to_timedelta(day * 24 + hour, unit="h"),
            "narrative_id": [f"n-{i}" for i in rng.choice(12, size=n, p=_shares(12))],
        }
    )


def _shares(n):
    weights = np.ones(n)
    weights[n // 2] = 8
    return weights / weights.sum()


def test_a_planted_burst_is_found_with_its_time():
    posts = quiet(1)
    at = START + pd.Timedelta(days=5, hours=7)
    burst = pd.DataFrame(
        {
            "account_id": [f"b{i}" for i in range(40)],
            "created_at": at + pd.to_timedelta(np.arange(40), unit="min"),
            "narrative_id": "n-1",
        }
    )
    found = find_bursts(pd.concat([posts, burst]), TOPICS)
    (row,) = found[found["narrative_id"] == "n-1"].to_dict("records")
    assert row["start"] <= at < row["end"]
    assert row["n_accounts"] >= 40
    assert row["expected"] < 15


def test_the_rhythm_of_the_topic_is_no_burst():
    # A day eight times as busy as others, for all narratives: 20 worlds, q at .01.
    called = sum(len(find_bursts(quiet(seed, n=800), TOPICS)) for seed in range(100, 120))
    assert called <= 2


def test_one_loud_account_is_no_burst():
    posts = quiet(2)
    loud = pd.DataFrame(
        {
            "account_id": "loud",
            "created_at": START + pd.Timedelta(days=3) + pd.to_timedelta(np.arange(200), unit="s"),
            "narrative_id": "n-2",
        }
    )
    assert find_bursts(pd.concat([posts, loud]), TOPICS).equals(find_bursts(posts, TOPICS))


def test_order_of_rows_cannot_show():
    posts = quiet(3)
    pd.testing.assert_frame_equal(
        find_bursts(posts, TOPICS, alpha=0.5), find_bursts(posts[::-1], TOPICS, alpha=0.5)
    )


def test_nothing_to_look_at_gives_an_empty_table():
    posts = quiet(4).iloc[:0]
    assert list(find_bursts(posts, TOPICS).columns) == list(tables.BURSTS.columns)
    with pytest.raises(ParameterError, match="2 problems"):
        find_bursts(posts, TOPICS, slot_hours=0, alpha=2.0)
