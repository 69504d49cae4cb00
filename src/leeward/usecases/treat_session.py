"""Acts in a treatment session: every one a command to the pure core, its events appended."""

from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import Actor as TreatmentActor
from leeward.core.treatment import (
    Command,
    DevicePlan,
    Recorded,
    SessionState,
    decide,
    evolve,
    type_name,
)
from leeward.core.treatment import commands as c
from leeward.core.treatment.state import PREPARING
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor, system_actor
from leeward.records.accounts.models import ConfirmedIdentity
from leeward.records.accounts.persons import same_person
from leeward.records.audit import store as audit
from leeward.records.charts.selectors import find_weight
from leeward.records.treatments import folding, store
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases import ports
from leeward.usecases.access import access_session
from leeward.usecases.confirm_identity import use_confirmation
from leeward.usecases.keep_in_step import keep_in_step
from leeward.usecases.red_flags import call_clinician
from leeward.usecases.standing_grounds import refuse_start

TIME_OUT = "session.time_out"
# What only a prescriber may do; the rest is for nurses and prescribers alike. Going on without a
# start check is a clinical decision, as leaving without a discharge criterion is, and as more
# than the order is.
PRESCRIBER_ONLY = (c.SignNote, c.OverrideCheck, c.OverrideDischarge, c.ExtendOrder)
# What needs a second person who has just confirmed who they are: `witnessed_acts`.
WITNESSED = (c.WasteDrug, c.WasteDevices, c.HandOver, c.RecordTimeOutSecond)
FIRST_DOSES = (c.StartInfusion, c.GiveInjection, c.GiveDevice)
MACHINE_NOISE = (c.SealSamples,)


def carry_out(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    command: Command,
    occurred_at: datetime | None = None,
) -> SessionState | Refusal:
    """Do one thing in a session and return what it is now.

    *Refuses when* the core refuses (its reasons are for people), the role is not the actor's, the
    act needs a witness, or a first dose no longer rests on the order, decision and consent in
    force.
    *Emits* the events of the command, and audit with its name. *Locks* the session's log.
    """
    roles = (PRESCRIBER,) if isinstance(command, PRESCRIBER_ONLY) else (NURSE, PRESCRIBER)
    with transaction.atomic():
        session = access_session(actor, session_id, *roles, for_update=True)
        fresh = not store.written_by(command_id, session_id)
        if isinstance(command, WITNESSED):
            return Refusal("witness.missing", "This needs a second person.", field="login")
        if fresh and (refused := _hold(session, command, actor, now, command_id)):
            return refused
        result = write(
            session, command, actor=actor, now=now, command_id=command_id, occurred_at=occurred_at
        )
        if isinstance(command, c.StartEffect) and not isinstance(result, Refusal):
            call_clinician(session, command.effect, actor=actor, now=now, command_id=command_id)
        return result


def _hold(
    session: TreatmentSession, command: Command, actor: Actor, now: datetime, command_id: UUID
) -> Refusal | None:
    """What lies outside the log and holds a first dose: a newer weight, grounds that changed."""
    if session.stage not in PREPARING:
        return None
    note_newer_weight(session, now=now, command_id=command_id)
    return refuse_start(session) if isinstance(command, FIRST_DOSES) else None


def note_newer_weight(session: TreatmentSession, *, now: datetime, command_id: UUID) -> None:
    """Write into the log that the chart holds another weight than the dose rests on.

    *Emits* WeightCharted by Leeward itself, once for each such weight.
    """
    state = folding.state_of(session)
    if state is None or isinstance(state.plan, DevicePlan):
        return
    charted, known = find_weight(session.patient), state.charted_weight
    if charted is None or charted.measured_at is None:
        return
    zone = ZoneInfo(session.location.timezone)
    found = (charted.weight_kg, charted.measured_at.astimezone(zone).date())
    if known is not None and found == (known.weight_kg, known.measured_on):
        return
    ordered = (state.plan.weight_kg, state.plan.weight_measured_on)
    if known is None and (found == ordered or found[1] < ordered[1]):
        return
    write(
        session, c.NoteWeight(*found), actor=system_actor("Leeward", session.organization_id),
        now=max(now, state.log[-1].envelope.recorded_at), command_id=uuid5(command_id, "weight"),
    )  # fmt: skip


def confirm_time_out(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    command: c.RecordTimeOutSecond,
    witness: ConfirmedIdentity,
) -> SessionState | Refusal:
    """The second person's own computation, under their own confirmed identity.

    *Refuses when* the second person is the first, their confirmation is spent, or the core
    refuses. *Emits* TimeOutSecondRecorded by the witness. *Locks* the log and the confirmation.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, NURSE, PRESCRIBER, for_update=True)
        if store.written_by(command_id, session_id):
            return load_state(session_id)
        second = use_confirmation(
            witness, purpose=TIME_OUT, subject=f"session:{session_id}", now=now
        )
        if isinstance(second, Refusal):
            return second
        access_session(second, session_id, NURSE, PRESCRIBER)
        first = load_state(session_id).time_out_first
        if first is not None and same_person(UUID(first.said.by.id), second.account_id):
            transaction.set_rollback(True)
            because = f"{first.said.by.name} was the first person. The second is somebody else."
            return Refusal("time_out.same_person", because, field="login")
        result = write(session, command, actor=second, now=now, command_id=command_id)
        if isinstance(result, Refusal):
            # The confirmation was for this act; if the act is refused it is not spent.
            transaction.set_rollback(True)
        return result


def write(
    session: TreatmentSession,
    command: Command,
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    occurred_at: datetime | None = None,
) -> SessionState | Refusal:
    """Decide and append inside the caller's transaction, on a locked session."""
    if store.written_by(command_id, session.id):
        return load_state(session.id)
    state = folding.state_of(session)
    who = treatment_actor(actor)
    events = decide(state, command, actor=who, now=now, occurred_at=occurred_at)
    if isinstance(events, Refusal):
        return events
    at = occurred_at or now
    expected = _evolved(state, session, events, who, command_id, at, now)
    session.stage = expected.stage.value
    if expected.departed is not None and session.closed_at is None:
        session.closed_at = expected.departed.at
    written = store.append(
        session, events, actor=who, command_id=command_id, occurred_at=at, recorded_at=now
    )
    _audit(session, command, written, actor, now)
    keep_in_step(
        session, [r.event for r in written], expected, actor=actor, now=now, command_id=command_id
    )
    session_id, location_id = session.id, session.location_id
    transaction.on_commit(lambda: _wake(session_id, location_id))
    return expected


def load_state(session_id: UUID) -> SessionState:
    """The state of a session as its log tells it."""
    return folding.opened_state(TreatmentSession.objects.get(id=session_id))


def treatment_actor(actor: Actor) -> TreatmentActor:
    return TreatmentActor(id=str(actor.id or ""), name=actor.name, kind=actor.kind)


def _evolved(
    state: SessionState | None,
    session: TreatmentSession,
    events: tuple[object, ...],
    who: TreatmentActor,
    command_id: UUID,
    at: datetime,
    now: datetime,
) -> SessionState:
    """The state the events lead to, worked out before they are written."""
    for ordinal, event in enumerate(events):
        envelope = store.envelope(
            seq=session.last_seq + 1 + ordinal, command_id=command_id, ordinal=ordinal,
            occurred_at=at, recorded_at=now, actor=who,
        )  # fmt: skip
        state = evolve(state, Recorded(envelope, event))  # type: ignore[arg-type]
    assert state is not None
    return state


def _audit(
    session: TreatmentSession,
    command: Command,
    written: list[Recorded],
    actor: Actor,
    now: datetime,
) -> None:
    if isinstance(command, MACHINE_NOISE):
        return
    what = type_name(written[0].event).split(".")[1] if written else "same"
    audit.record(
        actor, f"session.{what}", at=now, patient_id=session.patient_id,
        subject=("session", session.id), events=[recorded.envelope.seq for recorded in written],
    )  # fmt: skip


def _wake(session_id: UUID, location_id: UUID) -> None:
    ports.wakeup().notify(f"session:{session_id}")
    ports.wakeup().notify(f"board:{location_id}")
