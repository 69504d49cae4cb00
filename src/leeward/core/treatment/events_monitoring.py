"""What an alarm engine and devices write into the log, and the answers to it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MonitoringStarted:
    """An alarm engine began to watch."""

    engine_id: str


@dataclass(frozen=True, slots=True)
class MonitoringGap:
    """Nothing watched between two moments, and why."""

    from_at: datetime
    to_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """An alarm condition became present; limit and value in `unit`."""

    alarm_id: str
    condition: str
    channel: str
    priority: str
    limit: Decimal | None
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class AlarmEnded:
    """An alarm condition was present no more."""

    alarm_id: str


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged:
    """Somebody acknowledged an alarm."""

    alarm_id: str


@dataclass(frozen=True, slots=True)
class AlarmAudioPaused:
    """Somebody paused the sound of one alarm for a time [s]."""

    alarm_id: str
    seconds: Decimal


@dataclass(frozen=True, slots=True)
class AlarmEscalated:
    """Nobody answered an alarm in time, and it went further."""

    alarm_id: str
    step: int
    to: str = ""


@dataclass(frozen=True, slots=True)
class SamplesSealed:
    """A minute of a device's samples was sealed under a digest."""

    binding_id: str
    minute: datetime
    digest: str
    count: int


MONITORING_EVENTS = (
    MonitoringStarted
    | MonitoringGap
    | AlarmRaised
    | AlarmEnded
    | AlarmAcknowledged
    | AlarmAudioPaused
    | AlarmEscalated
    | SamplesSealed
)
