"""Putting a device on a patient's record, and taking it off: confirmed by a named person."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from math import ceil
from statistics import median
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from leeward.core.quantities import Refusal
from leeward.core.treatment import commands as c
from leeward.records.accounts.actor import NURSE, PRESCRIBER, Actor, NotFound
from leeward.records.treatments.channels import CHANNELS
from leeward.records.treatments.models import DeviceBinding, DeviceSeen, TreatmentSession
from leeward.records.treatments.selectors_devices import (
    HL7,
    SHORTEST_PERIOD_S,
    SIMULATOR,
    role_of,
)
from leeward.records.treatments.selectors_live import OVER
from leeward.usecases import ports
from leeward.usecases.access import access_session
from leeward.usecases.record_samples import seal_binding
from leeward.usecases.treat_session import write

KINDS = ("replay", SIMULATOR, HL7)
BINDERS = (NURSE, PRESCRIBER)


def bind_device(
    *,
    actor: Actor,
    now: datetime,
    command_id: UUID,
    session_id: UUID,
    kind: str,
    label: str,
    settings: dict[str, Any],
    device_key: str = "",
) -> DeviceBinding | Refusal:
    """Confirm that the device called `label` is on this session's patient.

    `device_key` names a device that reports to the place itself, as it was last seen; how often
    it reports is taken from there.

    *Refuses when* the kind or its settings are not understood, the device was never seen here or
    is on another patient of this place, another device of its role is on this patient, or the
    patient has left. *Emits* DeviceBound. *Locks* the session's log.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *BINDERS, for_update=True)
        binding_id = uuid5(command_id, "binding")
        if done := DeviceBinding.objects.filter(id=binding_id).first():
            return done
        if kind == HL7:
            seen = DeviceSeen.objects.filter(location_id=session.location_id, key=device_key)
            if (device := seen.first()) is None:
                because = "This device has not reported here. Check its cable and its network."
                return Refusal("device.not_seen", because, field="label")
            settings = {**settings, **declared_by(device)}
        refused = _refuse(session, kind, label.strip(), settings, device_key)
        if refused is not None:
            return refused
        command = c.BindDevice(str(binding_id), label.strip(), kind, label.strip())
        written = write(session, command, actor=actor, now=now, command_id=command_id)
        if isinstance(written, Refusal):
            return written
        binding = DeviceBinding.objects.create(
            id=binding_id,
            session=session,
            kind=kind,
            label=label.strip(),
            device_key=device_key,
            settings=settings,
            bound_by_name=actor.name,
            bound_at=now,
        )
        transaction.on_commit(lambda: ports.wakeup().notify("devices"))
    return binding


def unbind_device(
    *, actor: Actor, now: datetime, command_id: UUID, session_id: UUID, binding_id: UUID
) -> DeviceBinding | Refusal:
    """Take a device off the patient; what it reported so far is sealed.

    *Refuses when* it is off already. *Emits* DeviceUnbound, then SamplesSealed per minute.
    *Locks* the session's log, then the binding.
    """
    with transaction.atomic():
        session = access_session(actor, session_id, *BINDERS, for_update=True)
        rows = DeviceBinding.objects.select_for_update().filter(session=session)
        if (binding := rows.filter(id=binding_id).first()) is None:
            raise NotFound("device")
        command = c.UnbindDevice(str(binding_id))
        written = write(session, command, actor=actor, now=now, command_id=command_id)
        if isinstance(written, Refusal):
            return written
        if binding.ended_at is None:
            binding.ended_at = now
            binding.save(update_fields=["ended_at"])
            seal_binding(binding.id, now)
        transaction.on_commit(lambda: ports.wakeup().notify("devices"))
    return binding


def declared_by(device: DeviceSeen) -> dict[str, Any]:
    """What a device that was seen reports, and how often: whole seconds, rounded up."""
    usual_s = median(device.intervals_s) if device.intervals_s else SHORTEST_PERIOD_S
    period_s = str(max(1, ceil(usual_s)))
    continuous = [
        name
        for name in device.channels
        if name in CHANNELS and not (CHANNELS[name].intermittent or CHANNELS[name].is_text)
    ]
    return {"role": role_of(device.channels), "period_s": dict.fromkeys(continuous, period_s)}


def _refuse(
    session: TreatmentSession, kind: str, label: str, settings: dict[str, Any], device_key: str
) -> Refusal | None:
    if (unfit := _unfit(session, kind, label, settings)) is not None:
        return unfit
    present = DeviceBinding.objects.filter(ended_at=None).exclude(session__stage__in=OVER)
    named = Q(device_key=device_key) if device_key else Q(label=label)
    here = present.filter(named, session__location_id=session.location_id)
    if here.exclude(session_id=session.id).exists():
        because = f"{label} is on another patient. Take it off there first."
        return Refusal("device.on_another_patient", because, field="label")
    for other in present.filter(session_id=session.id):
        # Two monitors would mix their readings in one channel; a pump beside a monitor does not.
        if {_role(kind, settings), _role(other.kind, other.settings)} != {"monitor", "pump"}:
            because = f"{other.label} is on this patient already. Take it off first."
            return Refusal("device.already_bound", because, field="label")
    return None


def _unfit(
    session: TreatmentSession, kind: str, label: str, settings: dict[str, Any]
) -> Refusal | None:
    """Why nothing of this kind, name and settings can be bound here at all."""
    if kind == SIMULATOR and not session.organization.is_demo:
        because = "A simulated patient is for training, in a demo clinic only."
        return Refusal("device.simulated", because, field="kind")
    if kind not in KINDS:
        return Refusal("device.kind", f"A device is one of: {', '.join(KINDS)}.", field="kind")
    if not label:
        return Refusal("device.no_label", "Say which device it is.", field="label")
    fault = _fault_in(kind, settings)
    return Refusal("device.settings", fault, field="settings") if fault else None


def _role(kind: str, settings: dict[str, Any]) -> str:
    return str(settings.get("role", "both" if kind == SIMULATOR else "monitor"))


def _fault_in(kind: str, settings: dict[str, Any]) -> str | None:
    for channel, period_s in settings.get("period_s", {}).items():
        if channel not in CHANNELS:
            return f"There is no channel called {channel}."
        if _positive(period_s) is None:
            return f"The period of {channel} must be a number of seconds above zero."
    if kind != "replay":
        return None
    file = settings.get("file", "")
    if not file or "/" in file or "\\" in file or file.startswith("."):
        return "Name the recording by its file name alone."
    if _positive(settings.get("speed", "1")) is None:
        return "The speed of a replay must be a number above zero."
    return None


def _positive(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None
