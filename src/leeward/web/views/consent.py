"""Consent: read in the person's language, signed, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from leeward.core.quantities import Refusal
from leeward.records.overview.consent import get_consent_page
from leeward.usecases.give_consent import give_consent, withdraw_consent
from leeward.web import door

DRUG, ROUTE = "racemic_ketamine", "iv"


@door.allow(*door.CLINICAL, door.PATIENT, methods=("GET", "POST"))
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    data = request.POST or request.GET
    page_language = "" if viewer.is_staff else get_language() or ""
    page = get_consent_page(
        viewer, patient_id, drug=DRUG, route=ROUTE, now=door.now(),
        language=data.get("language") or page_language,
    )  # fmt: skip
    context = {"page": page, "banner": page.banner, "entered": data}
    template = "consent.html" if viewer.is_staff else "consent_own.html"
    if request.method == "GET":
        return render(request, template, context)
    result = give_consent(
        actor=viewer,
        now=door.now(),
        command_id=door.command_id(request),
        patient_id=patient_id,
        text_digest=data.get("text_digest", ""),
        consent_id=page.consent_id,
        language=page.language,
        drug=DRUG,
        route=ROUTE,
        signed_name=data.get("signed_name", ""),
        understood=data.get("understood") == "on",
    )
    if isinstance(result, Refusal):
        return render(request, template, {**context, "refusal": result}, status=422)
    messages.success(request, gettext("Consent recorded."))
    return redirect("consent", patient_id=patient_id)


@door.allow(*door.CLINICAL, door.PATIENT, methods=("POST",))
def withdraw(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    withdraw_consent(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        consent_id=consent_id,
        because=request.POST.get("because", ""),
    )
    messages.success(request, gettext("The consent is withdrawn from now on."))
    return redirect("consent", patient_id=patient_id)
