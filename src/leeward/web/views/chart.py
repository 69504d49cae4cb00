"""One person's record: who they are, what is known, what has happened."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.chart import get_patient_page
from leeward.usecases import set_up_clinic
from leeward.web import door
from leeward.web.forms.chart import ContactForm, PortalForm
from leeward.web.refusals import add_to_form


@door.allow(*door.STAFF_ROLES)
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, patient_id)


@door.allow(door.FRONT_DESK, door.NURSE, door.PRESCRIBER, methods=("POST",))
def set_contact(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, patient_id, contact=form, status=422)
    set_up_clinic.set_contact(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        patient_id=patient_id,
        **form.cleaned_data,
    )
    messages.success(request, "Contact saved.")
    return redirect("chart", patient_id=patient_id)


@door.allow(door.FRONT_DESK, door.NURSE, door.PRESCRIBER, methods=("POST",))
def open_portal(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    form = PortalForm(request.POST)
    if form.is_valid():
        result = set_up_clinic.open_portal(
            actor=door.viewer(request),
            now=door.now(),
            command_id=door.command_id(request),
            patient_id=patient_id,
            **form.cleaned_data,
        )
        if not isinstance(result, Refusal):
            messages.success(request, f"The patient can sign in as {result.login}.")
            return redirect("chart", patient_id=patient_id)
        add_to_form(form, result)
    return _page(request, patient_id, portal=form, status=422)


def _page(
    request: HttpRequest,
    patient_id: UUID,
    *,
    contact: ContactForm | None = None,
    portal: PortalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    page = get_patient_page(viewer, patient_id, now=now)
    context = {
        "page": page,
        "banner": page.chart.banner,
        "contact": contact or ContactForm(initial=page.contact),
        "portal": portal or PortalForm(),
    }
    return render(request, "chart.html", context, status=status)
