"""The treatment session: commands, the events they cause, and what follows from them.

`decide` says yes with events or no with a reason; `evolve` and `fold` turn events into a state.
Knows doses, limits and alarms as values; knows nothing of storage, screens or clocks.
"""

from .commands import Command
from .decide import MACHINE_COMMANDS, decide
from .events import Actor, Envelope, Event, Recorded
from .evolve import BrokenLog, evolve, fold
from .gates import Missing, missing_for_discharge, missing_for_start
from .payload import EVENT_TYPES, from_payload, to_payload, type_name
from .plan import (
    BaselineLimit,
    CheckItem,
    DevicePlan,
    DischargeCriterion,
    DosePlan,
    InfusionPlan,
    InjectionPlan,
    MonitoringPlan,
    ScoreRule,
)
from .pump import RateSegment
from .state import SessionState, Stage

__all__ = [
    "EVENT_TYPES",
    "MACHINE_COMMANDS",
    "Actor",
    "BaselineLimit",
    "BrokenLog",
    "CheckItem",
    "Command",
    "DevicePlan",
    "DischargeCriterion",
    "DosePlan",
    "Envelope",
    "Event",
    "InfusionPlan",
    "InjectionPlan",
    "Missing",
    "MonitoringPlan",
    "RateSegment",
    "Recorded",
    "ScoreRule",
    "SessionState",
    "Stage",
    "decide",
    "evolve",
    "fold",
    "from_payload",
    "missing_for_discharge",
    "missing_for_start",
    "to_payload",
    "type_name",
]
