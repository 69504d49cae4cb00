"""Alarm conditions as a pure state machine on monotonic time, in the words of IEC 60601-1-8.

Every limit and delay comes from the session's monitoring plan; this package holds no figure of
its own, and knows nothing of sessions, devices, clocks or sounds.
"""

from .beginning import begin, resume
from .consistency import contradictions
from .incoming import (
    Acknowledged,
    ActDone,
    ActTakenBack,
    AudioPaused,
    ChannelDeclared,
    ChannelWithdrawn,
    EndExpected,
    FaultStated,
    Incoming,
    PhaseEntered,
    Readings,
    Sample,
    SoundConfirmed,
    Stated,
    Tick,
)
from .limits import AlarmPlan, EscalationStep, Overdue, Silence, Threshold
from .order import urgency
from .outgoing import AlarmEvent, Ended, Escalated, Raised
from .signals import AlarmSignal, Unarmed, signals, unarmed
from .specs import (
    AlarmSpecs,
    DerivedSpec,
    EscalationSpec,
    FaultSpec,
    OverdueSpec,
    SilenceSpec,
    ThresholdSpec,
    fill,
)
from .state import AlarmCondition, AlarmState, Channel
from .step import step
from .symptoms import ONGOING, OVER, symptom_channel, symptom_thresholds
from .technical import Derived, Fault, Reckoning
from .terms import Direction, Phase, Priority

__all__ = [
    "ONGOING",
    "OVER",
    "Acknowledged",
    "ActDone",
    "ActTakenBack",
    "AlarmCondition",
    "AlarmEvent",
    "AlarmPlan",
    "AlarmSignal",
    "AlarmSpecs",
    "AlarmState",
    "AudioPaused",
    "Channel",
    "ChannelDeclared",
    "ChannelWithdrawn",
    "Derived",
    "DerivedSpec",
    "Direction",
    "EndExpected",
    "Ended",
    "Escalated",
    "EscalationSpec",
    "EscalationStep",
    "Fault",
    "FaultSpec",
    "FaultStated",
    "Incoming",
    "Overdue",
    "OverdueSpec",
    "Phase",
    "PhaseEntered",
    "Priority",
    "Raised",
    "Readings",
    "Reckoning",
    "Sample",
    "Silence",
    "SilenceSpec",
    "SoundConfirmed",
    "Stated",
    "Threshold",
    "ThresholdSpec",
    "Tick",
    "Unarmed",
    "begin",
    "contradictions",
    "fill",
    "resume",
    "signals",
    "step",
    "symptom_channel",
    "symptom_thresholds",
    "unarmed",
    "urgency",
]
