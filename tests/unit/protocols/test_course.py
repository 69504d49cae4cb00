"""Spacing of sessions, and when a course is looked at again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward import content
from leeward.core.protocols import Spacing, question_course, question_spacing, review_due

MONDAY = date(2026, 3, 2)


def days(*numbers):
    return [MONDAY + timedelta(days=n) for n in numbers]


@pytest.mark.parametrize(
    ("spacing", "given", "earliest"),
    [
        (Spacing(per_week=3), (), None),
        (Spacing(per_week=3), (0, 2), 3),
        (Spacing(per_week=3), (0, 2, 4), 7),
        (Spacing(per_week=3), (4, 0, 2), 7),
        (Spacing(per_week=1), (0,), 7),
        (Spacing(every_d=3), (0,), 3),
        (Spacing(every_d=1), (0, 1), 2),
    ],
)
def test_the_next_session_keeps_to_the_published_schedule(spacing, given, earliest):
    found = spacing.earliest(days(*given))
    assert found == (None if earliest is None else MONDAY + timedelta(days=earliest))


def test_an_earlier_session_is_questioned_with_its_source():
    spacing = Spacing(per_week=2, source="anand2023")
    assert question_spacing(spacing, days(0, 3), MONDAY + timedelta(days=7)) is None
    asked = question_spacing(spacing, days(0, 3), MONDAY + timedelta(days=6))
    assert asked.code == "session.too_soon"
    assert asked.source == "anand2023"
    assert "2026-03-09" in asked.because


def test_a_phase_ends_where_it_was_published_to_end():
    assert Spacing(per_week=2, weeks=4).ends(MONDAY) == MONDAY + timedelta(weeks=4)
    assert Spacing(per_week=2).ends(MONDAY) is None


@given(st.integers(1, 7), st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True))
def test_the_earliest_day_never_puts_more_into_a_week_than_published(per_week, numbers):
    given_days = days(*sorted(numbers))
    earliest = Spacing(per_week=per_week).earliest(given_days)
    assert earliest > max(given_days)
    within = [day for day in given_days if day > earliest - timedelta(days=7)]
    assert len(within) < per_week


REVIEWS = content.load().course_reviews.values()


def due(sessions, *, drug="racemic_ketamine", route="iv", indication="ptsd"):
    found = review_due(REVIEWS, drug=drug, route=route, indication=indication, sessions=sessions)
    return found.id if found else None


def test_a_course_is_looked_at_after_three_and_after_six():
    assert [due(n) for n in (2, 3, 5, 6, 9)] == [
        None, "course.racemic_ketamine.iv.three", "course.racemic_ketamine.iv.three",
        "course.racemic_ketamine.iv.six", "course.racemic_ketamine.iv.six",
    ]  # fmt: skip


def test_esketamine_is_looked_at_when_its_induction_ends():
    nasal = {
        "drug": "esketamine", "route": "intranasal",
        "indication": "treatment_resistant_depression",
    }  # fmt: skip
    assert due(7, **nasal) is None
    assert due(8, **nasal) == "course.esketamine.intranasal.induction"


def test_pain_is_looked_at_after_each_treatment():
    assert due(1, indication="crps") == "course.racemic_ketamine.iv.pain"


def test_whoever_goes_on_says_why():
    review = content.load().course_reviews["course.racemic_ketamine.iv.three"]
    asked = question_course(review, 3)
    assert asked.code == "course.review_due"
    assert asked.because.startswith("3 sessions so far. No benefit after three")
    assert question_course(None, 3) is None
    assert review.after_sessions.value == Decimal(3)
