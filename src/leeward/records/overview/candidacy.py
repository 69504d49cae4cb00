"""The candidacy page: findings grouped as a reader needs them, decisions, what to ask."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leeward import content
from leeward.core.candidacy import (
    Assessment,
    Effect,
    Finding,
    IndicationFinding,
    Status,
    WorkupFinding,
)
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.charts.assessment import assess_patient
from leeward.records.charts.selectors import (
    DecisionLine,
    PatientBanner,
    banner_of,
    list_decisions,
)
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.people.models import Patient
from leeward.records.people.selectors import clinical_patient


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that ask the same of the reader."""

    key: str
    title: str
    meaning: str
    mark: str
    word: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CandidacyPage:
    banner: PatientBanner
    assessment: Assessment
    groups: tuple[Group, ...]
    indications: tuple[IndicationFinding, ...]
    other_indications: tuple[IndicationFinding, ...]
    workup_missing: tuple[WorkupFinding, ...]
    to_ask: tuple[Finding, ...]
    staff_questions: tuple[tuple[str, str], ...]
    need_reason: tuple[Finding, ...]
    citations: dict[str, str]
    facts_digest: str
    content_digest: str
    limits_approved: bool
    decisions: tuple[DecisionLine, ...]
    counts: dict[str, int]


_GROUPS = (
    ("stop", "Stop", "until resolved or overridden by name", "stop", Status.PRESENT,
     (Effect.BLOCK,)),
    ("unknown-stop", "Unknown, and a stop if it is so", "data missing, not cleared", "unknown",
     Status.UNKNOWN, (Effect.BLOCK,)),
    ("caution", "Caution", "decide, with a reason", "caution", Status.PRESENT,
     (Effect.DECISION, Effect.HOLD)),
    ("unknown", "Unknown", "data missing, not cleared", "unknown", Status.UNKNOWN,
     (Effect.DECISION, Effect.HOLD, Effect.ALERT, Effect.INFO)),
    ("info", "To know", "no action needed", "info", Status.PRESENT, (Effect.ALERT, Effect.INFO)),
    ("ok", "OK", "asked or checked, nothing against", "ok", Status.ABSENT, tuple(Effect)),
)  # fmt: skip


def get_candidacy_page(
    viewer: Actor, patient_id: UUID, *, drug: str, route: str, indication: str, now: datetime
) -> CandidacyPage:
    """Everything the page shows; raises `NotFound` for a person who is not the viewer's."""
    patient = clinical_patient(viewer, patient_id)
    limits = find_limits_in_force(patient.location_id, drug, route)
    approved = limits is not None and limits.approved_by is not None
    found = assess_patient(
        patient,
        drug=drug,
        route=route,
        as_of=now.date(),
        limits=limits.as_dict() if limits is not None and approved else {},
        indication=indication if indication in content.load().indications else None,
    )
    if isinstance(found, Refusal):
        raise NotFound(found.because)
    assessment = found.assessment
    present = tuple(i for i in assessment.indications if i.status is Status.PRESENT or i.asked)
    return CandidacyPage(
        banner=banner_of(patient, now),
        assessment=assessment,
        groups=_groups(assessment),
        indications=present,
        other_indications=tuple(i for i in assessment.indications if i not in present),
        workup_missing=assessment.workup_missing,
        to_ask=assessment.having(Status.UNKNOWN),
        staff_questions=_staff_questions(patient),
        need_reason=_need_reason(assessment),
        citations=_citations(assessment),
        facts_digest=found.facts_digest,
        content_digest=found.content_digest,
        limits_approved=approved,
        decisions=list_decisions(patient),
        counts=_counts(assessment),
    )


# Questions that settle many rules at once: without them each medicine stays an open question.
STAFF_QUESTIONS = (
    ("medication_list_complete", "Is the list of medicines complete, checked with the patient?"),
    ("failed_adequate_trials", "Did at least two adequate treatment trials fail?"),
)


def _staff_questions(patient: Patient) -> tuple[tuple[str, str], ...]:
    answered = set(
        patient.screening_answers.filter(value__in=("yes", "no")).values_list("name", flat=True)
    )
    return tuple((name, words) for name, words in STAFF_QUESTIONS if name not in answered)


def _groups(assessment: Assessment) -> tuple[Group, ...]:
    groups = (
        Group(key, title, meaning, mark, title.partition(",")[0], tuple(
            f for f in assessment.having(status) if f.effect in effects
        ))
        for key, title, meaning, mark, status, effects in _GROUPS
    )  # fmt: skip
    return tuple(group for group in groups if group.findings)


def _need_reason(assessment: Assessment) -> tuple[Finding, ...]:
    present = [
        f for f in assessment.having(Status.PRESENT) if f.effect in (Effect.BLOCK, Effect.DECISION)
    ]
    return (*present, *assessment.having(Status.UNKNOWN, Effect.BLOCK))


def _citations(assessment: Assessment) -> dict[str, str]:
    sources = content.load().sources
    ids = {f.source.source for f in assessment.findings}
    ids |= {i.source.source for i in assessment.indications}
    return {i: sources[i].citation for i in ids if i in sources}


def _counts(assessment: Assessment) -> dict[str, int]:
    def n(status: Status, *effects: Effect) -> int:
        return sum(len(assessment.having(status, effect)) for effect in effects)

    return {
        "all": len(assessment.findings),
        "stop": n(Status.PRESENT, Effect.BLOCK),
        "unknown": len(assessment.having(Status.UNKNOWN)),
        "caution": n(Status.PRESENT, Effect.DECISION, Effect.HOLD),
        "ok": len(assessment.having(Status.ABSENT)),
    }
