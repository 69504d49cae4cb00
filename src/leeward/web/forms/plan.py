from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import read_number
from leeward.usecases.order_treatment import Wish


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


class PlanForm(forms.Form):
    """What a prescriber enters; the use case works out the rest and checks it."""

    protocol_id = forms.ChoiceField(label="Protocol")
    indication = forms.ChoiceField(label="Indication")
    presentation_id = forms.ChoiceField(label="Vial")
    weight_kg = DoseField(label="Weight")
    weight_measured_on = forms.DateField(
        label="Weighed on", widget=forms.DateInput(attrs={"type": "date"})
    )
    dose_mg_per_kg = DoseField(label="Dose")
    duration_min = DoseField(label="Over")
    concentration_mg_per_ml = DoseField(label="Concentration in the syringe")
    diluent = forms.CharField(label="Diluted with", required=False, max_length=60)
    session_count = forms.IntegerField(label="Sessions", min_value=1, max_value=60)
    goals = forms.CharField(
        label="Goals", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    because = forms.CharField(label="Why the plan changes", required=False)

    def __init__(
        self, *args: Any, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options

    def wish(self) -> Wish:
        data = self.cleaned_data
        names = ("protocol_id", "indication", "presentation_id", "weight_measured_on")
        amounts = ("weight_kg", "dose_mg_per_kg", "duration_min", "concentration_mg_per_ml")
        return Wish(
            **{name: data[name] for name in names},
            **{name: Decimal(data[name]) for name in amounts},
            diluent=data["diluent"].strip() or None,
        )
