"""What people have stated in a session's log, that device readings are held against.

The pump's word and the staff's are kept apart: each is shown as whose it is, and where they differ
an alarm says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from leeward.core import alarms as a
from leeward.core.treatment import SessionState
from leeward.core.treatment.state import PREPARING

PLANNED_END = "planned_end"
SOUND_CHECK = "alarm_sound"
BASELINES = ("sbp_mmhg", "dbp_mmhg")
Facts = Mapping[str, Decimal | None]


def facts_of(state: SessionState) -> Facts:
    """Everything stated that the engine knows by name; None where nothing is."""
    rate = state.rate_ml_per_h
    # A pump may be primed before the start; after it, it runs when the log says so.
    may_run = rate is not None or state.stage in PREPARING
    return {
        "rate_ml_per_h": rate,
        "may_run": Decimal(1) if may_run else None,
        "volume_ml": planned_ml(state),
        **{f"{vital}.baseline": baseline(state, vital) for vital in BASELINES},
    }


def planned_ml(state: SessionState) -> Decimal | None:
    """The volume that the pump may give [mL], once it runs; boluses by hand are not the pump's."""
    if state.started is None or state.infusion is None:
        return None
    return state.allowed_volume_ml - sum((b.volume_ml for b in state.boluses), Decimal(0))


def baseline(state: SessionState, vital: str) -> Decimal | None:
    """The last value before the start, by the time it was taken; None before the start."""
    start = state.started
    if start is None:
        return None
    before = (v for v in state.vitals if (v.said.at, v.said.seq) < (start.at, start.seq))
    found = [v for v in before if vital in v.values]
    entry = max(found, key=lambda v: (v.said.at, v.said.seq), default=None)
    return entry.values[vital] if entry else None


def is_heard(state: SessionState) -> bool:
    """Whether somebody at the chair has confirmed hearing the alarm sound."""
    answer = state.checks.get(SOUND_CHECK)
    return answer is not None and answer.answer == "yes"


@dataclass(slots=True)
class StatedFacts:
    """What the engine has been told of these, so that only changes are told again."""

    told: dict[str, Decimal | None] = field(default_factory=dict)
    end_at: datetime | None = None
    heard: bool | None = None

    def changes(
        self, state: SessionState, now: datetime, now_ms: int, since_ms: int
    ) -> Iterator[a.Incoming]:
        """What has changed since the last time, holding since `since_ms` [ms]."""
        for what, value in facts_of(state).items():
            if what not in self.told or self.told[what] != value:
                self.told[what] = value
                yield a.Stated(what, value, since_ms)
        if state.expected_end_at != self.end_at:
            self.end_at = state.expected_end_at
            yield a.EndExpected(PLANNED_END, planned_end_ms(state, now, now_ms))
        if is_heard(state) is not self.heard:
            self.heard = is_heard(state)
            yield a.SoundConfirmed(self.heard)


def planned_end_ms(state: SessionState, now: datetime, now_ms: int) -> int | None:
    """When the planned volume will have run, in the engine's time [ms], ahead or behind."""
    if state.expected_end_at is None:
        return None
    return now_ms + round((state.expected_end_at - now).total_seconds() * 1000)
