"""How a `Refusal` reaches the person who was refused: beside its field, above the form, 422."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.core.quantities import Refusal


def add_to_form(form: forms.Form, refusal: Refusal) -> None:
    """Put the refusal beside the field it names, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    text = refusal.because + (f" (source: {refusal.source})" if refusal.source else "")
    form.add_error(field, forms.ValidationError(text, code=refusal.code))


def render_invalid(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with what is wrong, as 422 so that scripts can tell it from a success."""
    return render(request, template, context, status=422)
