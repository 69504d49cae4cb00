"""A time of day as it is said at the chair."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.core.quantities import Refusal
from leeward.web.forms.when import when_of

NOW = datetime(2026, 3, 2, 15, 30, 20, tzinfo=UTC)  # 10:30:20 in New York
ZONE = "America/New_York"
OPENED = NOW - timedelta(hours=2)


def told(text, now=NOW, opened=OPENED):
    return when_of({"when": text}, now=now, zone=ZONE, opened_at=opened)


def test_nothing_said_means_now():
    assert told("") is None
    assert told("10:30") is None


def test_a_time_is_the_clinic_s_own():
    assert told("10:05") == datetime(2026, 3, 2, 15, 5, tzinfo=UTC)


def test_shortly_after_midnight_a_late_hour_is_yesterday_s():
    midnight = datetime(2026, 3, 3, 5, 10, tzinfo=UTC)  # 00:10 in New York
    found = told("23:55", now=midnight, opened=midnight - timedelta(hours=1))
    assert found == midnight - timedelta(minutes=15)


def test_a_time_within_the_minute_of_the_opening_is_the_opening():
    opened = NOW - timedelta(minutes=20, seconds=-15)
    assert told("10:10", opened=opened) == opened


@pytest.mark.parametrize("text", ["11:00", "07:00"])
def test_the_future_and_the_time_before_the_visit_are_refused(text):
    answer = told(text)
    assert isinstance(answer, Refusal)
    assert answer.field == "when"


@pytest.mark.parametrize("text", ["25:00", "soon", "10:5x"])
def test_what_is_no_time_is_refused(text):
    assert told(text).code == "time.unreadable"
