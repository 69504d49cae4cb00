"""What people and machines ask of a session, in the imperative.

A command states only what its author knows. Whatever follows (the context of a vital sign, the
volume given, whether two computations agree) is worked out by `decide`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .commands_care import (
    CARE_COMMANDS,
    AnswerCall,
    CallForHelp,
    DeclareEmergency,
    EndEmergency,
    GiveComfort,
    GiveRescue,
    HandOver,
    SetOxygen,
    StopOxygen,
)
from .commands_drug import (
    DRUG_COMMANDS,
    ChangeSyringe,
    DrawDrug,
    EndDosing,
    ExtendOrder,
    FlushLine,
    GiveBolus,
    GiveDevice,
    GiveInjection,
    NoteWeight,
    TakeDevices,
    WasteDevices,
    WasteDrug,
)
from .commands_monitoring import (
    MONITORING_COMMANDS,
    AcknowledgeAlarm,
    EndAlarm,
    EscalateAlarm,
    PauseAlarmAudio,
    RaiseAlarm,
    RecordMonitoringGap,
    SealSamples,
    StartMonitoring,
)
from .events import ScoredItem
from .plan import DosePlan, MonitoringPlan

# Imported here and used from here; the commands below need no listing.
__all__ = [
    "AcknowledgeAlarm",
    "AnswerCall",
    "CallForHelp",
    "ChangeSyringe",
    "DeclareEmergency",
    "DrawDrug",
    "EndAlarm",
    "EndDosing",
    "EndEmergency",
    "EscalateAlarm",
    "ExtendOrder",
    "FlushLine",
    "GiveBolus",
    "GiveComfort",
    "GiveDevice",
    "GiveInjection",
    "GiveRescue",
    "HandOver",
    "NoteWeight",
    "PauseAlarmAudio",
    "RaiseAlarm",
    "RecordMonitoringGap",
    "SealSamples",
    "SetOxygen",
    "StartMonitoring",
    "StopOxygen",
    "TakeDevices",
    "WasteDevices",
    "WasteDrug",
]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session under an order and fixed rules."""

    patient_id: str
    chair_id: str
    order_id: str
    plan: DosePlan
    monitoring: MonitoringPlan
    content_digest: str
    limits_digest: str


@dataclass(frozen=True, slots=True)
class IdentifyPatient:
    """The patient gave these identifiers, by kind: ``"name"``, ``"birth_date"``, ``"photo"``."""

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """Answer an item of the checklist."""

    item: str
    answer: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OverrideCheck:
    """Go on to the start without one missing item, by name and for a reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordVitals:
    """Vital signs typed or confirmed by a person; what was not taken stays None."""

    spo2_pct: Decimal | None = None
    hr_per_min: Decimal | None = None
    sbp_mmhg: Decimal | None = None
    dbp_mmhg: Decimal | None = None
    rr_per_min: Decimal | None = None
    temp_cel: Decimal | None = None
    source: str = "manual"


@dataclass(frozen=True, slots=True)
class Observe:
    """Rate the patient on a scale [points]."""

    scale: str
    value: int


@dataclass(frozen=True, slots=True)
class RecordTimeOutFirst:
    """Read the figures aloud from the order: those that its route has."""

    drug: str
    concentration_mg_per_ml: Decimal | None = None
    dose_mg: Decimal | None = None
    volume_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    duration_min: Decimal | None = None
    devices: int | None = None


@dataclass(frozen=True, slots=True)
class RecordTimeOutSecond:
    """Worked out from the order, the vial and the weight, without sight of the first answer."""

    drug: str
    concentration_mg_per_ml: Decimal | None = None
    dose_mg: Decimal | None = None
    volume_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    duration_min: Decimal | None = None
    devices: int | None = None


@dataclass(frozen=True, slots=True)
class BindDevice:
    """Confirm that a device is on this patient."""

    binding_id: str
    device: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class UnbindDevice:
    """Take a device off this patient."""

    binding_id: str


@dataclass(frozen=True, slots=True)
class StartInfusion:
    """Start the pump [mL/h], concentration [mg/mL], as ordered.

    Where no syringe was drawn before, lot and expiry say what hangs on the pump, and
    `syringe_volume_ml` how much is in it [mL]; None: the ordered volume.
    """

    rate_ml_per_h: Decimal
    concentration_mg_per_ml: Decimal
    lot: str = ""
    expiry: date | None = None
    syringe_id: str = ""
    syringe_volume_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ChangeRate:
    """Set the pump to another rate [mL/h]."""

    rate_ml_per_h: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class PauseInfusion:
    """Pause the pump."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResumeInfusion:
    """Start the pump again [mL/h]."""

    rate_ml_per_h: Decimal


@dataclass(frozen=True, slots=True)
class StopInfusion:
    """Stop for good.

    With the reason ``"completed"`` the planned volume has run. `pump_volume_ml` is the volume the
    pump shows [mL], if it was read; it then counts instead of the rates. `deviation` says why more
    ran than was ordered; without it such a volume is refused.
    """

    reason: str
    pump_volume_ml: Decimal | None = None
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class StartEffect:
    """Chart that an effect began."""

    effect: str
    grade: str


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """Chart that an effect became stronger or weaker."""

    effect: str
    grade: str


@dataclass(frozen=True, slots=True)
class EndEffect:
    """Chart that an effect is over."""

    effect: str


@dataclass(frozen=True, slots=True)
class WithdrawEntry:
    """Take an entry back."""

    of_seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreRecovery:
    """Score recovery, every item once; the total is worked out."""

    instrument: str
    version: str
    items: tuple[ScoredItem, ...]


@dataclass(frozen=True, slots=True)
class ConfirmCriterion:
    """Confirm a discharge criterion after a look at the patient."""

    item: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordEscort:
    """Name the person who takes the patient home."""

    name: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class GiveInstructions:
    """Give the instructions, and say whether they were said back."""

    language: str
    version: str
    teach_back: bool


@dataclass(frozen=True, slots=True)
class OverrideDischarge:
    """Discharge without one missing item, by name and for a reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Discharge:
    """Discharge the patient."""

    to: str


@dataclass(frozen=True, slots=True)
class Depart:
    """The patient has left the building."""


@dataclass(frozen=True, slots=True)
class SignNote:
    """Sign the note."""

    digest: str
    meaning: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class WriteAddendum:
    """Add to a signed note."""

    text: str


Command = (
    OpenSession
    | IdentifyPatient
    | AnswerCheck
    | OverrideCheck
    | RecordVitals
    | Observe
    | RecordTimeOutFirst
    | RecordTimeOutSecond
    | BindDevice
    | UnbindDevice
    | StartInfusion
    | ChangeRate
    | PauseInfusion
    | ResumeInfusion
    | StopInfusion
    | StartEffect
    | ChangeEffect
    | EndEffect
    | WithdrawEntry
    | ScoreRecovery
    | ConfirmCriterion
    | RecordEscort
    | GiveInstructions
    | OverrideDischarge
    | Discharge
    | Depart
    | SignNote
    | WriteAddendum
    | MONITORING_COMMANDS
    | DRUG_COMMANDS
    | CARE_COMMANDS
)
