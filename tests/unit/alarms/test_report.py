"""A month of alarms: counts, shares and times until somebody answered."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from leeward.core.alarms.report import Occurrence, summarise
from leeward.figures.alarm_report import describe_waits, draw_counts, draw_waits
from tests.unit.alarms.monitor import HIGH, LOW, MEDIUM

AT = datetime(2026, 11, 3, 10, tzinfo=UTC)


def alarm(condition, priority, *, answered_s=None, ended_s=None, pauses=0, step=0):
    def after(seconds):
        return None if seconds is None else AT + timedelta(seconds=seconds)

    return Occurrence(condition, priority, AT, after(ended_s), after(answered_s), pauses, step)


MONTH = [
    alarm("spo2_low", HIGH, answered_s=12, ended_s=40),
    alarm("spo2_low", HIGH, answered_s=31, ended_s=20, pauses=2, step=1),
    alarm("spo2_low", HIGH, answered_s=70, ended_s=90, step=2),
    alarm("hr_stale", MEDIUM, ended_s=5),
    alarm("hr_jump", LOW),
]


def test_alarms_are_counted_by_condition_and_priority_most_frequent_first():
    report = summarise(MONTH)
    assert [(k, t.count) for k, t in report.by_condition.items()] == [
        (("spo2_low", HIGH), 3), (("hr_stale", MEDIUM), 1), (("hr_jump", LOW), 1),
    ]  # fmt: skip
    assert [report.by_priority[p].count for p in (HIGH, MEDIUM, LOW)] == [3, 1, 1]


def test_times_to_an_answer_are_those_of_answered_alarms_alone():
    whole = summarise(MONTH).whole
    assert (whole.answered, whole.waits_s) == (3, (12, 31, 70))
    assert (whole.median_s, whole.longest_s) == (31, 70)
    assert (whole.soon, whole.soon_pct) == (1, 20)


def test_what_ended_before_anybody_answered_is_counted():
    whole = summarise(MONTH).whole
    assert (whole.ended_alone, whole.paused, whole.escalated) == (2, 1, 2)


def test_alarms_per_hour_rest_on_the_time_that_patients_were_here():
    assert summarise(MONTH, sessions=2, watched_s=7200).per_hour == Fraction(5, 2)
    assert summarise(MONTH).per_hour is None


def test_an_empty_month_has_no_shares_and_is_drawn_all_the_same():
    report = summarise([])
    assert (report.whole.median_s, report.whole.soon_pct) == (None, None)
    assert "No alarm in this month" in draw_counts(())
    assert "none answered" in describe_waits({"high": ()})


def test_the_drawings_say_their_figures_in_words():
    report = summarise(MONTH)
    counts = draw_counts([("Oxygen low", "high", 3), ("No heart rate reading", "medium", 1)])
    assert "Oxygen low, high: 3" in counts
    waits = {p.value: t.waits_s for p, t in report.by_priority.items()}
    assert "1 10 s–30 s, 1 30 s–1 min, 1 1 min–2 min" in draw_waits(waits)
