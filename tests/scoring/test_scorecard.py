import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disinfo.errors import ModelError, ParameterError
from disinfo.scoring import Scorecard, ScorecardScore, fit_scorecard, load_scorecard
from disinfo.scoring.scorecard import Steps


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
    assert spread["useful"] > 2
    assert spread["noise"] < 0.5 * spread["useful"]
    assert 0 < card.slope <= 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_bits_never_decrease(seed):
    for steps in _fitted(n=60, seed=seed).signals.values():
        assert list(steps.bits) == sorted(steps.bits)


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
