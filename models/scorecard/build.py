"""Rebuild the scorecard: simulate, detect, measure the signals of every group, learn.

    python models/scorecard/build.py [--worlds N] [--small-worlds N] [--fit-only]

One command, about an hour on one idle core. What it has collected lies in groups.part.csv until
all worlds are there, so that a run that was cut short goes on where it stopped; then it writes
groups.csv, held_out.csv, ablation.csv and scorecard.json.

`worlds.py` says what is simulated. A group that detection calls is labelled by the planted group
that most of its accounts belong to; fact-checkers and outlets that act together are benign kinds of
their own, and any other group of ordinary accounts is benign too.
Crowds are rarely called; a true twin that was not called is measured as if it had been, so that the
card knows what twins look like. Such a group has no synchrony: that signal helped to choose the
called ones. The calibration looks at called groups only.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from worlds import FIRST_SEED, FIRST_SMALL, world_of

import disinfo
from disinfo import tables
from disinfo.pipeline import Pipeline
from disinfo.scoring import Scorecard, fit_scorecard
from disinfo.scoring.scorecard import OF_AGE
from disinfo.signals import ALL_SIGNALS
from disinfo.simulation import World
from disinfo.stages import GROUPS as GROUPS_TABLE
from disinfo.stages import Findings

HERE = Path(__file__).parent
GROUPS = HERE / "groups.csv"
UNFINISHED = HERE / "groups.part.csv"
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
# Bits of a signal that was measured in fewer groups would be smoothing as well.
MIN_MEASURED = 10
OTHERS = "others"
LABELS = ("kind", "inauthentic", "called", "n_accounts", "world")
# Signals that helped to choose the called groups say nothing of groups that were not.
SELECTED_BY = ["synchrony"]
TEXT_SIGNALS = [
    "copypasta", "paraphrase", "paraphrase_signature", "language_spread", "language_switch",
    "no_refutation", "obfuscation", "template_dispersion", "machine_writing", "machine_residue",
]  # fmt: skip


class KeepFindings:
    """Stand in for the score, which is what is being learned here, and keep what it is given."""

    def __init__(self) -> None:
        self.findings = Findings(posts=tables.POSTS.empty())
        self.evidence = tables.EVIDENCE.empty()

    def __call__(self, findings: Findings, evidence: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Keep the tables; give no campaign."""
        self.findings, self.evidence = findings, evidence
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
                "group_id": main,
                "called": True,
                "kind": NAMES.get(kind, kind),
                "inauthentic": bool(group["inauthentic"].iloc[0]) if len(group) else False,
                "n_accounts": len(own),
            }
        )
    return pd.DataFrame(rows)


def as_if_called(findings: Findings, world: World, called: set[str]) -> Findings:
    """Return findings in which the true twins that were not called stand as campaigns."""
    twins = world.truth_groups[~world.truth_groups["inauthentic"].astype(bool)]
    left = twins[~twins["group_id"].isin(called)]["group_id"]
    truth = world.truth_accounts[world.truth_accounts["group_id"].isin(left)]
    members = truth.rename(columns={"group_id": "campaign_id"})[["campaign_id", "account_id"]]
    acts = findings.actions.merge(members, on="account_id").rename(columns={"layer": "kind"})
    shared = acts.groupby(["campaign_id", "kind", "object_id"])["account_id"].transform("nunique")
    objects = acts[(shared > 1) & acts["post_id"].notna()]
    columns = list(tables.CAMPAIGN_OBJECTS.columns)
    objects = objects[columns].drop_duplicates()
    names = sorted(set(objects["campaign_id"]))
    groups = pd.DataFrame({"campaign_id": names, "window_s": 0, "p": 1.0, "q": 1.0})
    groups["layers"] = [[] for _ in names]
    members = members[members["campaign_id"].isin(names)].assign(strength=0.0, dedication=0.0)
    return dataclasses.replace(
        findings,
        groups=GROUPS_TABLE.check(groups) if names else GROUPS_TABLE.empty(),
        members=tables.MEMBERS.check(members),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(objects),
    )


def measured(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return one row a campaign, one column a signal."""
    own = evidence[evidence["subject"] == "campaign"]
    # Every pair occurs once, so nothing is aggregated.
    return own.pivot_table("value", "subject_id", "signal", aggfunc="first")


def rows_of(seed: int) -> pd.DataFrame:
    """Simulate one world and return one row a group."""
    world = world_of(seed)
    kept = KeepFindings()
    result = disinfo.detect(world.posts, pipeline=Pipeline(score=kept), progress=False)
    parts = []
    if len(result.members):
        labels = label(result.members, world)
        values = measured(kept.evidence)
        parts.append(labels.merge(values, left_on="campaign_id", right_index=True))
    found = set(parts[0]["group_id"]) if parts else set()
    others = as_if_called(kept.findings, world, found)
    if len(others.groups):
        evidence = pd.concat([signal(others) for signal in ALL_SIGNALS], ignore_index=True)
        labels = label(others.members, world).assign(called=False)
        values = measured(evidence).drop(columns=SELECTED_BY, errors="ignore")
        parts.append(labels.merge(values, left_on="campaign_id", right_index=True))
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts, ignore_index=True).assign(world=seed)
    return rows.drop(columns=["campaign_id", "group_id"]).round(5)


def collect(n_worlds: int, n_small: int) -> None:
    """Simulate, detect, and write one row a group, world after world."""
    groups = pd.read_csv(UNFINISHED) if UNFINISHED.exists() else pd.DataFrame({"world": []})
    seeds = [
        range(first, first + n) for first, n in ((FIRST_SEED, n_worlds), (FIRST_SMALL, n_small))
    ]
    for seed in chain.from_iterable(seeds):
        if (groups["world"] == seed).any():
            continue
        begun = time.process_time()
        rows = rows_of(seed)
        groups = pd.concat([groups, rows], ignore_index=True) if len(rows) else groups
        first = [name for name in LABELS if name in groups]
        rest = sorted(set(groups.columns) - set(first))
        groups[[*first, *rest]].to_csv(UNFINISHED, index=False)
        called = rows[rows["called"]]["kind"].value_counts().to_dict() if len(rows) else {}
        print(seed, called, f"{time.process_time() - begun:.0f} s", flush=True)
    UNFINISHED.replace(GROUPS)


def kinds_of(groups: pd.DataFrame) -> pd.Series:
    """Return the kind of each group; benign kinds too rare for a profile are one."""
    benign = groups.loc[~groups["inauthentic"], "kind"].value_counts()
    known = groups["inauthentic"] | groups["kind"].isin(benign.index[benign >= MIN_PROFILE])
    return groups["kind"].where(known, OTHERS)


def signals_of(groups: pd.DataFrame) -> list[str]:
    """Return the signals that were measured, and not always the same; no other can be learned."""
    known = groups.drop(columns=list(LABELS))
    enough = (known.notna().sum() >= MIN_MEASURED) & (known.max() > known.min())
    return enough.index[enough].tolist()


def card_of(groups: pd.DataFrame, n_bootstrap: int = 200) -> Scorecard:
    """Learn the card from groups."""
    called = groups["called"].astype(bool)
    card = fit_scorecard(
        groups[signals_of(groups)],
        kinds_of(groups).tolist(),
        groups["inauthentic"].tolist(),
        groups["world"].tolist(),
        called=called.tolist(),
        statement=(
            f"{int(called.sum())} groups called in {groups['world'].nunique()} simulated worlds "
            f"({int((called & groups['inauthentic']).sum())} campaigns, "
            f"{int((called & ~groups['inauthentic']).sum())} benign groups) and "
            f"{int((~called).sum())} true twins that were not called; no real posts"
        ),
        n_bootstrap=n_bootstrap,
    )
    # What is like nothing in particular makes no look-alike.
    profiles = {kind: shares for kind, shares in card.profiles.items() if kind != OTHERS}
    return dataclasses.replace(card, profiles=profiles)


def fit() -> None:
    """Learn the card from the groups collected, and say how it does on kinds it had not seen."""
    groups = pd.read_csv(GROUPS)
    card_of(groups).save(HERE / "scorecard.json")
    print(groups.groupby(["called", "inauthentic", "kind"]).size().to_string())
    given = groups, signals_of(groups), kinds_of(groups), groups["called"].astype(bool)
    evaluate(*given)
    ablation(*given)


def evaluate(groups: pd.DataFrame, signals: list[str], kinds: pd.Series, called: pd.Series) -> None:
    """Score every group by a whole card, calibration included, that never saw its like.

    A campaign is scored by a card without its kind, a benign group by one without its world; the
    same as if nothing were known of the age of accounts; and both by cards without their kind,
    which is harder than life where few benign kinds are known.
    """
    fold = groups["world"].astype(int) % 5
    world_out = (
        groups["inauthentic"].map(str).where(groups["inauthentic"], "world " + fold.map(str))
    )
    parts = {
        "bits": kinds.where(groups["inauthentic"], world_out),
        "bits_no_kind": kinds,
    }
    table = groups[list(LABELS)].copy()
    for name, part in parts.items():
        table[name] = left_out(groups, signals, kinds, called, part).round(3)
    ages = groups.assign(**dict.fromkeys(OF_AGE, np.nan))
    table["bits_no_age"] = left_out(groups, signals, kinds, called, parts["bits"], ages).round(3)
    table.to_csv(HERE / "held_out.csv", index=False)
    own = table[called]
    truth = own["inauthentic"].astype(bool)
    for name in (*parts, "bits_no_age"):
        likely = own[name] > np.log2(0.8 / 0.2)
        print(f"{name}: AUC {roc_auc_score(truth, own[name]):.3f}; at even odds likely: "
              f"{likely[truth].mean():.0%} of campaigns, "
              f"{int(likely[~truth].sum())} of {int((~truth).sum())} benign groups")  # fmt: skip


def ablation(groups: pd.DataFrame, signals: list[str], kinds: pd.Series, called: pd.Series) -> None:
    """Write what is lost without each signal, and without all that need a text."""
    fold = "world " + (groups["world"].astype(int) % 5).map(str)
    part = kinds.where(groups["inauthentic"], fold)
    cases = {"nothing": [], **{name: [name] for name in signals}, "all text": TEXT_SIGNALS}
    rows = []
    for name, gone in cases.items():
        kept = [signal for signal in signals if signal not in gone]
        bits = left_out(groups, kept, kinds, called, part)
        own = groups[["inauthentic", "world"]].assign(bits=bits)[called]
        rows.append({"without": name, **auc_by_world(own)})
    table = pd.DataFrame(rows).round(3)
    table.to_csv(HERE / "ablation.csv", index=False)
    print(table.to_string(index=False))


def auc_by_world(rows: pd.DataFrame) -> dict[str, float]:
    """Return the AUC of bits with its 95 % interval by a bootstrap over worlds."""
    rng = np.random.default_rng(0)
    of_world = [own for _, own in rows.groupby("world")]
    drawn = []
    for _ in range(200):
        picked = pd.concat([of_world[k] for k in rng.integers(0, len(of_world), len(of_world))])
        if picked["inauthentic"].nunique() == 2:
            drawn.append(roc_auc_score(picked["inauthentic"].astype(bool), picked["bits"]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    auc = roc_auc_score(rows["inauthentic"].astype(bool), rows["bits"])
    return {"auc": float(auc), "low": float(low), "high": float(high)}


def left_out(
    groups: pd.DataFrame, signals: list[str], kinds: pd.Series, called: pd.Series, part: pd.Series,
    asked: pd.DataFrame | None = None,
) -> pd.Series:  # fmt: skip
    """Return calibrated bits of each part by a card fitted on the other parts."""
    bits = pd.Series(np.nan, groups.index)
    for one in part.unique():
        out = part == one
        card = fit_scorecard(
            groups.loc[~out, signals],
            kinds[~out].tolist(),
            groups.loc[~out, "inauthentic"].tolist(),
            groups.loc[~out, "world"].tolist(),
            called=called[~out].tolist(),
            statement="",
            n_bootstrap=0,
        )
        bits[out] = card.calibrated((groups if asked is None else asked).loc[out, signals])
    return bits


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=80)
    parser.add_argument("--small-worlds", type=int, default=110)
    parser.add_argument("--fit-only", action="store_true")
    asked = parser.parse_args()
    if not asked.fit_only:
        collect(asked.worlds, asked.small_worlds)
    fit()
