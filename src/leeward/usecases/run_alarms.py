"""What the alarm engine writes: that it watches, that it did not, and its alarms."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.alarms import AlarmEvent, Ended, Escalated, Raised
from leeward.core.quantities import Refusal
from leeward.core.treatment import SessionState
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import Actor, NotPermitted, system_actor
from leeward.records.treatments import store
from leeward.records.treatments.models import EngineHeartbeat
from leeward.records.treatments.selectors_live import not_before
from leeward.usecases.call_backup import call_backup
from leeward.usecases.charge_alarms import NAMED_BACKUP
from leeward.usecases.treat_session import write

ENGINE = "alarms"
NAME = "Alarm engine"


def begin_watch(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    engine_id: UUID,
    unwatched_since: datetime | None,
    because: str = "",
) -> SessionState | Refusal:
    """Say that this engine watches a session from now on, and since when nobody did.

    *Refuses when* the patient has left. *Emits* MonitoringGap if there was one, then
    MonitoringStarted. *Locks* the session's log.
    """
    commands: list[c.Command] = [c.StartMonitoring(str(engine_id))]
    if unwatched_since is not None:
        gap = c.RecordMonitoringGap(min(unwatched_since, now), now, because)
        commands.insert(0, gap)
    return _write_all(actor, session_id, now, command_id, commands)


def state_gap(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    from_at: datetime,
    because: str,
) -> SessionState | Refusal:
    """Say that this engine did not look from `from_at` until now.

    *Refuses when* the session is closed. *Emits* MonitoringGap. *Locks* the session's log.
    """
    gap = c.RecordMonitoringGap(min(from_at, now), now, because)
    return _write_all(actor, session_id, now, command_id, [gap])


def write_alarms(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    events: Sequence[AlarmEvent],
) -> SessionState | Refusal:
    """Write what the engine found in one look at a session.

    *Refuses when* the log knows better: an alarm was answered in between, or the patient has
    left; what is not refused is written all the same. *Emits* AlarmRaised, AlarmEnded,
    AlarmEscalated, and calls the named backup. *Locks* the session's log.
    """
    with transaction.atomic():
        result = _write_all(
            actor, session_id, now, command_id, [_command(event) for event in events]
        )
        for event in events:
            if isinstance(event, Escalated) and event.to.startswith(NAMED_BACKUP):
                session = store.lock_session(session_id)
                who = engine_actor(session.organization_id)
                call_backup(
                    actor=who, now=now, command_id=command_id, session=session,
                    alarm_id=event.alarm_id,
                )  # fmt: skip
    return result


def beat(
    *, actor: Actor, now: datetime, boot_id: UUID, started_at: datetime, period_ms: int
) -> None:
    """Say that the engine completed a tick, and how long ago the one before was."""
    _only_the_engine(actor)
    pulse = {
        "boot_id": boot_id,
        "started_at": started_at,
        "ticked_at": now,
        "period_ms": max(0, period_ms),
    }
    if not EngineHeartbeat.objects.filter(engine=ENGINE).update(**pulse):
        EngineHeartbeat.objects.create(engine=ENGINE, **pulse)


def engine_actor(organization_id: UUID | None = None) -> Actor:
    return system_actor(NAME, organization_id)


def _write_all(
    actor: Actor, session_id: UUID, now: datetime, command_id: UUID, commands: Sequence[c.Command]
) -> SessionState | Refusal:
    _only_the_engine(actor)
    result: SessionState | Refusal = Refusal("alarms.nothing", "There is nothing to write.")
    with transaction.atomic():
        session = store.lock_session(session_id)
        who = engine_actor(session.organization_id)
        at = not_before(session.id, now)
        for number, command in enumerate(commands):
            result = write(
                session, command, actor=who, now=at, command_id=uuid5(command_id, str(number))
            )
    return result


def _command(event: AlarmEvent) -> c.Command:
    if isinstance(event, Raised):
        return c.RaiseAlarm(
            alarm_id=event.alarm_id,
            condition=event.condition,
            channel=event.channel,
            priority=event.priority.value,
            limit=event.limit,
            value=event.value,
            unit=event.unit,
        )
    if isinstance(event, Escalated):
        return c.EscalateAlarm(event.alarm_id, event.step, event.to)
    assert isinstance(event, Ended)
    return c.EndAlarm(event.alarm_id)


def _only_the_engine(actor: Actor) -> None:
    if actor.kind != "system":
        raise NotPermitted("alarms are written by the alarm engine")
