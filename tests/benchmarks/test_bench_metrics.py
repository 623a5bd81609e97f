"""Measures against cases worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import metrics
from benchmarks.intervals import interval

TRUTH = ["a", "a", "a", "b", "b"]
PREDICTED = [1, 1, 2, 2, 2]


def test_f1_and_ratio():
    assert metrics.f1(3, 1, 2) == pytest.approx(6 / 9)
    assert metrics.f1(0, 0, 5) == 0
    assert np.isnan(metrics.ratio(0, 0))


def test_b_cubed_by_hand():
    items = metrics.cluster_items(TRUTH, PREDICTED)
    # Cluster 1 = {a, a}; cluster 2 = {a, b, b}.
    assert items["precision"].tolist() == pytest.approx([1, 1, 1 / 3, 2 / 3, 2 / 3])
    assert items["recall"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1, 1])


def test_pairs_and_rand_by_hand():
    items = metrics.cluster_items(TRUTH, PREDICTED)
    both, joined, belonging = (items[n].sum() for n in ("both", "joined", "belonging"))
    assert (both, joined, belonging) == (2, 4, 4)
    # Chance: 4 * 4 / 10 = 1.6; (2 - 1.6) / (4 - 1.6).
    assert metrics.adjusted_rand(both, joined, belonging, 5) == pytest.approx(0.4 / 2.4)
    assert metrics.adjusted_rand(4, 4, 4, 5) == 1


def test_rand_agrees_with_sklearn():
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, 5, 60), rng.integers(0, 7, 60)
    items = metrics.cluster_items(truth.tolist(), predicted.tolist())
    ours = metrics.adjusted_rand(*(items[n].sum() for n in ("both", "joined", "belonging")), 60)
    assert ours == pytest.approx(adjusted_rand_score(truth, predicted))


def test_mutual_information():
    assert metrics.adjusted_mutual_information(["a", "a", "b"], [7, 7, 3]) == pytest.approx(1)
    assert metrics.adjusted_mutual_information(["a", "a", "b", "b"], [1, 1, 1, 1]) == 0


def test_auc_by_hand():
    # Positives .9 .4, negatives .5 .4: wins 2 + 0.5 of 4.
    assert metrics.auc([1, 1, 0, 0], [0.9, 0.4, 0.5, 0.4]) == pytest.approx(2.5 / 4)
    assert np.isnan(metrics.auc([1, 1], [0.1, 0.2]))


def test_calibration_error_by_hand():
    # One bin: forecast .9, outcome .5 of 4; noise .25 / 3.
    found = metrics.calibration_error([1, 1, 0, 0], [0.9] * 4)
    assert found == pytest.approx(np.sqrt(0.16 - 0.25 / 3))


def test_calibration_error_of_a_perfect_forecast_is_near_zero():
    rng = np.random.default_rng(1)
    squares, plain = [], []
    for _ in range(40):
        forecast = rng.random(1000)
        outcome = rng.random(1000) < forecast
        squares.append(metrics.calibration_error(outcome, forecast) ** 2)
        bins = np.array_split(np.argsort(forecast), 10)
        plain.append(np.mean([(forecast[b].mean() - outcome[b].mean()) ** 2 for b in bins]))
    assert np.mean(squares) < 0.3 * np.mean(plain)
    assert metrics.calibration_error(rng.random(1000) < 0.5, np.full(1000, 0.8)) > 0.25


@pytest.mark.parametrize("prevalence", [None, 0.2])
def test_too_few_forecasts_have_no_calibration_error(prevalence):
    for n in (0, 3):
        given = [1] * n, [0.5] * n
        assert np.isnan(metrics.calibration_error(*given, prevalence=prevalence))
        assert np.isnan(metrics.calibration_errors_if_perfect(*given, prevalence=prevalence)).all()


@pytest.mark.parametrize("prevalence", [None, 0.2])
def test_a_right_forecast_passes_the_calibration_test_and_a_wrong_one_does_not(prevalence):
    rng = np.random.default_rng(3)

    def p_of(slope, n=250):
        # On average a forecast is the prevalence that it was made for.
        forecast = np.clip(rng.beta(0.25, 1.0, 20_000), 1e-6, 1 - 1e-6)
        outcome = rng.random(len(forecast)) < forecast
        if prevalence is None:
            chosen = rng.choice(len(forecast), n)
        else:
            # Seven in ten of those looked at are positives, whatever the forecasts were made for.
            n_positive = rng.binomial(n, 0.7)
            chosen = np.append(
                rng.choice(np.flatnonzero(outcome), n_positive),
                rng.choice(np.flatnonzero(~outcome), n - n_positive),
            )
        forecast, outcome = forecast[chosen], outcome[chosen]
        # A forecast too sure of itself or too shy has odds to a power.
        said = forecast**slope / (forecast**slope + (1 - forecast) ** slope)
        found = metrics.calibration_error(outcome, said, prevalence=prevalence)
        perfect = metrics.calibration_errors_if_perfect(
            outcome, said, prevalence=prevalence, rounds=200
        )
        return np.mean(perfect >= found)

    right = [p_of(1.0) for _ in range(60)]
    assert np.mean(np.array(right) <= 0.05) <= 0.15
    assert 0.3 < np.mean(right) < 0.8
    assert np.mean([p_of(3.0) <= 0.05 for _ in range(20)]) > 0.6
    # Too shy a forecast goes unseen where few negatives stand for many.
    if prevalence is None:
        assert np.mean([p_of(0.3) <= 0.05 for _ in range(20)]) > 0.8


def _mean(columns):
    return float(columns["x"].mean())


def test_interval_covers_and_is_about_units():
    rng = np.random.default_rng(2)
    unit = np.repeat(np.arange(40), 50)
    # All rows of a unit are equal: 2,000 rows hold 40 observations.
    rows = pd.DataFrame({"unit": unit, "x": rng.normal(size=40)[unit]})
    value, low, high = interval(rows, _mean)
    by_rows = interval(rows.assign(unit=np.arange(2000)), _mean)
    assert low < value < high
    assert high - low > 4 * (by_rows[2] - by_rows[1])


def test_halves_have_the_spread_of_a_bootstrap():
    rows = pd.DataFrame({"unit": range(60), "x": np.random.default_rng(3).normal(size=60)})
    whole, half = interval(rows, _mean), interval(rows, _mean, halves=True)
    assert (half[2] - half[1]) == pytest.approx(whole[2] - whole[1], rel=0.15)


def test_one_unit_has_no_interval():
    value, low, high = interval(pd.DataFrame({"unit": ["w"] * 3, "x": [1.0, 2, 3]}), _mean)
    assert value == 2
    assert np.isnan(low)
    assert np.isnan(high)
