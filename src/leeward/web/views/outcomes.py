"""Scores over a course: for staff with response and remission, for the patient in plain words."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from leeward.core.quantities import Refusal
from leeward.figures.outcome import describe_outcome, draw_outcome
from leeward.records.overview.outcomes import ScoreLine, get_outcomes_page, get_progress_page
from leeward.web import door
from leeward.web.outcome_plot import patient_chart, staff_chart
from leeward.web.outcome_words import band_name, course_sentence, number

SHOWN = ("at", "total", "band", "alert_item", "origin")
# What a reader of a score must know, as staff read it.
FLAGS = {
    "prorated": "filled in by proportion",
    "incomplete": "too few answers for a score",
    "too_soon_after_session": "within a day of a session, though it looks back two weeks",
    "language_changed": "the language was changed between questions",
    "screen_positive": "screen positive",
}


@door.allow(*door.CLINICAL, door.FRONT_DESK)
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return render_outcomes(request, patient_id)


def render_outcomes(
    request: HttpRequest, patient_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    """The staff page, with the reason why asking was refused."""
    viewer, now = door.viewer(request), door.now()
    page = get_outcomes_page(viewer, patient_id, now=now)
    chart = staff_chart(page.course, page.trajectory)
    context = {
        "page": page,
        "course": page.course,
        "banner": page.banner,
        "refusal": refusal,
        "plot_wide": draw_outcome(chart),
        "plot_narrow": draw_outcome(chart, wide=False),
        "sentence": describe_outcome(chart),
        "rows": [
            {**{name: getattr(line, name) for name in SHOWN}, "words": _flag_words(line)}
            for line in reversed(page.course.lines)
        ],
    }
    with timezone.override(ZoneInfo(page.course.timezone)):
        return render(request, "outcomes.html", context, status=422 if refusal else 200)


@door.allow(door.PATIENT)
def progress(request: HttpRequest) -> HttpResponse:
    """The patient's own course: a sentence, the plot, what it means, a table."""
    page = get_progress_page(door.viewer(request), language=get_language() or "en")
    chart = patient_chart(page.course, title=gettext("Your mood score"))
    context = {
        "page": page,
        "course": page.course,
        "sentence": course_sentence(
            page.course, since=page.change.baseline.at if page.change else None
        ),
        "points": abs(int(page.change.points)) if page.change else 0,
        "rows": [
            {
                "at": line.at,
                "total": line.total,
                "shown": number(line.total),
                "band": band_name(line.band),
            }
            for line in reversed(page.course.lines)
        ],
        "notice": page.notice,
        "plot": draw_outcome(chart, wide=False, patient=True) if page.course.scored else "",
        "section": "progress",
    }
    with timezone.override(ZoneInfo(page.course.timezone)):
        return render(request, "progress.html", context)


def _flag_words(line: ScoreLine) -> list[str]:
    """Flags in words; alerts have a column and a task of their own."""
    return [
        FLAGS.get(flag, flag.replace("_", " ").replace(":", ": "))
        for flag in line.flags
        if not flag.startswith("alert:")
    ]
