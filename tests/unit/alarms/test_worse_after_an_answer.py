"""A state that grows worse after somebody answered it is an alarm of its own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import (
    AlarmPlan,
    Direction,
    EscalationStep,
    SoundConfirmed,
    Threshold,
    resume,
    symptom_channel,
    symptom_thresholds,
)
from tests.unit.alarms.monitor import HIGH, PLAN, SPO2_ACT, Monitor, seconds

PAIN = symptom_channel("chest_pain")
SYMPTOM = AlarmPlan(thresholds=symptom_thresholds("chest_pain", 3), audio_pause_max_s=seconds(120))
AT_ONCE = Threshold("spo2_low", "spo2", Direction.BELOW, HIGH, Decimal(80), "%")


def pain(monitor, degree, at_s):
    monitor.sample(degree, at_s, channel=PAIN)


@pytest.mark.hazard("H3")
def test_a_red_flag_that_grows_worse_after_it_was_answered_alarms_anew():
    monitor = Monitor(SYMPTOM)
    pain(monitor, 1, 1)
    monitor.acknowledge("a-1", 5)
    pain(monitor, 3, 60)
    assert [at for at, _, _ in monitor.raised] == [1, 60]
    (active,) = [s for s in monitor.shown if s.visual == "active"]
    assert (active.alarm_id, active.audible, active.value) == ("a-2", True, Decimal(3))


@pytest.mark.hazard("H5")
def test_a_red_flag_that_grows_worse_under_a_paused_sound_is_heard():
    monitor = Monitor(SYMPTOM)
    pain(monitor, 1, 1)
    monitor.pause_audio("a-1", 100, 5)
    pain(monitor, 2, 10)
    assert [s.audible for s in monitor.shown if s.visual == "active"] == [True]


def test_a_red_flag_that_grows_worse_unanswered_is_still_one_alarm():
    monitor = Monitor(SYMPTOM)
    pain(monitor, 1, 1)
    pain(monitor, 3, 10)
    assert len(monitor.raised) == 1


def test_a_red_flag_that_eases_after_it_was_answered_is_no_new_alarm():
    monitor = Monitor(SYMPTOM)
    pain(monitor, 3, 1)
    monitor.acknowledge("a-1", 5)
    pain(monitor, 1, 10)
    assert len(monitor.raised) == 1
    pain(monitor, 0, 20)
    assert len(monitor.ended) == 1


@pytest.mark.hazard("H1")
def test_a_deeper_fall_after_an_answer_alarms_anew():
    monitor = Monitor(replace(PLAN, thresholds=(AT_ONCE, SPO2_ACT), silences=(), overdue=()))
    monitor.run(10, value=85)
    monitor.acknowledge("a-1", 10)
    monitor.run(12, value=79)
    assert [at for at, _, _ in monitor.raised] == [6, 11]


def test_the_milder_tier_joining_an_answered_alarm_is_no_news():
    monitor = Monitor(replace(PLAN, thresholds=(AT_ONCE, SPO2_ACT), silences=(), overdue=()))
    monitor.sample(79, 1)
    monitor.acknowledge("a-1", 2)
    monitor.run(20, value=79, since_s=2)
    assert len(monitor.raised) == 1


@pytest.mark.hazard("H2")
def test_a_red_flag_that_grows_worse_after_a_restart_alarms_anew():
    monitor = Monitor(SYMPTOM)
    pain(monitor, 1, 1)
    monitor.acknowledge("a-1", 5)
    before = monitor.state
    monitor.state = resume(
        SYMPTOM, prefix="b", at_ms=10_000, phase=before.phase, entered_ms={}, clocks_ms={},
        alarms=before.alarms.values(), is_heard=True,
    )  # fmt: skip
    pain(monitor, 1, 11)
    assert len(monitor.raised) == 1
    pain(monitor, 3, 12)
    assert [a.alarm_id for _, a in monitor.told if hasattr(a, "limit")] == ["a-1", "b-1"]


UNHEARD = replace(
    SYMPTOM,
    escalation=(EscalationStep(1, seconds(15), "all_screens"),
                EscalationStep(2, seconds(60), "named_backup")),
)  # fmt: skip


@pytest.mark.hazard("H3")
def test_where_nobody_confirmed_the_sound_a_high_alarm_reaches_other_screens_at_once():
    monitor = Monitor(UNHEARD, is_heard=False)
    pain(monitor, 1, 1)
    assert monitor.escalated == [(1, 1, "all_screens")]
    monitor.run(61)
    assert monitor.escalated == [(1, 1, "all_screens"), (61, 2, "named_backup")]


@pytest.mark.hazard("H3")
def test_a_sound_that_is_lost_during_an_alarm_sends_it_further_at_once():
    monitor = Monitor(UNHEARD)
    pain(monitor, 1, 1)
    assert monitor.escalated == []
    monitor.feed(SoundConfirmed(is_heard=False), 3)
    assert monitor.escalated == [(3, 1, "all_screens")]
