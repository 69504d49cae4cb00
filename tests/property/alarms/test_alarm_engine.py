"""What holds for every stream of samples."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.core.alarms import Raised, Sample, Tick, begin, step
from tests.unit.alarms.monitor import (
    HIGH,
    NO_VALUE,
    PLAN,
    SPO2_ACT,
    SPO2_WARN,
    STALE,
    Monitor,
)

LATE_S = 20
readings = st.one_of(st.none(), st.sampled_from([0, 79, 85, 87, 88, 89, 90, 91, 93, 95, 98]))
seconds_of_samples = st.lists(st.one_of(st.just("gap"), readings), min_size=1, max_size=90)
tiers = st.builds(
    lambda delay, clear_delay, clear: replace(
        SPO2_ACT,
        delay_s=Decimal(delay),
        clear_delay_s=Decimal(clear_delay),
        clear=None if clear is None else Decimal(clear),
    ),
    st.sampled_from([0, 1, 5, 15]),
    st.sampled_from([0, 3]),
    st.sampled_from([None, 90, 94]),
)


def low(reading) -> bool:
    return reading not in (None, 0, "gap") and reading < 88


@pytest.mark.hazard("H1", "H4")
@settings(max_examples=300)
@given(seconds_of_samples, tiers)
def test_no_high_condition_lasts_beyond_its_delay_and_a_second_without_an_alarm(stream, tier):
    monitor = Monitor(replace(PLAN, thresholds=(tier,), silences=(), overdue=()))
    since_s = None
    for at_s, reading in enumerate(stream, start=1):
        if reading != "gap":
            monitor.sample(reading, at_s)
            if reading not in (None, 0):
                since_s = (since_s or at_s) if low(reading) else None
        monitor.feed(Tick(), at_s)
        present = [a for a in monitor.state.alarms.values() if a.present]
        assert len(present) <= 1
        if since_s is not None and at_s - since_s > tier.delay_s + 1:
            assert present
        if present:
            assert present[0].raised_ms - 1000 * tier.delay_s >= 0


@pytest.mark.hazard("H1", "H21")
@settings(max_examples=200)
@given(seconds_of_samples)
def test_a_channel_without_a_fresh_value_always_alarms(stream):
    monitor = Monitor(replace(PLAN, thresholds=(), silences=(STALE, NO_VALUE), overdue=()))
    monitor.declare(0)
    valued_s = 0
    for at_s, reading in enumerate(stream, start=1):
        if reading != "gap":
            monitor.sample(reading, at_s)
            valued_s = at_s if reading not in (None, 0) else valued_s
        monitor.feed(Tick(), at_s)
        present = [a for a in monitor.state.alarms.values() if a.present]
        assert bool(present) == (at_s - valued_s >= 11)
        assert len(present) <= 1


@st.composite
def journeys(draw):
    """Samples with the seconds they take to arrive, some of them arriving twice."""
    readings_ = draw(st.lists(st.sampled_from([80, 87, 91, 97]), min_size=1, max_size=60))
    arrivals = []
    for taken_s, reading in enumerate(readings_, start=1):
        for delay_s in draw(st.lists(st.integers(0, LATE_S), min_size=1, max_size=2)):
            arrivals.append((taken_s + delay_s, taken_s, reading))
    return readings_, draw(st.permutations(arrivals))


@pytest.mark.hazard("H1")
@settings(max_examples=300)
@given(journeys(), tiers)
def test_duplicates_and_reordering_never_remove_an_alarm(journey, tier):
    readings_, arrivals = journey
    plan = replace(PLAN, thresholds=(tier, SPO2_WARN), silences=(), overdue=(), escalation=())
    assert plan.late_samples_s > LATE_S
    end_s = len(readings_) + LATE_S + 40

    punctual = Monitor(plan)
    disturbed = Monitor(plan)
    for at_s in range(1, end_s):
        if at_s <= len(readings_):
            punctual.sample(readings_[at_s - 1], at_s)
        for arrival_s, taken_s, reading in arrivals:
            if arrival_s == at_s:
                disturbed.sample(reading, at_s, taken_s=taken_s)
        punctual.feed(Tick(), at_s)
        disturbed.feed(Tick(), at_s)
    assert disturbed.state.too_late == 0
    wanted = Counter((c, p) for _, c, p in punctual.raised)
    told = Counter((c, p) for _, c, p in disturbed.raised)
    assert wanted <= told
    assert present(punctual) == present(disturbed)


def present(monitor):
    return {(a.condition, a.priority) for a in monitor.state.alarms.values() if a.present}


@pytest.mark.hazard("H32")
@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 120_000), readings), max_size=60))
def test_the_same_log_gives_the_same_alarms(stream):
    def run():
        state, told = begin(PLAN, prefix="a", at_ms=0, phase=Monitor().phase), []
        for at_ms, reading in stream:
            value = None if reading is None else Decimal(reading)
            state, events = step(state, Sample("spo2", value), PLAN, at_ms)
            told.append(events)
        return state, told

    assert run() == run()


@pytest.mark.hazard("H4")
@settings(max_examples=100)
@given(st.lists(st.sampled_from([85, 87, 95]), min_size=1, max_size=60))
def test_one_condition_gives_one_signal(stream):
    monitor = Monitor(replace(PLAN, silences=(), overdue=()))
    for at_s, reading in enumerate(stream, start=1):
        monitor.sample(reading, at_s)
        active = [s.condition for s in monitor.shown if s.visual == "active"]
        assert len(active) == len(set(active))
    assert all(isinstance(e, Raised) or e for _, e in monitor.told)
    assert all(p in (HIGH, SPO2_WARN.priority) for _, _, p in monitor.raised)
