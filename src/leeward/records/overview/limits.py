"""The limits page: every limit of a drug and route, what is set, what is published beside it."""

from dataclasses import dataclass
from uuid import UUID

from leeward import content
from leeward.core.protocols import LimitParameter
from leeward.core.quantities.published import PublishedFigure
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.models import ClinicLimits, Location
from leeward.records.organizations.selectors import (
    LimitsVersion,
    Place,
    find_limits,
    list_limit_versions,
    place_of,
)

STAGES = (
    ("plan", "When the dose is planned"),
    ("start", "Before the dose"),
    ("session", "During infusion and recovery"),
    ("recovery", "Recovery"),
    ("discharge", "Going home"),
    ("candidacy", "Candidacy"),
)


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit. `was` is the approved value when the draft differs from it."""

    parameter: LimitParameter
    value: str
    rationale: str
    was: str
    readings: tuple[tuple[PublishedFigure, str], ...]

    @property
    def missing(self) -> bool:
        return self.parameter.required and not self.value


@dataclass(frozen=True, slots=True)
class LimitGroup:
    stage: str
    title: str
    rows: tuple[LimitRow, ...]


@dataclass(frozen=True, slots=True)
class LimitsPage:
    place: Place
    drug: str
    route: str
    groups: tuple[LimitGroup, ...]
    draft: LimitsVersion | None
    approved: LimitsVersion | None
    history: tuple[LimitsVersion, ...]
    missing: tuple[LimitRow, ...]
    changed: tuple[LimitRow, ...]
    may_edit: bool
    may_approve: bool


def get_limits_page(viewer: Actor, location_id: UUID, drug: str, route: str) -> LimitsPage:
    """The page of one location, or `NotFound`."""
    location = (
        Location.objects.select_related("organization")
        .filter(id=location_id, organization_id=viewer.wall)
        .first()
    )
    if location is None or not viewer.works_at(location.id):
        raise NotFound("location")
    parameters = [p for p in content.load().limits.values() if p.concerns(drug, route)]
    if not parameters:
        raise NotFound("limits")
    draft = find_limits(location.id, drug, route, ClinicLimits.DRAFT)
    approved = find_limits(location.id, drug, route, ClinicLimits.APPROVED)
    rows = [_row(p, draft or approved, approved) for p in parameters]
    known = {stage for stage, _ in STAGES}
    groups = tuple(
        LimitGroup(stage, title, tuple(r for r in rows if r.parameter.stage == stage))
        for stage, title in STAGES
    )
    others = tuple(r for r in rows if r.parameter.stage not in known)
    return LimitsPage(
        place=place_of(location),
        drug=drug,
        route=route,
        groups=tuple(g for g in (*groups, LimitGroup("other", "Other", others)) if g.rows),
        draft=draft,
        approved=approved,
        history=tuple(list_limit_versions(location.id, drug, route)),
        missing=tuple(r for r in rows if r.missing),
        changed=tuple(r for r in rows if r.was and r.was != r.value),
        may_edit=viewer.works_at(location.id, "director", "prescriber"),
        may_approve=viewer.works_at(location.id, "director"),
    )


def _row(
    parameter: LimitParameter, shown: LimitsVersion | None, approved: LimitsVersion | None
) -> LimitRow:
    entry = shown.values.get(parameter.id, {}) if shown else {}
    old = approved.values.get(parameter.id, {}) if approved else {}
    sources = content.load().sources
    return LimitRow(
        parameter=parameter,
        value=entry.get("value", ""),
        rationale=entry.get("rationale", ""),
        was=old.get("value", "") if shown is not approved else "",
        readings=tuple((f, sources[f.citation.source].citation) for f in parameter.suggestions),
    )
