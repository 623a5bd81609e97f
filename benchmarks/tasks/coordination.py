"""Which accounts act together, in worlds of four kinds: hits and false alarms in one table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from benchmarks.blinding import blind_name, blind_posts
from benchmarks.intervals import Columns
from benchmarks.metrics import f1, ratio
from benchmarks.systems import groups, rules
from benchmarks.task import Answer, Case, Metric, Question, Task
from benchmarks.worlds import KINDS, N_POSTS, world
from disinfo.simulation import World

# Half of a campaign's accounts in one group make it found; half of a group's accounts make the
# group's identity.
_SHARE = 0.5
_BEHAVIOUR = (
    "post_id", "account_id", "created_at", "platform", "language", "urls", "hashtags", "mentions",
    "repost_of", "reply_to", "media_hash", "family_id",
)  # fmt: skip


def world_case(kind: str, seed: int, *, texts: bool, n_posts: int = N_POSTS) -> Case:
    """Make a case of a world.

    Parameters
    ----------
    kind, seed
        See `benchmarks.worlds.world`.
    texts
        Whether the posts keep their texts and account attributes; if not, they carry the true
        families instead, under names that say nothing.
    n_posts
        Size of the world.

    Returns
    -------
    Case
        Its truth is about accounts, under their new names: account_id, role, group_id, kind.
    """
    return case_of(world(kind, seed, n_posts), f"{kind}: {seed}", texts=texts)


def case_of(made: World, name: str, *, texts: bool) -> Case:
    """Make a case of a simulated world, as `world_case` does, under a name."""
    salt = name.replace(":", "")
    posts = made.posts
    if not texts:
        messages = made.truth_posts.set_index("post_id")["message_id"]
        families = posts["post_id"].map(messages)
        named = {name: blind_name(salt, name) for name in families.dropna().unique()}
        posts = posts.assign(family_id=families.map(named).astype("str"))[list(_BEHAVIOUR)]
    return Case(
        name=name,
        question=Question(table=blind_posts(posts, salt)),
        truth=account_truth(made, salt),
    )


def account_truth(made: World, salt: str) -> pd.DataFrame:
    """Return the truth about accounts under their new names."""
    accounts = made.truth_accounts
    return accounts.assign(account_id=[blind_name(salt, name) for name in accounts["account_id"]])


def judge(case: Case, answer: Answer) -> pd.DataFrame:
    """Count, over all accounts and planted campaigns of the truth.

    An account of a benign twin is neither hit nor false unless it is called likely inauthentic,
    and so is a group of them. Any other group that is not mostly one campaign is a false campaign.

    Returns
    -------
    DataFrame
        One row: unit, kind of world, and counts.
    """
    truth = case.truth.set_index("account_id")
    named = answer.assign(likely=answer.get("likely", False))
    named = named[named["account_id"].isin(truth.index)]
    role = truth["role"].reindex(named["account_id"]).to_numpy()
    flagged = named.assign(role=role, group=truth["group_id"].reindex(named["account_id"]).array)
    accused = flagged[(flagged["role"] != "twin") | flagged["likely"].astype(bool)]
    hits = accused.loc[accused["role"] == "campaign", "account_id"].nunique()
    false = accused.loc[accused["role"] != "campaign", "account_id"].nunique()
    planted = truth[truth["role"] == "campaign"].groupby("group_id").size()
    twins = truth[truth["role"] == "twin"].groupby("group_id").size()
    largest = flagged.groupby(["group", "group_id"]).size().groupby("group").max()
    found = largest.reindex(planted.index, fill_value=0) >= _SHARE * planted
    likely_twins = flagged[(flagged["role"] == "twin") & flagged["likely"].astype(bool)]
    return pd.DataFrame(
        {
            "unit": [case.name],
            "kind": [case.name.split(":")[0]],
            "hits": [hits],
            "false": [false],
            "missed": [int(planted.sum()) - hits],
            "innocent": [int((truth["role"] != "campaign").sum())],
            "planted": [len(planted)],
            "found": [int(found.sum())],
            "false_groups": [_false_groups(flagged)],
            "twins": [len(twins)],
            "twins_likely": [likely_twins["group"].nunique()],
        }
    )


def _false_groups(flagged: pd.DataFrame) -> int:
    """Count groups that are neither mostly one campaign nor a twin left in peace."""
    false = 0
    for _, own in flagged.groupby("group_id"):
        campaign = own.loc[own["role"] == "campaign", "group"].value_counts()
        if len(campaign) and campaign.iloc[0] >= _SHARE * len(own):
            continue
        benign = (own["role"] == "twin").sum() >= _SHARE * len(own)
        false += not (benign and not own["likely"].any())
    return false


def _sum(columns: Columns, name: str) -> float:
    return float(columns[name].astype(float).sum())


def _account_f1(columns: Columns) -> float:
    return f1(*(_sum(columns, name) for name in ("hits", "false", "missed")))


def share(name: str, part: str, others: tuple[str, ...], *kinds: str, up: bool = True) -> Metric:
    """Return one count of the judge as a share of the sum of others, over worlds of some kinds."""

    def value(columns: Columns) -> float:
        return ratio(_sum(columns, part), sum((_sum(columns, other) for other in others), 0.0))

    return Metric(name=name, value=value, kinds=kinds, greater_is_better=up)


def false_campaigns(kind: str) -> Metric:
    """Return how many false campaigns are named in a world of one kind."""

    def value(columns: Columns) -> float:
        return ratio(_sum(columns, "false_groups"), len(columns["false_groups"]))

    name = f"false campaigns a world, {kind}"
    return Metric(name=name, value=value, kinds=(kind,), greater_is_better=False)


def worlds_with_false_campaign(name: str, *kinds: str) -> Metric:
    """Return the share of worlds in which a false campaign is named, with an exact interval."""
    return worlds_with(name, "false_groups", *kinds)


def worlds_with(name: str, count: str, *kinds: str) -> Metric:
    """Return the share of worlds in which the judge counts any, with an exact interval."""

    def value(columns: Columns) -> float:
        some = columns[count].astype(float) > 0
        return ratio(float(some.sum()), len(some))

    return Metric(name=name, value=value, kinds=kinds, of_units=True, greater_is_better=False)


_MIXED, _CALM = ("mixed", "mixed+bursts"), ("organic", "bursts")
_PRECISION, _RECALL = ("hits", "false"), ("hits", "missed")
METRICS = (
    Metric(name="account F1, mixed worlds", value=_account_f1, kinds=_MIXED),
    worlds_with_false_campaign("organic and burst worlds with a false campaign", *_CALM),
    false_campaigns("organic"),
    false_campaigns("bursts"),
    share("innocent accounts named, organic and bursts", "false", ("innocent",), *_CALM, up=False),
    share("precision, mixed", "hits", _PRECISION, "mixed"),
    share("recall, mixed", "hits", _RECALL, "mixed"),
    share("campaigns found, mixed", "found", ("planted",), "mixed"),
    share("precision, mixed+bursts", "hits", _PRECISION, "mixed+bursts"),
    share("recall, mixed+bursts", "hits", _RECALL, "mixed+bursts"),
    share("campaigns found, mixed+bursts", "found", ("planted",), "mixed+bursts"),
    false_campaigns("mixed+bursts"),
    share("twins called likely inauthentic", "twins_likely", ("twins",), *_MIXED, up=False),
)


def _behaviour(seed: int) -> Iterator[Case]:
    for kind in KINDS:
        yield world_case(kind, seed, texts=False)


def _whole(seed: int) -> Iterator[Case]:
    for kind in KINDS:
        yield world_case(kind, seed, texts=True)


_HOW = (
    "A campaign is found when half of its accounts are in one group. Accounts of benign twins are "
    "neither hits nor false unless called likely inauthentic. Intervals by world."
)
TASKS = (
    Task(
        id="coordination-worlds",
        description="Behaviour only: simulated worlds without texts; every system gets the same "
        f"actions, made with the true families. {_HOW}",
        cases=_behaviour,
        judge=judge,
        metrics=METRICS,
        baseline=rules.RAW_600.name,
        systems=groups.BEHAVIOUR,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_003),
    ),
    Task(
        id="coordination-worlds-texts",
        description="The whole job: simulated worlds with texts; rules and peers get actions with "
        f"texts of equal normal form as families. {_HOW}",
        cases=_whole,
        judge=judge,
        metrics=METRICS,
        baseline=rules.RAW_600.name,
        systems=groups.WHOLE,
        quick_seeds=range(20_000, 20_001),
        full_seeds=range(20_000, 20_002),
        after=("campaign-scores",),
    ),
)
