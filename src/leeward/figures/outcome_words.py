"""A course of scores in words, for those who do not see the drawing."""

from .canvas import figure
from .outcome_chart import OutcomeChart, OutcomePoint


def describe_outcome(chart: OutcomeChart, *, patient: bool = False) -> str:
    """Where the scores started, where they are, and, for clinicians, against which lines."""
    words = chart.words
    ordered = sorted(chart.points, key=lambda point: point.at)
    scored = [(point, point.value) for point in ordered if point.value is not None]
    if not scored:
        return words.no_scores.format(title=chart.title)
    parts = [_course(chart, scored)]
    without = len(ordered) - len(scored)
    if without:
        parts.append(words.missing.format(count=without))
    return " ".join(parts if patient else parts + _against_lines(chart, scored[-1][1]))


def _course(chart: OutcomeChart, scored: list[tuple[OutcomePoint, float]]) -> str:
    words = chart.words
    (first, before), (last, after) = _start(chart, scored), scored[-1]
    if len(scored) == 1:
        when = words.day.format(day=last.at.day, month=words.months[last.at.month - 1])
        return words.one_score.format(title=chart.title, last=figure(after), when=when)
    sentence = words.fell if after < before else words.rose if after > before else words.same
    between = [day for day in chart.sessions if first.at <= day <= last.at]
    return sentence.format(
        title=chart.title, first=figure(before), last=figure(after),
        days=(last.at - first.at).days, sessions=len(between),
    )  # fmt: skip


def _start(
    chart: OutcomeChart, scored: list[tuple[OutcomePoint, float]]
) -> tuple[OutcomePoint, float]:
    """The course's baseline where it is among the scores, before any session; else the first."""
    first_session = min(chart.sessions, default=scored[-1][0].at)
    fitting = [
        pair for pair in scored if pair[1] == chart.baseline and pair[0].at <= first_session
    ]
    return fitting[-1] if fitting else scored[0]


def _against_lines(chart: OutcomeChart, value: float) -> list[str]:
    words, found = chart.words, []
    if chart.response_line is not None:
        is_met = value <= chart.response_line
        found.append(words.response_met if is_met else words.response_not_met)
    if chart.remission_line is not None:
        is_met = value < chart.remission_line
        found.append(words.remission_met if is_met else words.remission_not_met)
    return found
