"""The exponents of growth that docs/scale.md shows."""

from benchmarks.scale.growth import exponents, fitted_exponents


def _runs(seconds):
    return [{"n": 10**power, "seconds": at} for power, at in zip((4, 5, 6), seconds, strict=True)]


def test_growth_by_a_power_has_that_exponent_and_start_up_is_left_out():
    runs = _runs(
        [
            {"squares": 0.2, "starts": 0.01, "bends": 0.1, "nothing": 0.0},
            {"squares": 20.0, "starts": 1.0, "bends": 1.0, "nothing": 0.0},
            {"squares": 2000.0, "starts": 10.0, "bends": 100.0, "nothing": 0.0},
        ]
    )
    assert fitted_exponents(runs) == {"squares": 2.0, "starts": 1.0, "bends": 1.5}
    assert exponents(runs) == {"squares": 2.0, "starts": 1.0, "bends": 2.0}
