"""Small, quick reads for processes that look every second: streams, gateway, alarm engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from leeward.records.organizations.models import Location

from .folding import state_of
from .models import (
    DeviceBinding,
    EngineHeartbeat,
    SampleBlock,
    SampleTail,
    TreatmentEvent,
    TreatmentSession,
)
from .samples import Second, read_seconds, second_of

# The patient has left; nothing of such a session is live any more.
OVER = ("departed", "signed")
NEWEST = 600
# A few seconds of a hundred chairs.
NEAR_ROWS = 2000


@dataclass(frozen=True, slots=True)
class LiveBinding:
    """A device that is on a patient now."""

    id: UUID
    session_id: UUID
    organization_id: UUID
    location_id: UUID
    kind: str
    label: str
    settings: dict[str, Any]
    bound_at: datetime
    device_key: str = ""


@dataclass(frozen=True, slots=True)
class LiveSession:
    """Where a session stands, how far its log has come, and its devices."""

    id: UUID
    organization_id: UUID
    location_id: UUID
    chair_id: UUID
    stage: str
    last_seq: int
    bindings: tuple[LiveBinding, ...]


@dataclass(frozen=True, slots=True)
class EnginePulse:
    """When an engine last completed a tick."""

    boot_id: UUID
    started_at: datetime
    ticked_at: datetime
    period_ms: int


def list_live(
    *,
    organization_id: UUID | None = None,
    location_ids: Iterable[UUID] | None = None,
    session_ids: Iterable[UUID] = (),
) -> list[LiveSession]:
    """Sessions of patients who are here, at these locations (None: all), and any named ones."""
    here = ~Q(stage__in=OVER)
    if location_ids is not None:
        here &= Q(location_id__in=list(location_ids))
    rows = TreatmentSession.objects.filter(here | Q(id__in=list(session_ids)))
    if organization_id is not None:
        rows = rows.filter(organization_id=organization_id)
    sessions = list(rows.order_by("opened_at"))
    bindings: dict[UUID, list[LiveBinding]] = {session.id: [] for session in sessions}
    for binding in _active(DeviceBinding.objects.filter(session__in=sessions)):
        bindings[binding.session_id].append(binding)
    return [
        LiveSession(
            id=row.id,
            organization_id=row.organization_id,
            location_id=row.location_id,
            chair_id=row.chair_id,
            stage=row.stage,
            last_seq=row.last_seq,
            bindings=tuple(bindings[row.id]),
        )
        for row in sessions
    ]


def list_active_bindings(kinds: Sequence[str]) -> list[LiveBinding]:
    """Confirmed bindings that have not ended, of the kinds a process serves."""
    return _active(DeviceBinding.objects.filter(kind__in=kinds).exclude(session__stage__in=OVER))


def stated_pump(session_id: UUID) -> list[tuple[datetime, Decimal]]:
    """When which rate was stated for the pump [mL/h]; 0 where it was paused or stopped."""
    state = state_of(TreatmentSession.objects.get(id=session_id))
    steps: dict[datetime, Decimal] = {}
    for segment in state.pump_log if state else ():
        steps[segment.from_at] = segment.rate_ml_per_h
        if segment.to_at is not None:
            steps[segment.to_at] = Decimal(0)
    return sorted(steps.items())


def has_samples(binding_id: UUID) -> bool:
    """Whether anything was ever kept from this binding."""
    return (
        SampleTail.objects.filter(binding_id=binding_id).exists()
        or SampleBlock.objects.filter(binding_id=binding_id).exists()
    )


def list_newest(binding_id: UUID, *, after_id: int) -> list[tuple[int, Second]]:
    """Committed seconds of one binding since row `after_id`, oldest first, at most `NEWEST`.

    One binding has one writer at a time (its row is locked), so its row ids follow its commits.
    """
    rows = SampleTail.objects.filter(binding_id=binding_id, id__gt=after_id).order_by("-id")
    return [(row.id, second_of(row)) for row in reversed(rows[:NEWEST])]


def list_newest_of(after_ids: Mapping[UUID, int]) -> dict[UUID, list[tuple[int, Second]]]:
    """As `list_newest` for many bindings, in one query for all that are up to date.

    A binding that lags far behind is read by itself: its old rows would be read for everybody.
    """
    found: dict[UUID, list[tuple[int, Second]]] = {}
    newest = max(after_ids.values(), default=0)
    near = {b: after for b, after in after_ids.items() if newest - after <= NEAR_ROWS}
    for binding_id in after_ids.keys() - near.keys():
        if rows := list_newest(binding_id, after_id=after_ids[binding_id]):
            found[binding_id] = rows
    if not near:
        return found
    rows_of = SampleTail.objects.filter(binding_id__in=near, id__gt=min(near.values()))
    for row in rows_of.order_by("id"):
        if row.id > near[row.binding_id]:
            found.setdefault(row.binding_id, []).append((row.id, second_of(row)))
    return found


def list_recent(binding_id: UUID, since: datetime) -> list[Second]:
    """The seconds of one binding since a time, from sealed minutes and tail."""
    return list(read_seconds(binding_id, since=since))


def newest_id(binding_id: UUID) -> int:
    """Row id of the newest committed second, 0 if the tail is empty."""
    rows = SampleTail.objects.filter(binding_id=binding_id).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def not_before(session_id: UUID, now: datetime) -> datetime:
    """`now`, or the time of the newest entry of the log where a clock was set back since.

    What a machine writes would otherwise be refused as older than its session, and so be lost.
    """
    times = TreatmentEvent.objects.filter(session_id=session_id).order_by("-seq")
    newest = times.values_list("recorded_at", flat=True).first()
    return now if newest is None else max(now, newest)


def engine_pulse(engine: str) -> EnginePulse | None:
    row = EngineHeartbeat.objects.filter(engine=engine).first()
    return row and EnginePulse(row.boot_id, row.started_at, row.ticked_at, row.period_ms)


def _active(rows: Any) -> list[LiveBinding]:
    active = rows.filter(ended_at=None).select_related("session").order_by("bound_at")
    return [
        LiveBinding(
            id=row.id,
            session_id=row.session_id,
            organization_id=row.session.organization_id,
            location_id=row.session.location_id,
            kind=row.kind,
            label=row.label,
            settings=row.settings,
            bound_at=row.bound_at,
            device_key=row.device_key,
        )
        for row in active
    ]


def find_place(kind: str, name: str, organization_id: UUID) -> UUID | None:
    """The location of a `board` or of a `session`, if it belongs to the organization."""
    if kind == "board":
        places = Location.objects.filter(id=name, organization_id=organization_id)
        return places.values_list("id", flat=True).first()
    sessions = TreatmentSession.objects.filter(id=name, organization_id=organization_id)
    return sessions.values_list("location_id", flat=True).first()
