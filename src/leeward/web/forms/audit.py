"""What a director asks of the trail."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from leeward.records.audit.selectors import Asked


class TrailForm(forms.Form):
    """Every field may stay empty."""

    person = forms.CharField(required=False, max_length=200)
    patient = forms.CharField(required=False, max_length=200)
    action = forms.CharField(required=False, max_length=80)
    outcome = forms.CharField(required=False, max_length=16)
    first = forms.DateField(required=False)
    last = forms.DateField(required=False)
    before = forms.IntegerField(required=False, min_value=1)

    def asked(self, zone: ZoneInfo, patient_ids: frozenset[UUID] | None) -> Asked:
        """The search; a field that can't be read asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        return Asked(
            person=given.get("person", ""),
            action=given.get("action", ""),
            outcome=given.get("outcome", ""),
            patient_ids=patient_ids,
            since=_begin(first, zone),
            until=_begin(last and _next(last), zone),
        )


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a day begins there; the edges of the calendar bound nothing."""
    if day is None or not date.min < day < date.max:
        return None
    return datetime.combine(day, time(), zone)
