"""What a session's log amounts to: the state that pages show and decisions rest on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from leeward.core.quantities.doses import mg_in

from . import pump
from .entries import (
    Addendum,
    AlarmRecord,
    Binding,
    CheckAnswer,
    Confirmation,
    EffectCourse,
    Escort,
    Gap,
    Identification,
    Instructions,
    Observation,
    Override,
    RecoveryScore,
    Said,
    Signature,
    TimeOutFirst,
    TimeOutSecond,
    VitalSigns,
    Withdrawal,
)
from .events import Recorded
from .plan import InfusionPlan, MonitoringPlan


class Stage(StrEnum):
    """How far a session has come."""

    OPENED = "opened"
    CHECKING = "checking"
    READY = "ready"
    INFUSING = "infusing"
    PAUSED = "paused"
    RECOVERY = "recovery"
    DISCHARGED = "discharged"
    DEPARTED = "departed"
    SIGNED = "signed"


PREPARING = frozenset({Stage.OPENED, Stage.CHECKING, Stage.READY})
RUNNING = frozenset({Stage.INFUSING, Stage.PAUSED})
PRESENT = PREPARING | RUNNING | {Stage.RECOVERY, Stage.DISCHARGED}


@dataclass(frozen=True, slots=True)
class SessionState:
    """Everything a session's log says, entries that were withdrawn left out.

    Attributes
    ----------
    opened : Said
        Who opened it and when.
    patient_id, chair_id, order_id, content_digest, limits_digest : str
        As at the opening.
    plan : InfusionPlan
        The ordered dose.
    monitoring : MonitoringPlan
        The rules it is run by.
    stage : Stage
        How far it has come, as of the last event.
    seq : int
        Place of the last event in the log.
    log : tuple of Recorded
        Every event, withdrawn ones included, for the numbered timeline.
    withdrawn : dict of int to Withdrawal
        Withdrawn entries by their place in the log.
    command_ids : frozenset of str
        Commands that have been carried out.
    identification, checks, start_overrides, vitals, observations
        What was found before and during the session.
    time_out_first, time_out_second
        The two computations; the second person's page must not show the first.
    bindings : dict of str to Binding
        Devices, present and past, by binding id.
    pump_log : tuple of RateSegment
        Rates over time, for the chart and the PK engine.
    started, stopped : Said or None
        Start and stop of the infusion.
    lot, expiry, stop_reason
        As recorded.
    paused_since : datetime or None
        Set while paused.
    given_ml, given_mg : Decimal or None
        Volume [mL] and drug [mg] given, once stopped; `given_ml_at` before that.
    effects : tuple of EffectCourse
        In order of their start.
    monitoring_engine : str or None
        Engine that watches.
    gaps : tuple of Gap
        When monitoring did not run.
    alarms : dict of str to AlarmRecord
        In order of raising.
    sealed : dict of (str, datetime) to str
        Digest of each sealed sample block by binding and minute.
    scores, confirmations, escort, instructions, discharge_overrides
        Recovery.
    discharged, departed : Said or None
        The end; the session stays open until departure.
    discharged_to : str
        Where to.
    signatures : tuple of Signature
        Signatures of the note.
    addenda : tuple of Addendum
        Written after signing.
    """

    opened: Said
    patient_id: str
    chair_id: str
    order_id: str
    plan: InfusionPlan
    monitoring: MonitoringPlan
    content_digest: str
    limits_digest: str
    stage: Stage
    seq: int
    log: tuple[Recorded, ...]
    withdrawn: dict[int, Withdrawal] = field(default_factory=dict)
    command_ids: frozenset[str] = frozenset()
    identification: Identification | None = None
    checks: dict[str, CheckAnswer] = field(default_factory=dict)
    start_overrides: dict[str, Override] = field(default_factory=dict)
    vitals: tuple[VitalSigns, ...] = ()
    observations: tuple[Observation, ...] = ()
    time_out_first: TimeOutFirst | None = None
    time_out_second: TimeOutSecond | None = None
    bindings: dict[str, Binding] = field(default_factory=dict)
    pump_log: pump.PumpLog = ()
    started: Said | None = None
    stopped: Said | None = None
    lot: str = ""
    expiry: date | None = None
    stop_reason: str = ""
    paused_since: datetime | None = None
    given_ml: Decimal | None = None
    given_mg: Decimal | None = None
    effects: tuple[EffectCourse, ...] = ()
    monitoring_engine: str | None = None
    gaps: tuple[Gap, ...] = ()
    alarms: dict[str, AlarmRecord] = field(default_factory=dict)
    sealed: dict[tuple[str, datetime], str] = field(default_factory=dict)
    scores: tuple[RecoveryScore, ...] = ()
    confirmations: dict[str, Confirmation] = field(default_factory=dict)
    escort: Escort | None = None
    instructions: Instructions | None = None
    discharge_overrides: dict[str, Override] = field(default_factory=dict)
    discharged: Said | None = None
    discharged_to: str = ""
    departed: Said | None = None
    signatures: tuple[Signature, ...] = ()
    addenda: tuple[Addendum, ...] = ()

    @property
    def rate_ml_per_h(self) -> Decimal | None:
        """Rate the pump is stated to run at [mL/h]; None when it does not run."""
        running = self.stage is Stage.INFUSING and self.pump_log
        return self.pump_log[-1].rate_ml_per_h if running else None

    @property
    def expected_end_at(self) -> datetime | None:
        """When the planned volume will have run at the present rate; None when it does not run."""
        if self.stage is not Stage.INFUSING:
            return None
        return pump.reached_at(self.pump_log, self.plan.volume_ml)

    @property
    def infusion_ended_at(self) -> datetime | None:
        """When the last drug ran; the minimum observation counts from here."""
        ends = [s.to_at for s in self.pump_log if s.to_at is not None]
        return max(ends, default=None) if self.stopped else None

    @property
    def open_effects(self) -> tuple[EffectCourse, ...]:
        """Effects that last."""
        return tuple(e for e in self.effects if e.ended is None)

    @property
    def open_bindings(self) -> tuple[Binding, ...]:
        """Devices bound now."""
        return tuple(b for b in self.bindings.values() if b.ended_at is None)

    @property
    def unanswered_alarms(self) -> tuple[AlarmRecord, ...]:
        """Alarms somebody must still look at."""
        return tuple(a for a in self.alarms.values() if a.unanswered)

    def given_ml_at(self, at: datetime) -> Decimal:
        """Volume given until a moment [mL]: as recorded once stopped, by the rates before."""
        if self.given_ml is not None and self.stopped and at >= self.stopped.at:
            return self.given_ml
        return pump.given_ml(self.pump_log, at)

    def given_mg_at(self, at: datetime) -> Decimal:
        """Drug given until a moment [mg]; follows exactly from the volume."""
        concentration = self.plan.concentration_mg_per_ml
        return mg_in(volume_ml=self.given_ml_at(at), concentration_mg_per_ml=concentration)

    def latest_vital(self, name: str) -> tuple[Decimal, VitalSigns] | None:
        """The latest value of a vital sign by the time it was taken, and its entry."""
        found = [v for v in self.vitals if name in v.values]
        if not found:
            return None
        entry = max(found, key=lambda v: (v.said.at, v.said.seq))
        return entry.values[name], entry

    def latest_observation(self, scale: str) -> Observation | None:
        """The latest observation on a scale by the time it was made."""
        found = [o for o in self.observations if o.scale == scale]
        return max(found, key=lambda o: (o.said.at, o.said.seq), default=None)

    def latest_score(self, instrument: str) -> RecoveryScore | None:
        """The latest recovery score on an instrument."""
        found = [s for s in self.scores if s.instrument == instrument]
        return max(found, key=lambda s: (s.said.at, s.said.seq), default=None)
