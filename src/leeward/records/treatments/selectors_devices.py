"""Which adapters live and which devices report, for the alarm engine and for the page of devices.

Three silences can be told apart. The adapter's row is old or not `running`: the adapter is dead.
All rows of a place are old (`written_at`): the gateway is dead. The rows are fresh and no sample
comes: the device is silent, or the network between is cut.
"""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from leeward.records.accounts.actor import Actor, NotFound
from leeward.records.organizations.models import Location

from .channels import CHANNELS
from .models import AdapterHeartbeat, DeviceBinding, DeviceSeen
from .selectors_live import OVER, LiveBinding

HL7 = "hl7"
# A device that reports more often than this is declared with this period all the same [s].
SHORTEST_PERIOD_S = 1.0


@dataclass(frozen=True, slots=True)
class AdapterPulse:
    """How an adapter was when the gateway last wrote it down."""

    name: str
    kind: str
    state: str
    heard_at: datetime | None
    written_at: datetime
    restarts: int
    refused: int

    @property
    def running(self) -> bool:
        return self.state == AdapterHeartbeat.RUNNING


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device of the page of devices; `patient_id` is None while it is bound to nobody."""

    id: UUID
    key: str
    adapter: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen_s_ago: int
    every_s: float | None
    channels: tuple[tuple[str, str | None, str], ...]
    unknown_codes: tuple[str, ...]
    role: str
    session_id: UUID | None
    patient: str
    chair: str
    bound_by: str
    bound_at: datetime | None


def name_of_adapter(binding: LiveBinding) -> str:
    """The row of `AdapterHeartbeat` that serves a binding."""
    if binding.kind == HL7:
        return f"{HL7}:{binding.location_id}"
    return f"binding:{binding.id}"


def list_adapter_pulses() -> dict[str, AdapterPulse]:
    """Every adapter by name; see `name_of_adapter`."""
    return {
        row.name: AdapterPulse(
            row.name, row.kind, row.state, row.heard_at, row.written_at, row.restarts, row.refused
        )
        for row in AdapterHeartbeat.objects.all()
    }


def list_place_pulses(location_id: UUID) -> list[AdapterPulse]:
    """The adapters that serve one place, by name."""
    rows = AdapterHeartbeat.objects.filter(location_id=location_id).order_by("name")
    return [
        AdapterPulse(r.name, r.kind, r.state, r.heard_at, r.written_at, r.restarts, r.refused)
        for r in rows
    ]


def find_binding_of(location_id: UUID, key: str) -> UUID | None:
    """The active binding of a device that reports to this place, if it is on a patient."""
    active = DeviceBinding.objects.filter(
        kind=HL7, ended_at=None, session__location_id=location_id, device_key=key
    ).exclude(session__stage__in=OVER)
    return active.values_list("id", flat=True).first()


def list_devices(viewer: Actor, location_id: UUID, *, now: datetime) -> tuple[DeviceRow, ...]:
    """The devices that report to a place, unbound ones first, then by name."""
    places = Location.objects.filter(id=location_id, organization_id=viewer.wall)
    if not viewer.works_at(location_id) or not places.exists():
        raise NotFound("location")
    bindings = {
        binding.device_key: binding
        for binding in DeviceBinding.objects.filter(
            kind=HL7, ended_at=None, session__location_id=location_id
        )
        .exclude(session__stage__in=OVER)
        .select_related("session__patient", "session__chair")
    }
    rows = DeviceSeen.objects.filter(location_id=location_id)
    devices = [_row(row, bindings.get(row.key), now) for row in rows]
    return tuple(sorted(devices, key=lambda d: (d.session_id is not None, d.key)))


def get_device(location_id: UUID, device_id: UUID, *, now: datetime) -> DeviceRow:
    """One device that reports to a place. Raises `NotFound`."""
    row = DeviceSeen.objects.filter(location_id=location_id, id=device_id).first()
    if row is None:
        raise NotFound("device")
    return _row(row, None, now)


def _row(row: DeviceSeen, binding: Any, now: datetime) -> DeviceRow:
    session = binding.session if binding else None
    return DeviceRow(
        id=row.id,
        key=row.key,
        adapter=row.adapter,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        seen_s_ago=max(0, round((now - row.last_seen_at).total_seconds())),
        every_s=max(SHORTEST_PERIOD_S, median(row.intervals_s)) if row.intervals_s else None,
        channels=tuple(
            (n, row.channels[n]["v"], CHANNELS[n].unit) for n in CHANNELS if n in row.channels
        ),
        unknown_codes=tuple(row.unknown_codes),
        role=role_of(row.channels),
        session_id=session.id if session else None,
        patient=session.patient.display_name if session else "",
        chair=session.chair.label if session else "",
        bound_by=binding.bound_by_name if binding else "",
        bound_at=binding.bound_at if binding else None,
    )


def role_of(channels: Any) -> str:
    """What a device is by what it reports: a pump, or else a monitor."""
    named = [name for name in channels if name in CHANNELS]
    return "pump" if named and all(n.startswith("pump_") for n in named) else "monitor"
