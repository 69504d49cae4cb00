from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.figures.series import spread, stretches, thin

places = st.lists(st.floats(0, 700), max_size=30).map(sorted)
series = st.lists(st.tuples(st.floats(0, 700), st.floats(0, 200)), max_size=200).map(sorted)


@given(wanted=places)
def test_spread_marks_keep_their_distance_and_order(wanted: list[float]) -> None:
    found = spread(wanted, 20, 0, 700)
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(found))
    assert all(-1e-6 <= place <= 700 + 1e-6 for place in found)


def test_marks_with_room_stay_where_they_belong() -> None:
    assert spread([10, 50, 200], 20, 0, 700) == pytest.approx([10, 50, 200])


def test_touching_marks_part_around_their_middle() -> None:
    assert spread([100, 100], 20, 0, 700) == pytest.approx([90, 110])


@given(points=series)
def test_thinning_keeps_the_highest_and_the_lowest(points: list[tuple[float, float]]) -> None:
    kept = thin(points)
    assert set(kept) <= set(points)
    if points:
        assert min(y for _, y in kept) == min(y for _, y in points)
        assert max(y for _, y in kept) == max(y for _, y in points)


def test_missing_value_parts_the_stretches() -> None:
    assert stretches([(0, 1.0), (1, None), (2, 3.0)]) == [[(0, 1.0)], [(2, 3.0)]]


def test_order_of_arrival_does_not_matter() -> None:
    assert stretches([(2, 3.0), (0, 1.0), (1, 2.0)]) == [[(0, 1.0), (1, 2.0), (2, 3.0)]]
