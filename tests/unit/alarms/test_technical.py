"""Technical alarms: jumps, disagreeing sources, sensors that are off, stated faults."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import (
    AlarmPlan,
    ChannelDeclared,
    Derived,
    Direction,
    Fault,
    FaultStated,
    Phase,
    Readings,
    Reckoning,
    Silence,
    Threshold,
    Tick,
    unarmed,
)
from tests.unit.alarms.monitor import HIGH, LOW, MEDIUM, PLAN, Monitor, seconds


def derived_plan(derived, *thresholds) -> AlarmPlan:
    return AlarmPlan(thresholds=thresholds, derived=(derived,))


def at_least(condition, channel, limit, priority=LOW, *, delay=0, clear_delay=0):
    return Threshold(
        condition, channel, Direction.AT_OR_ABOVE, priority, Decimal(limit), "1",
        delay_s=seconds(delay), clear_delay_s=seconds(clear_delay),
    )  # fmt: skip


JUMP = derived_plan(
    Derived("hr.jump", Reckoning.JUMP, ("hr",), within_s=seconds(2)),
    at_least("hr_jump", "hr.jump", 60, clear_delay=5),
)
DISAGREE = derived_plan(
    Derived("hr.pr", Reckoning.DIFFERENCE, ("hr", "pr"), within_s=seconds(30)),
    at_least("rates_disagree", "hr.pr", 20, delay=30),
)


def feed_rates(monitor, at_s, **values):
    monitor.feed(Readings({k: Decimal(v) for k, v in values.items()}), at_s)


@pytest.mark.hazard("H23")
def test_an_implausible_jump_is_told_and_over_when_no_other_follows():
    monitor = Monitor(JUMP)
    for at_s, rate in enumerate((70, 72, 140, 141), start=1):
        monitor.sample(rate, at_s, channel="hr")
    assert monitor.raised == [(3, "hr_jump", LOW)]
    for at_s in range(5, 16):
        monitor.sample(141, at_s, channel="hr")
    assert [at for at, _ in monitor.ended] == [10]


def test_a_slow_rise_is_no_jump():
    monitor = Monitor(JUMP)
    for at_s in range(1, 30):
        monitor.sample(60 + 5 * at_s, at_s, channel="hr")
    assert monitor.raised == []


@pytest.mark.hazard("H23")
def test_a_jump_is_seen_when_its_samples_arrive_in_the_wrong_order():
    monitor = Monitor(JUMP)
    monitor.sample(70, 5, channel="hr", taken_s=5)
    monitor.sample(72, 6, channel="hr", taken_s=6)
    monitor.sample(150, 7, channel="hr", taken_s=4)
    assert [c for _, c, _ in monitor.raised] == ["hr_jump"]


@pytest.mark.hazard("H23")
def test_two_sources_that_disagree_for_long_are_told():
    monitor = Monitor(DISAGREE)
    for at_s in range(1, 40):
        feed_rates(monitor, at_s, hr=120, pr=80)
    assert monitor.raised == [(31, "rates_disagree", LOW)]
    feed_rates(monitor, 41, hr=82, pr=80)
    assert [at for at, _ in monitor.ended] == [41]


def test_sources_that_disagree_for_a_moment_are_not_told():
    monitor = Monitor(DISAGREE)
    for at_s in range(1, 90):
        feed_rates(monitor, at_s, hr=80 if at_s % 20 == 0 else 120, pr=80)
    assert monitor.raised == []


def test_a_source_that_fell_silent_disagrees_with_nobody():
    monitor = Monitor(DISAGREE)
    feed_rates(monitor, 1, hr=120, pr=80)
    for at_s in range(2, 32):
        monitor.sample(80, at_s, channel="hr")
    monitor.sample(120, 40, channel="hr")
    monitor.run(90)
    assert monitor.raised == []


OFF = Silence("spo2_sensor_off", "spo2", "sensor_off", MEDIUM, seconds(10))
NO_VALUE = Silence("spo2_no_value", "spo2", "no_value", MEDIUM, seconds(10))


def run_without_value(plan, reason):
    monitor = Monitor(plan)
    monitor.feed(ChannelDeclared("spo2", 1000), 0)
    for at_s in range(1, 15):
        monitor.feed(Readings({"spo2": None}, reasons={"spo2": reason}), at_s)
    return {condition for _, condition, _ in monitor.raised}


@pytest.mark.hazard("H21")
def test_a_sensor_that_is_off_is_told_as_such():
    plan = AlarmPlan(silences=(OFF, NO_VALUE))
    assert run_without_value(plan, "sensor_off") == {"spo2_sensor_off"}
    assert run_without_value(plan, "invalid") == {"spo2_no_value"}


@pytest.mark.hazard("H21")
def test_a_sensor_that_is_off_is_no_value_where_nobody_set_a_time_for_it():
    plan = AlarmPlan(silences=(replace(OFF, after_s=None), NO_VALUE))
    assert run_without_value(plan, "sensor_off") == {"spo2_no_value"}


FAULTS = AlarmPlan(
    faults=(
        Fault("not_recording", "not_recording", HIGH),
        Fault("adapter_dead", "adapter", MEDIUM, seconds(3)),
        Fault("clock_step", "clock", LOW, None),
    )
)


def test_a_fault_that_is_told_at_once_alarms_at_once_and_ends_with_it():
    monitor = Monitor(FAULTS)
    monitor.feed(FaultStated("not_recording", stands=True), 5)
    assert monitor.raised == [(5, "not_recording", HIGH)]
    monitor.feed(FaultStated("not_recording", stands=False), 9)
    assert [at for at, _ in monitor.ended] == [9]


def test_a_fault_alarms_after_it_has_stood_for_its_time():
    monitor = Monitor(FAULTS)
    monitor.feed(FaultStated("adapter", stands=True), 5)
    monitor.feed(FaultStated("adapter", stands=True), 7)
    monitor.run(12)
    assert monitor.raised == [(8, "adapter_dead", MEDIUM)]


def test_a_fault_that_passes_in_time_is_not_told():
    monitor = Monitor(FAULTS)
    monitor.feed(FaultStated("adapter", stands=True), 5)
    monitor.feed(FaultStated("adapter", stands=False), 7)
    monitor.run(30)
    assert monitor.raised == []


def test_a_fault_without_its_time_is_unarmed_and_says_so():
    monitor = Monitor(FAULTS)
    monitor.feed(FaultStated("clock", stands=True), 5)
    monitor.run(60)
    assert monitor.raised == []
    assert [one.condition for one in unarmed(FAULTS)] == ["clock_step"]


def test_faults_end_with_the_session():
    monitor = Monitor(FAULTS)
    monitor.feed(FaultStated("not_recording", stands=True), 5)
    monitor.enter(Phase.ENDED, 6)
    monitor.feed(Tick(), 7)
    assert [a for a in monitor.state.alarms.values() if a.present] == []


def test_readings_of_one_moment_are_the_same_as_samples_one_by_one():
    together, apart = Monitor(PLAN), Monitor(PLAN)
    for at_s in range(1, 40):
        values = {"spo2": Decimal(85 if at_s > 10 else 97), "nibp_sys": Decimal(100 + 3 * at_s)}
        together.feed(Readings(values), at_s)
        for channel, value in values.items():
            apart.sample(value, at_s, channel=channel)
    assert together.raised == apart.raised != []
