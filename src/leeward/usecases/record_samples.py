"""Device samples into the record: each second committed before anyone is told, minutes sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import Actor, NotPermitted, system_actor
from leeward.records.treatments import samples, store
from leeward.records.treatments.channels import Reading, judge
from leeward.records.treatments.models import DeviceBinding, SampleTail
from leeward.records.treatments.selectors_live import OVER, not_before
from leeward.usecases import ports
from leeward.usecases.treat_session import write

MACHINES = ("system", "device")


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading as it was handed over; `value` is a decimal string in the channel's unit."""

    channel: str
    value: str | None
    unit: str
    quality: str = "valid"


@dataclass(frozen=True, slots=True)
class SecondOfSamples:
    """What a device reported in one second; (boot id, `seq`) makes it harmless to repeat."""

    seq: int
    at: datetime
    observations: tuple[Observation, ...]
    clocks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """Of a batch: seconds kept, known already, and too late for their minute."""

    kept: int
    known: int = 0
    late: int = 0


def record_samples(
    *,
    actor: Actor,
    now: datetime,
    binding_id: UUID,
    boot_id: UUID,
    batch: Sequence[SecondOfSamples],
) -> Taken | Refusal:
    """Keep a batch of seconds from the device of one binding.

    *Refuses when* no confirmed binding is active: unbound data is never charted; or when a
    channel, unit or quality is not on the list. *Emits* nothing (the sealed minute is the event);
    wakes `vitals:<session>`. *Locks* the binding, so that unbinding and a late second cannot
    cross.
    """
    if actor.kind not in MACHINES:
        raise NotPermitted("samples come from devices")
    try:
        judged = [(second, _judged(second)) for second in batch]
    except ValueError as fault:
        return Refusal("samples.not_understood", f"{fault}. The whole batch was refused.")
    with transaction.atomic():
        binding = _active_binding(actor, binding_id)
        if binding is None:
            return Refusal(
                "samples.unbound",
                "No patient is confirmed for this device, so its data is not charted.",
            )
        return _keep(binding, boot_id, judged, now)


def seal_samples(*, actor: Actor, now: datetime) -> int:
    """Seal every minute that no more seconds will join; returns how many were sealed.

    *Emits* `SamplesSealed` per minute. *Locks* the session, then the binding.
    """
    if actor.kind not in MACHINES:
        raise NotPermitted("minutes are sealed by the gateway")
    return sum(seal_binding(binding, now) for binding in samples.bindings_to_seal(now))


def seal_binding(binding_id: UUID, now: datetime) -> int:
    """Seal the closed minutes of one binding, in one transaction with their events.

    A binding whose patient has left is ended with it.
    """
    with transaction.atomic():
        session = store.lock_session(DeviceBinding.objects.get(id=binding_id).session_id)
        binding = DeviceBinding.objects.select_for_update().get(id=binding_id)
        if binding.ended_at is None and session.stage in OVER:
            binding.ended_at = now
            binding.save(update_fields=["ended_at"])
        sealer = system_actor("Device gateway", session.organization_id)
        minutes = samples.closed_minutes(binding, now)
        for minute, rows in minutes:
            block = samples.seal(binding, minute, rows)
            written = write(
                session,
                c.SealSamples(str(binding.id), minute, block.digest, block.count),
                actor=sealer,
                now=not_before(session.id, now),
                command_id=uuid5(binding.id, f"sealed:{minute.isoformat()}"),
            )
            if isinstance(written, Refusal):
                raise RuntimeError(f"a minute of samples could not be sealed: {written}")
    return len(minutes)


def _judged(second: SecondOfSamples) -> dict[str, Reading]:
    return {o.channel: judge(o.channel, o.value, o.unit, o.quality) for o in second.observations}


def _active_binding(actor: Actor, binding_id: UUID) -> DeviceBinding | None:
    rows = DeviceBinding.objects.select_for_update(of=("self",)).filter(
        id=binding_id, ended_at=None
    )
    rows = rows.exclude(session__stage__in=OVER)
    if actor.organization_id is not None:
        rows = rows.filter(session__organization_id=actor.organization_id)
    return rows.first()


def _keep(
    binding: DeviceBinding,
    boot_id: UUID,
    judged: Sequence[tuple[SecondOfSamples, dict[str, Reading]]],
    now: datetime,
) -> Taken:
    sequences = [second.seq for second, _ in judged]
    known = set(
        SampleTail.objects.filter(binding=binding, boot_id=boot_id, seq__in=sequences).values_list(
            "seq", flat=True
        )
    )
    sealed = samples.is_sealed(binding.id, {samples.minute_of(s.at) for s, _ in judged})
    rows, repeated, late = [], 0, 0
    for second, readings in judged:
        if second.seq in known:
            repeated += 1
        elif samples.minute_of(second.at) in sealed:
            late += 1
        else:
            known.add(second.seq)
            rows.append(
                SampleTail(
                    binding=binding,
                    boot_id=boot_id,
                    seq=second.seq,
                    at=second.at,
                    received_at=now,
                    channels=samples.to_channels(readings, second.clocks),
                )
            )
    SampleTail.objects.bulk_create(rows)
    if rows:
        topic = f"vitals:{binding.session_id}"
        transaction.on_commit(lambda: ports.wakeup().notify(topic))
    return Taken(kept=len(rows), known=repeated, late=late)
