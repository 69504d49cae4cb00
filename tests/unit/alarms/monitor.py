"""An alarm engine to feed in tests. Its limits are made up and mean nothing."""

from dataclasses import dataclass, field
from decimal import Decimal

from leeward.core.alarms import (
    Acknowledged,
    ActDone,
    AlarmPlan,
    AudioPaused,
    ChannelDeclared,
    Direction,
    Ended,
    Escalated,
    EscalationStep,
    Overdue,
    Phase,
    PhaseEntered,
    Priority,
    Raised,
    Sample,
    Silence,
    Threshold,
    Tick,
    begin,
    signals,
    step,
)

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW


def seconds(value) -> Decimal:
    return Decimal(str(value))


SPO2_ACT = Threshold(
    "spo2_low",
    "spo2",
    Direction.BELOW,
    HIGH,
    limit=Decimal(88),
    unit="%",
    delay_s=seconds(5),
    clear=Decimal(90),
    clear_delay_s=seconds(4),
)
SPO2_WARN = Threshold(
    "spo2_low",
    "spo2",
    Direction.BELOW,
    MEDIUM,
    limit=Decimal(92),
    unit="%",
    delay_s=seconds(15),
    clear=Decimal(94),
    clear_delay_s=seconds(10),
)
SBP = Threshold("sbp_high", "nibp_sys", Direction.AT_OR_ABOVE, HIGH, Decimal(180), "mm[Hg]")
UNSET = Threshold("rr_low", "rr", Direction.BELOW, HIGH, None, "/min")
STALE = Silence("spo2_stale", "spo2", "stale", MEDIUM, seconds(10))
STALE_HIGH = Silence("spo2_stale", "spo2", "stale", HIGH, seconds(30), (Phase.INFUSING,))
NO_VALUE = Silence("spo2_no_value", "spo2", "no_value", MEDIUM, seconds(10))
BP_LATE = Overdue(
    "bp_overdue", "bp", MEDIUM, seconds(600), seconds(120), (Phase.INFUSING, Phase.PAUSED)
)
BP_VERY_LATE = Overdue(
    "bp_overdue", "bp", HIGH, seconds(600), seconds(300), (Phase.INFUSING, Phase.PAUSED)
)
LONG_PAUSE = Overdue("long_pause", "pause", MEDIUM, seconds(120), seconds(0), (Phase.PAUSED,))
PLAN = AlarmPlan(
    thresholds=(SPO2_ACT, SPO2_WARN, SBP, UNSET),
    silences=(STALE, STALE_HIGH, NO_VALUE),
    overdue=(BP_LATE, BP_VERY_LATE, LONG_PAUSE),
    escalation=(
        EscalationStep(1, seconds(15), "all_screens"),
        EscalationStep(2, seconds(60), "named_backup"),
    ),
    audio_pause_max_s=seconds(120),
    zero_is_no_value=("hr", "pr", "spo2"),
)


@dataclass
class Monitor:
    """Feeds the engine and keeps what it told, with the time."""

    plan: AlarmPlan = PLAN
    phase: Phase = Phase.INFUSING
    prefix: str = "a"
    is_heard: bool = True
    told: list = field(default_factory=list)

    def __post_init__(self):
        self.state = begin(
            self.plan, prefix=self.prefix, at_ms=0, phase=self.phase, is_heard=self.is_heard
        )

    def feed(self, incoming, at_s):
        self.state, events = step(self.state, incoming, self.plan, round(at_s * 1000))
        self.told.extend((at_s, event) for event in events)
        return events

    def sample(self, value, at_s, *, channel="spo2", taken_s=None):
        reading = None if value is None else Decimal(str(value))
        taken_ms = None if taken_s is None else round(taken_s * 1000)
        return self.feed(Sample(channel, reading, taken_ms), at_s)

    def declare(self, at_s=0, *, channel="spo2", period_s=1):
        return self.feed(ChannelDeclared(channel, period_s * 1000), at_s)

    def enter(self, phase, at_s):
        return self.feed(PhaseEntered(phase), at_s)

    def done(self, clock, at_s):
        return self.feed(ActDone(clock), at_s)

    def acknowledge(self, alarm_id, at_s, by="Bea"):
        return self.feed(Acknowledged(alarm_id, by), at_s)

    def pause_audio(self, alarm_id, for_s, at_s):
        return self.feed(AudioPaused(alarm_id, seconds(for_s)), at_s)

    def run(self, until_s, *, value=None, since_s=None):
        """Tick each second; with `value`, a sample comes each second too."""
        start_s = (self.state.now_ms // 1000 if since_s is None else since_s) + 1
        for at_s in range(int(start_s), int(until_s) + 1):
            if value is not None:
                self.sample(value, at_s)
            self.feed(Tick(), at_s)

    @property
    def raised(self):
        return [(at, e.condition, e.priority) for at, e in self.told if isinstance(e, Raised)]

    @property
    def ended(self):
        return [(at, e.alarm_id) for at, e in self.told if isinstance(e, Ended)]

    @property
    def escalated(self):
        return [(at, e.step, e.to) for at, e in self.told if isinstance(e, Escalated)]

    @property
    def shown(self):
        return signals(self.state)
