"""What an alarm engine knows about one session at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .technical import Derived
from .terms import Phase, Priority
from .track import UNTOUCHED, TimedValue, Track


@dataclass(frozen=True, slots=True)
class AlarmCondition:
    """One occurrence of an alarm condition.

    Attributes
    ----------
    alarm_id : str
        Id, unique in the session.
    condition, channel : str
        What it is about.
    priority : Priority
        Its priority.
    limit, value : Decimal or None
        Limit and value at the time it was raised [`unit`].
    unit : str
        UCUM unit.
    raised_ms : int
        When it was raised [ms].
    latching : bool
        Whether it stays in sight until acknowledged after the condition has ended.
    ended_ms : int or None
        When the condition ended [ms].
    acknowledged_by : str or None
        Who acknowledged it.
    acknowledged_ms, audio_paused_until_ms : int or None
        When it was acknowledged; until when its sound is paused [ms].
    escalated_step : int
        Last step of escalation taken.
    holds : frozenset of str
        What keeps it present: one hold for each tier or rule of the condition at this priority.
    depth : Decimal or None
        How far the worst tier that holds it lies [`unit`]: the limit, negative where low is bad.
    """

    alarm_id: str
    condition: str
    channel: str
    priority: Priority
    limit: Decimal | None
    value: Decimal | None
    unit: str
    raised_ms: int
    latching: bool
    ended_ms: int | None = None
    acknowledged_by: str | None = None
    acknowledged_ms: int | None = None
    audio_paused_until_ms: int | None = None
    escalated_step: int = 0
    holds: frozenset[str] = frozenset()
    depth: Decimal | None = None

    @property
    def present(self) -> bool:
        """Whether the condition lasts."""
        return self.ended_ms is None


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch in which a threshold was breached for its delay, told by an alarm.

    Attributes
    ----------
    onset_ms : int
        Begin [ms].
    offset_ms : int or None
        End [ms]; None while it lasts.
    hold : str
        Its hold on the alarm.
    """

    onset_ms: int
    offset_ms: int | None
    hold: str


@dataclass(frozen=True, slots=True)
class Watch:
    """One threshold at work.

    Attributes
    ----------
    base : Track
        Where it stood before `window`.
    base_ms : int
        Time up to which samples are settled [ms].
    window : tuple of (int, Decimal)
        Later samples in the order of their times, kept so that a late one can be put in its place.
    live : Track
        Where it stands now.
    episodes : tuple of Episode
        What has been told of the time since `base_ms`.
    """

    base: Track = UNTOUCHED
    base_ms: int = -1
    window: tuple[TimedValue, ...] = ()
    live: Track = UNTOUCHED
    episodes: tuple[Episode, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """What has been heard on one channel.

    Attributes
    ----------
    period_ms : int or None
        Declared period [ms]; None for a channel nobody declared: its silence is no alarm.
    declared_ms : int
        When it was declared, or first heard [ms].
    heard_ms, valued_ms : int or None
        Time of the latest message, and of the latest with a value [ms].
    value : Decimal or None
        The latest value; None if the latest message had none.
    reason : str
        Why the latest message had none, such as ``"sensor_off"``.
    """

    period_ms: int | None
    declared_ms: int
    heard_ms: int | None = None
    valued_ms: int | None = None
    value: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which rules of the plan a channel concerns; worked out once.

    Attributes
    ----------
    watches_of : mapping of str to tuple of int
        Places of the armed thresholds on each channel.
    derived_of : mapping of str to tuple of Derived
        Derived channels that each channel feeds.
    """

    watches_of: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    derived_of: Mapping[str, tuple[Derived, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlarmState:
    """Everything the engine holds in memory for one session.

    Attributes
    ----------
    prefix : str
        Begin of the ids of its alarms; differs at each start of the engine.
    now_ms : int
        Latest time seen [ms].
    phase : Phase
        Part of the session.
    entered_ms : mapping of Phase to int
        When each phase was first entered [ms].
    clocks_ms : mapping of str to int
        When each recurring act was last done [ms].
    channels : mapping of str to Channel
        What was heard.
    watches : tuple of Watch
        One for each threshold of the plan, in its order.
    alarms : mapping of str to AlarmCondition
        Present or latched, by id, in the order of raising.
    raised : int
        How many alarms this engine has raised.
    episodes : int
        How many episodes it has told of.
    too_late : int
        Samples that came too late to be put in their place.
    wiring : Wiring
        Which rules a channel concerns.
    histories : mapping of str to tuple of (int, Decimal)
        Late readings of the channels that others are derived from, in the order of their times.
    stated : mapping of str to tuple of (int, Decimal or None)
        What people have stated, each with the time since when it holds [ms].
    faults_ms : mapping of str to int
        Since when each stated fault stands [ms].
    is_heard : bool
        Whether somebody has confirmed hearing the alarm sound; else a HIGH alarm goes further at
        once.
    """

    prefix: str
    now_ms: int
    phase: Phase
    entered_ms: Mapping[Phase, int]
    watches: tuple[Watch, ...]
    clocks_ms: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    alarms: Mapping[str, AlarmCondition] = field(default_factory=dict)
    raised: int = 0
    episodes: int = 0
    too_late: int = 0
    wiring: Wiring = Wiring()
    histories: Mapping[str, tuple[TimedValue, ...]] = field(default_factory=dict)
    stated: Mapping[str, tuple[tuple[int, Decimal | None], ...]] = field(default_factory=dict)
    faults_ms: Mapping[str, int] = field(default_factory=dict)
    is_heard: bool = False
