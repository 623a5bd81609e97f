import numpy as np
import pandas as pd
import pytest

from disinfo import tables
from disinfo.scoring import Scorecard, ScorecardScore
from disinfo.scoring.calibration import Calibration
from disinfo.scoring.scorecard import Steps
from disinfo.stages import GROUPS, Findings


@pytest.fixture
def card(tmp_path):
    steps = Steps(edges=(0.5,), bits=(-2.0, 4.0), error=(0.2, 0.2))
    names = ("first", "second", "third", "fourth")
    flat = dict.fromkeys(names, (0.5, 0.5))
    made = Scorecard(
        signals=dict.fromkeys(names, steps),
        calibration=Calibration(intercept=0.5, slope=0.8),
        profiles={
            "campaign": dict.fromkeys(names, (0.1, 0.9)),
            "newswire": dict.fromkeys(names, (0.9, 0.1)),
            "fan club": flat,
        },
        statement="made up",
    )
    made.save(tmp_path / "card.json")
    return tmp_path / "card.json"


def _findings(n_posts=12):
    accounts = ["a", "b", "c", "lone"]
    posts = tables.POSTS.check(
        pd.DataFrame(
            {
                "post_id": [f"p{number:02d}" for number in range(n_posts)],
                "account_id": [accounts[number % 4] for number in range(n_posts)],
                "text": "x",
                "created_at": pd.Timestamp("2025-05-01", tz="UTC"),
                "narrative_id": "n-1",
            }
        )
    )
    own = posts[posts["account_id"] != "lone"]
    return Findings(
        posts=posts,
        groups=GROUPS.check(
            pd.DataFrame(
                {"campaign_id": ["c-1"], "layers": [["url"]], "window_s": [60], "p": 0.0, "q": 0.01}
            )
        ),
        members=tables.MEMBERS.check(
            pd.DataFrame(
                {
                    "campaign_id": "c-1",
                    "account_id": ["a", "b", "c"],
                    "strength": [20.0, 5.0, 1.0],
                    "dedication": 1.0,
                }
            )
        ),
        campaign_objects=tables.CAMPAIGN_OBJECTS.check(
            pd.DataFrame(
                {"campaign_id": "c-1", "kind": "url", "object_id": "o", "post_id": own["post_id"]}
            )
        ),
    )


def _evidence(value, names=("first", "second", "third", "fourth"), missing=()):
    rows = [
        ["campaign", "c-1", name, np.nan if name in missing else value, 0.0, "because",
         "missing" if name in missing else "ok"]
        for name in names
    ]  # fmt: skip
    return tables.EVIDENCE.check(pd.DataFrame(rows, columns=list(tables.EVIDENCE.columns)))


def _row(output):
    return output["campaigns"].iloc[0]


def test_bits_sum_to_the_log_odds(card):
    output = ScorecardScore(scorecard=card)(_findings(), _evidence(1.0))
    bits = output["evidence"].groupby("subject_id")["bits"].sum()
    campaign = _row(output)
    assert np.isclose(1 / (1 + 2 ** -bits["c-1"]), campaign["probability"])
    accounts = output["accounts"].set_index("account_id")
    for account in ("a", "b", "c"):
        expected = 1 / (1 + 2 ** -bits[account])
        assert np.isclose(expected, accounts.loc[account, "probability"])


def test_verdicts(card):
    score = ScorecardScore(scorecard=card)
    assert _row(score(_findings(), _evidence(1.0)))["verdict"] == "likely inauthentic"
    benign = _row(score(_findings(), _evidence(0.0)))
    assert benign["verdict"] == "coordinated, looks like newswire"
    assert benign["probability"] < 0.2
    scarce = _row(score(_findings(4), _evidence(1.0)))
    assert scarce["verdict"] == "insufficient data"
    assert np.isnan(scarce["probability"])


def test_the_interval_holds_what_known_groups_allow(card):
    import dataclasses

    from disinfo.scoring import load_scorecard

    plain = _row(ScorecardScore(scorecard=card)(_findings(), _evidence(1.0)))
    loaded = load_scorecard(card)
    sceptical = dataclasses.replace(
        loaded.calibration,
        known_bits=(5.0, 6.0, 20.0, -9.0) * 3,
        known_inauthentic=(False, True, True, False) * 3,
        known_weight=(1.0,) * 12,
    )
    dataclasses.replace(loaded, calibration=sceptical).save(card)
    row = _row(ScorecardScore(scorecard=card)(_findings(), _evidence(1.0)))
    assert row["probability"] == plain["probability"]
    assert row["low"] < plain["low"]
    assert row["low"] <= row["probability"] <= row["high"]


def test_prevalence_moves_the_probability_and_nothing_else(card):
    low = ScorecardScore(scorecard=card, prevalence=0.05)(_findings(), _evidence(1.0))
    high = ScorecardScore(scorecard=card, prevalence=0.5)(_findings(), _evidence(1.0))
    assert _row(low)["probability"] < _row(high)["probability"]
    for output in (low, high):
        signals = output["evidence"].query("signal == 'first'")
        assert signals["bits"].tolist() == [4.0]


def test_what_is_missing_adds_nothing(card):
    score = ScorecardScore(scorecard=card, min_signals=1)
    known = score(_findings(), _evidence(1.0, names=("first", "second")))
    missing = score(_findings(), _evidence(1.0, missing=("third", "fourth")))
    assert _row(known)["probability"] == _row(missing)["probability"]


def test_too_few_signals_is_not_enough(card):
    evidence = _evidence(1.0, missing=("second", "third", "fourth"))
    assert _row(ScorecardScore(scorecard=card)(_findings(), evidence))["verdict"] == (
        "insufficient data"
    )


def test_what_the_card_does_not_know_is_no_measurement(card):
    names = ("first", "second", "third", "unknown")
    verdict = _row(ScorecardScore(scorecard=card)(_findings(), _evidence(1.0, names=names)))
    assert verdict["verdict"] == "insufficient data"


def test_an_account_outside_has_no_probability(card):
    accounts = ScorecardScore(scorecard=card)(_findings(), _evidence(1.0))["accounts"]
    lone = accounts.set_index("account_id").loc["lone"]
    assert lone["verdict"] == "no finding"
    assert np.isnan(lone["probability"])


def test_doubtful_members_are_less_probable(card):
    accounts = ScorecardScore(scorecard=card)(_findings(), _evidence(1.0))["accounts"]
    probability = accounts.set_index("account_id")["probability"]
    assert probability["a"] > probability["b"] > probability["c"]


def test_a_signal_of_ones_own_brings_its_own_bits(card):
    own = pd.DataFrame(
        [["campaign", "c-1", "mine", 1.0, 2.5, "because", "ok"]],
        columns=list(tables.EVIDENCE.columns),
    )
    evidence = pd.concat([_evidence(1.0), own])
    output = ScorecardScore(scorecard=card)(_findings(), tables.EVIDENCE.check(evidence))
    assert output["evidence"].query("signal == 'mine'")["bits"].tolist() == [2.5]
