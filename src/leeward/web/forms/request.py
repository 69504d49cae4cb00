"""The public's request form."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.usecases.request_consultation import LONGEST_WORDS, Asked

EITHER = "either"


class RequestForm(forms.Form):
    """What a person is asked: as little as it takes to call them back."""

    name = forms.CharField(label=_("What should we call you?"), max_length=120, required=False)
    place = forms.CharField(
        label=_("Which clinic?"), error_messages={"required": _("Choose a clinic")}
    )
    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    speak = forms.ChoiceField(
        label=_("Which language do you like to speak?"),
        choices=[("en", "English"), ("es", "Español")],
    )
    words = forms.CharField(
        label=_("What would you like help with?"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea,
        error_messages={"max_length": _("A few words are enough. Make this shorter")},
    )  # fmt: skip
    # Nobody sees this field; what fills it in is a machine.
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, places: tuple[UUID, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place) for place in places}

    def clean_place(self) -> UUID | None:
        chosen = self.cleaned_data["place"]
        if chosen == EITHER:
            return None
        if chosen not in self._places:
            raise forms.ValidationError(_("Choose a clinic"))
        return UUID(chosen)

    @property
    def is_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def asked(self, agreed: tuple[str, ...], page: str) -> Asked:
        data = self.cleaned_data
        return Asked(data["name"], data["email"], data["phone"], data["speak"], data["words"],
                     agreed, page)  # fmt: skip
