from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.figures.outcome import (
    OutcomePoint,
    OutcomeWords,
    describe_outcome,
    draw_outcome,
)

from .samples import outcome
from .svg import Drawing

days = st.integers(0, 900).map(lambda k: date(2026, 1, 1) + timedelta(days=k))
points = st.lists(
    st.builds(OutcomePoint, days, st.none() | st.floats(-5, 60), st.text(max_size=12)), max_size=30
).map(tuple)
dates = st.lists(days, max_size=20).map(tuple)


@settings(max_examples=40, deadline=None)
@given(points=points, sessions=dates, planned=dates, wide=st.booleans(), patient=st.booleans())
def test_every_score_is_inside_the_drawing(
    points: object, sessions: object, planned: object, wide: bool, patient: bool
) -> None:
    chart = outcome(points=points, sessions=sessions, planned=planned)
    svg = draw_outcome(chart, wide=wide, patient=patient)
    assert Drawing(svg).outside() == []


def test_missing_score_breaks_the_line() -> None:
    drawing = Drawing(draw_outcome(outcome()))
    assert [len(line) for line in drawing.lines("var(--ink)")] == [2, 2]
    assert "no answers" in drawing.words()


def test_lower_scores_lie_lower() -> None:
    first, second = Drawing(draw_outcome(outcome())).lines("var(--ink)")
    assert first[0][1] < first[1][1] < second[0][1] < second[1][1]


def test_prints_every_score() -> None:
    assert {"21", "17", "13"} <= set(Drawing(draw_outcome(outcome())).words())


def test_only_the_clinicians_drawing_has_the_lines_to_reach() -> None:
    clinician = Drawing(draw_outcome(outcome())).words()
    patient = Drawing(draw_outcome(outcome(), patient=True)).words()
    assert {"response: half of 21", "remission line: 5"} <= set(clinician)
    assert not any("response" in words or "remission" in words for words in patient)


def test_response_line_that_is_not_half_of_the_baseline_does_not_claim_it() -> None:
    words = Drawing(draw_outcome(outcome(response_line=12.0))).words()
    assert "response line: 12" in words


def test_planned_sessions_are_hollow_and_counted_on() -> None:
    drawing = Drawing(draw_outcome(outcome()))
    assert drawing.count("polygon", fill="var(--brand)") == 4
    assert "5" in drawing.words()
    assert "hollow: planned" in drawing.words()


def test_says_the_course_in_words() -> None:
    assert describe_outcome(outcome()) == (
        "PHQ-9 fell from 21 to 10 in 13 days, 4 sessions. 1 without an answer. "
        "At or under the response line. Not under the remission line."
    )


def test_tells_patients_nothing_of_lines() -> None:
    assert describe_outcome(outcome(), patient=True) == (
        "PHQ-9 fell from 21 to 10 in 13 days, 4 sessions. 1 without an answer."
    )


def test_counts_from_the_courses_baseline() -> None:
    earlier = OutcomePoint(date(2026, 10, 1), 25.0)
    chart = outcome(points=(earlier, *outcome().points))
    assert "fell from 21 to 10 in 13 days" in describe_outcome(chart)


def test_says_that_there_are_no_scores() -> None:
    assert describe_outcome(outcome(points=())) == "PHQ-9: no scores yet."


def test_one_score_is_no_course() -> None:
    one = outcome(points=(OutcomePoint(date(2026, 11, 9), 0.0),), response_line=None,
                  remission_line=None)  # fmt: skip
    assert describe_outcome(one) == "PHQ-9 was 0 on 9 Nov."


def test_speaks_the_words_it_is_given() -> None:
    words = OutcomeWords(sessions="sesiones", band="{name}, de {low} a {high}")
    spoken = Drawing(draw_outcome(outcome(words=words))).words()
    assert "sesiones" in spoken
    assert "severe, de 20 a 27" in spoken
