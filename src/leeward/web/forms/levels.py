"""What may be typed and chosen about estimated levels; every one of these pages is a plain GET."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from leeward.core.quantities import Refusal
from leeward.core.quantities.formatting import read_number
from leeward.usecases.preview_levels import CURVES, LINE, Dose, LevelsWish, WhatIfAsked
from leeward.web.forms.plan import DoseField

ALTERNATIVES = (1, 2, 3)
BY = {"regimens": "Regimens", "sets": "Published sets"}


class LevelsForm(forms.Form):
    """How the preview draws, and the regimens to draw beside the draft."""

    curve = forms.ChoiceField(choices=tuple(CURVES.items()), required=False)
    by = forms.ChoiceField(choices=tuple(BY.items()), required=False)
    level_set = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for k in ALTERNATIVES:
            self.fields[f"alt_dose_{k}"] = DoseField(label=f"Dose {k}", required=False)
            self.fields[f"alt_duration_{k}"] = DoseField(label=f"Over {k}", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for k in ALTERNATIVES:
            dose, minutes = data.get(f"alt_dose_{k}"), data.get(f"alt_duration_{k}")
            if (dose is None) != (minutes is None) and not self.has_error(f"alt_dose_{k}"):
                self.add_error(f"alt_duration_{k}", "A dose and a duration are needed together.")
        return data

    def wish(self) -> LevelsWish:
        """The choices that are valid; the others as if not made."""
        data = self.cleaned_data
        return LevelsWish(
            data.get("curve") or "plasma", data.get("by") or "regimens",
            data.get("level_set") or LINE,
        )  # fmt: skip

    def alternatives(self, weight_kg: Decimal) -> tuple[Dose, ...]:
        """The complete pairs, in mg for a weight."""
        found = []
        for k in ALTERNATIVES:
            dose = self.cleaned_data.get(f"alt_dose_{k}")
            minutes = self.cleaned_data.get(f"alt_duration_{k}")
            if dose and minutes:
                found.append(Dose(f"alternative {k}", Decimal(dose) * weight_kg, Decimal(minutes)))
        return tuple(found)

    def faults(self) -> list[str]:
        """What could not be read, with its field's name."""
        return [
            f"{self.fields[name].label}: {message}" if name in self.fields else str(message)
            for name, messages in self.errors.items()
            for message in messages
        ]


class BareForm(LevelsForm):
    """A weight and a regimen without an order: the comparison on a page of its own."""

    weight_kg = DoseField(label="Weight")
    dose_mg_per_kg = DoseField(label="Dose")
    duration_min = DoseField(label="Over")


def read_question(data: Mapping[str, str]) -> WhatIfAsked | Refusal:
    """What was typed at the chair: a rate, a level, both or nothing."""
    rate = _number(data, "what_rate")
    below = _number(data, "what_below")
    if isinstance(rate, Refusal) or isinstance(below, Refusal):
        return rate if isinstance(rate, Refusal) else below  # type: ignore[return-value]
    return WhatIfAsked(rate, below)


def _number(data: Mapping[str, str], name: str) -> Decimal | Refusal | None:
    text = data.get(name, "").strip()
    return read_number(text, field=name) if text else None
