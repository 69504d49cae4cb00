"""Baseline, milestones and trend of a course."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.core.instruments import (
    Measurement,
    Trend,
    choose_baseline,
    follow,
    too_soon_after_session,
)
from leeward.core.quantities import Refusal
from tests.unit.instruments.scales import (
    SESSION,
    at_least,
    figure,
    followed,
    taken,
    with_definition,
)

TWO_WEEKS = timedelta(days=14)


def baseline(*measurements, within=TWO_WEEKS):
    return choose_baseline(measurements, first_session_at=SESSION, within=within)


def course(*totals, instrument=None):
    later = [taken(total, 7 * week) for week, total in enumerate(totals, start=1)]
    return follow(instrument or followed(), [taken(20, -1), *later], first_session_at=SESSION)


def test_baseline_is_the_last_complete_score_before_the_first_session():
    assert baseline(taken(18, -9), taken(20, -1), taken(4, 3)) == taken(20, -1)


def test_the_day_of_the_first_session_counts_until_it_begins():
    assert baseline(taken(20, 0)) == taken(20, 0)


@pytest.mark.parametrize(
    "unusable", [taken(20, -15), taken(None, -1), taken(20, -1, prorated=True), taken(20, 1)]
)
def test_old_incomplete_filled_in_or_late_scores_are_no_baseline(unusable):
    refused = baseline(unusable)
    assert isinstance(refused, Refusal)
    assert refused.code == "outcome.no_baseline"


def test_the_clinic_can_look_back_further():
    assert baseline(taken(20, -20), within=timedelta(days=28)) == taken(20, -20)


def test_without_a_baseline_there_is_no_change_but_a_trend():
    seen = follow(
        followed(), [taken(18, 7), taken(12, 14), taken(6, 21)], first_session_at=SESSION
    )
    assert isinstance(seen.baseline, Refusal)
    assert seen.changes == ()
    assert seen.trend is Trend.BETTER


def test_order_of_entry_does_not_matter():
    measurements = [taken(20, -1), taken(12, 7), taken(4, 14)]
    forward, backward = (
        follow(followed(), each, first_session_at=SESSION)
        for each in (measurements, measurements[::-1])
    )
    assert forward == backward


def test_milestones_carry_their_dates():
    seen = course(12, 9, 3)
    assert seen.responded_at == taken(9, 14).at
    assert seen.remitted_at == taken(3, 21).at
    assert seen.latest.current.total == 3


def test_lost_response_is_dated_and_forgotten_when_it_returns():
    assert course(9, 14, 16).response_lost_at == taken(14, 14).at
    assert course(9, 14, 8).response_lost_at is None


def test_relapse_needs_a_remission_before_it():
    instrument = with_definition(relapse=at_least(10))
    assert course(12, 3, 11, instrument=instrument).relapsed_at == taken(11, 21).at
    assert course(12, 11, 12, instrument=instrument).relapsed_at is None
    assert course(12, 3, 11).relapsed_at is None


@pytest.mark.parametrize(
    ("totals", "trend"),
    [
        ((18, 12), None),
        ((18, 12, 6), Trend.BETTER),
        ((6, 12, 18), Trend.WORSE),
        ((12, 12, 12), Trend.LEVEL),
        ((14, 13, 12), Trend.LEVEL),
        ((18, 6, 14), Trend.MIXED),
        ((3, 20, 14, 8), Trend.BETTER),
    ],
)
def test_a_trend_needs_three_points_and_a_way_that_matters(totals, trend):
    assert course(*totals).trend is trend


def test_without_a_size_that_matters_any_steady_way_is_a_trend():
    plain = with_definition(meaningful=None, reliable=None)
    assert course(14, 13, 12, instrument=plain).trend is Trend.BETTER


def test_a_scale_without_definitions_cannot_be_followed():
    refused = follow(replace(followed(), outcomes=()), [], first_session_at=SESSION)
    assert refused.code == "outcome.undefined"


def test_a_long_recall_period_is_refused_right_after_a_session():
    waits = replace(followed(), wait_after_session=figure(24, "h"))

    def after(hours, instrument=waits):
        return too_soon_after_session(
            instrument, session_ended_at=SESSION, completed_at=SESSION + timedelta(hours=hours)
        )

    assert after(3).code == "instrument.too_soon"
    assert after(24).code == "instrument.too_soon"
    assert after(25) is None
    assert after(-1) is None
    assert after(3, followed()) is None


def test_a_filled_in_total_is_no_baseline_but_can_be_followed():
    seen = follow(
        followed(),
        [taken(20, -1), Measurement(taken(0, 7).at, 9, "self", prorated=True)],
        first_session_at=SESSION,
    )
    assert "prorated" in seen.latest.flags
