"""What an alarm engine asks to write, and what people answer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StartMonitoring:
    """Say that an alarm engine watches."""

    engine_id: str


@dataclass(frozen=True, slots=True)
class RecordMonitoringGap:
    """Say that nothing watched between two moments."""

    from_at: datetime
    to_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class RaiseAlarm:
    """Write an alarm into the log; limit and value in `unit`."""

    alarm_id: str
    condition: str
    channel: str
    priority: str
    limit: Decimal | None
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class EndAlarm:
    """Write the end of an alarm into the log."""

    alarm_id: str


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarm:
    """Acknowledge an alarm and the earlier, ended ones of its condition."""

    alarm_id: str


@dataclass(frozen=True, slots=True)
class PauseAlarmAudio:
    """Pause the sound of one alarm [s]."""

    alarm_id: str
    seconds: Decimal


@dataclass(frozen=True, slots=True)
class EscalateAlarm:
    """Write that an alarm goes further."""

    alarm_id: str
    step: int
    to: str = ""


@dataclass(frozen=True, slots=True)
class SealSamples:
    """Seal a minute of a device's samples."""

    binding_id: str
    minute: datetime
    digest: str
    count: int


MONITORING_COMMANDS = (
    StartMonitoring
    | RecordMonitoringGap
    | RaiseAlarm
    | EndAlarm
    | AcknowledgeAlarm
    | PauseAlarmAudio
    | EscalateAlarm
    | SealSamples
)
