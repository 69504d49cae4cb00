"""The plan builder: a published protocol shaped to one person, checked, previewed, signed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leeward.core.protocols import InfusionPlan
from leeward.core.quantities import Refusal
from leeward.records.overview.plan import PlanPage, get_plan_page
from leeward.usecases.draft_plan import draft_plan
from leeward.usecases.order_treatment import order_treatment, with_course_review
from leeward.web import door
from leeward.web.forms.plan import DosePlanForm, PlanForm
from leeward.web.refusals import add_to_form
from leeward.web.views.levels import pairs_of, preview_context
from leeward.web.ways import context_of, way_of

REASON = "reason-"
Form = PlanForm | DosePlanForm


@door.allow(*door.CLINICAL, methods=("GET", "POST"))
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    page = _page(request, patient_id)
    if request.method == "GET":
        form = _form(request, page, initial=page.suggestion)
        return render(
            request, "plan.html", {**_context(request, page, form), **_known(request, page)}
        )
    form = _form(request, page, request.POST)
    reasons = _reasons(request)
    if form.is_valid():
        result = order_treatment(
            actor=viewer,
            now=door.now(),
            command_id=door.command_id(request),
            patient_id=patient_id,
            wish=form.wish(),
            reasons=reasons,
            **form.course(),
        )
        if not isinstance(result, Refusal):
            messages.success(request, f"Order signed, version {result.version}.")
            return redirect(reverse("plan", args=[patient_id]) + way_of(request).query)
        # Worked out before the refusal marks a field: its reason is asked for beside the plan.
        drafted = _draft(request, page, form, patient_id)
        add_to_form(form, result)
    else:
        drafted = _draft(request, page, form, patient_id)
    context = {**_context(request, page, form), **drafted}
    return render(request, "plan.html", {**context, "reasons": reasons}, status=422)


@door.allow(*door.CLINICAL)
def preview(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    page = _page(request, patient_id)
    form = _form(request, page, request.GET)
    drafted = _draft(request, page, form, patient_id)
    reasons = _reasons(request)
    context = {"page": page, "banner": page.banner, "reasons": reasons, **drafted}
    context |= context_of(way_of(request))
    return render(request, "plan.html#preview", context)


def _page(request: HttpRequest, patient_id: UUID) -> PlanPage:
    way = way_of(request)
    return get_plan_page(
        door.viewer(request), patient_id, drug=way.drug, route=way.route, now=door.now()
    )


def _form(request: HttpRequest, page: PlanPage, *data: Any, **known: Any) -> Form:
    made = PlanForm if way_of(request).infusion else DosePlanForm
    return made(*data, choices=page.choices, **known)


def _context(request: HttpRequest, page: PlanPage, form: Form) -> dict[str, Any]:
    known = {"page": page, "banner": page.banner, "reasons": {}, **context_of(way_of(request))}
    return {**known, "form": form, **pairs_of(form.data)}


def _known(request: HttpRequest, page: PlanPage) -> dict[str, Any]:
    """The preview of the plan in force, so that a change starts from what it is today."""
    if page.in_force is None or not door.viewer(request).has(door.PRESCRIBER, door.NURSE):
        return {}
    form = _form(request, page, page.suggestion)
    return _draft(request, page, form, page.banner.patient.id)


def _draft(request: HttpRequest, page: PlanPage, form: Form, patient_id: UUID) -> dict[str, Any]:
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
    draft = with_course_review(draft, patient_id)
    if not isinstance(draft.plan, InfusionPlan):
        return {"draft": draft}
    data = request.POST if request.method == "POST" else request.GET
    return {"draft": draft, **preview_context(page, draft.plan, data.dict())}


def _reasons(request: HttpRequest) -> dict[str, str]:
    return {
        key.removeprefix(REASON): str(value)
        for key, value in (request.POST or request.GET).items()
        if key.startswith(REASON)
    }
