"""The script that learns the scorecard: what it makes of twins that were not called."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from disinfo import tables
from disinfo.coordination import SharedObjects
from disinfo.signals import dedication
from disinfo.simulation import Twin, simulate
from disinfo.stages import Findings, as_tables

BUILD = Path(__file__).parents[2] / "models" / "scorecard" / "build.py"


@pytest.fixture(scope="module")
def build():
    with pytest.MonkeyPatch.context() as patch:
        # As for a script: what it imports lies beside it.
        patch.syspath_prepend(str(BUILD.parent))
        return runpy.run_path(str(BUILD))


def test_small_worlds_untell_columns_and_hold_one_campaign(build):
    seeds = range(build["FIRST_SMALL"], build["FIRST_SMALL"] + 3)
    worlds = [build["world_of"](seed) for seed in seeds]
    for world in worlds:
        assert world.truth_groups["inauthentic"].astype(bool).sum() == 1
        assert len(world.truth_groups) == 4
    told = [set(world.posts) for world in worlds]
    assert told[0] != told[1] or told[1] != told[2]


@pytest.fixture(scope="module")
def world():
    twins = (Twin(kind="newswire"), Twin(kind="fan_club"))
    return simulate(n_posts=1500, days=14, twins=twins, bursts=0, seed=3)


@pytest.fixture(scope="module")
def findings(world):
    posts = tables.POSTS.check(world.posts)
    given = as_tables(SharedObjects()(posts), main="actions", stage="actions")
    return Findings(posts=posts, actions=given["actions"])


def test_true_twins_stand_as_campaigns(build, world, findings):
    others = build["as_if_called"](findings, world, set())
    truth = world.truth_groups.set_index("group_id")
    named = set(others.groups["campaign_id"])
    assert named
    assert not truth.loc[sorted(named), "inauthentic"].any()
    labels = build["label"](others.members, world).set_index("campaign_id")
    assert not labels["inauthentic"].any()
    assert set(labels["kind"]) <= {"newswire", "fan club"}
    values = build["measured"](dedication(others))
    assert values["dedication"].between(0, 1).all()


def test_called_twins_are_not_counted_twice(build, world, findings):
    twins = world.truth_groups.loc[~world.truth_groups["inauthentic"], "group_id"]
    assert build["as_if_called"](findings, world, set(twins)).groups.empty


def test_intervals_come_from_worlds(build):
    rows = pd.DataFrame(
        {"inauthentic": [True, False] * 20, "world": [k // 4 for k in range(40)], "bits": 0.0}
    )
    assert build["auc_by_world"](rows) == {"auc": 0.5, "low": 0.5, "high": 0.5}


def test_what_is_always_the_same_is_not_learned(build):
    rows = pd.DataFrame(
        {
            "kind": "newswire",
            "inauthentic": False,
            "called": True,
            "n_accounts": 5,
            "world": 1,
            "varies": [0.0, 1.0] * 10,
            "constant": 1.0,
            "rare": [0.0, 1.0] + [None] * 18,
        }
    )
    assert build["signals_of"](rows) == ["varies"]
