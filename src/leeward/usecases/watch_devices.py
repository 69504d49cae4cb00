"""What machines say of themselves: that an adapter lives, and that a device reports here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.records.accounts.actor import Actor, NotPermitted
from leeward.records.treatments import samples
from leeward.records.treatments.channels import judge
from leeward.records.treatments.models import AdapterHeartbeat, DeviceSeen
from leeward.usecases.record_samples import MACHINES, Observation

# Enough to say how often a device reports; one late message does not change the middle one.
KEPT_INTERVALS = 5
MOST_UNKNOWN_CODES = 20
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Pulse:
    """How one adapter process is: `heard_at` is its last line, a heartbeat or a reading."""

    name: str
    kind: str
    location_id: UUID
    state: str
    heard_at: datetime | None
    restarts: int
    refused: int


def beat_adapters(*, actor: Actor, now: datetime, pulses: Sequence[Pulse]) -> None:
    """Say how every adapter is; one that is not named any more is forgotten.

    *Locks* nothing: each row has one writer, the gateway.
    """
    _only_machines(actor)
    with transaction.atomic():
        AdapterHeartbeat.objects.exclude(name__in=[pulse.name for pulse in pulses]).delete()
        for pulse in pulses:
            said = {
                "kind": pulse.kind,
                "location_id": pulse.location_id,
                "state": pulse.state,
                "heard_at": pulse.heard_at,
                "written_at": now,
                "restarts": pulse.restarts,
                "refused": pulse.refused,
            }
            if not AdapterHeartbeat.objects.filter(name=pulse.name).update(**said):
                AdapterHeartbeat.objects.create(name=pulse.name, **said)


def note_device(
    *,
    actor: Actor,
    now: datetime,
    location_id: UUID,
    adapter: str,
    key: str,
    observations: Sequence[Observation],
    unknown_codes: Sequence[str] = (),
) -> UUID:
    """Note that a device reported to this place; what it said is shown, never charted.

    *Emits* nothing. *Locks* the device's row.
    """
    _only_machines(actor)
    key = key[:LONGEST_KEY]
    said = {o.channel: judge(o.channel, o.value, o.unit, o.quality) for o in observations}
    with transaction.atomic():
        device, _ = DeviceSeen.objects.select_for_update().get_or_create(
            location_id=location_id,
            key=key,
            defaults={
                "id": uuid5(location_id, f"{adapter}:{key}"),
                "adapter": adapter,
                "first_seen_at": now,
                "last_seen_at": now,
            },
        )
        if device.messages:
            passed_s = max(0.0, (now - device.last_seen_at).total_seconds())
            device.intervals_s = [*device.intervals_s, round(passed_s, 2)][-KEPT_INTERVALS:]
        device.adapter, device.last_seen_at = adapter, now
        device.messages += 1
        if said:
            device.channels = samples.to_channels(said, {})
        device.unknown_codes = _joined(device.unknown_codes, unknown_codes)
        device.save()
    return device.id


def _joined(known: Sequence[str], new: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*known, *new]))[:MOST_UNKNOWN_CODES]


def _only_machines(actor: Actor) -> None:
    if actor.kind not in MACHINES:
        raise NotPermitted("machines speak for themselves")
