"""Candidacy: asking what the record leaves open, deciding, and reopening the question."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.candidacy import Assessment, Effect, Finding, Status
from leeward.core.quantities import Refusal
from leeward.records.accounts.actor import DIRECTOR, NURSE, PRESCRIBER, Actor
from leeward.records.audit import store as audit
from leeward.records.charts.assessment import ChartedAssessment, assess_patient
from leeward.records.charts.facts import digest_of, facts_of
from leeward.records.charts.models import CandidacyDecision, ScreeningAnswer
from leeward.records.organizations.selectors import find_limits_in_force
from leeward.records.people.models import Patient
from leeward.usecases.access import access_patient
from leeward.usecases.assessment_payload import to_payload

ANSWERS = ("yes", "no", "unknown")
DECISIONS = ("accept", "defer", "decline")
SHORTEST_REASON = 10


def answer_screening(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    answers: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> int | Refusal:
    """Keep what the person answered to screening questions; the number of answers kept.

    *Refuses when* an answer is none of yes, no, unknown. *Emits* audit `screening.answered`, and
    marks an earlier decision for review when what is known has changed.
    """
    patient = access_patient(actor, patient_id, NURSE, PRESCRIBER, DIRECTOR)
    given = {name: value for name, value in answers.items() if value}
    if any(value not in ANSWERS for value in given.values()):
        return Refusal("screening.answer", "Answer yes, no or unknown.")
    with transaction.atomic():
        if audit.recall(command_id, "answer_screening", actor) is not None:
            return len(given)
        for name, value in given.items():
            ScreeningAnswer.objects.create(
                id=uuid5(command_id, name), patient=patient, name=name, value=value,
                note=(notes or {}).get(name, "")[:300], answered_at=now,
                asked_by_id=actor.account_id,
            )  # fmt: skip
        audit.record(actor, "screening.answered", at=now, patient_id=patient.id, answers=given)
        audit.remember(command_id, "answer_screening", actor, now, len(given))
        mark_for_review(patient, now=now, because="screening questions were answered")
    return len(given)


def decide_candidacy(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    patient_id: UUID,
    drug: str,
    route: str,
    indication: str,
    seen_facts_digest: str,
    decision: str,
    rationale: str,
    reasons: Mapping[str, str],
) -> CandidacyDecision | Refusal:
    """Record a prescriber's decision with the findings and the content it rests on.

    `reasons` gives, by rule id, why the prescriber accepts in spite of a finding.

    *Refuses when* the record changed since the page was read, no rationale is written, or an
    acceptance leaves a BLOCK or DECISION that is present, or a BLOCK that is unknown, without a
    reason of its own. *Emits* audit `candidacy.decided`.
    """
    patient = access_patient(actor, patient_id, PRESCRIBER)
    with transaction.atomic():
        if done := audit.recall(command_id, "decide_candidacy", actor):
            return CandidacyDecision.objects.get(id=done)
        found = assess_for(patient, drug=drug, route=route, indication=indication, now=now)
        if isinstance(found, Refusal):
            return found
        fault = _fault(found, seen_facts_digest, decision, rationale, reasons)
        if fault is not None:
            return fault
        row = CandidacyDecision.objects.create(
            id=uuid5(command_id, "decision"), patient=patient, drug=drug, route=route,
            indication=indication, as_of=now.date(), assessment=to_payload(found.assessment),
            content_digest=found.content_digest, facts_digest=found.facts_digest,
            decision=decision, rationale=rationale.strip(),
            answers={rule: why.strip() for rule, why in reasons.items() if why.strip()},
            decided_by_id=actor.account_id, decided_at=now,
        )  # fmt: skip
        audit.record(
            actor, "candidacy.decided", at=now, patient_id=patient.id,
            subject=("candidacy_decision", row.id), decision=decision, drug=drug, route=route,
            overridden=sorted(row.answers), content=found.content_digest,
        )  # fmt: skip
        audit.remember(command_id, "decide_candidacy", actor, now, row.id)
    return row


def assess_for(
    patient: Patient, *, drug: str, route: str, indication: str, now: datetime
) -> ChartedAssessment | Refusal:
    """The assessment of a patient today, by the limits of their location."""
    limits = find_limits_in_force(patient.location_id, drug, route)
    return assess_patient(
        patient,
        drug=drug,
        route=route,
        as_of=now.date(),
        limits=limits.as_dict() if limits and limits.approved_by else {},
        indication=indication or None,
    )


def mark_for_review(patient: Patient, *, now: datetime, because: str) -> int:
    """Mark the newest decision for each drug and route whose facts are no longer the same."""
    today = digest_of(facts_of(patient))
    marked = 0
    seen: set[tuple[str, str]] = set()
    for row in patient.candidacy_decisions.order_by("-decided_at"):
        if (row.drug, row.route) in seen:
            continue
        seen.add((row.drug, row.route))
        if row.review_since is None and row.facts_digest != today:
            row.review_since, row.review_because = now, because[:300]
            row.save(update_fields=["review_since", "review_because"])
            marked += 1
    return marked


def needing_reason(assessment: Assessment) -> tuple[Finding, ...]:
    """Findings an acceptance must answer one by one: unknown is never cleared."""
    return tuple(
        f
        for f in assessment.findings
        if (f.status is Status.PRESENT and f.effect in (Effect.BLOCK, Effect.DECISION))
        or (f.status is Status.UNKNOWN and f.effect is Effect.BLOCK)
    )


def _fault(
    found: ChartedAssessment,
    seen_facts_digest: str,
    decision: str,
    rationale: str,
    reasons: Mapping[str, str],
) -> Refusal | None:
    if decision not in DECISIONS:
        return Refusal("candidacy.decision", "Choose accept, defer or decline.", field="decision")
    if found.facts_digest != seen_facts_digest:
        return Refusal(
            "candidacy.record_changed",
            "The record changed after this page was opened. Read the findings again, then sign.",
        )
    if len(rationale.strip()) < SHORTEST_REASON:
        return Refusal("candidacy.no_rationale", "Write why, in a sentence.", field="rationale")
    if decision != "accept":
        return None
    open_findings = [
        f for f in needing_reason(found.assessment)
        if len(reasons.get(f.rule, "").strip()) < SHORTEST_REASON
    ]  # fmt: skip
    if open_findings:
        names = "; ".join(f.title.en for f in open_findings)
        return Refusal(
            "candidacy.unanswered_findings",
            f"Accepting needs a reason of its own for each of these: {names}.",
            source=open_findings[0].source.source,
            field=f"reason-{open_findings[0].rule}",
        )
    return None
