"""A small world of actions: outlets with readers, popular items, bursts, and a planted group."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from disinfo import tables

START = pd.Timestamp("2025-05-01", tz="UTC")


def _id(prefix, *parts):
    return prefix + hashlib.blake2b(repr(parts).encode(), digest_size=6).hexdigest()


def _make_actions(
    seed, *, n_accounts=400, n_items=700, days=21, group=0, waves=14, jitter_s=300, bursts=0
):
    """Build an `actions` table and the ids of the planted group's accounts."""
    rng = np.random.default_rng(seed)
    activity = rng.lognormal(0, 1, n_accounts)
    n_outlets = 25
    follows = rng.random((n_accounts, n_outlets)) < 0.12
    rows = []
    for item in range(n_items):
        outlet = int(rng.integers(n_outlets))
        born = rng.random() * days * 86400
        readers = np.flatnonzero(follows[:, outlet] | (rng.random(n_accounts) < 0.01))
        appeal = rng.pareto(1.6) * 0.03
        sharers = readers[rng.random(len(readers)) < np.minimum(appeal * activity[readers], 0.9)]
        delays = rng.lognormal(8, 1.6, len(sharers))
        rows += [
            (who, f"item{item}", f"outlet{outlet}", born + d)
            for who, d in zip(sharers, delays, strict=True)
        ]
    for burst in range(bursts):
        born = rng.random() * days * 86400
        sharers = rng.choice(
            n_accounts, n_accounts // 3, replace=False, p=activity / activity.sum()
        )
        for who in sharers:
            for item in rng.choice(5, 2, replace=False):
                when = born + rng.lognormal(5.5, 1.0)
                rows.append((who, f"burst{burst}-{item}", f"outlet{item}", when))
    planted = rng.choice(n_accounts, group, replace=False) if group else []
    for wave in range(waves if group else 0):
        born = rng.random() * days * 86400
        outlet = int(rng.integers(n_outlets))
        for who in planted:
            if rng.random() < 0.8:
                rows.append((who, f"wave{wave}", f"outlet{outlet}", born + rng.random() * jitter_s))
    frame = pd.DataFrame(rows, columns=["who", "item", "source", "at"])
    frame["account_id"] = [_id("u", seed, int(who)) for who in frame["who"]]
    actions = pd.DataFrame(
        {
            "account_id": frame["account_id"],
            "layer": "url",
            "object_id": frame["item"],
            "created_at": START + pd.to_timedelta(frame["at"].round(), unit="s"),
            "post_id": [f"p{number}" for number in range(len(frame))],
            "slot": pd.Series(pd.NA, frame.index, dtype="str"),
            "source": frame["source"],
        }
    )
    shared = actions.groupby("object_id")["account_id"].transform("nunique") > 1
    members = {_id("u", seed, int(who)) for who in planted}
    return tables.ACTIONS.check(actions[shared]), members


@pytest.fixture(scope="session")
def make_actions():
    return _make_actions


@pytest.fixture(scope="session")
def planted_world():
    return _make_actions(3, group=12)


@pytest.fixture(scope="session")
def organic_world():
    return _make_actions(5)
