import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import ModelError, ParameterError
from disinfo.scoring import Scorecard, ScorecardScore, fit_scorecard, load_scorecard
from disinfo.scoring.calibration import STEEPEST, Calibration
from disinfo.scoring.scorecard import Steps
from disinfo.scoring.venn_abers import venn_abers_bits


def _groups(n=160, seed=0):
    """Groups of two inauthentic and two benign kinds; `useful` tells them apart."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(["swarm", "flood", "newswire", "protest"], n)
    truth = np.isin(kinds, ["swarm", "flood"])
    values = pd.DataFrame(
        {
            "useful": truth + rng.normal(0, 0.5, n),
            "noise": rng.normal(size=n),
            "sometimes": np.where(rng.random(n) < 0.5, np.nan, truth + rng.normal(0, 0.5, n)),
        }
    )
    return values, kinds.tolist(), truth.tolist(), (np.arange(n) // 4).tolist()


def _fitted(**changes):
    return fit_scorecard(*_groups(**changes), statement="made-up groups", n_bootstrap=20)


def test_the_useful_signal_gets_the_bits():
    card = _fitted()
    spread = {name: steps.bits[-1] - steps.bits[0] for name, steps in card.signals.items()}
    assert spread["useful"] > 1
    assert spread["noise"] < 0.5 * spread["useful"]
    assert 0 < card.calibration.slope <= STEEPEST


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_bits_never_decrease(seed):
    for steps in _fitted(n=60, seed=seed).signals.values():
        assert list(steps.bits) == sorted(steps.bits)


def test_absence_speaks_weakly():
    values, kinds, truth, worlds = _groups(400)
    # Every campaign known so far has the trait and no benign group does.
    values = values.assign(perfect=np.where(truth, 1.0, 0.0))[["perfect"]]
    card = fit_scorecard(values, kinds, truth, worlds, statement="", n_bootstrap=2)
    bits = card.signals["perfect"].bits
    assert -1.05 < bits[0] < 0  # half of the campaigns to come may lack it
    assert 2 < bits[-1] < 4.5  # one benign group in twenty may have it
    assert card.calibration.slope <= STEEPEST


def test_groups_that_were_not_called_do_not_calibrate():
    values, kinds, truth, worlds = _groups()
    called = [number % 3 > 0 for number in range(len(kinds))]
    card = fit_scorecard(values, kinds, truth, worlds, called=called, statement="", n_bootstrap=2)
    of_called = np.array(truth)[called]
    # Benign ones stand twice: scored without their world, and without their kind.
    assert card.calibration.known_inauthentic == (*of_called.tolist(), *[False] * sum(~of_called))
    weight = np.array(card.calibration.known_weight)
    assert weight[: len(of_called)][of_called].tolist() == [1.0] * sum(of_called)
    assert weight.sum() == pytest.approx(sum(called))


@given(
    st.lists(st.tuples(st.floats(-8, 8), st.booleans()), min_size=2, max_size=40),
    st.floats(-10, 10),
)
@settings(max_examples=50, deadline=None)
def test_venn_abers_brackets(known, new):
    scores, truth = (list(part) for part in zip(*known, strict=True))
    low, high = venn_abers_bits(scores, truth, new)
    assert low <= high + 1e-9
    if any(truth) and not all(truth):
        assert high <= np.log2(truth.count(False) + 1) + 1e-9
        more = venn_abers_bits(scores, truth, new + 1)
        assert more[0] >= low - 1e-9


def test_the_bracket_is_wide_where_little_is_known():
    rng = np.random.default_rng(0)
    truth = rng.random(400) < 0.5
    scores = np.where(truth, 1, -1) + rng.normal(0, 1, 400)
    few = venn_abers_bits(scores[:12], truth[:12], 0.8)
    many = venn_abers_bits(scores, truth, 0.8)
    assert many[1] - many[0] < few[1] - few[0]


def test_a_card_without_known_groups_brackets_nothing():
    card = _fitted()
    bare = Calibration(intercept=0.0, slope=1.0)
    assert bare.bracket(1.5) == (1.5, 1.5)
    low, high = card.calibration.bracket(1.5)
    assert low <= 1.5 <= high
    with pytest.raises(ModelError):
        dataclasses.replace(card.calibration, known_bits=(1.0,))


def test_a_card_survives_saving(tmp_path):
    card = _fitted()
    card.save(tmp_path / "card.json")
    assert load_scorecard(tmp_path / "card.json") == card


def test_broken_cards_are_refused(tmp_path):
    file = tmp_path / "card.json"
    file.write_text('{"signals": {"x": {"edges": [1], "bits": [2, 1], "error": [0, 0]}}}')
    with pytest.raises(ModelError):
        load_scorecard(file)
    with pytest.raises(ModelError):
        Steps(edges=(1.0,), bits=(1.0,), error=(0.0,))


def test_the_shipped_card_knows_only_signals_that_exist():
    from disinfo.signals import ALL_SIGNALS

    card = load_scorecard()
    assert isinstance(card, Scorecard)
    assert set(card.signals) <= {signal.__name__ for signal in ALL_SIGNALS}
    assert "campaign" in card.profiles


def test_parameters():
    with pytest.raises(ParameterError, match="prevalence"):
        ScorecardScore(prevalence=1.0)


def test_groups_that_were_not_called_teach_less():
    values, kinds, truth, worlds = _groups(400)
    # Among called groups `noise` tells nothing; among the others it tells all.
    called = [number % 2 == 0 for number in range(len(kinds))]
    noise = np.where(called, values["noise"], np.where(truth, 3.0, -3.0))
    values = values.assign(noise=noise)[["noise"]]

    def spread(called):
        given = values, kinds, truth, worlds
        card = fit_scorecard(*given, called=called, statement="", n_bootstrap=2)
        bits = card.signals["noise"].bits
        return bits[-1] - bits[0]

    assert spread(called) < spread([True] * len(kinds))


def test_the_same_bits_are_worth_less_where_nothing_is_known_of_age():
    values, kinds, truth, worlds = _groups(400)
    rng = np.random.default_rng(1)
    # All that tells apart is the age; the other signal hardly does.
    values = pd.DataFrame({"young_accounts": values["useful"], "noise": rng.normal(size=400)})
    card = fit_scorecard(values, kinds, truth, worlds, statement="", n_bootstrap=2)
    assert card.calibration_for({"young_accounts", "noise"}) is card.calibration
    assert card.calibration_for({"noise"}) is card.ageless
    unknown = values.assign(young_accounts=np.nan)
    aged, ageless = card.calibrated(values), card.calibrated(unknown)
    assert np.abs(ageless).max() < np.abs(aged).max()
    mixed = pd.concat([values[:5], unknown[5:]])
    assert card.calibrated(mixed).tolist() == [*aged[:5], *ageless[5:]]


def test_venn_abers_weights_count_cases():
    scores, truth = [-1.0, 0.0, 1.0, 2.0], [False, True, False, True]
    twice = venn_abers_bits([*scores, *scores], [*truth, *truth], 0.5)
    assert venn_abers_bits(scores, truth, 0.5, [2.0] * 4) == pytest.approx(twice)
