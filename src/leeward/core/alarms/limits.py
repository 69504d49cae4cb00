"""What an alarm engine watches for: values filled from a session's monitoring plan.

Every figure here is an argument. A limit that nobody has set is ``None``: its condition is then
*unarmed* and the engine says so, rather than inventing a number.
"""

from dataclasses import dataclass
from decimal import Decimal

from .technical import Derived, Fault
from .terms import Direction, Phase, Priority


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value on the wrong side of a limit for longer than the condition delay.

    Two tiers of one condition (warn and act) are two thresholds with one `condition` name. Tiers
    of different priority are alarms of their own, of which only the most urgent present one
    signals; tiers of the same priority (at once, or after a delay) share one alarm.

    Attributes
    ----------
    condition : str
        Name of the condition, such as ``"spo2_low"``.
    channel : str
        Channel watched, such as ``"spo2"`` or ``"moaas"``.
    direction : Direction
        Side of the limit that is a breach.
    priority : Priority
        Priority of the alarm.
    limit : Decimal or None
        Alarm limit, in `unit`; None leaves the condition unarmed.
    unit : str
        UCUM unit of `limit` and `clear`.
    delay_s : Decimal
        Condition delay [s].
    clear : Decimal or None
        Value at which the condition is over again (hysteresis), in `unit`; None means `limit`.
    clear_delay_s : Decimal
        How long the value must stay clear before the condition ends [s].
    """

    condition: str
    channel: str
    direction: Direction
    priority: Priority
    limit: Decimal | None
    unit: str
    delay_s: Decimal = Decimal(0)
    clear: Decimal | None = None
    clear_delay_s: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Silence:
    """A channel that should be heard from and is not: stale, or present without a value.

    Attributes
    ----------
    condition : str
        ``"<channel>_stale"``, ``"<channel>_no_value"`` or ``"<channel>_sensor_off"``.
    channel : str
        Channel watched.
    kind : str
        ``"stale"``: nothing arrives. ``"no_value"``: messages arrive without a usable value.
        ``"sensor_off"``: the device says that its sensor is off.
    priority : Priority
        Priority of the alarm.
    after_s : Decimal or None
        Time without anything (or without a value), beyond the channel's declared period, that
        makes the condition [s]; None leaves it unarmed.
    phases : tuple of Phase
        Phases in which it applies; empty means all but `Phase.ENDED`.
    """

    condition: str
    channel: str
    kind: str
    priority: Priority
    after_s: Decimal | None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something people do at intervals and did not do in time: a pressure, a look, a resume.

    Attributes
    ----------
    condition : str
        ``"bp_overdue"``, ``"observation_overdue"``, ``"long_pause"``.
    clock : str
        Which act resets it: ``"bp"``, ``"observation"``, ``"pause"``.
    priority : Priority
        Priority of the alarm.
    interval_s : Decimal or None
        Interval the clinic expects [s]; None leaves the condition unarmed.
    grace_s : Decimal
        How much later than the interval the alarm comes [s].
    phases : tuple of Phase
        Phases in which it applies.
    only_if_set : bool
        Whether a clock that was never set asks for nothing. Otherwise the act has been due since
        the first phase that asks for it.
    """

    condition: str
    clock: str
    priority: Priority
    interval_s: Decimal | None
    grace_s: Decimal
    phases: tuple[Phase, ...]
    only_if_set: bool = False


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Whom an unacknowledged HIGH alarm reaches next.

    Attributes
    ----------
    step : int
        1 for the first step.
    after_s : Decimal
        Time since the alarm was raised [s].
    to : str
        Who is told: ``"all_screens"``, ``"named_backup"``.
    """

    step: int
    after_s: Decimal
    to: str


@dataclass(frozen=True, slots=True)
class AlarmPlan:
    """Everything one session's alarms need to know; made anew at each session start.

    Attributes
    ----------
    thresholds, silences, overdue : tuples
        What is watched.
    escalation : tuple of EscalationStep
        In order of `after_s`.
    audio_pause_max_s : Decimal or None
        Longest audio pause the clinic allows [s]; None: no pause can be taken.
    acknowledge_lasts_s : Decimal or None
        An acknowledgement of a condition that is still present lapses after this time [s]; None
        keeps it for the occurrence.
    zero_is_no_value : tuple of str
        Channels in which a reading of zero means that there is no reading.
    late_samples_s : Decimal
        How late a sample may arrive and still be put in its place [s]; a property of the links,
        not of the patient.
    derived : tuple of Derived
        Channels worked out from others, for thresholds on them.
    faults : tuple of Fault
        Technical conditions that whoever runs the engine states.
    record_only : bool
        Whether the location has no alarms: the plan then holds no condition, and says so.
    """

    thresholds: tuple[Threshold, ...] = ()
    silences: tuple[Silence, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    audio_pause_max_s: Decimal | None = None
    acknowledge_lasts_s: Decimal | None = None
    zero_is_no_value: tuple[str, ...] = ("hr", "pr", "spo2")
    late_samples_s: Decimal = Decimal(30)
    derived: tuple[Derived, ...] = ()
    faults: tuple[Fault, ...] = ()
    record_only: bool = False
