"""Delay, hysteresis, two tiers, latching."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import AlarmPlan, Phase, Raised, unarmed

from .monitor import HIGH, MEDIUM, PLAN, SBP, SPO2_ACT, SPO2_WARN, UNSET, Monitor


def only(*thresholds, **changes):
    plan = AlarmPlan(thresholds=thresholds, audio_pause_max_s=Decimal(120))
    return Monitor(replace(plan, **changes))


@pytest.mark.hazard("H1")
def test_a_breach_waits_for_its_delay():
    monitor = only(SPO2_ACT)
    monitor.sample(95, 1)
    monitor.run(6, value=87)
    assert monitor.raised == []
    monitor.run(7, value=86)
    assert monitor.raised == [(7, "spo2_low", HIGH)]
    ((_, raised),) = monitor.told
    assert raised == Raised("a-1", "spo2_low", "spo2", HIGH, Decimal(88), Decimal(87), "%")


def test_a_dip_shorter_than_the_delay_is_no_alarm():
    monitor = only(SPO2_ACT)
    monitor.run(4, value=87)
    monitor.run(5, value=88)
    monitor.run(9, value=87)
    assert monitor.raised == []


def test_a_limit_without_delay_alarms_at_once_and_on_the_limit():
    monitor = only(SBP)
    monitor.sample(179, 1, channel="nibp_sys")
    assert monitor.raised == []
    monitor.sample(180, 2, channel="nibp_sys")
    assert monitor.raised == [(2, "sbp_high", HIGH)]
    monitor.sample(170, 3, channel="nibp_sys")
    assert monitor.ended == [(3, "a-1")]


@pytest.mark.hazard("H1")
def test_a_breach_followed_by_silence_still_alarms():
    monitor = only(SPO2_ACT)
    monitor.sample(80, 1)
    monitor.run(20)
    assert monitor.raised == [(6, "spo2_low", HIGH)]


def test_the_condition_ends_beyond_the_clear_value_for_the_clear_delay():
    monitor = only(SPO2_ACT)
    monitor.run(7, value=80)
    monitor.run(20, value=89)
    assert monitor.ended == []
    monitor.run(22, value=90)
    monitor.run(23, value=89)
    monitor.run(27, value=90)
    assert monitor.ended == []
    monitor.run(28, value=90)
    assert monitor.ended == [(28, "a-1")]


@pytest.mark.hazard("H1")
def test_silence_never_clears_a_condition():
    monitor = only(SPO2_ACT)
    monitor.run(7, value=80)
    monitor.sample(95, 8)
    monitor.run(100)
    assert monitor.ended == []


def test_only_the_more_urgent_tier_of_a_condition_signals():
    monitor = only(SPO2_ACT, SPO2_WARN)
    monitor.run(20, value=86)
    assert monitor.raised == [(6, "spo2_low", HIGH), (16, "spo2_low", MEDIUM)]
    assert [s.priority for s in monitor.shown] == [HIGH]
    monitor.acknowledge("a-1", 21)
    monitor.run(30, value=91)
    assert [s.priority for s in monitor.shown] == [MEDIUM]


AT_ONCE = replace(
    SPO2_ACT, limit=Decimal(80), delay_s=Decimal(0), clear=None, clear_delay_s=Decimal(0)
)


@pytest.mark.hazard("H4")
def test_tiers_of_one_priority_share_one_alarm():
    monitor = only(AT_ONCE, SPO2_ACT)
    monitor.run(10, value=79)
    monitor.run(30, value=84)
    assert monitor.raised == [(1, "spo2_low", HIGH)]
    assert monitor.ended == []
    monitor.run(40, value=95)
    assert monitor.ended == [(35, "a-1")]


@pytest.mark.hazard("H1", "H4")
def test_a_deep_dip_alarms_at_once_and_ends_before_the_shallow_delay_is_over():
    monitor = only(AT_ONCE, SPO2_ACT)
    monitor.sample(79, 1)
    monitor.sample(85, 2)
    assert monitor.ended == [(2, "a-1")]
    monitor.run(6, value=85)
    assert monitor.raised[1:] == [(6, "spo2_low", HIGH)]


@pytest.mark.hazard("H4")
def test_of_several_latched_occurrences_only_the_last_is_shown():
    monitor = only(SPO2_ACT)
    for begin_s in (0, 20, 40):
        monitor.run(begin_s + 7, value=80)
        monitor.run(begin_s + 20, value=97)
    assert len(monitor.raised) == 3
    assert [s.alarm_id for s in monitor.shown] == ["a-3"]
    for alarm_id in ("a-1", "a-2", "a-3"):
        monitor.acknowledge(alarm_id, 61)
    assert monitor.shown == ()


def test_a_high_alarm_latches_until_acknowledged():
    monitor = only(SPO2_ACT)
    monitor.run(8, value=80)
    monitor.run(20, value=97)
    (signal,) = monitor.shown
    assert (signal.visual, signal.audible) == ("latched", False)
    monitor.acknowledge("a-1", 21)
    assert monitor.shown == ()


def test_a_medium_alarm_does_not_latch():
    monitor = only(SPO2_WARN)
    monitor.run(20, value=91)
    assert len(monitor.shown) == 1
    monitor.run(40, value=98)
    assert monitor.shown == ()


def test_a_condition_that_recurs_is_a_new_alarm():
    monitor = only(SPO2_ACT)
    monitor.run(8, value=80)
    monitor.acknowledge("a-1", 9)
    monitor.run(20, value=97)
    monitor.run(30, value=80)
    assert [a for _, a in monitor.ended] == ["a-1"]
    (signal,) = monitor.shown
    assert (signal.alarm_id, signal.audible) == ("a-2", True)


@pytest.mark.hazard("H6")
def test_a_limit_that_nobody_set_is_unarmed_and_says_so():
    monitor = only(UNSET, SBP)
    monitor.sample(2, 1, channel="rr")
    monitor.run(60)
    assert monitor.raised == []
    (said,) = unarmed(monitor.plan)
    assert (said.condition, said.channel, said.priority) == ("rr_low", "rr", HIGH)


@pytest.mark.hazard("H6")
def test_each_session_begins_with_its_own_plan_and_nothing_of_the_last():
    wide = only(replace(SPO2_ACT, limit=Decimal(70)))
    wide.run(20, value=80)
    assert wide.raised == []
    fresh = only(SPO2_ACT)
    assert fresh.state.alarms == {} and fresh.state.channels == {}
    fresh.run(8, value=80)
    assert len(fresh.raised) == 1


def test_the_end_of_the_session_ends_its_alarms_and_raises_none():
    monitor = Monitor(PLAN)
    monitor.declare()
    monitor.run(8, value=80)
    monitor.enter(Phase.ENDED, 9)
    assert monitor.ended == [(9, "a-1")]
    before = monitor.raised
    monitor.sample(50, 10)
    monitor.run(900)
    assert monitor.raised == before


@pytest.mark.hazard("H32")
def test_time_that_runs_backwards_counts_as_standing_still():
    monitor = only(SPO2_ACT)
    monitor.sample(80, 10)
    monitor.sample(80, 3)
    monitor.run(16)
    assert monitor.raised == [(15, "spo2_low", HIGH)]
