"""Everything that can happen in a treatment session, in the past tense.

An event says what happened; who said so, when it happened and when it was written stand beside it
in its `Envelope`. Events are flat and frozen, and their amounts are exact decimals.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .envelope import Actor, Envelope
from .events_care import (
    CARE_EVENTS,
    CallAnswered,
    ComfortGiven,
    EmergencyDeclared,
    EmergencyEnded,
    HandedOver,
    OxygenSet,
    OxygenStopped,
    PatientCalled,
    RescueGiven,
)
from .events_drug import (
    DRUG_EVENTS,
    BolusGiven,
    DeviceGiven,
    DevicesTaken,
    DevicesWasted,
    DosingEnded,
    DrugDrawn,
    DrugWasted,
    InjectionGiven,
    LineFlushed,
    OrderExtended,
    SyringeChanged,
    WeightCharted,
)
from .events_monitoring import (
    MONITORING_EVENTS,
    AlarmAcknowledged,
    AlarmAudioPaused,
    AlarmEnded,
    AlarmEscalated,
    AlarmRaised,
    MonitoringGap,
    MonitoringStarted,
    SamplesSealed,
)
from .plan import DosePlan, MonitoringPlan

# Imported here and used from here; the events below need no listing.
__all__ = [
    "Actor",
    "AlarmAcknowledged",
    "AlarmAudioPaused",
    "AlarmEnded",
    "AlarmEscalated",
    "AlarmRaised",
    "BolusGiven",
    "CallAnswered",
    "ComfortGiven",
    "DeviceGiven",
    "DevicesTaken",
    "DevicesWasted",
    "DosingEnded",
    "DrugDrawn",
    "DrugWasted",
    "EmergencyDeclared",
    "EmergencyEnded",
    "Envelope",
    "HandedOver",
    "InjectionGiven",
    "LineFlushed",
    "MonitoringGap",
    "MonitoringStarted",
    "OrderExtended",
    "OxygenSet",
    "OxygenStopped",
    "PatientCalled",
    "RescueGiven",
    "SamplesSealed",
    "SyringeChanged",
    "WeightCharted",
]


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A session began for a patient in a chair, under an order and under fixed rules."""

    patient_id: str
    chair_id: str
    order_id: str
    plan: DosePlan
    monitoring: MonitoringPlan
    content_digest: str
    limits_digest: str


@dataclass(frozen=True, slots=True)
class PatientIdentified:
    """The patient gave these identifiers, by kind, never by value."""

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """An item of the checklist was answered."""

    item: str
    answer: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckOverridden:
    """Somebody went on to the start without an item, for a reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class VitalsRecorded:
    """Vital signs that a person typed or confirmed; an empty one is no value, never zero."""

    context: str
    spo2_pct: Decimal | None = None
    hr_per_min: Decimal | None = None
    sbp_mmhg: Decimal | None = None
    dbp_mmhg: Decimal | None = None
    rr_per_min: Decimal | None = None
    temp_cel: Decimal | None = None
    source: str = "manual"


@dataclass(frozen=True, slots=True)
class Observed:
    """An observer's rating, in points of its scale."""

    scale: str
    value: int


@dataclass(frozen=True, slots=True)
class TimeOutFirstRecorded:
    """The first person read the figures aloud from the order: those that its route has."""

    drug: str
    concentration_mg_per_ml: Decimal | None = None
    dose_mg: Decimal | None = None
    volume_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    duration_min: Decimal | None = None
    devices: int | None = None


@dataclass(frozen=True, slots=True)
class TimeOutSecondRecorded:
    """The second person worked the figures out; `agrees`: all are alike."""

    drug: str
    concentration_mg_per_ml: Decimal | None = None
    dose_mg: Decimal | None = None
    volume_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    duration_min: Decimal | None = None
    devices: int | None = None
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class DeviceBound:
    """A named person confirmed that a device is on this patient."""

    binding_id: str
    device: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class DeviceUnbound:
    """A device is on this patient no more."""

    binding_id: str


@dataclass(frozen=True, slots=True)
class InfusionStarted:
    """The pump was started [mL/h], concentration [mg/mL], from a named lot."""

    rate_ml_per_h: Decimal
    concentration_mg_per_ml: Decimal
    lot: str
    expiry: date
    syringe_id: str = "1"


@dataclass(frozen=True, slots=True)
class RateChanged:
    """The pump was set to another rate [mL/h]."""

    rate_ml_per_h: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class InfusionPaused:
    """The pump was paused."""

    reason: str


@dataclass(frozen=True, slots=True)
class InfusionResumed:
    """The pump was started again [mL/h] after a pause."""

    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True)
class InfusionStopped:
    """The pump was stopped for good; volume [mL] and drug [mg] given, boluses included.

    `pump_volume_ml` is what the pump showed [mL]; `deviation` says why more than the order ran.
    """

    reason: str
    given_ml: Decimal
    given_mg: Decimal
    pump_volume_ml: Decimal | None = None
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class EffectStarted:
    """An effect began."""

    effect: str
    grade: str


@dataclass(frozen=True, slots=True)
class EffectChanged:
    """An effect became stronger or weaker."""

    effect: str
    grade: str


@dataclass(frozen=True, slots=True)
class EffectEnded:
    """An effect was over."""

    effect: str


@dataclass(frozen=True, slots=True)
class EntryWithdrawn:
    """An earlier entry was taken back; it stays in the log and counts no more."""

    of_seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One answered item of a recovery score; an item not applicable shows so beside its points."""

    item: str
    score: int
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class RecoveryScored:
    """A recovery score was taken; the total [points] is the sum of its items."""

    instrument: str
    version: str
    items: tuple[ScoredItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CriterionConfirmed:
    """Somebody looked and found a discharge criterion fulfilled."""

    item: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class EscortArrived:
    """The person who takes the patient home was there."""

    name: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class InstructionsGiven:
    """The instructions were given; `teach_back`: they were said back."""

    language: str
    version: str
    teach_back: bool


@dataclass(frozen=True, slots=True)
class DischargeOverridden:
    """Somebody let the patient go without an item, for a reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Discharged:
    """The patient was found ready and discharged."""

    to: str


@dataclass(frozen=True, slots=True)
class Departed:
    """The patient left the building; the session was open until then."""


@dataclass(frozen=True, slots=True)
class NoteSigned:
    """Somebody signed the note: digest of the record, meaning, signature."""

    digest: str
    meaning: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class AddendumWritten:
    """Something was added after signing."""

    text: str


Event = (
    SessionOpened
    | PatientIdentified
    | CheckAnswered
    | CheckOverridden
    | VitalsRecorded
    | Observed
    | TimeOutFirstRecorded
    | TimeOutSecondRecorded
    | DeviceBound
    | DeviceUnbound
    | InfusionStarted
    | RateChanged
    | InfusionPaused
    | InfusionResumed
    | InfusionStopped
    | EffectStarted
    | EffectChanged
    | EffectEnded
    | EntryWithdrawn
    | RecoveryScored
    | CriterionConfirmed
    | EscortArrived
    | InstructionsGiven
    | DischargeOverridden
    | Discharged
    | Departed
    | NoteSigned
    | AddendumWritten
    | MONITORING_EVENTS
    | DRUG_EVENTS
    | CARE_EVENTS
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the log: its content and its envelope."""

    envelope: Envelope
    event: Event
