"""What people type into a session, in the terms of the alarm engine.

A person's reading counts for the limits whether or not a device measures the same quantity: the
device may be silent or wrong, which is why somebody measured by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from leeward import content
from leeward.core import alarms as a
from leeward.core.treatment import Recorded, SessionState
from leeward.core.treatment import events as e

# Vital signs that people type, and the channel that is the same quantity.
VITALS = {
    "spo2_pct": "spo2",
    "hr_per_min": "hr",
    "rr_per_min": "rr",
    "temp_cel": "temp",
    "sbp_mmhg": "nibp_sys",
    "dbp_mmhg": "nibp_dia",
}
PRESSURE = "sbp_mmhg"
EFFECTS = (e.EffectStarted, e.EffectChanged, e.EffectEnded)


@dataclass(slots=True)
class TypedEntries:
    """When each typed entry was done in the engine's time, so that one can be taken back."""

    done_ms: dict[int, int] = field(default_factory=dict)
    # When a device last took a pressure; no withdrawal touches that.
    cuff_ms: int | None = None

    def recalled(self, state: SessionState, at_ms: Mapping[int, int]) -> Iterator[a.Sample]:
        """The newest typed value of each kind, for an engine that begins in the midst.

        A value older than an alarm that lasts was weighed before that alarm was raised.
        """
        entries = (*state.vitals, *state.observations)
        self.done_ms |= {entry.said.seq: at_ms[entry.said.seq] for entry in entries}
        weighed = {
            alarm.channel: alarm.said.seq for alarm in state.alarms.values() if alarm.present
        }
        for channel, value, seq in _newest_values(state):
            if seq > weighed.get(channel, 0):
                yield a.Sample(channel, value, at_ms[seq], heard=False)
        for course in state.open_effects:
            yield _effect(course.effect, state, None)

    def taken(
        self, recorded: Recorded, state: SessionState, *, done_ms: int, arrived_ms: int
    ) -> Iterator[a.Incoming]:
        """What a new entry tells the engine; `state` is the one with the entry in it."""
        event = recorded.event
        if isinstance(event, e.VitalsRecorded):
            self.done_ms[recorded.envelope.seq] = done_ms
            yield from _vitals(event, done_ms)
        elif isinstance(event, e.Observed):
            self.done_ms[recorded.envelope.seq] = done_ms
            yield a.Sample(event.scale, Decimal(event.value), done_ms, heard=False)
            yield a.ActDone("observation", done_ms)
        elif isinstance(event, EFFECTS):
            yield _effect(event.effect, state, arrived_ms)
        elif isinstance(event, e.EntryWithdrawn):
            yield from self._taken_back(state.log[event.of_seq - 1].event, state, arrived_ms)

    def _taken_back(
        self, event: e.Event, state: SessionState, arrived_ms: int
    ) -> Iterator[a.Incoming]:
        if isinstance(event, EFFECTS):
            yield _effect(event.effect, state, arrived_ms)
        if not isinstance(event, e.VitalsRecorded | e.Observed):
            return
        seen = [self.done_ms.get(x.said.seq) for x in (*state.vitals, *state.observations)]
        yield a.ActTakenBack("observation", _newest(seen))
        if isinstance(event, e.Observed):
            left = state.latest_observation(event.scale)
            if left is not None:
                yield a.Sample(event.scale, Decimal(left.value), arrived_ms, heard=False)
            return
        if event.sbp_mmhg is not None:
            typed = [self.done_ms.get(v.said.seq) for v in state.vitals if PRESSURE in v.values]
            yield a.ActTakenBack("bp", _newest([*typed, self.cuff_ms]))
        for vital, channel in VITALS.items():
            found = state.latest_vital(vital)
            if getattr(event, vital) is not None and found is not None:
                # What is left is the newest thing known now, however old.
                yield a.Sample(channel, found[0], arrived_ms, heard=False)


def _newest_values(state: SessionState) -> Iterator[tuple[str, Decimal, int]]:
    """The newest typed value of each channel, and its place in the log."""
    for vital, channel in VITALS.items():
        if found := state.latest_vital(vital):
            yield channel, found[0], found[1].said.seq
    for scale in sorted({o.scale for o in state.observations}):
        if seen := state.latest_observation(scale):
            yield scale, Decimal(seen.value), seen.said.seq


def _vitals(event: e.VitalsRecorded, done_ms: int) -> Iterator[a.Incoming]:
    for vital, channel in VITALS.items():
        value = getattr(event, vital)
        if value is not None:
            yield a.Sample(channel, value, done_ms, heard=False)
    if event.sbp_mmhg is not None:
        yield a.ActDone("bp", done_ms)
    yield a.ActDone("observation", done_ms)


def _effect(effect: str, state: SessionState, arrived_ms: int | None) -> a.Sample:
    """A symptom by its degree: 1 for the mildest, 0 when it is over."""
    lasting = [course for course in state.open_effects if course.effect == effect]
    degree = max((_degree(course.effect, course.grade) for course in lasting), default=a.OVER)
    return a.Sample(a.symptom_channel(effect), degree, arrived_ms, heard=False)


def _degree(effect: str, grade: str) -> Decimal:
    known = content.load().effects.get(effect)
    grades = known.severities if known else ()
    return Decimal(grades.index(grade) + 1) if grade in grades else a.ONGOING


def _newest(times_ms: list[int | None]) -> int | None:
    return max((at for at in times_ms if at is not None), default=None)
