"""Devices, samples and alarms as the session's log holds them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.treatment import commands as c

from .walk import BEN, CORA, ENGINE, T0, departed, infusing, minutes

HIGH = c.RaiseAlarm("a1", "spo2_low", "spo2", "high", Decimal("88"), Decimal("85"), "%")
MONITOR = c.BindDevice("b1", "monitor-3", "replay", "Monitor 3")


@pytest.mark.hazard("H7")
def test_samples_of_a_device_that_was_never_bound_are_refused():
    walk = infusing()
    seal = c.SealSamples("b9", T0 + minutes(11), "f" * 64, 60)
    assert walk.refused(seal, actor=ENGINE, at=12).code == "device.not_bound"
    walk.do(MONITOR, at=12)
    walk.do(replace(seal, binding_id="b1"), actor=ENGINE, at=13)
    twice = replace(seal, binding_id="b1")
    assert walk.refused(twice, actor=ENGINE, at=14).code == "samples.already_sealed"


@pytest.mark.hazard("H7")
def test_a_device_is_bound_once_and_by_a_person():
    walk = infusing()
    assert walk.refused(MONITOR, actor=ENGINE, at=12).code == "actor.not_staff"
    walk.do(MONITOR, at=12)
    assert walk.refused(MONITOR, at=12).code == "device.binding_used"
    again = replace(MONITOR, binding_id="b2")
    assert walk.refused(again, at=12).code == "device.already_bound"
    walk.do(c.UnbindDevice("b1"), at=13)
    assert walk.refused(c.UnbindDevice("b1"), at=13).code == "device.not_bound"
    walk.do(again, at=14)
    assert departed().refused(replace(MONITOR, binding_id="b3"), at=116).code == (
        "session.departed"
    )


def test_an_alarm_is_raised_acknowledged_by_name_and_ended():
    walk = infusing()
    walk.do(HIGH, actor=ENGINE, at=20)
    assert walk.refused(HIGH, actor=ENGINE, at=20).code == "alarm.already_raised"
    assert walk.refused(c.AcknowledgeAlarm("a1"), actor=CORA, at=20).code == "actor.not_staff"
    walk.do(c.EscalateAlarm("a1", 1, "all_screens"), actor=ENGINE, at=20.3)
    assert walk.refused(c.EscalateAlarm("a1", 1), actor=ENGINE).code == "alarm.not_escalated"
    walk.do(c.AcknowledgeAlarm("a1"), at=20.5)
    refusal = walk.refused(c.AcknowledgeAlarm("a1"), actor=BEN, at=20.6)
    assert refusal.because == "Bea has acknowledged this alarm."
    assert walk.refused(c.EscalateAlarm("a1", 2), actor=ENGINE).code == "alarm.not_escalated"
    walk.do(c.EndAlarm("a1"), actor=ENGINE, at=21)
    assert walk.refused(c.EndAlarm("a1"), actor=ENGINE).code == "alarm.already_ended"
    alarm = walk.state.alarms["a1"]
    assert (alarm.escalated_step, alarm.present, alarm.unanswered) == (1, False, False)
    assert walk.refused(c.EndAlarm("a2"), actor=ENGINE).code == "alarm.unknown"


def test_acknowledging_an_alarm_acknowledges_its_earlier_ended_occurrences():
    walk = infusing()
    for alarm_id in ("a1", "a2"):
        walk.do(replace(HIGH, alarm_id=alarm_id), actor=ENGINE, at=20)
        walk.do(c.EndAlarm(alarm_id), actor=ENGINE, at=21)
    walk.do(replace(HIGH, alarm_id="other", condition="hr_high"), actor=ENGINE, at=22)
    walk.do(replace(HIGH, alarm_id="a3"), actor=ENGINE, at=22)
    walk.do(c.AcknowledgeAlarm("a3"), at=23)
    assert [a.alarm_id for a in walk.state.unanswered_alarms] == ["other"]
    assert walk.state.alarms["a1"].acknowledged.at == T0 + minutes(23)


@pytest.mark.hazard("H5")
def test_an_audio_pause_is_bounded_and_belongs_to_one_alarm():
    walk = infusing()
    walk.do(HIGH, actor=ENGINE, at=20)
    walk.do(replace(HIGH, alarm_id="a2", condition="hr_high"), actor=ENGINE, at=20)
    too_long = c.PauseAlarmAudio("a1", Decimal("121"))
    assert walk.refused(too_long, at=21).code == "alarm.pause_too_long"
    walk.do(c.PauseAlarmAudio("a1", Decimal("120")), at=21)
    assert walk.state.alarms["a1"].audio_paused_until == T0 + minutes(23)
    assert walk.state.alarms["a2"].audio_paused_until is None
    walk.do(c.AcknowledgeAlarm("a2"), at=21)
    assert walk.refused(c.PauseAlarmAudio("a2", Decimal("9")), at=21).code == "alarm.silent"


def test_a_monitoring_gap_is_stated():
    walk = infusing()
    walk.do(c.StartMonitoring("engine-1"), actor=ENGINE, at=11)
    gap = c.RecordMonitoringGap(T0 + minutes(12), T0 + minutes(13), "the engine restarted")
    walk.do(gap, actor=ENGINE, at=13)
    assert walk.state.gaps[0].because == "the engine restarted"
    assert walk.state.monitoring_engine == "engine-1"
    backwards = replace(gap, to_at=T0)
    assert walk.refused(backwards, actor=ENGINE, at=13).code == "gap.backwards"
