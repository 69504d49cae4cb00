"""The plan builder: a published protocol shaped to one person, checked, previewed, signed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.records.overview.plan import PlanPage, get_plan_page
from leeward.usecases.order_treatment import draft_plan, order_treatment
from leeward.web import door
from leeward.web.forms.plan import PlanForm
from leeward.web.refusals import add_to_form
from leeward.web.views.levels import pairs_of, preview_context

DRUG, ROUTE = "racemic_ketamine", "iv"
REASON = "reason-"


@door.allow(*door.CLINICAL, methods=("GET", "POST"))
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    page = _page(request, patient_id)
    if request.method == "GET":
        form = PlanForm(initial=page.suggestion, choices=page.choices)
        return render(request, "plan.html", {**_context(page, form), **_known(request, page)})
    form = PlanForm(request.POST, choices=page.choices)
    reasons = _reasons(request)
    if form.is_valid():
        result = order_treatment(
            actor=viewer,
            now=door.now(),
            command_id=door.command_id(request),
            patient_id=patient_id,
            wish=form.wish(),
            session_count=form.cleaned_data["session_count"],
            goals=form.cleaned_data["goals"],
            reasons=reasons,
            because=form.cleaned_data["because"],
        )
        if not isinstance(result, Refusal):
            messages.success(request, f"Order signed, version {result.version}.")
            return redirect("plan", patient_id=patient_id)
        # Worked out before the refusal marks a field: its reason is asked for beside the plan.
        drafted = _draft(request, page, form, patient_id)
        add_to_form(form, result)
    else:
        drafted = _draft(request, page, form, patient_id)
    context = {**_context(page, form), **drafted}
    return render(request, "plan.html", {**context, "reasons": reasons}, status=422)


@door.allow(*door.CLINICAL)
def preview(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    page = _page(request, patient_id)
    form = PlanForm(request.GET, choices=page.choices)
    drafted = _draft(request, page, form, patient_id)
    reasons = _reasons(request)
    context = {"page": page, "banner": page.banner, "reasons": reasons, **drafted}
    return render(request, "plan.html#preview", context)


def _page(request: HttpRequest, patient_id: UUID) -> PlanPage:
    return get_plan_page(door.viewer(request), patient_id, drug=DRUG, route=ROUTE, now=door.now())


def _context(page: PlanPage, form: PlanForm) -> dict[str, Any]:
    known = {"page": page, "banner": page.banner, "reasons": {}}
    return {**known, "form": form, **pairs_of(form.data)}


def _known(request: HttpRequest, page: PlanPage) -> dict[str, Any]:
    """The preview of the plan in force, so that a change starts from what it is today."""
    if page.in_force is None or not door.viewer(request).has(door.PRESCRIBER, door.NURSE):
        return {}
    form = PlanForm(page.suggestion, choices=page.choices)
    return _draft(request, page, form, page.banner.patient.id)


def _draft(
    request: HttpRequest, page: PlanPage, form: PlanForm, patient_id: UUID
) -> dict[str, Any]:
    """The worked-out plan and its levels, as far as the entries allow."""
    form.fields["session_count"].required = False
    if not form.is_valid():
        return {"waiting": [str(form.fields[name].label) for name in form.errors
                            if name in form.fields]}  # fmt: skip
    draft = draft_plan(
        actor=door.viewer(request), now=door.now(), patient_id=patient_id, wish=form.wish()
    )
    if isinstance(draft, Refusal):
        return {"refused": draft}
    data = request.POST if request.method == "POST" else request.GET
    return {"draft": draft, **preview_context(page, draft.plan, data.dict())}


def _reasons(request: HttpRequest) -> dict[str, str]:
    return {
        key.removeprefix(REASON): str(value)
        for key, value in (request.POST or request.GET).items()
        if key.startswith(REASON)
    }
