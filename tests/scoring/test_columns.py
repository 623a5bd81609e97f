"""A score can be redone by hand: what is not there changes its own row and no other."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.coordination import GroupTest, SharedObjects, SurpriseNull
from disinfo.scoring import ScorecardScore, load_scorecard
from disinfo.signals import ALL_SIGNALS
from disinfo.simulation import Campaign, Twin, simulate
from disinfo.stages import Findings, as_tables

# Columns that no detection looks at, and the signals that do.
COLUMNS = {
    ("account_created_at",): {"young_accounts", "creation_burst"},
    ("account_handle",): {"handle_template"},
    ("account_followers", "account_following"): {"equal_counts"},
}
NOT_SIGNALS = {"prior", "calibration"}


@pytest.fixture(scope="module")
def findings():
    world = simulate(
        n_posts=2500,
        campaigns=(Campaign(kind="link_amplification", n_accounts=15, account_age_days=60.0),),
        twins=(Twin(kind="newswire"),),
        bursts=1,
        seed=3,
    )
    posts = tables.POSTS.check(world.posts)
    actions = as_tables(SharedObjects()(posts), main="actions", stage="actions")["actions"]
    edges = as_tables(SurpriseNull()(actions), main="edges", stage="edges")["edges"]
    found = as_tables(GroupTest()(actions, edges), main="groups", stage="groups")
    assert len(found["groups"])
    return Findings(
        posts=posts,
        actions=actions,
        groups=found["groups"],
        members=found["members"],
        campaign_objects=found["campaign_objects"],
    )


def _scored(findings, posts=None):
    findings = findings if posts is None else dataclasses.replace(findings, posts=posts)
    evidence = pd.concat([signal(findings) for signal in ALL_SIGNALS], ignore_index=True)
    return ScorecardScore()(findings, evidence)


def _rows(output):
    own = output["evidence"].query("subject == 'campaign'")
    return own.set_index(["subject_id", "signal"]).sort_index()


def test_bits_of_the_shipped_card_sum_to_the_log_odds(findings):
    output = _scored(findings)
    scored = output["campaigns"].dropna(subset=["probability"])
    assert len(scored)
    for row in scored.itertuples():
        bits = _rows(output).loc[row.campaign_id, "bits"].sum()
        assert row.probability == pytest.approx(1 / (1 + 2.0**-bits), abs=1e-9)
        assert row.low <= row.probability <= row.high


@pytest.mark.parametrize("columns", COLUMNS)
def test_without_a_column_only_its_own_rows_change(findings, columns):
    gone = findings.posts.drop(columns=list(columns))
    before, after = _rows(_scored(findings)), _rows(_scored(findings, gone))
    assert before.index.equals(after.index)
    same = (before["value"].eq(after["value"])) | (before["value"].isna() & after["value"].isna())
    same &= before["bits"].eq(after["bits"]) & before["status"].eq(after["status"])
    changed = set(before.index[~same].get_level_values("signal")) - NOT_SIGNALS
    assert changed
    assert changed <= COLUMNS[columns]
    missing = after.loc[after.index.get_level_values("signal").isin(changed)]
    assert (missing["status"] == "missing").all()
    assert (missing["bits"] == 0).all()


def test_a_stated_prevalence_is_the_prior(findings):
    card = load_scorecard()
    for prevalence in (0.01, 0.2, 0.7):
        evidence = pd.concat([signal(findings) for signal in ALL_SIGNALS], ignore_index=True)
        rows = _rows(ScorecardScore(prevalence=prevalence)(findings, evidence))
        prior = rows.xs("prior", level="signal")["bits"]
        assert np.allclose(prior, np.log2(prevalence / (1 - prevalence)))
        signals = rows[~rows.index.get_level_values("signal").isin(NOT_SIGNALS)]
        summed = signals["bits"].groupby("subject_id").sum()
        correction = rows.xs("calibration", level="signal")["bits"]
        line = card.calibration
        expected = line.intercept + (line.slope - 1) * summed
        assert np.allclose(correction.reindex(summed.index), expected)
