"""What a director asks of the trail."""

from datetime import datetime, time, timedelta
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
        try:
            until = last and datetime.combine(last + timedelta(days=1), time(), zone)
        except OverflowError:
            until = None
        return Asked(
            person=given.get("person", ""),
            action=given.get("action", ""),
            outcome=given.get("outcome", ""),
            patient_ids=patient_ids,
            since=first and datetime.combine(first, time(), zone),
            until=until,
        )
