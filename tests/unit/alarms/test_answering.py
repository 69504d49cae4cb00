"""Acknowledging, pausing the sound, escalation, restart, filling in the limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import (
    AlarmSpecs,
    Direction,
    EscalationSpec,
    OverdueSpec,
    Phase,
    Priority,
    SilenceSpec,
    ThresholdSpec,
    fill,
    resume,
    unarmed,
)

from .monitor import HIGH, MEDIUM, PLAN, SBP, SPO2_ACT, Monitor, seconds

CALM = replace(PLAN, silences=(), overdue=())


def alarming(plan=CALM):
    monitor = Monitor(plan)
    monitor.run(6, value=80)
    return monitor


def test_an_acknowledged_alarm_is_silent_and_named():
    monitor = alarming()
    assert monitor.shown[0].audible
    monitor.acknowledge("a-1", 7)
    (signal,) = monitor.shown
    assert (signal.visual, signal.audible, signal.acknowledged_by) == (
        "acknowledged",
        False,
        "Bea",
    )
    monitor.acknowledge("a-1", 8, by="Ben")
    assert monitor.shown[0].acknowledged_by == "Bea"


def test_an_acknowledgement_lapses_and_the_alarm_comes_back():
    monitor = alarming(replace(CALM, acknowledge_lasts_s=seconds(120)))
    monitor.acknowledge("a-1", 7)
    monitor.run(126, value=80)
    assert monitor.ended == []
    monitor.run(127, value=80)
    assert monitor.ended == [(127, "a-1")]
    again = next(s for s in monitor.shown if s.priority is HIGH)
    assert (again.alarm_id, again.audible) == (monitor.told[-1][1].alarm_id, True)
    monitor.acknowledge(again.alarm_id, 128)
    monitor.run(140, value=97)
    assert again.alarm_id in [a for _, a in monitor.ended]


@pytest.mark.hazard("H5")
def test_a_new_high_breaks_through_an_audio_pause():
    monitor = alarming()
    monitor.pause_audio("a-1", 120, 7)
    (signal,) = monitor.shown
    assert (signal.audible, signal.audio_resumes_in_ms) == (False, 120_000)
    monitor.sample(185, 8, channel="nibp_sys")
    assert {s.alarm_id: s.audible for s in monitor.shown} == {"a-2": True, "a-1": False}


@pytest.mark.hazard("H5")
def test_an_audio_pause_counts_down_and_ends():
    monitor = alarming(replace(CALM, escalation=()))
    monitor.pause_audio("a-1", 60, 7)
    monitor.run(30, value=80)
    assert monitor.shown[0].audio_resumes_in_ms == 37_000
    monitor.run(67, value=80)
    assert monitor.shown[0].audible
    assert monitor.shown[0].audio_resumes_in_ms is None


@pytest.mark.parametrize("for_s", [121, 0, -5])
@pytest.mark.hazard("H5")
def test_a_pause_the_clinic_does_not_allow_is_no_pause(for_s):
    monitor = alarming()
    monitor.pause_audio("a-1", for_s, 7)
    assert monitor.shown[0].audible
    unset = alarming(replace(CALM, audio_pause_max_s=None))
    unset.pause_audio("a-1", 10, 7)
    assert unset.shown[0].audible


@pytest.mark.hazard("H3")
def test_an_unanswered_high_goes_further_step_by_step():
    monitor = alarming()
    monitor.run(100, value=80)
    assert monitor.escalated == [(21, 1, "all_screens"), (66, 2, "named_backup")]


@pytest.mark.hazard("H3")
def test_a_latched_high_goes_further_although_it_has_ended():
    monitor = alarming()
    monitor.run(30, value=98)
    assert monitor.escalated == [(21, 1, "all_screens")]


def test_an_answered_alarm_or_a_lesser_one_goes_no_further():
    monitor = alarming()
    monitor.acknowledge("a-1", 7)
    monitor.run(100, value=91)
    assert [s.priority for s in monitor.shown] == [MEDIUM]
    assert monitor.escalated == []


def test_what_is_unknown_or_over_can_not_be_answered():
    monitor = alarming()
    before = monitor.state.alarms
    monitor.acknowledge("nobody", 6)
    monitor.pause_audio("nobody", 10, 6)
    assert monitor.state.alarms == before


@pytest.mark.hazard("H2")
def test_after_a_restart_nothing_is_told_twice_and_alarms_still_end():
    monitor = Monitor(replace(PLAN, escalation=()))
    monitor.declare()
    monitor.run(6, value=80)
    monitor.run(720)
    alarms = list(monitor.state.alarms.values())
    assert {(a.condition, a.priority) for a in alarms} == {
        ("spo2_low", HIGH),
        ("spo2_low", MEDIUM),
        ("spo2_stale", MEDIUM),
        ("spo2_stale", HIGH),
        ("bp_overdue", MEDIUM),
    }
    again = Monitor(monitor.plan, prefix="b")
    again.state = resume(
        monitor.plan,
        prefix="b",
        at_ms=721_000,
        phase=Phase.INFUSING,
        entered_ms=monitor.state.entered_ms,
        clocks_ms=monitor.state.clocks_ms,
        alarms=alarms,
    )
    again.declare(721)
    assert again.raised == []
    again.run(730, value=80, since_s=721)
    assert again.raised == []
    again.done("bp", 731)
    again.run(760, value=98)
    assert {i for _, i in again.ended} == {a.alarm_id for a in alarms}


@pytest.mark.hazard("H2", "H4")
def test_a_restart_between_two_tiers_keeps_the_one_alarm():
    deep = replace(SPO2_ACT, limit=Decimal(80), delay_s=Decimal(0), clear=None)
    plan = replace(CALM, thresholds=(deep, SPO2_ACT), escalation=())
    monitor = Monitor(plan)
    monitor.run(10, value=79)
    again = Monitor(plan, prefix="b")
    again.state = resume(
        plan,
        prefix="b",
        at_ms=11_000,
        phase=Phase.INFUSING,
        entered_ms={Phase.INFUSING: 0},
        clocks_ms={},
        alarms=monitor.state.alarms.values(),
    )
    again.run(30, value=86, since_s=11)
    assert again.told == []
    again.run(40, value=95)
    assert [a for _, a in again.ended] == ["a-1"]


def test_a_latched_alarm_survives_a_restart():
    monitor = alarming()
    monitor.run(20, value=98)
    state = resume(
        CALM,
        prefix="b",
        at_ms=21_000,
        phase=Phase.INFUSING,
        entered_ms={Phase.INFUSING: 0},
        clocks_ms={},
        alarms=monitor.state.alarms.values(),
    )
    again = Monitor(CALM)
    again.state = state
    assert again.shown[0].visual == "latched"
    again.acknowledge("a-1", 22)
    assert again.shown == ()


SPECS = AlarmSpecs(
    thresholds=(
        ThresholdSpec(
            "spo2_low", "spo2", Direction.BELOW, Priority.HIGH, "%",
            limit="spo2.act", delay="spo2.act.delay_s", clear="spo2.clear",
            clear_delay="spo2.clear.delay_s",
        ),
        ThresholdSpec(
            "sbp_high", "nibp_sys", Direction.AT_OR_ABOVE, Priority.HIGH, "mm[Hg]",
            limit="sbp.act",
        ),
    ),
    silences=(SilenceSpec("spo2_stale", "spo2", "stale", Priority.MEDIUM, "stale_s"),),
    overdue=(
        OverdueSpec(
            "bp_overdue", "bp", Priority.MEDIUM, (Phase.INFUSING,), "bp.interval_min",
            grace="bp.grace_min",
        ),
    ),
    escalation=(
        EscalationSpec(2, "escalate.2_s", "named_backup"),
        EscalationSpec(1, "escalate.1_s", "all_screens"),
    ),
    audio_pause_max="pause.max_s",
)  # fmt: skip
LIMITS = {
    "spo2.act": "88", "spo2.act.delay_s": "5", "spo2.clear": "90", "spo2.clear.delay_s": "4",
    "sbp.act": "180", "stale_s": "10", "bp.interval_min": "10", "bp.grace_min": "2",
    "escalate.1_s": "15", "escalate.2_s": "60", "pause.max_s": "120",
}  # fmt: skip


@pytest.mark.hazard("H6")
def test_a_plan_is_filled_from_the_clinic_s_limits_alone():
    plan = fill(SPECS, {k: Decimal(v) for k, v in LIMITS.items()})
    assert plan.thresholds == (SPO2_ACT, SBP)
    assert plan.overdue[0].interval_s == 600
    assert plan.overdue[0].grace_s == 120
    assert [s.step for s in plan.escalation] == [1, 2]
    assert plan.audio_pause_max_s == 120
    assert unarmed(plan) == ()


@pytest.mark.parametrize("lacking", ["spo2.act", "spo2.act.delay_s", "spo2.clear"])
@pytest.mark.hazard("H6")
def test_a_condition_that_lacks_any_figure_is_unarmed(lacking):
    plan = fill(SPECS, {k: Decimal(v) for k, v in LIMITS.items() if k != lacking})
    assert [u.condition for u in unarmed(plan)] == ["spo2_low"]


@pytest.mark.hazard("H6")
def test_without_any_limit_everything_is_unarmed():
    plan = fill(SPECS, {})
    assert [u.condition for u in unarmed(plan)] == [
        "spo2_low",
        "sbp_high",
        "spo2_stale",
        "bp_overdue",
    ]
    assert plan.escalation == ()
    assert plan.audio_pause_max_s is None
