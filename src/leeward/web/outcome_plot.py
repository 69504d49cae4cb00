"""From a course of scores to what the figure draws."""

from leeward import content
from leeward.core.instruments import Instrument, Measurement, Trajectory
from leeward.figures.outcome import OutcomeChart, OutcomePoint
from leeward.records.overview.outcomes import Course

from .outcome_words import band_name, plot_words


def staff_chart(course: Course, trajectory: Trajectory | None) -> OutcomeChart:
    """The course with the lines of response and remission, where a baseline allows them."""
    instrument = content.load().instruments[course.instrument]
    baseline = trajectory.baseline if trajectory else None
    known = isinstance(baseline, Measurement) and baseline.total is not None
    start = float(baseline.total) if known else None  # type: ignore[union-attr,arg-type]
    return OutcomeChart(
        title=course.instrument.upper(),
        maximum=course.highest,
        bands=tuple((b.low, b.high, b.label) for b in course.bands),
        points=_points(course),
        sessions=tuple(mark.at.date() for mark in course.sessions),
        baseline=start if trajectory and trajectory.changes else None,
        response_line=_response_line(instrument, start),
        remission_line=_remission_line(instrument),
    )


def patient_chart(course: Course, *, title: str) -> OutcomeChart:
    """The patient's course: no lines to reach, words in their language."""
    return OutcomeChart(
        title=title,
        maximum=course.highest,
        bands=tuple((b.low, b.high, band_name(b.label)) for b in course.bands),
        points=_points(course),
        sessions=tuple(mark.at.date() for mark in course.sessions),
        words=plot_words(),
    )


def _points(course: Course) -> tuple[OutcomePoint, ...]:
    return tuple(OutcomePoint(line.at.date(), line.total) for line in course.lines)


def _response_line(instrument: Instrument, baseline: float | None) -> float | None:
    """The score with the published share of the baseline gone; None if it may not be read."""
    definition = instrument.outcome()
    if definition is None or definition.response is None or baseline is None:
        return None
    if definition.floor is not None and definition.floor.holds(baseline):
        return None
    return baseline * (1 - float(definition.response.figure.value) / 100)


def _remission_line(instrument: Instrument) -> float | None:
    definition = instrument.outcome()
    if definition is None or definition.remission is None:
        return None
    return float(definition.remission.figure.value)
