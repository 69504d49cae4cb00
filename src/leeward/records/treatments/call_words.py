"""A patient's open call and an open emergency, as bars show them beside the alarms."""

from dataclasses import dataclass
from datetime import datetime

from leeward.core.treatment import SessionState


@dataclass(frozen=True, slots=True)
class CallLine:
    """Something a person said that must be seen at once, as an alarm is."""

    id: str
    priority: str
    text: str
    since: datetime


def call_lines(state: SessionState) -> tuple[CallLine, ...]:
    """The open emergency, then open calls, oldest first."""
    lines = []
    if (emergency := state.open_emergency) is not None:
        words = f": {emergency.words}" if emergency.words else ""
        lines.append(
            CallLine(
                f"emergency:{emergency.emergency_id}", "high", f"EMERGENCY{words}",
                emergency.said.at,
            )
        )  # fmt: skip
    for call in state.open_calls:
        words = f": {call.words}" if call.words else ""
        lines.append(
            CallLine(f"call:{call.call_id}", "medium", f"Patient calls{words}", call.said.at)
        )
    return tuple(lines)
