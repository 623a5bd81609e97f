"""Systems that name coordinated accounts: account_id, group_id; ours also probability and likely.

For systems that give edges an account is named when it keeps any edge, and components are groups.
"""

from __future__ import annotations

import hashlib

import pandas as pd
from filelock import FileLock

import disinfo
from benchmarks.cache import cache_folder
from benchmarks.peers.process import peer
from benchmarks.provenance import code_digest
from benchmarks.systems.co_actions import components, shared_actions
from benchmarks.systems.rules import BASELINES, RULES
from benchmarks.task import AbsentError, Answer, Question, System
from disinfo.coordination import GroupTest, SurpriseNull
from disinfo.errors import ModelError
from disinfo.stages import as_tables

_ALPHA = 0.05
_LIKELY = "likely inauthentic"


def _group_test(question: Question) -> Answer:
    actions = shared_actions(question).drop(columns="event")
    edges = as_tables(SurpriseNull()(actions), main="edges", stage="edges")["edges"]
    members = as_tables(GroupTest()(actions, edges), main="groups", stage="groups")["members"]
    return members.rename(columns={"campaign_id": "group_id"})


def _pairs(question: Question) -> Answer:
    actions = shared_actions(question).drop(columns="event")
    edges = as_tables(SurpriseNull()(actions), main="edges", stage="edges")["edges"]
    return components(edges[(edges["layer"] == "all") & (edges["q"] <= _ALPHA)])


def _detect(question: Question) -> Answer:
    result = detected(question.table)
    columns = ["campaign_id", "probability", "verdict"]
    members = result.members.merge(result.campaigns[columns], on="campaign_id")
    return members.assign(likely=members["verdict"] == _LIKELY).rename(
        columns={"campaign_id": "group_id"}
    )


def detected(posts: pd.DataFrame) -> disinfo.Result:
    """Run the whole job, or load what it gave for these posts and this code.

    Raises
    ------
    AbsentError
        Where the default model or the scorecard cannot be had.
    """
    hashed = hashlib.blake2b(posts.to_json(date_format="iso").encode(), digest_size=8).hexdigest()
    folder = cache_folder(f"detected/{code_digest()}") / hashed
    # A task that runs beside this one may want the same: one of them does it, the other waits.
    with FileLock(folder.with_suffix(".lock")):
        if (folder / "manifest.json").exists():
            return disinfo.load(folder)
        try:
            result = disinfo.detect(posts, progress=False)
        except ModelError as error:
            raise AbsentError(str(error)) from error
        result.save(folder)
        return result


GROUP_TEST = System(
    name="disinfo: group test",
    answer=_group_test,
    about="Actions, pair null and group test with their defaults; names members of campaigns at a "
    "false discovery rate of 5 %, and says nothing about inauthenticity.",
)
PAIRS = System(
    name="disinfo: pairs, q <= .05",
    answer=_pairs,
    about="Edges of the pair null. The library names nobody by an edge; shown for comparison.",
)
DETECT = System(
    name="disinfo: detect",
    answer=_detect,
    about="The whole job with its defaults, texts included; a benign group counts as false only "
    "where its verdict is likely inauthentic.",
)
CNT = peer(
    "coordination-network-toolkit",
    "cnt_edges",
    about="compute_co_link_network on the same actions, 60 s, min_edge_weight 3 (its default of 1 "
    "names nearly everybody).",
    table_of=shared_actions,
    finish=components,
)
COORDINATIONZ = peer(
    "coordinationz",
    "coordinationz_edges",
    about="bipartiteNullModelSimilarity on the same actions, p < 0.01 (its default), 2,000 "
    "realisations. Known defects: no time, no correction for many tests, not seeded.",
    table_of=shared_actions,
    finish=components,
)
ASTRODETECTION = peer(
    "astrodetection",
    "astrodetection_edges",
    about="create_coURL_graph on the same actions, cosine of 0.9 as for its hub score. Known "
    "defects: no time, no null.",
    table_of=shared_actions,
    finish=components,
)
PEERS = (CNT, COORDINATIONZ, ASTRODETECTION)
BEHAVIOUR = (GROUP_TEST, PAIRS, *BASELINES, *RULES, *PEERS)
WHOLE = (DETECT, *BASELINES, *RULES, *PEERS)
