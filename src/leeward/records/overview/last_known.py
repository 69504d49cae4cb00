"""One sheet with what is known of a session now: for paper, and to go with the patient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leeward.core.quantities.formatting import show
from leeward.core.treatment import SessionState
from leeward.core.treatment.gates import VITAL_NAMES
from leeward.records.accounts.actor import Actor
from leeward.records.charts.selectors import PatientBanner, banner_of
from leeward.records.treatments.channels import CHANNELS
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.newest import find_newest

from .dose_words import order_words
from .event_words import effect_label
from .session import EventLine, event_lines, find_session

SHOWN_EVENTS = 25
MONITORED = {"spo2": "SpO2", "hr": "heart rate", "pr": "pulse", "rr": "breathing rate",
             "nibp_sys": "systolic pressure", "nibp_dia": "diastolic pressure"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """One value, from where, and when."""

    what: str
    value: str
    whence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LastKnown:
    id: UUID
    at: datetime
    chair: str
    place: str
    place_phone: str
    location_id: UUID
    timezone: str
    banner: PatientBanner
    state: SessionState
    order: str
    given: str
    values: tuple[Known, ...]
    effects: tuple[str, ...]
    events: tuple[EventLine, ...]
    protocol: str
    in_charge: str

    @property
    def emergency_at(self) -> datetime | None:
        """When the newest emergency was declared."""
        declared = list(self.state.emergencies.values())
        return declared[-1].said.at if declared else None


def get_last_known(viewer: Actor, session_id: UUID, *, now: datetime) -> LastKnown:
    """The sheet, or `NotFound` for a session elsewhere."""
    row = find_session(viewer, session_id)
    state = opened_state(row)
    return LastKnown(
        id=row.id,
        at=now,
        chair=row.chair.label,
        place=row.location.name,
        place_phone=row.location.phone,
        location_id=row.location_id,
        timezone=row.location.timezone,
        banner=banner_of(row.patient, now),
        state=state,
        order=order_words(state.plan),
        given=_given(state, now),
        values=tuple(_values(row.id, state)),
        effects=tuple(f"{effect_label(c.effect)}, {c.grade}" for c in state.open_effects),
        events=event_lines(state)[:SHOWN_EVENTS],
        protocol=row.location.emergency_protocol,
        in_charge=state.in_charge.name,
    )


def _given(state: SessionState, now: datetime) -> str:
    if state.started is None:
        return "No dose has been started."
    given = show(state.given_mg_at(now), "mg")
    if state.rate_ml_per_h is not None:
        return f"{given} so far, running at {show(state.rate_ml_per_h, 'mL/h')} as stated"
    return f"{given}, {'paused' if state.paused_since else 'ended' if state.stopped else 'so far'}"


def _values(session_id: UUID, state: SessionState) -> Iterator[Known]:
    for channel, label in MONITORED.items():
        newest = find_newest(session_id, channel)
        if newest is not None and newest.number is not None:
            yield Known(label, show(newest.number, _unit(CHANNELS[channel].unit)), "monitor",
                        newest.at)  # fmt: skip
    for vital, (label, unit) in VITAL_NAMES.items():
        typed = state.latest_vital(vital)
        if typed is not None:
            yield Known(label, show(typed[0], _unit(unit)), typed[1].said.by.name,
                        typed[1].said.at)  # fmt: skip
    for scale in sorted({o.scale for o in state.observations}):
        seen = state.latest_observation(scale)
        if seen is not None:
            yield Known(scale.upper().replace("_", " "), str(seen.value), seen.said.by.name,
                        seen.said.at)  # fmt: skip


def _unit(unit: str) -> str:
    return unit.replace("mm[Hg]", "mmHg").replace("Cel", "°C")
