"""Conformance kits: does a stage keep its contract? For users who replace one.

Each ``check_…`` function runs a stage on small made-up data and raises `AssertionError` with a
sentence about what is wrong: input changed, order of rows visible, unknown ids, bad tables, an
empty input refused. A kit says that a stage fits in, not that it is any good.

Examples
--------
>>> from disinfo.coordination import SurpriseNull
>>> check_link_accounts(SurpriseNull())
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disinfo import tables
from disinfo.stages import (
    Embed,
    ExtractActions,
    Findings,
    GroupAccounts,
    GroupNarratives,
    LinkAccounts,
    LinkTexts,
    Score,
    Signal,
    StageOutput,
    Vectors,
    as_tables,
    check_embeddings,
)

_START = pd.Timestamp("2025-05-01T08:00:00Z")


def check_embed(stage: Embed, texts: Sequence[str] | None = None) -> None:
    """Check an `Embed` stage.

    Parameters
    ----------
    stage
        The stage.
    texts
        Texts to try; some are made up by default.

    Raises
    ------
    AssertionError
        When vectors are not finite unit rows, change from call to call, or depend on batch mates.
    """
    tried = list(texts or ("The bridge is closed.", "Most jest zamknięty.", "👍", "x" * 3000, ""))
    together = check_embeddings(stage(tried), len(tried))
    again = check_embeddings(stage(tried), len(tried))
    _require(np.array_equal(together, again), "the same call gives other vectors")
    reversed_rows = stage(tried[::-1])[::-1]
    _require(np.allclose(together, reversed_rows, atol=1e-5), "vectors depend on the order")
    alone = np.concatenate([stage([text]) for text in tried])
    _require(np.allclose(together, alone, atol=1e-5), "a vector depends on its batch mates")
    check_embeddings(np.asarray(stage([])).reshape(0, together.shape[1]), 0)


def check_link_texts(stage: LinkTexts) -> None:
    """Check a `LinkTexts` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When it changes its input, shows the order of rows, links unknown texts, or fails on none.
    """
    texts, vectors = _texts()
    first = _links(stage, texts, vectors)
    order = np.arange(len(texts))[::-1]
    again = _links(stage, texts.iloc[order].reset_index(drop=True), vectors[order])
    _same(first, again, "links")
    known = set(texts["text_id"])
    _require(set(first["text_a"]) | set(first["text_b"]) <= known, "links name unknown texts")
    _require(bool((first["text_a"] < first["text_b"]).all()), "text_a must sort before text_b")
    _require(bool(first["similarity"].between(0, 1).all()), "similarity must be a probability")
    _links(stage, texts.iloc[:0], vectors[:0])
    _links(stage, texts.iloc[:1], vectors[:1])


def check_group_narratives(stage: GroupNarratives) -> None:
    """Check a `GroupNarratives` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When it changes its input, names unknown texts, or puts opposed texts in one family.
    """
    texts, vectors = _texts()
    ids = texts["text_id"].tolist()
    links = tables.LINKS.check(
        pd.DataFrame(
            {
                "text_a": [ids[0], ids[1]],
                "text_b": [ids[1], ids[2]],
                "kind": ["near", "opposed"],
                "similarity": [0.9, 0.9],
                "lexical_similarity": [0.9, 0.9],
            }
        )
    )
    before = texts.copy(deep=True)
    output = stage(texts, vectors, links)
    found = as_tables(output, main="membership", stage="group_narratives")
    _require(texts.equals(before), "the stage changed its input")
    _require(set(found["membership"]["text_id"]) <= set(ids), "membership names unknown texts")
    if "family_members" in found:
        family = found["family_members"].set_index("text_id")["family_id"]
        _require(set(family.index) == set(ids), "every text needs a family")
        _require(family[ids[1]] != family[ids[2]], "opposed texts share a family")
    for name, frame in as_tables(
        stage(texts, vectors, links), main="membership", stage="group_narratives"
    ).items():
        _same(found[name], frame, name)


def check_extract_actions(stage: ExtractActions) -> None:
    """Check an `ExtractActions` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When it changes its input, shows the order of rows, or makes up accounts.
    """
    posts = _posts()
    before = posts.copy(deep=True)
    actions = as_tables(stage(posts), main="actions", stage="extract_actions")["actions"]
    _require(posts.equals(before), "the stage changed its input")
    _require(
        set(actions["account_id"]) <= set(posts["account_id"]), "actions name unknown accounts"
    )
    shuffled = posts.iloc[::-1].reset_index(drop=True)
    again = as_tables(stage(shuffled), main="actions", stage="extract_actions")["actions"]
    order = list(actions.columns)
    _same(_ordered(actions), _ordered(again)[order], "actions")
    as_tables(stage(posts.iloc[:0]), main="actions", stage="extract_actions")


def check_link_accounts(stage: LinkAccounts) -> None:
    """Check a `LinkAccounts` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When it changes its input, shows the order of rows, gives p or q outside [0, 1], q below p,
        or fails on no actions.
    """
    actions = _actions()
    edges = _main(stage(actions), "edges")
    _same(edges, _main(stage(actions.iloc[::-1].reset_index(drop=True)), "edges"), "edges")
    _require(bool((edges["account_a"] < edges["account_b"]).all()), "account_a sorts first")
    _require(bool(edges["p"].between(0, 1).all()), "p must lie in [0, 1]")
    tested = edges.dropna(subset=["q"])
    _require(bool((tested["q"] >= tested["p"] - 1e-12).all()), "q must not be below p")
    _main(stage(tables.ACTIONS.empty()), "edges")


def check_group_accounts(stage: GroupAccounts) -> None:
    """Check a `GroupAccounts` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When it shows the order of rows, names accounts without an action, has a campaign without
        members, or fails on no actions.
    """
    actions, edges = _actions(), tables.EDGES.empty()
    found = as_tables(stage(actions, edges), main="groups", stage="group_accounts")
    again = as_tables(
        stage(actions.iloc[::-1].reset_index(drop=True), edges),
        main="groups",
        stage="group_accounts",
    )
    for name, frame in found.items():
        _same(frame, again[name], name)
    members = found.get("members", tables.MEMBERS.empty())
    _require(set(members["account_id"]) <= set(actions["account_id"]), "unknown accounts named")
    _require(
        set(members["campaign_id"]) == set(found["groups"]["campaign_id"]),
        "every campaign needs members, and members a campaign",
    )
    as_tables(stage(tables.ACTIONS.empty(), edges), main="groups", stage="group_accounts")


def check_signal(stage: Signal) -> None:
    """Check a `Signal`.

    Parameters
    ----------
    stage
        The signal.

    Raises
    ------
    AssertionError
        When it changes its input, gives a value to what it calls missing or bits to it, or fails
        on data without the columns that it would like.
    """
    findings = _findings()
    before = findings.posts.copy(deep=True)
    rows = tables.EVIDENCE.check(stage(findings))
    _require(findings.posts.equals(before), "the signal changed its input")
    missing = rows[rows["status"] == "missing"]
    _require(bool((missing["bits"] == 0).all()), "a missing signal must add 0 bits")
    _require(bool(missing["value"].isna().all()), "a missing signal must have no value")
    _require(bool((rows["because"].str.len() > 0).all()), "every row needs a reason")
    tables.EVIDENCE.check(stage(Findings(posts=tables.POSTS.empty())))


def check_score(stage: Score) -> None:
    """Check a `Score` stage.

    Parameters
    ----------
    stage
        The stage.

    Raises
    ------
    AssertionError
        When a probability lies outside its interval, the bits of a scored campaign do not sum to
        its log-odds, or an account without a campaign is accused.
    """
    findings = _findings()
    evidence = tables.EVIDENCE.empty()
    scored = as_tables(stage(findings, evidence), main="campaigns", stage="score")
    campaigns = scored["campaigns"]
    _require(
        set(campaigns["campaign_id"]) == set(findings.groups["campaign_id"]),
        "every group needs a row in campaigns",
    )
    known = campaigns.dropna(subset=["probability"])
    _require(
        bool((known["low"] <= known["probability"]).all())
        and bool((known["probability"] <= known["high"]).all()),
        "a probability lies outside its interval",
    )
    bits = scored.get("evidence", evidence).groupby("subject_id")["bits"].sum()
    for row in known.itertuples():
        summed = 1 / (1 + 2.0 ** -float(bits[row.campaign_id]))
        _require(abs(summed - row.probability) < 1e-6, "bits do not sum to the log-odds")
    accounts = scored.get("accounts", tables.ACCOUNTS.empty())
    lone = accounts[accounts["campaign_id"].isna()]
    _require(bool(lone["probability"].isna().all()), "an account in no campaign has a probability")
    stage(Findings(posts=tables.POSTS.empty()), evidence)


def _require(fine: bool, problem: str) -> None:
    if not fine:
        raise AssertionError(problem)


def _main(output: StageOutput, name: str) -> pd.DataFrame:
    return as_tables(output, main=name, stage=name)[name]


def _links(stage: LinkTexts, texts: pd.DataFrame, vectors: Vectors) -> pd.DataFrame:
    before = texts.copy(deep=True)
    links = _main(stage(texts, vectors), "links")
    _require(texts.equals(before), "the stage changed its input")
    return links


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), kind="stable").reset_index(drop=True)


def _same(first: pd.DataFrame, second: pd.DataFrame, name: str) -> None:
    _require(first.equals(second), f"the same data in another order gives another {name!r} table")


def _texts() -> tuple[pd.DataFrame, Vectors]:
    """Return six texts with vectors: two alike, one opposed to them, three others."""
    shown = [
        "The old bridge in Lipno is closed from Monday because of repairs",
        "The old bridge in Lipno is closed from Monday because of repair works",
        "The old bridge in Lipno is not closed from Monday because of repairs",
        "Our team won the cup after extra time, what an evening for the whole town",
        "Fresh bread, local cheese and good company: the market opens at eight",
        "👍",
    ]
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(shown), 16))
    vectors[1] = vectors[0] + 0.1 * rng.normal(size=16)
    vectors[2] = vectors[0] + 0.1 * rng.normal(size=16)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    frame = pd.DataFrame(
        {
            "text_id": [f"t-{number}" for number in range(len(shown))],
            "text": shown,
            "language": ["en"] * 5 + ["und"],
            "n_posts": 1,
            "n_accounts": 1,
            "first_seen": _START,
        }
    )
    return tables.TEXTS.check(frame), vectors.astype(np.float32)


def _posts() -> pd.DataFrame:
    """Return posts of eight accounts that share links, three of them in step."""
    rows = [
        {
            "post_id": f"p-{item}-{account}",
            "account_id": f"account-{account}",
            "text": f"Item {item} is worth reading",
            "created_at": _START + pd.Timedelta(hours=7 * item, minutes=13 * account),
            "urls": [f"https://site{item % 3}.example/{item}"],
            "hashtags": ["lipno"],
            "text_id": f"t-{item}",
            "family_id": f"f-{item}",
            "narrative_id": "n-1",
        }
        for item in range(10)
        for account in range(8)
        if account < 3 or (account + item) % 4 == 0
    ]
    return tables.POSTS.check(pd.DataFrame(rows))


def _actions() -> pd.DataFrame:
    """Return actions of forty accounts, three of which always act together."""
    rng = np.random.default_rng(1)
    rows = []
    for item in range(120):
        born = float(rng.random() * 20 * 86400)
        crowd = rng.choice(np.arange(3, 40), int(rng.integers(0, 6)), replace=False)
        rows += [(int(who), item, born + float(rng.lognormal(8, 1.5))) for who in crowd]
        if item % 6 == 0:
            rows += [(who, item, born + float(rng.random() * 60)) for who in range(3)]
    frame = pd.DataFrame(
        {
            "account_id": [f"account-{who:02d}" for who, _, _ in rows],
            "layer": "url",
            "object_id": [f"item-{item}" for _, item, _ in rows],
            "created_at": [_START + pd.Timedelta(seconds=round(at)) for _, _, at in rows],
            "post_id": [f"p-{number}" for number in range(len(rows))],
        }
    )
    return tables.ACTIONS.check(frame)


def _findings() -> Findings:
    posts = _posts()
    trio = [f"account-{number}" for number in range(3)]
    shared = posts[posts["account_id"].isin(trio)]
    groups = pd.DataFrame(
        {"campaign_id": ["c-1"], "layers": [["url"]], "window_s": [3600], "p": [0.001], "q": [0.01]}
    )
    objects = pd.DataFrame(
        {
            "campaign_id": "c-1",
            "kind": "url",
            "object_id": shared["urls"].str[0],
            "post_id": shared["post_id"],
        }
    )
    members = pd.DataFrame(
        {"campaign_id": "c-1", "account_id": trio, "strength": 5.0, "dedication": 1.0}
    )
    return Findings(
        posts=posts,
        groups=as_tables(groups, main="groups", stage="testing")["groups"],
        members=tables.MEMBERS.check(members),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(objects),
    )
