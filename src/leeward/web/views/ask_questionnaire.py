"""Asks a patient to answer questions in the portal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from leeward.core.quantities import Refusal
from leeward.usecases.follow_up import ask_questionnaire
from leeward.web import door
from leeward.web.views.outcomes import render_outcomes


@door.allow(door.FRONT_DESK, door.NURSE, door.PRESCRIBER, methods=("POST",))
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    result = ask_questionnaire(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        patient_id=patient_id,
        link=request.build_absolute_uri(reverse("portal")),
        because=request.POST.get("because", ""),
    )
    if isinstance(result, Refusal):
        return render_outcomes(request, patient_id, refusal=result)
    if result.sent:
        messages.success(request, "Asked. A message with the link to the portal is on its way.")
    else:
        messages.success(
            request, "Asked. No message went out: there is neither e-mail nor phone on the chart."
        )
    return redirect("outcomes", patient_id=patient_id)
