"""Samples that come late, twice, or out of order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from leeward.core.alarms import AlarmPlan

from .monitor import HIGH, SBP, SPO2_ACT, Monitor

INSTANT = replace(SPO2_ACT, delay_s=Decimal(0), clear=None, clear_delay_s=Decimal(0))


def only(threshold):
    return Monitor(AlarmPlan(thresholds=(threshold,), late_samples_s=Decimal(30)))


@pytest.mark.hazard("H1")
def test_a_late_low_value_is_told_although_it_is_over():
    monitor = only(INSTANT)
    monitor.sample(97, 10)
    monitor.sample(80, 11, taken_s=9)
    assert monitor.raised == [(11, "spo2_low", HIGH)]
    assert monitor.ended == [(11, "a-1")]
    assert monitor.shown[0].visual == "latched"


def test_a_late_good_value_between_two_low_ones_splits_the_episode():
    monitor = only(INSTANT)
    monitor.sample(80, 1)
    monitor.sample(80, 3)
    monitor.sample(97, 4, taken_s=2)
    assert [at for at, _, _ in monitor.raised] == [1, 4]
    assert monitor.ended == [(4, "a-1")]


def test_a_late_low_value_before_the_first_makes_the_delay_run_from_there():
    monitor = only(SPO2_ACT)
    monitor.sample(80, 5)
    monitor.sample(80, 7, taken_s=1)
    assert monitor.raised == [(7, "spo2_low", HIGH)]


def test_a_late_good_value_ends_an_alarm_raised_over_a_gap():
    monitor = only(SPO2_ACT)
    monitor.sample(80, 1)
    monitor.run(7)
    monitor.sample(80, 8)
    monitor.sample(97, 9, taken_s=2)
    assert [at for at, _, _ in monitor.raised] == [6]
    assert monitor.ended == [(9, "a-1")]
    monitor.run(13)
    assert [at for at, _, _ in monitor.raised] == [6, 13]


def test_a_sample_told_twice_counts_once():
    monitor = only(INSTANT)
    for at_s in (1, 2, 3):
        monitor.sample(80, at_s, taken_s=1)
    monitor.sample(97, 4)
    monitor.sample(80, 5, taken_s=1)
    assert len(monitor.raised) == 1
    assert len(monitor.state.watches[0].window) == 2


def test_a_late_low_value_that_undoes_the_end_of_an_alarm_raises_it_again():
    monitor = only(SPO2_ACT)
    monitor.run(7, value=80)
    monitor.sample(95, 10)
    monitor.sample(95, 14)
    assert [a for _, a in monitor.ended] == ["a-1"]
    monitor.sample(80, 15, taken_s=12)
    assert [at for at, _, _ in monitor.raised] == [6, 15]
    assert "a-2" in {s.alarm_id for s in monitor.shown if s.visual == "active"}


def test_a_sample_beyond_the_window_is_counted_and_left_out():
    monitor = only(SBP)
    for at_s in (1, 20, 40, 60, 80):
        monitor.sample(120, at_s, channel="nibp_sys")
    monitor.sample(190, 81, channel="nibp_sys", taken_s=2)
    assert monitor.raised == []
    assert monitor.state.too_late == 1
    monitor.sample(190, 82, channel="nibp_sys", taken_s=55)
    assert len(monitor.raised) == 1


def test_a_sample_from_the_future_counts_from_its_arrival():
    monitor = only(SPO2_ACT)
    monitor.sample(80, 1, taken_s=500)
    monitor.run(6)
    assert monitor.raised == [(6, "spo2_low", HIGH)]
