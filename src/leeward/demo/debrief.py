"""What a training run came to: each happening with when it was alarmed, seen and treated.

Read from the session's own log and the scenario; nothing is judged, and nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leeward.core.treatment import Recorded, SessionState
from leeward.exchange.devices.simulated.scenario import Happening, Scenario
from leeward.figures.debrief import DebriefLane
from leeward.records.overview.event_words import words_of

# Acts that change what the patient gets; by name, so that new ones of the record count too.
TREATING = ("InfusionPaused", "InfusionStopped", "RateChanged", "Oxygen", "Rescue", "Comfort",
            "Emergency")  # fmt: skip
# An alarm this long after its happening ended still belongs to it.
AFTERWARDS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was done or raised, and by whom."""

    at: datetime
    after_s: int
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class DebriefRow:
    """One happening of the scenario, and what followed it; None: nothing did."""

    happening: Happening
    from_at: datetime
    to_at: datetime
    alarm: Moment | None
    seen: Moment | None
    acknowledged: Moment | None
    treated: Moment | None


@dataclass(frozen=True, slots=True)
class Debrief:
    """A run so far: its rows, those still to come, and its lanes for the drawing."""

    scenario: Scenario
    started_at: datetime | None
    rows: tuple[DebriefRow, ...]
    to_come: int
    lanes: tuple[DebriefLane, ...]
    end_min: float


def debrief(state: SessionState, scenario: Scenario, *, speed: float, now: datetime) -> Debrief:
    """The debrief of a run, as far as it has come."""
    began = state.started.at if state.started else None
    if began is None:
        return Debrief(scenario, None, (), len(scenario.happenings), (), 0.0)
    rows = []
    for happening in scenario.happenings:
        from_at = began + timedelta(minutes=happening.at_min / speed)
        if from_at <= now:
            rows.append(_row(state.log, happening, from_at, speed, now))
    return Debrief(
        scenario,
        began,
        tuple(rows),
        len(scenario.happenings) - len(rows),
        tuple(_lane(row, began) for row in rows),
        min((now - began).total_seconds() / 60, scenario.minutes / speed),
    )


def _row(
    log: Sequence[Recorded], happening: Happening, from_at: datetime, speed: float, now: datetime
) -> DebriefRow:
    to_at = min(from_at + timedelta(minutes=happening.for_min / speed), now)
    within = [r for r in log if from_at <= r.envelope.occurred_at <= to_at + AFTERWARDS]
    staff = [r for r in within if r.envelope.actor.kind == "staff"]
    treated = _first(staff, from_at, TREATING)
    # What settles a happening ends it, a minute later at most.
    if treated is not None and happening.settled_by:
        to_at = min(to_at, treated.at + timedelta(minutes=1 / speed))
    return DebriefRow(
        happening,
        from_at,
        to_at,
        alarm=_first(within, from_at, ("AlarmRaised",)),
        seen=_first(staff, from_at, ("",)),
        acknowledged=_first(staff, from_at, ("AlarmAcknowledged",)),
        treated=treated,
    )


def _first(log: Sequence[Recorded], since: datetime, names: tuple[str, ...]) -> Moment | None:
    for recorded in log:
        if type(recorded.event).__name__.startswith(names):
            at = recorded.envelope.occurred_at
            words = words_of(recorded.event) or type(recorded.event).__name__
            after_s = round((at - since).total_seconds())
            return Moment(at, after_s, words, recorded.envelope.actor.name)
    return None


def _lane(row: DebriefRow, began: datetime) -> DebriefLane:
    def minute(moment: Moment | None) -> float | None:
        return None if moment is None else (moment.at - began).total_seconds() / 60

    return DebriefLane(
        words=row.happening.what.replace("_", " ").capitalize(),
        from_min=(row.from_at - began).total_seconds() / 60,
        to_min=(row.to_at - began).total_seconds() / 60,
        alarm_min=minute(row.alarm),
        seen_min=minute(row.seen),
        acknowledged_min=minute(row.acknowledged),
        treated_min=minute(row.treated),
    )
