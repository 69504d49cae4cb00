"""The shipped definitions of response, remission and real change."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from leeward.core.instruments import (
    Direction,
    Measurement,
    change_between,
    follow,
    too_soon_after_session,
)
from leeward.core.quantities.published import Grade
from tests.content.instruments.library import shipped

SESSION = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def change(name, before, now, definition=None):
    first, last = (
        Measurement(SESSION + timedelta(days=d), t, "self") for d, t in ((-1, before), (9, now))
    )
    return change_between(shipped()[name], first, last, definition_id=definition)


@pytest.mark.parametrize(
    ("name", "before", "responds", "does_not"),
    [
        ("phq-9", 20, 10, 11),
        ("gad-7", 14, 7, 8),
        ("madrs", 30, 15, 16),
        ("ham-d17", 22, 11, 12),
        ("qids-sr16", 16, 8, 9),
        ("caps-5", 40, 28, 29),
        ("y-bocs", 20, 13, 14),
        ("lsas", 100, 64, 65),
        ("nrs-pain", 10, 7, 8),
        ("peg", 10, 7, 8),
        ("bpi-interference", 6, 5, 6),
    ],
)
def test_response_begins_where_published(name, before, responds, does_not):
    assert change(name, before, responds).response is True
    assert change(name, before, does_not).response is False


@pytest.mark.parametrize(
    ("name", "definition", "in_remission", "not_yet"),
    [
        ("phq-9", None, 4, 5),
        ("gad-7", None, 4, 5),
        ("madrs", None, 10, 11),
        ("madrs", "madrs.response-50-remission-12", 12, 13),
        ("ham-d17", None, 7, 8),
        ("qids-sr16", None, 5, 6),
        ("y-bocs", None, 12, 13),
        ("pcl-5", None, 28, 29),
    ],
)
def test_remission_begins_where_published(name, definition, in_remission, not_yet):
    assert change(name, 40, in_remission, definition).remission is True
    assert change(name, 40, not_yet, definition).remission is False


@pytest.mark.parametrize(
    ("definition", "points"),
    [(None, 18), ("pcl-5.marx2022-15", 15), ("pcl-5.older-5-10", 5)],
)
def test_pcl_5_change_is_reliable_as_each_version_says(definition, points):
    assert change("pcl-5", 60, 60 - points, definition).reliable is Direction.BETTER
    assert change("pcl-5", 60, 61 - points, definition).reliable is Direction.NO_CHANGE
    assert change("pcl-5", 40, 40 + points, definition).reliable is Direction.WORSE


def test_pcl_5_has_no_response_because_the_trials_used_another_scale():
    assert change("pcl-5", 60, 20).response is None


def test_phq_9_below_its_cut_is_a_floor():
    assert "floor" in change("phq-9", 9, 3).flags
    assert change("phq-9", 9, 3).response is None


@pytest.mark.parametrize(
    ("now", "size"),
    [(10, None), (9, "minimal"), (8, "minimal"), (7, "moderate"), (5, "substantial")],
)
def test_pain_relief_has_a_named_size(now, size):
    assert change("nrs-pain", 10, now).category == size


def test_low_pain_is_read_in_points():
    result = change("nrs-pain", 3, 1)
    assert result.improvement_percent is None
    assert result.category is None
    assert result.meaningful is Direction.BETTER


def test_well_being_rises():
    assert change("who-5", 40, 50).meaningful is Direction.BETTER
    assert change("who-5", 40, 30).meaningful is Direction.WORSE


def test_grades_are_honest():
    assert shipped()["phq-9"].outcome().grade is Grade.READ
    assert "unverified" in change("gad-7", 14, 6).flags
    assert "unverified" not in change("phq-9", 20, 6).flags


def test_baseline_may_be_two_weeks_old_and_no_relapse_is_defined_yet():
    for instrument in shipped().values():
        for definition in instrument.outcomes:
            assert definition.baseline_within.value == Decimal(14)
            assert definition.relapse is None
            assert definition.id.startswith(instrument.id)


def test_a_course_of_phq_9_is_followed():
    totals = {-20: 24, -2: 20, 3: 16, 8: 11, 15: 6, 22: 4}
    points = [Measurement(SESSION + timedelta(days=d), t, "self") for d, t in totals.items()]
    course = follow(shipped()["phq-9"], points, first_session_at=SESSION)
    assert course.baseline.total == 20
    assert course.responded_at == SESSION + timedelta(days=15)
    assert course.remitted_at == SESSION + timedelta(days=22)
    assert course.trend == "better"


def test_phq_9_is_refused_on_the_day_of_a_session():
    on_the_day = SESSION + timedelta(hours=5)
    for name, refused in (("phq-9", True), ("mood-today", False)):
        refusal = too_soon_after_session(
            shipped()[name], session_ended_at=SESSION, completed_at=on_the_day
        )
        assert (refusal is not None) is refused
