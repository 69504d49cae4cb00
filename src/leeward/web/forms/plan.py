from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import read_number
from leeward.usecases.plan_wishes import DoseWish, Wish


class DoseField(forms.CharField):
    """A number as it is written on an order: 0.5, never .5, 5.0 or 0,5."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=12, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text, field="")
        if isinstance(number, Refusal):
            raise forms.ValidationError(number.because, code=number.code)
        return number


class CourseForm(forms.Form):
    """What every plan has: the indication, the length of the course, what goes beside it."""

    indication = forms.ChoiceField(label="Indication")
    session_count = forms.IntegerField(label="Sessions", min_value=1, max_value=60)
    goals = forms.CharField(
        label="Goals",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In the person's own words, one a line.",
    )
    adjuncts = forms.MultipleChoiceField(
        label="Beside it", required=False, widget=forms.CheckboxSelectMultiple
    )
    adjuncts_note = forms.CharField(
        label="Who, which and when",
        required=False,
        help_text="Such as the therapist, the medicine, the playlist.",
    )
    because = forms.CharField(label="Why the plan changes", required=False)

    def __init__(
        self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = options

    def course(self) -> dict[str, Any]:
        """What an order needs beside the wish itself."""
        names = ("session_count", "goals", "adjuncts_note", "because")
        return {name: self.cleaned_data[name] for name in names}


class PlanForm(CourseForm):
    """What a prescriber enters; the use case works out the rest and checks it."""

    protocol_id = forms.ChoiceField(label="Protocol")
    presentation_id = forms.ChoiceField(label="Vial")
    weight_kg = DoseField(label="Weight")
    weight_basis = forms.ChoiceField(label="Dose by", required=False)
    weight_measured_on = forms.DateField(
        label="Weighed on", widget=forms.DateInput(attrs={"type": "date"})
    )
    dose_mg_per_kg = DoseField(label="Dose")
    duration_min = DoseField(label="Over")
    concentration_mg_per_ml = DoseField(label="Concentration in the syringe")
    diluent = forms.CharField(label="Diluted with", required=False, max_length=60)

    def wish(self) -> Wish:
        data = self.cleaned_data
        names = ("protocol_id", "indication", "presentation_id", "weight_measured_on")
        amounts = ("weight_kg", "dose_mg_per_kg", "duration_min", "concentration_mg_per_ml")
        return Wish(
            **{name: data[name] for name in names},
            **{name: Decimal(data[name]) for name in amounts},
            weight_basis=data["weight_basis"] or "actual",
            diluent=data["diluent"].strip() or None,
            adjuncts=tuple(data["adjuncts"]),
        )


class DosePlanForm(CourseForm):
    """A dose at once: a phase of a published regimen, and the dose in its unit."""

    phase_id = forms.ChoiceField(label="Regimen and phase")
    dose = DoseField(label="Dose")
    presentation_id = forms.ChoiceField(label="Vial", required=False)
    weight_kg = DoseField(label="Weight", required=False)
    weight_basis = forms.ChoiceField(label="Dose by", required=False)
    weight_measured_on = forms.DateField(
        label="Weighed on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def wish(self) -> DoseWish:
        data = self.cleaned_data
        regimen_id, _, phase = data["phase_id"].partition("#")
        return DoseWish(
            regimen_id=regimen_id,
            phase=phase,
            indication=data["indication"],
            dose=data["dose"],
            presentation_id=data["presentation_id"],
            weight_kg=data["weight_kg"],
            weight_measured_on=data["weight_measured_on"],
            weight_basis=data["weight_basis"] or "actual",
            adjuncts=tuple(data["adjuncts"]),
        )
