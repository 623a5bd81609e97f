"""Honest crowds and operations that the simulator did not make: who is accused, what is found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from benchmarks.blinding import blind_name, blind_posts
from benchmarks.scenes import BENIGN, OPERATIONS, Play, play
from benchmarks.systems import groups, rules
from benchmarks.task import Case, Question, Task
from benchmarks.tasks.coordination import judge, share, worlds_with
from disinfo.reading import read_posts

_HONEST, _OPERATION = "honest", "operation"


@lru_cache(maxsize=4)
def scene_case(scene: Play, seed: int) -> Case:
    """Make a case of one scene.

    Parameters
    ----------
    scene, seed
        See `benchmarks.scenes.play`.

    Returns
    -------
    Case
        Accounts of an honest scene are twins to the judge: naming them is no fault unless they are
        called likely inauthentic. Bystanders are organic.
    """
    posts, accounts = play(scene, seed)
    sort = _OPERATION if scene in OPERATIONS else _HONEST
    salt = f"{scene.__name__} {seed}"
    everybody = pd.Series(posts["account_id"].unique())
    in_scene = everybody.isin(accounts)
    truth = pd.DataFrame(
        {
            "account_id": [blind_name(salt, name) for name in everybody],
            "role": in_scene.map({True: "campaign" if sort == _OPERATION else "twin"}),
            "group_id": in_scene.map({True: "scene"}),
            "kind": scene.__name__,
        }
    )
    return Case(
        name=f"{sort}: {scene.__name__} {seed}",
        question=Question(table=blind_posts(read_posts(posts).table, salt)),
        truth=truth.fillna({"role": "organic"}),
    )


def scenes(seed: int) -> Iterator[Case]:
    """Yield a world of every scene."""
    for scene in (*BENIGN, *OPERATIONS):
        yield scene_case(scene, seed)


TASKS = (
    Task(
        id="scenes",
        description="Whole job on small worlds of one scene each, by rules that are not the "
        "simulator's: eleven honest crowds (petition, texts made ready, daily game, giveaway, "
        "match days, alerts, chain letter, forwards, breaking news, weather stations, photo day) "
        "and five operations, before 400 bystanders. Naming an honest crowd that acts together is "
        "no fault; calling it likely inauthentic is. Rules and peers call nobody inauthentic, so "
        "what they name beside the scene counts. Intervals by world.",
        cases=scenes,
        judge=judge,
        metrics=(
            worlds_with(
                "honest worlds with a crowd called likely inauthentic", "twins_likely", _HONEST
            ),
            worlds_with("worlds with a bystander named", "false", _HONEST, _OPERATION),
            share("bystanders named", "false", ("innocent",), _HONEST, up=False),
            share("precision, operations", "hits", ("hits", "false"), _OPERATION),
            share("recall, operations", "hits", ("hits", "missed"), _OPERATION),
            share("operations found", "found", ("planted",), _OPERATION),
        ),
        baseline=rules.RAW_600.name,
        systems=groups.WHOLE,
        full_seeds=range(20_000, 20_001),
        nightly_seeds=range(20_000, 20_004),
    ),
)
