"""What a session's log amounts to: the state that pages show and decisions rest on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from leeward.core.quantities.doses import SYRINGE_STEP_ML, mg_in, to_step

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
from .entries_care import Call, Comfort, Emergency, HandOverEntry, Oxygen, Rescue
from .entries_drug import (
    Account,
    Bolus,
    ChartedWeight,
    Devices,
    DeviceUse,
    Extension,
    Flush,
    Injection,
    Syringe,
    Waste,
)
from .events import Actor, Recorded
from .plan import DevicePlan, DosePlan, InfusionPlan, MonitoringPlan


class Stage(StrEnum):
    """How far a session has come."""

    OPENED = "opened"
    CHECKING = "checking"
    READY = "ready"
    INFUSING = "infusing"
    PAUSED = "paused"
    DOSING = "dosing"
    RECOVERY = "recovery"
    DISCHARGED = "discharged"
    DEPARTED = "departed"
    SIGNED = "signed"


PREPARING = frozenset({Stage.OPENED, Stage.CHECKING, Stage.READY})
RUNNING = frozenset({Stage.INFUSING, Stage.PAUSED, Stage.DOSING})
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
    plan : DosePlan
        The ordered dose, by whatever route.
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
    syringes, boluses, injections, devices, device_uses, wastes, flushes
        The drug: what was drawn, and where it went.
    syringe_in_use : str
        The syringe on the pump.
    extensions : tuple of Extension
        What a prescriber allowed beyond the order.
    charted_weight : ChartedWeight or None
        A newer weight than the dose rests on.
    rescues, oxygen, comforts, calls, emergencies, hand_overs
        What was done for the patient beside the drug.
    deviation : str
        Why more ran than was ordered; empty when it did not.
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
    plan: DosePlan
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
    deviation: str = ""
    syringes: dict[str, Syringe] = field(default_factory=dict)
    syringe_in_use: str = ""
    boluses: tuple[Bolus, ...] = ()
    injections: tuple[Injection, ...] = ()
    devices: dict[str, Devices] = field(default_factory=dict)
    device_uses: tuple[DeviceUse, ...] = ()
    wastes: tuple[Waste, ...] = ()
    flushes: tuple[Flush, ...] = ()
    extensions: tuple[Extension, ...] = ()
    charted_weight: ChartedWeight | None = None
    rescues: tuple[Rescue, ...] = ()
    oxygen: tuple[Oxygen, ...] = ()
    comforts: tuple[Comfort, ...] = ()
    calls: dict[str, Call] = field(default_factory=dict)
    emergencies: dict[str, Emergency] = field(default_factory=dict)
    hand_overs: tuple[HandOverEntry, ...] = ()
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
    def infusion(self) -> InfusionPlan | None:
        """The plan, if it is an infusion's."""
        return self.plan if isinstance(self.plan, InfusionPlan) else None

    @property
    def expected_end_at(self) -> datetime | None:
        """When the allowed volume will have run at the present rate; None when it does not run."""
        if self.stage is not Stage.INFUSING or self.infusion is None:
            return None
        by_pump_ml = self.allowed_volume_ml - sum(b.volume_ml for b in self.boluses)
        return pump.reached_at(self.pump_log, by_pump_ml) if by_pump_ml > 0 else None

    @property
    def infusion_ended_at(self) -> datetime | None:
        """When the last drug was given; the minimum observation counts from here."""
        if not self.stopped:
            return None
        ends = [s.to_at for s in self.pump_log if s.to_at is not None]
        return max([*ends, *self._given_at()], default=self.stopped.at)

    @property
    def allowed_rate_ml_per_h(self) -> Decimal | None:
        """The highest rate that the order and its extensions allow [mL/h]."""
        if self.infusion is None:
            return None
        further = (e.rate_ml_per_h for e in self.extensions if e.rate_ml_per_h is not None)
        return max([self.infusion.rate_ml_per_h, *further])

    @property
    def allowed_volume_ml(self) -> Decimal:
        """The volume that the order and its extensions allow in all [mL]; 0 for devices."""
        if isinstance(self.plan, DevicePlan):
            return Decimal(0)
        further = (e.volume_ml for e in self.extensions if e.volume_ml is not None)
        return max([self.plan.volume_ml, *further])

    @property
    def bolus_allowance_ml(self) -> Decimal:
        """What is left of the boluses that a prescriber allowed [mL]."""
        allowed = sum((e.bolus_ml or Decimal(0) for e in self.extensions), Decimal(0))
        return allowed - sum((b.volume_ml for b in self.boluses), Decimal(0))

    @property
    def given_ml(self) -> Decimal | None:
        """Volume given in all [mL], once the dose has ended; None for devices and before."""
        if self.stopped is None or isinstance(self.plan, DevicePlan):
            return None
        return sum((self.syringe_given_ml(s) for s in self.syringes), Decimal(0))

    @property
    def given_mg(self) -> Decimal | None:
        """Drug given in all [mg], once the dose has ended."""
        if self.stopped is None:
            return None
        return self.given_mg_at(self.stopped.recorded_at)

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

    def syringe_given_ml(self, syringe_id: str, at: datetime | None = None) -> Decimal:
        """Given from one syringe until a moment, by default until now [mL].

        As recorded once the pump was done with it; before that by the rates, and never more than
        there was in it.
        """
        syringe = self.syringes[syringe_id]
        boluses, injections = self.boluses, self.injections
        pushed = [(b.said.at, b.volume_ml) for b in boluses if b.syringe_id == syringe_id]
        pushed += [(i.said.at, i.volume_ml) for i in injections if i.syringe_id == syringe_id]
        by_hand = (volume_ml for when, volume_ml in pushed if at is None or when <= at)
        return self._infused_ml(syringe, at) + sum(by_hand, Decimal(0))

    def _given_at(self) -> list[datetime]:
        """When boluses, injections and devices were given."""
        given = [b.said.at for b in self.boluses] + [i.said.at for i in self.injections]
        return given + [u.said.at for u in self.device_uses]

    def _infused_ml(self, syringe: Syringe, at: datetime | None) -> Decimal:
        done, off_at = syringe.infused_ml, syringe.taken_off_at
        if at is None or (done is not None and off_at is not None and at >= off_at):
            return done or Decimal(0)
        log = pump.of_syringe(self.pump_log, syringe.syringe_id)
        by_rates = to_step(pump.given_ml_exact(log, at), SYRINGE_STEP_ML)
        return min(by_rates, syringe.most_infused_ml if done is None else done)

    def given_ml_at(self, at: datetime) -> Decimal:
        """Volume given until a moment [mL]: as recorded once stopped, by the rates before."""
        if self.given_ml is not None and self.stopped and at >= self.stopped.at:
            return self.given_ml
        return sum((self.syringe_given_ml(s, at) for s in self.syringes), Decimal(0))

    def given_mg_at(self, at: datetime) -> Decimal:
        """Drug given until a moment [mg]; follows exactly from the volume or the devices."""
        if isinstance(self.plan, DevicePlan):
            used = (u.dose_mg for u in self.device_uses if u.said.at <= at)
            return sum(used, Decimal(0))
        concentration = self.plan.concentration_mg_per_ml
        return mg_in(volume_ml=self.given_ml_at(at), concentration_mg_per_ml=concentration)

    def account_at(self, syringe_id: str, at: datetime) -> Account:
        """Where the drug of one syringe is at a moment [mL]."""
        syringe = self.syringes[syringe_id]
        return Account(
            drawn_ml=syringe.drawn_ml,
            given_ml=self.syringe_given_ml(syringe_id, at),
            wasted_ml=syringe.wasted_ml,
            concentration_mg_per_ml=syringe.concentration_mg_per_ml,
        )

    def whole_account_at(self, at: datetime) -> Account | None:
        """Where all drug of this session is at a moment [mL]; None for devices, or undrawn."""
        if not self.syringes or isinstance(self.plan, DevicePlan):
            return None
        each = [self.account_at(syringe_id, at) for syringe_id in self.syringes]
        return Account(
            drawn_ml=sum((a.drawn_ml for a in each), Decimal(0)),
            given_ml=sum((a.given_ml for a in each), Decimal(0)),
            wasted_ml=sum((a.wasted_ml for a in each), Decimal(0)),
            concentration_mg_per_ml=each[0].concentration_mg_per_ml,
        )

    @property
    def oxygen_now(self) -> Oxygen | None:
        """The oxygen that is on, or None."""
        latest = max(self.oxygen, key=lambda o: (o.said.at, o.said.seq), default=None)
        return latest if latest is not None and latest.flow_l_per_min is not None else None

    @property
    def open_calls(self) -> tuple[Call, ...]:
        """Calls that nobody has come to."""
        return tuple(call for call in self.calls.values() if call.answered is None)

    @property
    def open_emergency(self) -> Emergency | None:
        """The emergency that lasts, or None."""
        return next((e for e in self.emergencies.values() if e.ended is None), None)

    @property
    def in_charge(self) -> Actor:
        """Who has the care: whoever took it over last, else who opened the session."""
        if not self.hand_overs:
            return self.opened.by
        last = self.hand_overs[-1]
        return Actor(last.to_id, last.to_name)

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
