"""One visit of the demo, walked through the session's own commands as far as it has come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from leeward.core.treatment import Command, SessionState
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import ScoredItem
from leeward.usecases.open_session import answer_check, end_visit, open_session
from leeward.usecases.session_record import read_record
from leeward.usecases.sign_note import SIGNING, sign_note
from leeward.usecases.treat_session import TIME_OUT, carry_out, confirm_time_out, load_state

from .acts import Clinic, act, confirmed, must

LOT = "DEMO-2417"
INFUSION_MIN = 40
# Minutes from the start of the infusion: SpO2, pulse, systolic, diastolic, breaths, alertness.
COURSE = (
    (5, "98", "74", "130", "80", "14", 5),
    (10, "97", "76", "134", "82", "14", 5),
    (20, "97", "80", "142", "86", "13", 4),
    (30, "98", "78", "139", "85", "14", 5),
    (40, "98", "74", "133", "82", "14", 5),
    (55, "98", "72", "128", "79", "15", 5),
    (69, "99", "70", "124", "77", "15", 5),
)
EFFECTS = (
    (8, c.StartEffect("dissociation", "mild")),
    (17, c.ChangeEffect("dissociation", "moderate")),
    (24, c.StartEffect("dizziness", "mild")),
    (52, c.EndEffect("dizziness")),
    (58, c.EndEffect("dissociation")),
)


@dataclass(slots=True)
class Visit:
    """A session whose infusion starts (or started) at `start`; `until` is how far to tell it."""

    clinic: Clinic
    session_id: UUID
    start: datetime
    until: datetime
    baseline: tuple[str, str]
    count: int = field(default=0)

    @classmethod
    def open(
        cls, clinic: Clinic, visit_id: UUID, start: datetime, until: datetime,
        baseline: tuple[str, str],
    ) -> "Visit":  # fmt: skip
        """The patient arrives a quarter of an hour before the start."""
        session = must(
            open_session(
                actor=clinic.staff["bea"], now=start - timedelta(minutes=16),
                command_id=act(f"open:{visit_id}"), appointment_id=visit_id,
            )
        )  # fmt: skip
        return cls(clinic, session.id, start, until, baseline)

    def tell(self) -> None:
        """Prepare, start, chart, stop: whatever lies before `until`."""
        self.prepare()
        steps: list[tuple[int, Command]] = [*EFFECTS]
        for minute, spo2, hr, sbp, dbp, rr, alert in COURSE:
            steps.append((minute, _vitals(spo2, hr, sbp, dbp, rr)))
            steps.append((minute, c.Observe("moaas", alert)))
        steps.append((INFUSION_MIN, c.StopInfusion("completed")))
        for minute, command in sorted(steps, key=lambda step: step[0]):
            if self.start + timedelta(minutes=minute) <= self.until:
                self.do(command, minute)

    def prepare(self) -> None:
        """Identity, checks, baseline and the two-person time-out; then the start."""
        state = self.do(c.IdentifyPatient(("name", "birth_date")), -14)
        for check in state.monitoring.checks:
            must(
                answer_check(
                    actor=self.clinic.staff["bea"], now=self.at(-12),
                    command_id=act(f"{self.session_id}:{check.item}"), session_id=self.session_id,
                    item=check.item, answer=check.passes_with[0],
                )
            )  # fmt: skip
        self.do(_vitals("98", "71", *self.baseline, "14", "36.6"), -9)
        self.do(c.Observe("moaas", 5), -9)
        plan = state.plan
        figures = (
            plan.drug, plan.concentration_mg_per_ml, plan.dose_mg, plan.volume_ml,
            plan.rate_ml_per_h, plan.duration_min,
        )  # fmt: skip
        self.do(c.RecordTimeOutFirst(*figures), -5)
        second = c.RecordTimeOutSecond(*figures)
        witness = confirmed(
            self.clinic.staff["bea"], "ben", TIME_OUT, self.at(-4), f"{self.session_id}:witness"
        )
        must(
            confirm_time_out(
                actor=self.clinic.staff["bea"], now=self.at(-4),
                command_id=act(f"{self.session_id}:second"), session_id=self.session_id,
                command=second, witness=witness,
            )
        )  # fmt: skip
        expiry = self.clinic.now.date() + timedelta(days=200)
        self.do(c.StartInfusion(plan.rate_ml_per_h, plan.concentration_mg_per_ml, LOT, expiry), 0)

    def finish(self, escort: c.RecordEscort) -> None:
        """Recovery, the way home, and the prescriber's signature."""
        state = load_state(self.session_id)
        for rule in state.monitoring.scores:
            items = tuple(ScoredItem(item, 2) for item in rule.items)
            self.do(c.ScoreRecovery(rule.instrument, rule.version, items), 101)
        self.do(_vitals("99", "69", *self.baseline, "15"), 101)
        for criterion in state.monitoring.criteria:
            self.do(c.ConfirmCriterion(criterion.item), 102)
        self.do(escort, 103)
        self.do(c.GiveInstructions("en", "1", True), 104)
        self.do(c.Discharge(f"{escort.name}, {escort.relation}"), 105)
        must(
            end_visit(
                actor=self.clinic.staff["bea"], now=self.at(107),
                command_id=act(f"{self.session_id}:depart"), session_id=self.session_id,
            )
        )  # fmt: skip
        self._sign()

    def do(self, command: Command, minute: int) -> SessionState:
        """One command of the nurse at `minute` of the infusion."""
        self.count += 1
        return must(
            carry_out(
                actor=self.clinic.staff["bea"], now=self.at(minute),
                command_id=act(f"{self.session_id}:{self.count}"), session_id=self.session_id,
                command=command,
            )
        )  # fmt: skip

    def at(self, minute: int) -> datetime:
        return self.start + timedelta(minutes=minute)

    def _sign(self) -> None:
        adams = self.clinic.staff["adams"]
        record = read_record(actor=adams, session_id=self.session_id)
        who = confirmed(adams, "adams", SIGNING, self.at(130), f"{self.session_id}:signer")
        must(
            sign_note(
                actor=adams, now=self.at(130), command_id=act(f"{self.session_id}:sign"),
                session_id=self.session_id, seen_digest=record.digest, seen_seq=record.seq,
                meaning="I treated this patient and this record is complete.", confirmed=who,
            )
        )  # fmt: skip


def _vitals(
    spo2: str, hr: str, sbp: str, dbp: str, rr: str, temp: str | None = None
) -> c.RecordVitals:
    return c.RecordVitals(
        spo2_pct=Decimal(spo2), hr_per_min=Decimal(hr), sbp_mmhg=Decimal(sbp),
        dbp_mmhg=Decimal(dbp), rr_per_min=Decimal(rr), temp_cel=Decimal(temp) if temp else None,
    )  # fmt: skip
