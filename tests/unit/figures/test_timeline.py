import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.figures.timeline import (
    STATES,
    Phase,
    Stop,
    Timeline,
    describe_timeline,
    draw_timeline,
)

from .svg import Drawing

FIRST = date(2026, 10, 26)


def course() -> Timeline:
    days = [0, 2, 4, 7, 9, 11, 17, 24, 32, 38]
    states = ["given"] * 6 + ["missed", "today", "planned", "planned"]
    stops = [
        Stop(FIRST + timedelta(days=day), state, number)
        for number, (day, state) in enumerate(zip(days, states, strict=True), start=1)
    ]
    review = Stop(FIRST + timedelta(days=45), "review")
    return Timeline("Course", (*stops, review), (Phase(FIRST, "induction, 3 a week"),))


def test_says_what_was_given_what_was_missed_and_what_comes():
    assert describe_timeline(course()) == ("Course: 6 of 10 sessions given, 1 missed, next today.")


def test_a_course_without_sessions_says_so():
    assert describe_timeline(Timeline("Course", ())) == "Course: no sessions yet."
    assert Drawing(draw_timeline(Timeline("Course", ()))).words() == []


@pytest.mark.parametrize("wide", [True, False])
def test_sessions_two_days_apart_do_not_touch(wide: bool) -> None:
    drawing = Drawing(draw_timeline(course(), wide=wide))
    xs = [float(node.attrib["cx"]) for node in drawing.root.iter() if "cx" in node.attrib]
    assert min(b - a for a, b in itertools.pairwise(xs)) > 19


def test_names_today_and_the_review():
    words = Drawing(draw_timeline(course())).words()
    assert "19 Nov, today" in words
    assert "10 Dec, review" in words
    assert "induction, 3 a week" in words


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(STATES)), max_size=14),
    st.booleans(),
)
def test_every_course_stays_inside_its_drawing(days, wide):
    stops = tuple(
        Stop(FIRST + timedelta(days=day), state, k)
        for k, (day, state) in enumerate(sorted(days), start=1)
    )
    assert Drawing(draw_timeline(Timeline("Course", stops), wide=wide)).outside() == []
