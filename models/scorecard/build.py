"""Rebuild the scorecard: simulate, detect, measure the signals of every group found, learn.

    python models/scorecard/build.py collect [--worlds N]    # writes groups.csv, some minutes
    python models/scorecard/build.py fit                     # writes scorecard.json from it

Worlds have seeds from 9000 on, used for nothing else. Each holds four kinds of campaign and four of
benign twin with knobs drawn at random; from 9030 on two campaigns and all twins, large ones. A
group that detection calls is labelled by the planted group that most of its accounts belong to;
fact-checkers and outlets that act together are benign kinds of their own, and any other group of
ordinary accounts is benign too. Collecting goes on from the last world in groups.csv.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import disinfo
from disinfo import tables
from disinfo.pipeline import Pipeline
from disinfo.scoring import fit_scorecard
from disinfo.simulation import Campaign, Twin, World, simulate

HERE = Path(__file__).parent
GROUPS = HERE / "groups.csv"
FIRST_SEED = 9000
FIRST_CROWDED = 9030
CAMPAIGNS = (
    "copypasta", "reworded", "translated", "link_amplification", "hashtag_flood", "reply_brigade",
    "slow_persona",
)  # fmt: skip
TWINS = ("newswire", "fan_club", "protest", "petition_app", "feed", "customer_service")
CROWDS = ("fan_club", "protest", "petition_app")
# What the verdict calls each kind; replies made from one template are a feed to the reader.
NAMES = {
    "fan_club": "fan club",
    "petition_app": "petition app",
    "customer_service": "feed",
    "fact-checker": "fact checkers",
    "outlet": "newswire",
}
# A profile drawn from fewer groups than this would be smoothing.
MIN_PROFILE = 5
OTHERS = "others"
LABELS = ("kind", "inauthentic", "n_accounts", "world")


def world_of(seed: int) -> World:
    """Simulate one world with knobs drawn from its seed."""
    rng = np.random.default_rng(seed)
    campaigns = tuple(
        Campaign(
            kind=str(kind),
            n_accounts=int(rng.integers(8, 31)),
            n_waves=int(rng.integers(8, 21)),
            jitter_s=float(np.exp(rng.uniform(np.log(60), np.log(7200)))),
            paraphrase=float(rng.uniform(0.2, 0.9)),
            rotation=float(rng.uniform(0.1, 0.5)),
            camouflage=float(rng.uniform(0.1, 0.8)),
            account_age_days=None if rng.random() < 0.6 else float(rng.integers(20, 400)),
        )
        for kind in rng.choice(CAMPAIGNS, 4, replace=False)
    )
    if seed < FIRST_CROWDED:
        twins = tuple(Twin(kind=str(kind)) for kind in rng.choice(TWINS, 4, replace=False))
    else:
        # Crowds of the usual size are seldom called; large ones show what called ones look like.
        campaigns = campaigns[:2]
        twins = tuple(
            Twin(kind=kind, n_accounts=int(rng.integers(30, 91)) if kind in CROWDS else None)
            for kind in TWINS
        )
    return simulate(
        n_posts=7000 if seed < FIRST_CROWDED else 9000,
        campaigns=campaigns,
        twins=twins,
        bursts=int(rng.choice([0, 3, 6])),
        seed=seed,
    )


def no_score(findings: Any, evidence: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Stand in for the score, which is what is being learned here."""
    del findings, evidence
    return {"campaigns": tables.CAMPAIGNS.empty()}


def label(members: pd.DataFrame, world: World) -> pd.DataFrame:
    """Say for each campaign found what it is."""
    truth = members.merge(world.truth_accounts, on="account_id")
    rows = []
    for campaign_id, own in truth.groupby("campaign_id"):
        main = own["group_id"].fillna("-" + own["kind"]).value_counts().index[0]
        group = world.truth_groups[world.truth_groups["group_id"] == main]
        kind = str(group["kind"].iloc[0]) if len(group) else main.removeprefix("-")
        rows.append(
            {
                "campaign_id": campaign_id,
                "kind": NAMES.get(kind, kind),
                "inauthentic": bool(group["inauthentic"].iloc[0]) if len(group) else False,
                "n_accounts": len(own),
            }
        )
    return pd.DataFrame(rows)


def collect(n_worlds: int) -> None:
    """Simulate, detect, and write one row a group found."""
    parts = [pd.read_csv(GROUPS)] if GROUPS.exists() else []
    begin = int(parts[0]["world"].max()) + 1 if parts else FIRST_SEED
    for seed in range(begin, FIRST_SEED + n_worlds):
        world = world_of(seed)
        result = disinfo.detect(world.posts, pipeline=Pipeline(score=no_score))
        if result.members.empty:
            continue
        # Every pair occurs once, so nothing is aggregated.
        values = result.evidence.pivot_table("value", "subject_id", "signal", aggfunc="first")
        labels = label(result.members, world)
        parts.append(
            labels.merge(values, left_on="campaign_id", right_index=True)
            .assign(world=seed)
            .drop(columns="campaign_id")
            .round(5)
        )
        found = labels["kind"].value_counts().to_dict()
        print(seed, found, result.manifest["seconds"], flush=True)
        pd.concat(parts, ignore_index=True).to_csv(GROUPS, index=False)


def fit() -> None:
    """Learn the card from the groups collected."""
    groups = pd.read_csv(GROUPS)
    signals = [c for c in groups.columns if c not in LABELS]
    benign = groups.loc[~groups["inauthentic"], "kind"].value_counts()
    kinds = groups["kind"].where(
        groups["inauthentic"] | groups["kind"].isin(benign.index[benign >= MIN_PROFILE]), OTHERS
    )
    card = fit_scorecard(
        groups[signals],
        kinds.tolist(),
        groups["inauthentic"].tolist(),
        groups["world"].tolist(),
        statement=(
            f"{len(groups)} groups found in {groups['world'].nunique()} simulated elections: "
            f"{int(groups['inauthentic'].sum())} campaigns and "
            f"{int((~groups['inauthentic']).sum())} benign groups; no real posts"
        ),
    )
    # What is like nothing in particular makes no look-alike.
    profiles = {kind: shares for kind, shares in card.profiles.items() if kind != OTHERS}
    dataclasses.replace(card, profiles=profiles).save(HERE / "scorecard.json")
    print(groups.groupby(["inauthentic", "kind"]).size())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["collect", "fit"])
    parser.add_argument("--worlds", type=int, default=48)
    asked = parser.parse_args()
    if asked.step == "collect":
        collect(asked.worlds)
    else:
        fit()
