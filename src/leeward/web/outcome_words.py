"""A course of scores in the patient's words, and the names of severity bands in both languages."""

from datetime import datetime

from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from leeward.figures.outcome import OutcomeWords
from leeward.records.overview.outcomes import Course

# Bands as content names them, so that they can be said in the reader's language.
BANDS = {
    "minimal": pgettext_lazy("severity", "minimal"),
    "mild": pgettext_lazy("severity", "mild"),
    "moderate": pgettext_lazy("severity", "moderate"),
    "moderately severe": pgettext_lazy("severity", "moderately severe"),
    "severe": pgettext_lazy("severity", "severe"),
}
MONTHS = (
    gettext_lazy("Jan"), gettext_lazy("Feb"), gettext_lazy("Mar"), gettext_lazy("Apr"),
    pgettext_lazy("short month", "May"), gettext_lazy("Jun"), gettext_lazy("Jul"),
    gettext_lazy("Aug"), gettext_lazy("Sep"), gettext_lazy("Oct"), gettext_lazy("Nov"),
    gettext_lazy("Dec"),
)  # fmt: skip


def band_name(label: str) -> str:
    """A band in the reader's language; as it stands if it is none of ours."""
    return str(BANDS.get(label, label))


def course_sentence(course: Course, *, since: datetime | None = None) -> str:
    """Where the score was and is, in one or two sentences; from the baseline, if there is one."""
    first, last = course.first, course.last
    if since is not None:
        first = next((line for line in course.scored if line.at == since), first)
    if first is None or last is None:
        return gettext("There is no score yet. It appears here after your first answers.")
    band = band_name(last.band)
    if first is last:
        return gettext(
            "Your mood score was %(last)s. Lower is better. That is in the “%(band)s” range."
        ) % {"last": number(last.total), "band": band}
    days = (last.at.date() - first.at.date()).days
    between = sum(first.at <= mark.at <= last.at for mark in course.sessions)
    parts = {
        "first": number(first.total), "last": number(last.total), "band": band,
        "time": ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
        "sessions": ngettext("%(n)s session", "%(n)s sessions", between) % {"n": between},
    }  # fmt: skip
    course_words = (
        gettext("Your mood score went from %(first)s to %(last)s in %(time)s, with %(sessions)s.")
        if between
        else gettext("Your mood score went from %(first)s to %(last)s in %(time)s.")
    )
    where = gettext("Lower is better. You are now in the “%(band)s” range.")
    return f"{course_words} {where}" % parts


def number(total: float | None) -> str:
    """A score without a needless decimal."""
    return "" if total is None else f"{total:g}"


def plot_words() -> OutcomeWords:
    """The drawing's own words in the reader's language."""
    return OutcomeWords(
        months=tuple(str(month) for month in MONTHS),
        day=gettext("{month} {day}"),
        band=gettext("{name}, {low} to {high}"),
        sessions=gettext("sessions"),
        no_scores=gettext("{title}: no scores yet."),
        one_score=gettext("{title} was {last} on {when}."),
        fell=gettext("{title} fell from {first} to {last} in {days} days, {sessions} sessions."),
        rose=gettext("{title} rose from {first} to {last} in {days} days, {sessions} sessions."),
        same=gettext("{title} was {first} and is {last} after {days} days, {sessions} sessions."),
        missing=gettext("{count} without an answer."),
    )
