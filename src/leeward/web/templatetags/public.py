"""Tags of the public pages: addresses in the reader's language, names of topics and marks."""

from datetime import date, datetime

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leeward.web.two_languages import address

register = template.Library()

TOPICS = {
    "basics": _("The basics"),
    "mind": _("Mood and mind"),
    "pain": _("Pain"),
    "fit": _("Who it may suit, and who not"),
    "visit": _("From the first talk to the days after"),
    "safety": _("What can go wrong"),
    "practical": _("Cost, and choosing a clinic"),
}
MARKS = {
    "strong": (_("Well studied"), _("large trials, or large sets of clinic records.")),
    "label": (_("Drug label"), _("the official US label, or the regulator, says so.")),
    "some": (_("Some studies"), _("small, few, or they do not agree.")),
    "little": (_("Little known"), _("case reports, or no good study yet.")),
    "practice": (_("Clinic practice"), _("what clinics do. It may differ from place to place.")),
}


@register.simple_tag
def page_url(name: str, **kwargs: str) -> str:
    """The address of a public page in the language of the page being made."""
    return address(name, **kwargs)


@register.filter
def public_date(value: date | datetime) -> str:
    """A day in full: `November 22, 2026` or `22 de noviembre de 2026`."""
    spanish = (get_language() or "en").startswith("es")
    return date_format(value, r"j \d\e F \d\e Y" if spanish else "F j, Y")


@register.filter
def topic_name(topic: str) -> str:
    return str(TOPICS[topic])


@register.filter
def mark_name(mark: str) -> str:
    return str(MARKS[mark][0])


@register.filter
def mark_meaning(mark: str) -> str:
    return str(MARKS[mark][1])


@register.filter
def weekday_name(weekday: int) -> str:
    """A day of the week; 0 is Monday."""
    return str(WEEKDAYS[weekday])
