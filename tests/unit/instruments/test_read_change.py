"""Response, remission and real change against a baseline."""

from dataclasses import replace

import pytest

from leeward.core.instruments import Direction, change_between
from leeward.core.quantities.published import Grade
from tests.unit.instruments.scales import (
    DEFINITION,
    at_least,
    at_most,
    below,
    followed,
    scale,
    taken,
    with_definition,
)


def change(before, now, instrument=None):
    return change_between(instrument or followed(), taken(before, -1), taken(now, 7))


def test_shows_score_change_share_and_version():
    result = change(20, 12)
    assert (result.points, result.improvement, result.improvement_percent) == (-8, 8, 40.0)
    assert (result.response, result.remission, result.category) == (False, False, "minimal")
    assert (result.definition, result.version) == (DEFINITION.id, DEFINITION.version)


def test_exactly_half_is_a_response():
    assert change(20, 10).response is True
    assert change(20, 11).response is False


def test_more_than_is_not_at_least():
    above = replace(DEFINITION.response, comparator="above")
    assert change(20, 10, with_definition(response=above)).response is False


@pytest.mark.parametrize(
    ("now", "direction"),
    [(15, Direction.BETTER), (16, Direction.NO_CHANGE), (25, Direction.WORSE)],
)
def test_reliable_change_has_a_direction(now, direction):
    assert change(20, now).reliable is direction


def test_a_baseline_of_zero_has_no_share():
    result = change(0, 3, with_definition(floor=None))
    assert result.improvement_percent is None
    assert result.response is None
    assert "baseline_zero" in result.flags


def test_a_baseline_too_mild_computes_no_response_and_says_floor():
    result = change(9, 2)
    assert (result.response, result.remission) == (None, None)
    assert "floor" in result.flags
    assert change(10, 2).response is True


def test_low_baselines_are_read_in_points():
    result = change(12, 4, with_definition(floor=None, points_only=below(13)))
    assert result.improvement_percent is None
    assert result.category is None
    assert result.improvement == 8


def test_two_modes_are_not_compared():
    instrument = followed()
    result = change_between(instrument, taken(20, -1), taken(5, 7, mode="clinician"))
    assert (result.response, result.reliable, result.category) == (None, None, None)
    assert "mode_differs" in result.flags
    assert result.points == -15


def test_points_can_be_a_response():
    by_points = with_definition(response=None, response_points=at_least(1), floor=None)
    assert change(6, 5, by_points).response is True
    assert change(6, 6, by_points).response is False


def test_higher_can_be_better():
    up = followed(replace(DEFINITION, floor=None, remission=None), higher_is_better=True)
    result = change(10, 16, up)
    assert (result.points, result.improvement) == (6, 6)
    assert result.reliable is Direction.BETTER


def test_thirds_are_compared_exactly():
    thirty = replace(DEFINITION, response=at_least(30, "%"), floor=None)
    result = change_between(followed(thirty), taken(20 / 3, -1), taken(14 / 3, 7))
    assert result.improvement_percent == 30.0
    assert result.response is True


def test_a_definition_known_but_not_read_is_flagged():
    known = with_definition(meaningful=at_least(4, grade=Grade.KNOWN))
    result = change(20, 10, known)
    assert result.grade is Grade.KNOWN
    assert "unverified" in result.flags


def test_no_definition_no_total_no_change():
    assert change_between(scale([]), taken(20, -1), taken(9, 7)).code == "outcome.undefined"
    unknown = change_between(followed(), taken(9, -1), taken(9, 7), definition_id="other")
    assert unknown.code == "outcome.undefined"
    assert change_between(followed(), taken(9, -1), taken(None, 7)).code == "outcome.no_total"


def test_relapse_is_read_only_where_it_is_defined():
    assert change(20, 15).relapsed is None
    assert change(20, 15, with_definition(relapse=at_least(15))).relapsed is True
    assert change(20, 14, with_definition(relapse=at_least(15))).relapsed is False


def test_remission_can_include_its_limit():
    assert change(20, 5).remission is False
    assert change(20, 5, with_definition(remission=at_most(5))).remission is True
