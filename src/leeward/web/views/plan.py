"""The plan builder: a published protocol shaped to one person, checked, previewed, signed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leeward.core.quantities import Refusal
from leeward.figures.pk import draw_pk
from leeward.records.overview.plan import PlanPage, get_plan_page
from leeward.usecases.order_treatment import Draft, draft_plan, order_treatment
from leeward.usecases.preview_levels import preview_plan
from leeward.web import door
from leeward.web.forms.plan import PlanForm
from leeward.web.refusals import add_to_form

DRUG, ROUTE = "racemic_ketamine", "iv"
REASON = "reason-"


@door.allow(*door.CLINICAL, methods=("GET", "POST"))
def show(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = door.viewer(request)
    page = _page(request, patient_id)
    if request.method == "GET":
        form = PlanForm(initial=page.suggestion, choices=page.choices)
        return render(request, "plan.html", _context(page, form))
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
        add_to_form(form, result)
    context = {**_context(page, form), **_draft(request, page, form, patient_id)}
    return render(request, "plan.html", {**context, "reasons": reasons}, status=422)


@door.allow(*door.CLINICAL)
def preview(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    page = _page(request, patient_id)
    form = PlanForm(request.GET, choices=page.choices)
    drafted = _draft(request, page, form, patient_id)
    context = {"page": page, "banner": page.banner, "reasons": {}, **drafted}
    return render(request, "plan.html#preview", context)


def _page(request: HttpRequest, patient_id: UUID) -> PlanPage:
    return get_plan_page(door.viewer(request), patient_id, drug=DRUG, route=ROUTE, now=door.now())


def _context(page: PlanPage, form: PlanForm) -> dict[str, Any]:
    return {"page": page, "banner": page.banner, "form": form, "reasons": {}}


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
    return {"draft": draft, **_levels(page, draft)}


def _levels(page: PlanPage, draft: Draft) -> dict[str, Any]:
    levels = preview_plan(
        draft.plan,
        age_y=page.banner.patient.age_y,
        title="draft",
        before=page.in_force.plan if page.in_force else None,
    )
    if isinstance(levels, Refusal):
        return {"no_levels": levels}
    return {
        "levels": levels,
        "plot_wide": draw_pk(levels.chart),
        "plot_narrow": draw_pk(levels.chart, wide=False),
    }


def _reasons(request: HttpRequest) -> dict[str, str]:
    return {
        key.removeprefix(REASON): str(value)
        for key, value in request.POST.items()
        if key.startswith(REASON)
    }
