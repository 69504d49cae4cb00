"""What speaks for and against treating this person, and the prescriber's decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leeward.core.quantities import Refusal
from leeward.records.overview.candidacy import get_candidacy_page
from leeward.usecases.decide_candidacy import answer_screening, decide_candidacy
from leeward.web import door
from leeward.web.ways import context_of, way_of

ANSWER, NOTE, REASON = "answer-", "note-", "reason-"


@door.allow(*door.CLINICAL)
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, patient_id)


@door.allow(*door.CLINICAL, methods=("POST",))
def answer(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    result = answer_screening(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        patient_id=patient_id,
        answers=_starting(request, ANSWER),
        notes=_starting(request, NOTE),
    )
    if isinstance(result, Refusal):
        return _page(request, patient_id, refusal=result)
    messages.success(request, f"{result} answers kept.")
    return _again(request, patient_id)


@door.allow(door.PRESCRIBER, methods=("POST",))
def decide(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    way = way_of(request)
    result = decide_candidacy(
        actor=door.viewer(request),
        now=door.now(),
        command_id=door.command_id(request),
        patient_id=patient_id,
        drug=way.drug,
        route=way.route,
        indication=request.POST.get("indication", ""),
        seen_facts_digest=request.POST.get("facts_digest", ""),
        decision=request.POST.get("decision", ""),
        rationale=request.POST.get("rationale", ""),
        reasons=_starting(request, REASON),
    )
    if isinstance(result, Refusal):
        return _page(request, patient_id, refusal=result)
    messages.success(request, f"Signed: {result.decision}.")
    return _again(request, patient_id)


def _again(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return redirect(reverse("candidacy", args=[patient_id]) + way_of(request).query)


def _page(
    request: HttpRequest, patient_id: UUID, *, refusal: Refusal | None = None
) -> HttpResponse:
    viewer, now = door.viewer(request), door.now()
    data, way = request.POST or request.GET, way_of(request)
    page = get_candidacy_page(
        viewer,
        patient_id,
        drug=way.drug,
        route=way.route,
        indication=data.get("indication", ""),
        now=now,
    )
    context = {
        **context_of(way),
        "page": page,
        "banner": page.banner,
        "refusal": refusal,
        "entered": {
            "decision": data.get("decision", ""),
            "rationale": data.get("rationale", ""),
            "reasons": _starting(request, REASON),
            "answers": _starting(request, ANSWER),
        },
    }
    return render(request, "candidacy.html", context, status=422 if refusal else 200)


def _starting(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        key.removeprefix(prefix): value
        for key, value in request.POST.items()
        if key.startswith(prefix) and isinstance(value, str)
    }
