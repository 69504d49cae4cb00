"""One session to walk through in tests. Its limits are made up for the tests and mean nothing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from leeward.core.alarms import AlarmPlan
from leeward.core.quantities import Refusal
from leeward.core.treatment import (
    Actor,
    BaselineLimit,
    CheckItem,
    DevicePlan,
    DischargeCriterion,
    Envelope,
    InfusionPlan,
    InjectionPlan,
    MonitoringPlan,
    Recorded,
    ScoreRule,
    SessionState,
    decide,
    evolve,
    fold,
)
from leeward.core.treatment import commands as c
from leeward.core.treatment.events import ScoredItem
from leeward.core.treatment.gates import FIGURES as GATE_FIGURES

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADAMS = Actor("00000000-0000-0000-0000-00000000000a", "Adams")
BEA = Actor("00000000-0000-0000-0000-00000000000b", "Bea")
BEN = Actor("00000000-0000-0000-0000-0000000000b2", "Ben")
CORA = Actor("00000000-0000-0000-0000-00000000000c", "Cora", kind="patient")
ENGINE = Actor("", "alarm engine", kind="system")

PLAN = InfusionPlan(
    drug="racemic_ketamine",
    route="iv",
    protocol_id="protocol.test",
    indication="depression",
    weight_kg=Decimal("70.3"),
    weight_measured_on=date(2026, 3, 2),
    weight_basis="actual",
    dose_mg_per_kg=Decimal("0.5"),
    dose_mg=Decimal("35.15"),
    concentration_mg_per_ml=Decimal("1"),
    volume_ml=Decimal("35.15"),
    duration_min=Decimal("40"),
    rate_ml_per_h=Decimal("52.7"),
    presentation_id="racemic_ketamine.10",
    stock_concentration_mg_per_ml=Decimal("10"),
    diluent="saline",
)
INJECTION = InjectionPlan(
    drug="racemic_ketamine",
    route="im",
    protocol_id="protocol.test",
    indication="depression",
    weight_kg=Decimal("70"),
    weight_measured_on=date(2026, 3, 2),
    weight_basis="actual",
    dose_mg_per_kg=Decimal("0.5"),
    dose_mg=Decimal("35"),
    concentration_mg_per_ml=Decimal("50"),
    volume_ml=Decimal("0.70"),
    presentation_id="racemic_ketamine.50",
    stock_concentration_mg_per_ml=Decimal("50"),
)
DEVICES = DevicePlan(
    drug="esketamine",
    route="intranasal",
    protocol_id="protocol.test",
    indication="depression",
    dose_mg=Decimal("56"),
    devices=2,
    mg_per_device=Decimal("28"),
    wait_min=Decimal("5"),
)
ITEMS = ("activity", "breathing")
MONITORING = MonitoringPlan(
    alarms=AlarmPlan(audio_pause_max_s=Decimal("120")),
    checks=(
        CheckItem("consent", "Is the consent in force?", overridable=False),
        CheckItem("fasting", "Has the patient fasted?", passes_with=("yes", "not_needed")),
    ),
    identifiers_required=2,
    baseline_required=("sbp_mmhg", "dbp_mmhg", "spo2_pct"),
    baseline_limits=(BaselineLimit("sbp_mmhg", Decimal("90"), Decimal("150"), "pre_hold.sbp"),),
    baseline_max_age_min=Decimal("30"),
    min_observation_min=Decimal("60"),
    scores=(ScoreRule("recovery_score", "1", 3, ITEMS, Decimal("15"), item_max=2),),
    criteria=(DischargeCriterion("gait_steady", "Walks steadily without help", Decimal("15")),),
    max_rate_mg_per_h=Decimal("70"),
)
OPEN = c.OpenSession("patient", "chair", "order", PLAN, MONITORING, "c" * 64, "l" * 64)
FIGURES = {
    "drug": PLAN.drug,
    "concentration_mg_per_ml": PLAN.concentration_mg_per_ml,
    "dose_mg": PLAN.dose_mg,
    "volume_ml": PLAN.volume_ml,
    "rate_ml_per_h": PLAN.rate_ml_per_h,
    "duration_min": PLAN.duration_min,
}
EXPIRY = date(2027, 1, 1)
START = c.StartInfusion(PLAN.rate_ml_per_h, PLAN.concentration_mg_per_ml, "LOT7", date(2027, 1, 1))
BASELINE = c.RecordVitals(spo2_pct=Decimal("98"), sbp_mmhg=Decimal("128"), dbp_mmhg=Decimal("79"))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@dataclass
class Walk:
    """A session's log, grown by commands at moments counted in minutes from its opening."""

    state: SessionState | None = None
    log: list[Recorded] = field(default_factory=list)
    now_min: float = 0

    def ask(self, command, *, actor=BEA, at=None, now=None):
        """What `decide` says at minute `at`, the clock showing `now`; nothing is written."""
        happened = self.now_min if at is None else at
        shown = max(happened, self.now_min) if now is None else now
        return decide(
            self.state,
            command,
            actor=actor,
            now=T0 + minutes(shown),
            occurred_at=T0 + minutes(happened),
        )

    def do(self, command, *, actor=BEA, at=None):
        """Carry a command out; it must not be refused."""
        events = self.ask(command, actor=actor, at=at)
        assert not isinstance(events, Refusal), str(events)
        return self.write(events, actor=actor, at=at)

    def write(self, events, *, actor=BEA, at=None, command_id=None):
        happened = self.now_min if at is None else at
        self.now_min = max(self.now_min, happened)
        for event in events:
            seq = len(self.log) + 1
            envelope = Envelope(
                seq=seq,
                event_id=f"e{seq}",
                command_id=command_id or f"c{seq}",
                occurred_at=T0 + minutes(happened),
                recorded_at=T0 + minutes(self.now_min),
                actor=actor,
            )
            recorded = Recorded(envelope, event)
            self.log.append(recorded)
            self.state = evolve(self.state, recorded)
        assert self.state == fold(self.log)
        return self.state

    def refused(self, command, *, actor=BEA, at=None) -> Refusal:
        answer = self.ask(command, actor=actor, at=at)
        assert isinstance(answer, Refusal), f"not refused: {answer}"
        return answer


def figures_of(plan) -> dict[str, object]:
    """The figures a time-out reads from a plan of any route."""
    return {name: getattr(plan, name) for name in GATE_FIGURES if hasattr(plan, name)}


def opened(plan=PLAN) -> Walk:
    walk = Walk()
    walk.do(replace(OPEN, plan=plan))
    return walk


def checked(plan=PLAN) -> Walk:
    walk = opened(plan)
    walk.do(c.IdentifyPatient(("name", "birth_date")), at=1)
    walk.do(c.AnswerCheck("consent", "yes"), at=2)
    walk.do(c.AnswerCheck("fasting", "yes"), at=2)
    walk.do(BASELINE, at=3)
    return walk


def ready(plan=PLAN) -> Walk:
    walk = checked(plan)
    figures = figures_of(plan)
    walk.do(c.RecordTimeOutFirst(**figures), at=4)
    walk.do(c.RecordTimeOutSecond(**figures), actor=BEN, at=5)
    return walk


def infusing() -> Walk:
    walk = ready()
    walk.do(START, at=10)
    return walk


def recovering() -> Walk:
    walk = infusing()
    walk.do(c.StopInfusion("completed"), at=50.5)
    return walk


def score(points: int = 2) -> c.ScoreRecovery:
    items = tuple(ScoredItem(item, points) for item in ITEMS)
    return c.ScoreRecovery("recovery_score", "1", items)


def recovered() -> Walk:
    walk = recovering()
    walk.do(score(), at=108)
    walk.do(c.ConfirmCriterion("gait_steady"), at=109)
    walk.do(c.RecordEscort("Dora", "555-0100", "sister"), at=109)
    walk.do(c.GiveInstructions("en", "1", teach_back=True), at=110)
    return walk


def discharged() -> Walk:
    walk = recovered()
    walk.do(c.Discharge("home with escort"), at=112)
    return walk


def departed() -> Walk:
    walk = discharged()
    walk.do(c.Depart(), at=115)
    return walk
