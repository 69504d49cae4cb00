from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms


class BookForm(forms.Form):
    """A visit in the location's own time; the zone is the location's, never the browser's."""

    chair = forms.UUIDField()
    day = forms.DateField(
        error_messages={"invalid": "Write the day like 2026-11-24."},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    time = forms.TimeField(
        error_messages={"invalid": "Write the time like 09:35."},
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}),
    )
    minutes = forms.IntegerField(label="Length", min_value=5, max_value=720)
    session_number = forms.IntegerField(min_value=1, max_value=60, required=False)

    def start(self, zone: str) -> datetime:
        return datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["time"], ZoneInfo(zone)
        )
