"""No data, no value, and acts not done in time."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import ChannelWithdrawn, Phase, Tick, unarmed

from .monitor import BP_LATE, HIGH, LONG_PAUSE, MEDIUM, NO_VALUE, PLAN, STALE, Monitor


def quiet(**changes):
    monitor = Monitor(replace(PLAN, thresholds=(), **changes))
    monitor.declare()
    return monitor


@pytest.mark.hazard("H1")
def test_a_channel_that_falls_silent_alarms_within_its_period_and_the_allowance():
    monitor = quiet(overdue=())
    monitor.run(100, value=97)
    assert monitor.raised == []
    monitor.run(111)
    assert monitor.raised == [(111, "spo2_stale", MEDIUM)]
    monitor.run(131)
    assert monitor.raised[1:] == [(131, "spo2_stale", HIGH)]
    monitor.sample(97, 132)
    assert [a for _, a in monitor.ended] == ["a-1", "a-2"]
    assert monitor.shown == ()


@pytest.mark.hazard("H1")
def test_a_channel_that_never_spoke_alarms_too():
    monitor = quiet(overdue=())
    monitor.run(12)
    assert monitor.raised == [(11, "spo2_stale", MEDIUM)]


def test_staleness_follows_the_declared_period():
    monitor = Monitor(replace(PLAN, overdue=()))
    monitor.declare(period_s=60)
    monitor.sample(97, 1)
    monitor.run(70)
    assert monitor.raised == []
    monitor.run(71)
    assert monitor.raised == [(71, "spo2_stale", MEDIUM)]


@pytest.mark.hazard("H1")
def test_old_samples_delivered_late_are_not_life():
    monitor = quiet(overdue=())
    monitor.run(10, value=97)
    for at_s in range(11, 22):
        monitor.sample(97, at_s, taken_s=10)
    assert monitor.raised == [(21, "spo2_stale", MEDIUM)]


@pytest.mark.parametrize("reading", [None, 0, "NaN"])
@pytest.mark.hazard("H21")
def test_messages_without_a_value_alarm_as_such(reading):
    monitor = quiet(overdue=())
    monitor.run(10, value=97)
    for at_s in range(11, 30):
        monitor.sample(reading, at_s)
    assert monitor.raised == [(21, "spo2_no_value", MEDIUM)]
    assert monitor.state.channels["spo2"].value is None
    monitor.sample(96, 30)
    assert [a for _, a in monitor.ended] == ["a-1"]


@pytest.mark.hazard("H21")
def test_a_zero_is_no_low_value():
    monitor = Monitor(PLAN)
    monitor.declare()
    monitor.run(8, value=0)
    assert monitor.raised == []


def test_a_dead_channel_is_stale_and_no_longer_without_value():
    monitor = quiet(overdue=())
    for at_s in range(1, 15):
        monitor.sample(None, at_s)
    monitor.run(26)
    conditions = [c for _, c, _ in monitor.raised]
    assert conditions == ["spo2_no_value", "spo2_stale"]
    assert [s.condition for s in monitor.shown] == ["spo2_stale"]


def test_a_withdrawn_channel_may_be_silent():
    monitor = quiet(overdue=())
    monitor.run(30)
    monitor.feed(ChannelWithdrawn("spo2"), 31)
    assert monitor.shown == ()
    monitor.run(60)
    assert len(monitor.raised) == 1


def test_a_channel_nobody_declared_may_be_silent():
    monitor = Monitor(replace(PLAN, overdue=()))
    monitor.sample(97, 1)
    monitor.run(100)
    assert monitor.raised == []


@pytest.mark.hazard("H19")
def test_an_overdue_pressure_alarms_to_the_second_and_ends_when_taken():
    monitor = Monitor(replace(PLAN, silences=()))
    monitor.done("bp", 60)
    monitor.run(60 + 719)
    assert monitor.raised == []
    monitor.run(60 + 720)
    assert monitor.raised == [(780, "bp_overdue", MEDIUM)]
    monitor.run(60 + 900)
    assert monitor.raised[1:] == [(960, "bp_overdue", HIGH)]
    monitor.done("bp", 961)
    assert monitor.shown == ()


@pytest.mark.hazard("H19")
def test_a_pressure_never_taken_is_overdue_from_the_start_of_the_infusion():
    monitor = Monitor(replace(PLAN, silences=()), phase=Phase.PREPARING)
    monitor.run(3000)
    assert monitor.raised == []
    monitor.enter(Phase.INFUSING, 3000)
    monitor.run(3720)
    assert monitor.raised == [(3720, "bp_overdue", MEDIUM)]


@pytest.mark.hazard("H19")
def test_pausing_and_resuming_does_not_put_a_pressure_off():
    monitor = Monitor(replace(PLAN, silences=(), overdue=(BP_LATE,)))
    for at_s in range(60, 720, 60):
        monitor.enter(Phase.PAUSED if at_s % 120 else Phase.INFUSING, at_s)
    monitor.run(720)
    assert monitor.raised == [(720, "bp_overdue", MEDIUM)]


@pytest.mark.hazard("H17")
def test_a_forgotten_pause_alarms_after_its_time_and_ends_with_the_pause():
    monitor = Monitor(replace(PLAN, silences=(), overdue=(LONG_PAUSE,)))
    monitor.enter(Phase.PAUSED, 100)
    monitor.run(219)
    assert monitor.raised == []
    monitor.run(220)
    assert monitor.raised == [(220, "long_pause", MEDIUM)]
    monitor.enter(Phase.INFUSING, 230)
    assert [a for _, a in monitor.ended] == ["a-1"]
    monitor.enter(Phase.PAUSED, 240)
    monitor.run(359)
    assert len(monitor.raised) == 1


@pytest.mark.hazard("H4", "H19")
def test_an_overdue_pressure_is_one_alarm_from_the_infusion_into_recovery():
    recovery = replace(BP_LATE, interval_s=Decimal(300), phases=(Phase.RECOVERY,))
    for overdue in ((recovery, BP_LATE), (BP_LATE, recovery)):
        monitor = Monitor(replace(PLAN, silences=(), overdue=overdue))
        monitor.run(720)
        monitor.enter(Phase.RECOVERY, 721)
        assert monitor.raised == [(720, "bp_overdue", MEDIUM)]
        assert monitor.ended == []
        monitor.done("bp", 730)
        assert monitor.ended == [(730, "a-1")]


@pytest.mark.hazard("H19")
def test_recovery_does_not_forgive_a_pressure_that_was_never_taken():
    recovery = replace(BP_LATE, phases=(Phase.RECOVERY,))
    monitor = Monitor(replace(PLAN, silences=(), overdue=(BP_LATE, recovery)))
    monitor.enter(Phase.RECOVERY, 700)
    monitor.run(720)
    assert monitor.raised == [(720, "bp_overdue", MEDIUM)]


@pytest.mark.hazard("H25")
def test_an_observation_not_made_alarms():
    looked = replace(BP_LATE, condition="observation_overdue", clock="observation")
    monitor = Monitor(replace(PLAN, silences=(), overdue=(looked,)))
    monitor.run(720)
    assert monitor.raised == [(720, "observation_overdue", MEDIUM)]


def test_times_nobody_set_are_unarmed():
    plan = replace(
        PLAN,
        thresholds=(),
        silences=(replace(STALE, after_s=None), NO_VALUE),
        overdue=(replace(BP_LATE, interval_s=None),),
    )
    assert [u.condition for u in unarmed(plan)] == ["spo2_stale", "bp_overdue"]
    monitor = Monitor(plan)
    monitor.declare()
    monitor.run(2000)
    assert monitor.raised == []


def test_ages_are_told_in_seconds():
    monitor = quiet(overdue=())
    monitor.feed(Tick(), 11.5)
    _, raised = monitor.told[0]
    assert (raised.limit, raised.value, raised.unit) == (Decimal(11), Decimal("11.5"), "s")
    assert raised.priority is not HIGH
