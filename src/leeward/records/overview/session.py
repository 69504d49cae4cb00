"""The chair-side page of one session: everything it shows, folded from the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from leeward import content
from leeward.core.treatment import Missing, Recorded, SessionState
from leeward.core.treatment.entries_care import Call, Emergency
from leeward.core.treatment.gates import missing_for_discharge, missing_for_start
from leeward.core.treatment.state import Observation
from leeward.records.accounts.actor import CLINICAL, Actor, NotFound, NotPermitted
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.consents.selectors import ConsentLine, find_consent_in_force
from leeward.records.organizations.selectors import list_chairs
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.models import TreatmentSession

from . import dose_words
from .board import AlarmLine, alarms_of
from .event_words import words_of
from .session_now import DrugNow, Due, Typed, drug_now, due_now, typed_json, typed_now

# The eight a nurse taps most come first; the rest stands under "More".
FIRST_EFFECTS = ("dissociation", "dizziness", "nausea", "blurred_vision", "confusion",
                 "hallucination", "anxiety", "headache")  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventLine:
    """One numbered entry of the timeline."""

    seq: int
    at: datetime
    recorded_at: datetime
    late: bool
    words: str
    by: str
    withdrawn: bool
    withdrawable: bool


@dataclass(frozen=True, slots=True)
class EffectTile:
    id: str
    label: str
    grades: tuple[str, ...]
    grade: str
    since: datetime | None
    seq: int


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """An observer scale with the values a nurse can tap, and the newest one."""

    id: str
    label: str
    values: tuple[int, ...]
    last: Observation | None


@dataclass(frozen=True, slots=True)
class Pressure:
    """The newest typed blood pressure."""

    sbp: Decimal
    dbp: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionPage:
    id: UUID
    chair: str
    chair_names: dict[str, str]
    location_id: UUID
    timezone: str
    number: int | None
    banner: PatientBanner
    state: SessionState
    kind: str
    plan_words: str
    order_words: str
    basis_words: str
    figures: tuple[tuple[str, str], ...]
    consent: ConsentLine | None
    answers: dict[str, tuple[str, ...]]
    missing_start: tuple[Missing, ...]
    missing_discharge: tuple[Missing, ...]
    alarms: tuple[AlarmLine, ...]
    events: tuple[EventLine, ...]
    effects: tuple[EffectTile, ...]
    more_effects: tuple[EffectTile, ...]
    due: tuple[Due, ...]
    typed: dict[str, Typed]
    typed_json: dict[str, dict[str, str]]
    drug: DrugNow
    calls: tuple[Call, ...]
    emergency: Emergency | None
    in_charge: str
    scales: tuple[ScaleRow, ...]
    last_bp: Pressure | None
    given_ml: Decimal
    given_mg: Decimal
    seq: int
    may_treat: bool
    may_override: bool


def get_session_page(viewer: Actor, session_id: UUID, *, now: datetime) -> SessionPage:
    """The page, or `NotFound` for a session elsewhere."""
    row = find_session(viewer, session_id)
    state = opened_state(row)
    tiles = [_effect(effect_id, state) for effect_id in _effect_ids()]
    return SessionPage(
        id=row.id,
        chair=row.chair.label,
        chair_names={str(c.id): c.label for c in list_chairs(row.location_id)},
        location_id=row.location_id,
        timezone=row.location.timezone,
        number=row.session_number,
        banner=banner_of(row.patient, now),
        state=state,
        kind=dose_words.kind_of(state.plan),
        plan_words=dose_words.plan_words(state.plan),
        order_words=dose_words.order_words(state.plan),
        basis_words=dose_words.basis_words(state.plan),
        figures=dose_words.figures_asked(state.plan),
        consent=find_consent_in_force(row.patient_id, state.plan.drug, state.plan.route),
        answers=_answers(state),
        missing_start=missing_for_start(state, now),
        missing_discharge=missing_for_discharge(state, now),
        alarms=alarms_of(state),
        events=event_lines(state),
        effects=tuple(t for t in tiles if t.id in FIRST_EFFECTS),
        more_effects=tuple(t for t in tiles if t.id not in FIRST_EFFECTS),
        due=due_now(row.id, state),
        typed=typed_now(state),
        typed_json=typed_json(state),
        drug=drug_now(row.id, state, now),
        calls=state.open_calls,
        emergency=state.open_emergency,
        in_charge=state.in_charge.name,
        scales=_scales(state),
        last_bp=_last_pressure(state),
        given_ml=state.given_ml_at(now),
        given_mg=state.given_mg_at(now),
        seq=state.seq,
        may_treat=viewer.works_at(row.location_id, "nurse", "prescriber"),
        may_override=viewer.works_at(row.location_id, "prescriber"),
    )


def find_session(viewer: Actor, session_id: UUID) -> TreatmentSession:
    """The session's row, or `NotFound` elsewhere, or `NotPermitted` for the desk of its place."""
    row = (
        TreatmentSession.objects.select_related("patient", "chair", "location")
        .filter(id=session_id, organization_id=viewer.wall)
        .first()
    )
    if row is None or not viewer.is_staff or not viewer.works_at(row.location_id):
        raise NotFound("session")
    if not viewer.works_at(row.location_id, *CLINICAL):
        raise NotPermitted(f"this is for: {', '.join(CLINICAL)}")
    return row


def event_lines(state: SessionState) -> tuple[EventLine, ...]:
    """What happened, newest first, in words; machinery left out."""
    lines = (_line(recorded, state) for recorded in state.log)
    return tuple(reversed([line for line in lines if line.words]))


def _line(recorded: Recorded, state: SessionState) -> EventLine:
    envelope = recorded.envelope
    kind = type(recorded.event).__name__
    return EventLine(
        seq=envelope.seq,
        at=envelope.occurred_at,
        recorded_at=envelope.recorded_at,
        late=envelope.recorded_at - envelope.occurred_at > timedelta(minutes=1),
        words=words_of(recorded.event),
        by=envelope.actor.name,
        withdrawn=envelope.seq in state.withdrawn,
        withdrawable=kind in WITHDRAWABLE and envelope.seq not in state.withdrawn,
    )


WITHDRAWABLE = ("VitalsRecorded", "Observed", "EffectStarted", "EffectChanged", "EffectEnded",
                "BolusGiven", "LineFlushed", "RescueGiven", "ComfortGiven")  # fmt: skip


def _answers(state: SessionState) -> dict[str, tuple[str, ...]]:
    """The possible answers to each check, as the checklist gives them."""
    known = {
        entry.item: entry.answers
        for checklist in content.load().checklists.values()
        if (checklist.drug, checklist.route, checklist.audience)
        == (state.plan.drug, state.plan.route, "staff")
        for entry in checklist.items
    }
    return {c.item: known.get(c.item, (*c.passes_with, "no")) for c in state.monitoring.checks}


def _effect_ids() -> Iterable[str]:
    known = content.load().effects
    rest = [effect for effect in known if effect not in FIRST_EFFECTS]
    return [effect for effect in FIRST_EFFECTS if effect in known] + rest


def _effect(effect_id: str, state: SessionState) -> EffectTile:
    effect = content.load().effects[effect_id]
    course = next((c for c in state.open_effects if c.effect == effect_id), None)
    return EffectTile(
        id=effect_id,
        label=effect.label,
        grades=tuple(effect.severities),
        grade=course.grade if course else "",
        since=course.started_at if course else None,
        seq=course.last_seq if course else 0,
    )


# What a nurse rates without a form; the values are those of the scales themselves.
SCALES = (
    ("moaas", "Sedation, MOAA/S", (5, 4, 3, 2, 1, 0)),
    ("dissociation", "Dissociation", (0, 1, 2, 3)),
    ("pain_nrs", "Pain, 0 to 10", tuple(range(11))),
)


def _scales(state: SessionState) -> tuple[ScaleRow, ...]:
    return tuple(
        ScaleRow(scale, label, values, state.latest_observation(scale))
        for scale, label, values in SCALES
    )


def _last_pressure(state: SessionState) -> Pressure | None:
    systolic, diastolic = state.latest_vital("sbp_mmhg"), state.latest_vital("dbp_mmhg")
    if systolic is None or diastolic is None or systolic[1] is not diastolic[1]:
        return None
    return Pressure(systolic[0], diastolic[0], systolic[1].said.at)


def zone_of(row: TreatmentSession) -> ZoneInfo:
    return ZoneInfo(row.location.timezone)
