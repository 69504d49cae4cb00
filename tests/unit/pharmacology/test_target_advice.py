"""Advice on rates: reaches and holds a target, from the pump log, within the caps, or refuses."""

import numpy as np
import pytest

from leeward.core.pharmacology import Patient, PumpLog, pump_log, simulate
from leeward.core.pharmacology.prediction_error import prediction_error
from leeward.core.pharmacology.target import (
    Caps,
    advise,
    advised_regimen,
)
from leeward.core.quantities import Refusal
from tests.oracle.published_sets import published

ADULT = Patient(70.0, 40.0)


def _advise(log=None, name="domino", **changes):
    options = {"target_ng_per_ml": 150.0, "site": "plasma", "now_min": 0.0, "horizon_min": 30.0}
    return advise(published(name), ADULT, log or PumpLog(), **{**options, **changes})


def test_plasma_target_is_met_at_every_step():
    advice = _advise()
    np.testing.assert_allclose(advice.plasma_ng_per_ml[1:], 150.0, rtol=1e-10)


def test_holding_rate_is_bolus_elimination_transfer():
    """After the loading step the rate tends to C V1 (k10 + k12 e^-k21 t + k13 e^-k31 t)."""
    advice = _advise(interval_min=0.002, horizon_min=2.0)
    v1 = 0.063 * 70.0
    t = advice.steps[-1].t_min
    exact = 0.150 * v1 * (0.4381 + 0.5921 * np.exp(-0.247 * t) + 0.59 * np.exp(-0.0146 * t))
    assert advice.steps[-1].rate_mg_per_min == pytest.approx(exact, rel=3e-3)


def test_effect_target_is_reached_and_passed_by_less_than_a_thousandth():
    advice = _advise(site="effect", horizon_min=20.0)
    run = simulate(published("domino"), ADULT, advised_regimen(advice, PumpLog()), advice.t_min)
    assert 150.0 * (1 - 1e-9) <= run.peak("effect").value_ng_per_ml <= 150.0 * (1 + 1e-3)
    assert advice.effect_ng_per_ml[-1] == pytest.approx(150.0, rel=1e-3)


def test_ten_second_pulse_peaks_in_under_two_minutes():
    advice = _advise(site="effect", horizon_min=1.0 / 6.0)
    run = simulate(published("domino"), ADULT, advised_regimen(advice, PumpLog()), [0.0])
    assert 1.0 < run.peak("effect").t_min < 2.0
    assert run.peak("effect").value_ng_per_ml == pytest.approx(150.0, rel=1e-9)


def test_plan_equals_the_simulation_of_log_and_plan():
    log = pump_log([(0.0, 0.5), (3.0, 0.0), (4.0, 0.7)], [(1.0, 3.0)])
    advice = _advise(log, now_min=6.0)
    run = simulate(published("domino"), ADULT, advised_regimen(advice, log), advice.t_min)
    np.testing.assert_allclose(advice.plasma_ng_per_ml, run.curve(), rtol=1e-9)
    np.testing.assert_allclose(advice.effect_ng_per_ml, run.curve("effect"), rtol=1e-9)
    assert advice.total_mg == pytest.approx(advised_regimen(advice, log).dose_mg)


def test_another_log_gives_another_plan():
    more = _advise(pump_log([(0.0, 1.5)]), now_min=6.0)
    less = _advise(pump_log([(0.0, 0.5)]), now_min=6.0)
    assert more.steps[0].rate_mg_per_min < less.steps[0].rate_mg_per_min


def test_gives_nothing_while_above_the_target():
    advice = _advise(pump_log([], [(0.0, 50.0)]), now_min=1.0, horizon_min=1.0)
    assert advice.steps[0].rate_mg_per_min == 0.0
    advice = _advise(pump_log([], [(0.0, 50.0)]), now_min=1.0, horizon_min=1.0, site="effect")
    assert advice.steps[0].rate_mg_per_min == 0.0


def test_rates_are_rounded_down_and_the_rest_replanned():
    advice = _advise(caps=Caps(resolution_mg_per_min=0.05))
    for step in advice.steps:
        assert step.rate_mg_per_min / 0.05 == pytest.approx(round(step.rate_mg_per_min / 0.05))
    assert (advice.plasma_ng_per_ml <= 150.0 * (1 + 1e-12)).all()
    assert advice.plasma_ng_per_ml[-1] > 145.0


@pytest.mark.parametrize(
    ("caps", "within"),
    [
        (Caps(rate_mg_per_min=1.2), lambda a: max(s.rate_mg_per_min for s in a.steps) <= 1.2),
        (Caps(total_mg=10.0), lambda a: a.total_mg <= 10.0 + 1e-9),
        (Caps(per_hour_mg_per_kg=0.2), lambda a: a.total_mg <= 14.0 + 1e-9),
        (Caps(bolus_mg=0.3), lambda a: a.steps[0].rate_mg_per_min / 6.0 <= 0.3 + 1e-9),
    ],
)
@pytest.mark.parametrize("site", ["plasma", "effect"])
def test_caps_hold(caps, within, site):
    advice = _advise(site=site, caps=caps)
    assert within(advice)
    assert any(reason.startswith("limited by") for reason in advice.reasons)


def test_overshoot_of_plasma_is_capped_under_an_effect_target():
    advice = _advise(site="effect", caps=Caps(overshoot=1.4))
    assert advice.plasma_ng_per_ml.max() <= 1.4 * 150.0 * (1 + 1e-9)


@pytest.mark.hazard("H41")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "otto2021"}, "target.model"),
        ({"name": "clements250", "site": "effect"}, "target.no_effect_site"),
        ({"site": "brain"}, "target.site"),
        ({"target_ng_per_ml": 0.0}, "target.not_positive"),
        ({"target_ng_per_ml": float("nan")}, "target.not_positive"),
        ({"caps": Caps(rate_mg_per_min=-1.0)}, "target.caps"),
        ({"caps": Caps(overshoot=0.5)}, "target.caps"),
        (
            {"log": pump_log([(0.0, 1.0)]), "now_min": 9.0, "stale_after_min": 2.0},
            "target.log_stale",
        ),
        ({"log": pump_log([(5.0, 1.0)]), "now_min": 1.0}, "target.log_ahead"),
    ],
)
def test_refuses_to_advise(changes, code):
    answer = _advise(**changes)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_refuses_to_advise_for_a_person_under_eighteen():
    answer = advise(published("domino"), Patient(40.0, 15.0), PumpLog(), target_ng_per_ml=100.0,
                    site="plasma", now_min=0.0, horizon_min=10.0)  # fmt: skip
    assert answer.code == "patient.under_18"


def test_a_fresh_word_from_the_pump_keeps_advice_alive():
    log = pump_log([(0.0, 1.0)], last_heard_min=8.5)
    assert not isinstance(_advise(log, now_min=9.0, stale_after_min=2.0), Refusal)


def test_prediction_errors_are_varvels():
    result = prediction_error([0, 60, 120], [110, 90, 150], [100, 100, 100])
    assert (result.mdpe_pct, result.mdape_pct) == (10.0, 10.0)
    assert result.wobble_pct == 20.0
    assert result.divergence_pct_per_h == pytest.approx(20.0)
    assert isinstance(prediction_error([], [], []), Refusal)
    assert isinstance(prediction_error([0], [1], [0]), Refusal)
