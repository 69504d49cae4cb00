"""What reaches the alarm engine of one session; times are monotonic, never wall time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .terms import Phase


@dataclass(frozen=True, slots=True)
class Sample:
    """A reading of one channel.

    Attributes
    ----------
    channel : str
        Channel it belongs to.
    value : Decimal or None
        The reading, in the channel's one unit; None is no value.
    taken_ms : int or None
        When it was taken [ms]; None: when it arrived.
    heard : bool
        Whether the channel's device was heard with it. A person's reading counts for the limits
        and says nothing about the device.
    """

    channel: str
    value: Decimal | None
    taken_ms: int | None = None
    heard: bool = True


@dataclass(frozen=True, slots=True)
class Readings:
    """What one device said of several channels at one moment.

    Attributes
    ----------
    values : mapping of str to Decimal or None
        The reading of each channel, in its one unit; None is no value.
    taken_ms : int or None
        When they were taken [ms]; None: when they arrived.
    reasons : mapping of str to str
        Why a channel has no value, where the device says so, such as ``"sensor_off"``.
    """

    values: Mapping[str, Decimal | None]
    taken_ms: int | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes, whether or not anything arrives."""


@dataclass(frozen=True, slots=True)
class ChannelDeclared:
    """A bound device will send this channel.

    Attributes
    ----------
    channel : str
        The channel.
    period_ms : int
        Its declared period [ms].
    """

    channel: str
    period_ms: int


@dataclass(frozen=True, slots=True)
class ChannelWithdrawn:
    """A device was unbound by a named person: its silence is meant."""

    channel: str


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """The session has moved on.

    Attributes
    ----------
    phase : Phase
        Where to.
    entered_ms : int or None
        When [ms], for an entry made late; None: now.
    """

    phase: Phase
    entered_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ActDone:
    """Somebody did what a clock waits for: ``"bp"``, ``"observation"``.

    Attributes
    ----------
    clock : str
        The clock.
    done_ms : int or None
        When it was done [ms]; None: now.
    """

    clock: str
    done_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ActTakenBack:
    """An entry that had set a clock was withdrawn: the clock stands where the others leave it.

    Attributes
    ----------
    clock : str
        The clock.
    done_ms : int or None
        When the act was last done [ms], the withdrawn entry left out; None: never.
    """

    clock: str
    done_ms: int | None


@dataclass(frozen=True, slots=True)
class EndExpected:
    """When the planned volume will have run, at the rates stated so far.

    Attributes
    ----------
    clock : str
        The clock that is overdue from then on: ``"planned_end"``.
    at_ms : int or None
        When [ms], ahead or behind; None: nothing runs.
    """

    clock: str
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A person's entry that readings of a device are held against.

    Attributes
    ----------
    what : str
        Which: ``"rate_ml_per_h"``, ``"sbp_mmhg.baseline"``.
    value : Decimal or None
        What was stated, in the unit of the readings; None: nothing any more.
    since_ms : int or None
        Since when it holds [ms]; None: from now on.
    """

    what: str
    value: Decimal | None
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class FaultStated:
    """A technical fault stands, or stands no more.

    Attributes
    ----------
    fault : str
        Which, as `Fault.fault` names it.
    stands : bool
        Whether it does.
    since_ms : int or None
        Since when [ms]; None: from now on, or as before if it stands already.
    """

    fault: str
    stands: bool
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SoundConfirmed:
    """Whether somebody at the chair has confirmed hearing the alarm sound."""

    is_heard: bool


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A named person has acknowledged an alarm."""

    alarm_id: str
    by: str


@dataclass(frozen=True, slots=True)
class AudioPaused:
    """A named person has paused the sound of one alarm.

    Attributes
    ----------
    alarm_id : str
        The alarm.
    seconds : Decimal
        For how long [s].
    """

    alarm_id: str
    seconds: Decimal


Incoming = (
    Sample
    | Readings
    | Tick
    | ChannelDeclared
    | ChannelWithdrawn
    | PhaseEntered
    | ActDone
    | ActTakenBack
    | EndExpected
    | Stated
    | FaultStated
    | SoundConfirmed
    | Acknowledged
    | AudioPaused
)
