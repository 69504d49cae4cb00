"""What people type reaches the alarms: beside a device, across a restart, and when taken back."""

from decimal import Decimal

import pytest

from leeward.core.treatment import commands as c
from tests.integration.runtime.test_alarm_engine import Ward
from tests.integration.runtime.treating import bound, opened, started, vitals

LOW = vitals(spo2_pct=Decimal(75))
SEVERE = vitals(sbp_mmhg=Decimal(230), dbp_mmhg=Decimal(135))


@pytest.fixture
def ward(cast):
    session = opened(cast)
    started(cast, session)
    return Ward(cast, session, bound(cast, session, period_s={"spo2": "1", "hr": "1"}), cast.now)


def newest_seq(ward):
    ward.session.refresh_from_db()
    return ward.session.last_seq


def take_back(ward, seq):
    ward.do("taken-back", c.WithdrawEntry(seq, "charted on the wrong chair"))


@pytest.mark.hazard("H1")
def test_a_typed_low_saturation_is_alarmed_though_an_oximeter_is_bound(ward):
    ward.pass_time(5, spo2="98")
    ward.pass_time(8)
    ward.do("typed", LOW)
    ward.pass_time(20)
    assert ("spo2_low", "high") in ward.present()
    assert any(condition == "spo2_stale" for condition, _ in ward.present())


@pytest.mark.hazard("H2")
def test_what_was_typed_while_no_engine_ran_is_alarmed_by_the_next(ward):
    ward.pass_time(3, spo2="98")
    ward.do("typed", SEVERE)
    ward.do("sedated", c.Observe("moaas", 0))
    ward.engine = ward.new_engine()
    ward.pass_time(2, spo2="98")
    assert {("sbp_high", "high"), ("dbp_high", "high"), ("moaas_low", "high")} <= ward.present()


@pytest.mark.hazard("H2")
def test_a_restart_does_not_raise_again_what_was_typed_before_it(ward):
    ward.do("typed", SEVERE)
    ward.pass_time(3, spo2="98")
    before = len(ward.logged("AlarmRaised"))
    ward.engine = ward.new_engine()
    ward.pass_time(3, spo2="98")
    assert len(ward.logged("AlarmRaised")) == before


@pytest.mark.hazard("H19")
def test_a_withdrawn_pressure_leaves_the_pressure_overdue(ward):
    ward.engine.look()
    ward.pass_time(13 * 60, looking=False)
    ward.do("typed", vitals())
    typed = newest_seq(ward)
    ward.engine.look()
    assert not any(condition == "bp_overdue" for condition, _ in ward.present())
    take_back(ward, typed)
    ward.engine.look()
    assert any(condition == "bp_overdue" for condition, _ in ward.present())


@pytest.mark.hazard("H25")
def test_a_withdrawn_observation_is_no_look_at_the_patient(ward):
    ward.engine.look()
    ward.pass_time(25 * 60, looking=False)
    ward.do("looked", c.Observe("moaas", 5))
    looked_at = newest_seq(ward)
    ward.engine.look()
    assert not any(condition == "observation_overdue" for condition, _ in ward.present())
    take_back(ward, looked_at)
    ward.engine.look()
    assert any(condition == "observation_overdue" for condition, _ in ward.present())


@pytest.mark.hazard("H7")
def test_a_withdrawn_reassuring_value_brings_the_alarm_back(ward):
    ward.do("high", SEVERE)
    ward.pass_time(2, spo2="98")
    ward.do("fine", vitals())
    fine = newest_seq(ward)
    ward.pass_time(2, spo2="98")
    assert ("sbp_high", "high") not in ward.present()
    take_back(ward, fine)
    ward.pass_time(2, spo2="98")
    assert ("sbp_high", "high") in ward.present()


def test_a_withdrawn_slip_ends_its_alarm(ward):
    ward.do("slip", SEVERE)
    slip = newest_seq(ward)
    ward.pass_time(2, spo2="98")
    assert ("sbp_high", "high") in ward.present()
    take_back(ward, slip)
    ward.pass_time(2, spo2="98")
    assert not any(condition == "sbp_high" for condition, _ in ward.present())


@pytest.mark.hazard("H25")
@pytest.mark.parametrize(
    "symptom", ["chest_pain", "breathing_difficulty", "severe_headache", "focal_deficit"]
)
def test_a_red_flag_symptom_is_alarmed_at_once_whatever_the_numbers_say(ward, symptom):
    ward.pass_time(3, spo2="98")
    ward.do("symptom", c.StartEffect(symptom, "mild"))
    ward.engine.look()
    assert (f"effect.{symptom}", "high") in ward.present()
    ward.do("over", c.EndEffect(symptom))
    ward.pass_time(1, spo2="98")
    assert ward.present() == set()


def test_an_expected_effect_raises_no_alarm(ward):
    ward.do("effect", c.StartEffect("dissociation", "severe"))
    ward.pass_time(2, spo2="98")
    assert ward.present() == set()


@pytest.mark.hazard("H25")
def test_a_symptom_that_lasts_is_alarmed_by_the_next_engine(ward):
    ward.do("symptom", c.StartEffect("chest_pain", "mild"))
    ward.engine = ward.new_engine()
    ward.engine.look()
    assert ("effect.chest_pain", "high") in ward.present()


def test_entries_seen_in_one_look_count_in_their_order(ward):
    ward.do("low", vitals(spo2_pct=Decimal(99), sbp_mmhg=Decimal(120)))
    ward.do("high", SEVERE)
    ward.do("fine", vitals())
    ward.do("pain", c.StartEffect("chest_pain", "mild"))
    ward.do("over", c.EndEffect("chest_pain"))
    ward.engine.look()
    assert ward.present() == set()


@pytest.mark.hazard("H1")
def test_a_pulse_rate_stands_for_the_heart_rate_where_no_device_counts_it(cast):
    session = opened(cast)
    started(cast, session)
    binding = bound(cast, session, period_s={"spo2": "1", "pr": "1"})
    ward = Ward(cast, session, binding, cast.now)
    for _ in range(30):
        ward.pass_time(1)
        ward.send(spo2="98", pr="25")
        ward.engine.look()
    assert ("hr_low", "high") in ward.present()
