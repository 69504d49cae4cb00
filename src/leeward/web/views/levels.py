"""Estimated levels: of regimens side by side before an order, and of a session at the chair.

Everything is a plain GET: the same address with the same figures shows the same page.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leeward.core.protocols import InfusionPlan
from leeward.core.quantities import Refusal
from leeward.figures.pk import draw_pk
from leeward.records.overview.plan import PlanPage, get_plan_page
from leeward.records.overview.session import SessionPage, get_session_page
from leeward.usecases.preview_levels import (
    CURVES,
    LINE,
    MOST,
    NOTHING_ASKED,
    Dose,
    preview_plan,
    session_levels,
    set_choices,
)
from leeward.web import door
from leeward.web.forms.levels import BY, BareForm, LevelsForm, read_question

DRUG, ROUTE = "racemic_ketamine", "iv"


@door.allow(*door.CLINICAL)
def compare(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Regimens or sets side by side, without an order."""
    page = get_plan_page(door.viewer(request), patient_id, drug=DRUG, route=ROUTE, now=door.now())
    given = "weight_kg" in request.GET
    form = BareForm(request.GET if given else None, initial=page.suggestion)
    context: dict[str, Any] = {"page": page, "banner": page.banner, "form": form}
    if given and form.is_valid():
        data = form.cleaned_data
        draft = Dose("draft", data["dose_mg_per_kg"] * data["weight_kg"], data["duration_min"])
        context |= _preview(page, draft, form, weight_kg=data["weight_kg"])
    return render(request, "levels.html", {**context, **pairs_of(request.GET)})


@door.allow(*door.CLINICAL)
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The level of a session on a page of its own; htmx gets the answer alone."""
    page = get_session_page(door.viewer(request), session_id, now=door.now())
    context = {"page": page, "banner_data": page.banner, **chair_context(page, request.GET.dict())}
    alone = request.htmx  # type: ignore[attr-defined]
    return render(request, "parts/what_if.html" if alone else "session_levels.html", context)


def preview_context(page: PlanPage, plan: InfusionPlan, data: Mapping[str, str]) -> dict[str, Any]:
    """What the plan builder's preview needs about levels."""
    form = LevelsForm(data)
    form.is_valid()
    draft = Dose("draft", plan.dose_mg, plan.duration_min)
    return _preview(page, draft, form, weight_kg=plan.weight_kg, basis=plan.weight_basis)


def pairs_of(data: Mapping[str, str]) -> dict[str, Any]:
    """The alternatives as typed, for their inputs."""
    return {
        "pairs": [
            (k, data.get(f"alt_dose_{k}", ""), data.get(f"alt_duration_{k}", ""))
            for k in range(1, MOST)
        ]
    }


def chair_context(page: SessionPage, data: Mapping[str, str]) -> dict[str, Any]:
    """What the chair-side page needs about levels; nothing before the infusion began."""
    asked = read_question(data)
    unread = asked if isinstance(asked, Refusal) else None
    levels = session_levels(
        page.state,
        age_y=page.banner.patient.age_y,
        now=door.now(),
        asked=NOTHING_ASKED if isinstance(asked, Refusal) else asked,
        line=data.get("level_set") or LINE,
        zone=ZoneInfo(page.timezone),
    )
    if levels is None:
        return {}
    typed = {name: data.get(name, "") for name in ("what_rate", "what_below")}
    context = {"typed": typed, "set_choices": set_choices()}
    if isinstance(levels, Refusal):
        return {**context, "no_levels": levels}
    return {
        **context,
        "levels": levels,
        "unread": unread or levels.what_if.refused,
        "level_plot": draw_pk(levels.chart, wide=False),
        "level_plot_wide": draw_pk(levels.chart),
    }


def _preview(
    page: PlanPage, draft: Dose, form: LevelsForm, *, weight_kg: Any, basis: str = "actual"
) -> dict[str, Any]:
    wish = form.wish()
    plan = page.in_force.plan if page.in_force else None
    in_force = None
    if isinstance(plan, InfusionPlan):
        in_force = Dose("in force", plan.dose_mg, plan.duration_min)
    levels = preview_plan(
        draft,
        weight_kg=weight_kg,
        age_y=page.banner.patient.age_y,
        wish=wish,
        in_force=in_force,
        others=form.alternatives(weight_kg),
        weight_basis=basis,
    )
    context = {
        "wish": wish,
        "curves": CURVES,
        "by": BY,
        "set_choices": set_choices(),
        "level_faults": form.faults(),
    }
    if isinstance(levels, Refusal):
        return {**context, "no_levels": levels}
    return {
        **context,
        "levels": levels,
        "plot_wide": draw_pk(levels.chart),
        "plot_narrow": draw_pk(levels.chart, wide=False),
    }
