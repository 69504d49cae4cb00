"""A pump held against the stated infusion, pressures against the baseline, the end."""

from decimal import Decimal

import pytest

from leeward.core.alarms import (
    AlarmPlan,
    Derived,
    EndExpected,
    Overdue,
    Phase,
    Reckoning,
    Stated,
    Tick,
)
from tests.unit.alarms.monitor import HIGH, LOW, MEDIUM, Monitor, seconds
from tests.unit.alarms.test_technical import at_least

RATE, MAY_RUN, PUMP = "rate_ml_per_h", "may_run", "pump_rate_ml_h"
PUMPED = AlarmPlan(
    thresholds=(
        at_least("pump_fast", "over", 100, HIGH),
        at_least("pump_fast", "over", 10, HIGH, delay=10),
        at_least("pump_slow", "under", 10, MEDIUM, delay=30),
        at_least("pump_stopped", "stopped", 1, MEDIUM, delay=15),
        at_least("pump_unstated", "unstated", 1, HIGH, delay=10),
        at_least("pump_volume_high", "volume", "0.2", HIGH),
    ),
    derived=(
        Derived("over", Reckoning.EXCESS_PCT, (PUMP,), RATE),
        Derived("under", Reckoning.DEFICIT_PCT, (PUMP,), RATE),
        Derived("stopped", Reckoning.STOPPED, (PUMP,), RATE),
        Derived("unstated", Reckoning.UNSTATED, (PUMP,), MAY_RUN),
        Derived("volume", Reckoning.RISE, ("pump_vol_ml",), "volume_ml"),
    ),
)


def pump(stated="52.5"):
    monitor = Monitor(PUMPED)
    monitor.feed(Stated(RATE, Decimal(stated)), 0)
    monitor.feed(Stated(MAY_RUN, Decimal(1)), 0)
    return monitor


def run(monitor, from_s, to_s, rate):
    for at_s in range(from_s, to_s + 1):
        monitor.sample(rate, at_s, channel=PUMP)


@pytest.mark.hazard("H16")
def test_a_pump_at_three_times_the_stated_rate_alarms_at_once():
    monitor = pump()
    run(monitor, 1, 20, "52.5")
    run(monitor, 21, 40, "157.5")
    assert monitor.raised == [(21, "pump_fast", HIGH)]


@pytest.mark.hazard("H16")
def test_a_pump_a_little_too_fast_alarms_after_its_delay():
    monitor = pump()
    run(monitor, 1, 30, "60")
    assert monitor.raised == [(11, "pump_fast", HIGH)]


@pytest.mark.hazard("H15")
def test_a_pump_that_stopped_while_staff_state_that_it_runs_is_told():
    monitor = pump()
    run(monitor, 1, 5, "52.5")
    run(monitor, 6, 40, "0")
    assert (21, "pump_stopped", MEDIUM) in monitor.raised


@pytest.mark.hazard("H15")
def test_a_slow_pump_is_told():
    monitor = pump()
    run(monitor, 1, 40, "40")
    assert monitor.raised == [(31, "pump_slow", MEDIUM)]


@pytest.mark.hazard("H15", "H16")
def test_stating_what_the_pump_does_ends_the_alarm_without_a_new_reading():
    monitor = pump()
    run(monitor, 1, 30, "60")
    monitor.feed(Stated(RATE, Decimal(60)), 30.5)
    assert [at for at, _ in monitor.ended] == [30.5]


@pytest.mark.hazard("H16")
def test_stating_a_lower_rate_than_the_pump_runs_at_alarms_without_a_new_reading():
    monitor = pump()
    run(monitor, 1, 5, "52.5")
    monitor.feed(Stated(RATE, Decimal(20)), 6)
    assert monitor.raised == [(6, "pump_fast", HIGH)]


def test_a_late_reading_is_held_against_what_was_stated_when_it_was_taken():
    monitor = pump(stated="100")
    run(monitor, 1, 10, "100")
    monitor.feed(Stated(RATE, Decimal(20)), 20)
    run(monitor, 21, 23, "20")
    monitor.sample("100", 24, channel=PUMP, taken_s=15)
    assert [c for _, c, _ in monitor.raised if c == "pump_fast"] == ["pump_fast"]
    assert monitor.raised[0][0] == 20  # the newest reading at the time, and only that


@pytest.mark.hazard("H15")
def test_a_pump_that_runs_while_nothing_is_stated_is_told():
    monitor = Monitor(PUMPED, phase=Phase.RECOVERY)
    monitor.feed(Stated(MAY_RUN, None), 0)
    run(monitor, 1, 20, "52.5")
    assert monitor.raised == [(11, "pump_unstated", HIGH)]


def test_a_pump_at_rest_while_nothing_is_stated_is_no_alarm():
    monitor = Monitor(PUMPED, phase=Phase.RECOVERY)
    monitor.feed(Stated(MAY_RUN, None), 0)
    run(monitor, 1, 60, "0")
    assert monitor.raised == []


@pytest.mark.hazard("H16")
def test_more_volume_than_planned_is_told():
    monitor = pump()
    monitor.feed(Stated("volume_ml", Decimal("3.5")), 0)
    for at_s, given_ml in enumerate(("3.4", "3.5", "3.6", "3.7"), start=1):
        monitor.sample(given_ml, at_s, channel="pump_vol_ml")
    assert monitor.raised == [(4, "pump_volume_high", HIGH)]


RISE = AlarmPlan(
    thresholds=(at_least("sbp_rise", "nibp_sys.rise", 40),),
    derived=(Derived("nibp_sys.rise", Reckoning.RISE, ("nibp_sys",), "sbp_mmhg.baseline"),),
)


def test_a_pressure_is_held_against_the_baseline():
    monitor = Monitor(RISE)
    monitor.feed(Stated("sbp_mmhg.baseline", Decimal(118)), 0)
    for at_s, sbp in ((10, 150), (20, 157), (30, 158), (40, 157)):
        monitor.sample(sbp, at_s, channel="nibp_sys")
    assert monitor.raised == [(30, "sbp_rise", LOW)]
    assert [at for at, _ in monitor.ended] == [40]


def test_without_a_baseline_there_is_no_rise():
    monitor = Monitor(RISE)
    monitor.sample(200, 10, channel="nibp_sys")
    assert monitor.raised == []


PAST_END = AlarmPlan(
    overdue=(
        Overdue("past_end", "planned_end", MEDIUM, seconds(60), seconds(0), (Phase.INFUSING,),
                only_if_set=True),
        Overdue("past_end", "planned_end", HIGH, seconds(300), seconds(0), (Phase.INFUSING,),
                only_if_set=True),
    )
)  # fmt: skip


@pytest.mark.hazard("H16")
def test_an_infusion_past_its_planned_end_warns_and_then_alarms():
    monitor = Monitor(PAST_END)
    monitor.feed(EndExpected("planned_end", 2_400_000), 0)
    monitor.run(2400)
    assert monitor.raised == []
    monitor.run(2800)
    assert monitor.raised == [(2460, "past_end", MEDIUM), (2700, "past_end", HIGH)]


def test_a_new_rate_moves_the_planned_end():
    monitor = Monitor(PAST_END)
    monitor.feed(EndExpected("planned_end", 100_000), 0)
    monitor.run(170)
    monitor.feed(EndExpected("planned_end", 500_000), 171)
    assert [at for at, _ in monitor.ended] == [171]


def test_an_infusion_without_a_planned_end_is_not_past_it():
    monitor = Monitor(PAST_END)
    monitor.feed(EndExpected("planned_end", None), 0)
    monitor.feed(Tick(), 100_000)
    assert monitor.raised == []
