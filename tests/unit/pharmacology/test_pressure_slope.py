"""A person's own slope of pressure: never a default, never beyond what was measured."""

import numpy as np
import pytest

import leeward.core.pharmacology as engine
from leeward.core.pharmacology.pressure_slope import (
    PressurePrior,
    PressureReading,
    learn_pressure_slope,
)
from leeward.core.quantities import Refusal
from leeward.core.quantities.published import Citation, Grade

PRIOR = PressurePrior(27.0, 1959.0, "esketamine", Grade.READ, Citation("langsjo2005", "abstract"))
CENTRE = 27.0 / 1959.0


def _readings(slopes, noise=0.0, levels=(40.0, 90.0, 140.0, 180.0), seed=1):
    random = np.random.Generator(np.random.Philox(key=seed))
    return [
        PressureReading(str(k), level, slope * level + noise * random.standard_normal())
        for k, slope in enumerate(slopes)
        for level in levels
    ]


def test_without_readings_there_is_no_slope():
    for few in ([], _readings([0.1]), _readings([0.1, 0.1], levels=(40.0, 90.0))):
        answer = learn_pressure_slope(few, PRIOR)
        assert isinstance(answer, Refusal)
        assert answer.code == "pressure.too_few_readings"


def test_readings_at_level_zero_teach_nothing():
    answer = learn_pressure_slope(_readings([0.1, 0.1], levels=(0.0, 0.0, 0.0)), PRIOR)
    assert isinstance(answer, Refusal)


def test_learned_slope_equals_the_normal_posterior():
    """With equal sessions the variance between days is zero and the answer is in closed form."""
    found = learn_pressure_slope(_readings([0.1, 0.1]), PRIOR)
    information = 2.0 * sum(level**2 for level in (40.0, 90.0, 140.0, 180.0))  # scatter 1 %
    held = CENTRE**-2
    expected = (held * CENTRE + information * 0.1) / (held + information)
    assert found.pct_per_ng_per_ml == pytest.approx(expected, rel=1e-12)
    assert found.sd == pytest.approx((held + information) ** -0.5, rel=1e-12)


def test_few_noisy_readings_stay_nearer_the_prior_than_many():
    few = learn_pressure_slope(_readings([0.1] * 2, noise=12.0), PRIOR)
    many = learn_pressure_slope(_readings([0.1] * 40, noise=12.0), PRIOR)
    assert few.weight_of_readings < many.weight_of_readings
    assert abs(many.pct_per_ng_per_ml - 0.1) < 3.0 * many.sd
    assert many.sd < few.sd


def test_days_that_disagree_widen_the_answer():
    same = learn_pressure_slope(_readings([0.1, 0.1, 0.1]), PRIOR)
    apart = learn_pressure_slope(_readings([0.02, 0.1, 0.18]), PRIOR)
    assert apart.sd > 3.0 * same.sd


def test_it_says_nothing_beyond_the_highest_reading():
    found = learn_pressure_slope(_readings([0.1, 0.1]), PRIOR)
    middle, low, high = found.rise_pct(100.0)
    assert low < middle < high
    assert found.rise_pct(0.0) == (0.0, 0.0, 0.0)
    for level in (181.0, -1.0, float("nan")):
        assert isinstance(found.rise_pct(level), Refusal)


def test_it_is_flagged_and_offered_by_nothing_else():
    found = learn_pressure_slope(_readings([0.1, 0.1]), PRIOR)
    assert found.grade.unverified
    said = " ".join(finding.because for finding in found.findings)
    assert "no pressure in mmHg" in said
    assert "assumption" in said
    assert not [name for name in engine.__all__ if "ressure" in name]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_refuses_readings_that_are_not_numbers(value):
    readings = [*_readings([0.1, 0.1]), PressureReading("0", 50.0, value)]
    assert learn_pressure_slope(readings, PRIOR).code == "pressure.not_a_number"
    readings = [*_readings([0.1, 0.1]), PressureReading("0", value, 5.0)]
    assert learn_pressure_slope(readings, PRIOR).code == "pressure.not_a_number"
    assert (
        learn_pressure_slope(
            readings[:-1],
            PressurePrior(value, 1959.0, "esketamine", Grade.READ, Citation("a", "b")),
        ).code
        == "pressure.prior"
    )
