"""What may alarm, before a clinic has said at which figures.

A spec names, for each figure it needs, the clinic limit that supplies it. `fill` turns specs and
an approved set of limits into an `AlarmPlan`; what has no value stays unarmed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .limits import AlarmPlan, EscalationStep, Overdue, Silence, Threshold
from .technical import Derived, Fault, Reckoning
from .terms import Direction, Phase, Priority

THERE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class ThresholdSpec:
    """A `Threshold` whose figures are ids of clinic limits.

    Attributes
    ----------
    condition, channel, direction, priority, unit
        As in `Threshold`.
    limit, delay, clear, clear_delay : str or None
        Clinic limit for each figure; None where the condition has none: no delay, no hysteresis.
        Without a limit it is a state that is there (1) or not (0).
    label : str
        The condition in plain words.
    """

    condition: str
    channel: str
    direction: Direction
    priority: Priority
    unit: str
    limit: str | None = None
    delay: str | None = None
    clear: str | None = None
    clear_delay: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class SilenceSpec:
    """A `Silence` whose time is the id of a clinic limit.

    Attributes
    ----------
    condition, channel, kind, priority, phases
        As in `Silence`.
    after : str
        Clinic limit for the time [s] beyond the channel's declared period.
    label : str
        The condition in plain words.
    """

    condition: str
    channel: str
    kind: str
    priority: Priority
    after: str
    phases: tuple[Phase, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class OverdueSpec:
    """An `Overdue` whose times are ids of clinic limits, both in minutes.

    Attributes
    ----------
    condition, clock, priority, phases, only_if_set
        As in `Overdue`.
    interval, grace : str or None
        Clinic limit for the expected interval [min] and for the grace after it [min].
    label : str
        The condition in plain words.
    """

    condition: str
    clock: str
    priority: Priority
    phases: tuple[Phase, ...]
    interval: str
    grace: str | None = None
    label: str = ""
    only_if_set: bool = False


@dataclass(frozen=True, slots=True)
class DerivedSpec:
    """A `Derived` channel whose time is the id of a clinic limit.

    Attributes
    ----------
    channel, how, of, against
        As in `Derived`.
    within : str or None
        Clinic limit for the time in which readings belong together [s]; None where it has none.
    """

    channel: str
    how: Reckoning
    of: tuple[str, ...]
    against: str = ""
    within: str | None = None


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A `Fault` whose time is the id of a clinic limit.

    Attributes
    ----------
    condition, fault, priority, phases
        As in `Fault`.
    after : str or None
        Clinic limit for how long it stands before it is told [s]; None: it is told at once.
    label : str
        The condition in plain words.
    """

    condition: str
    fault: str
    priority: Priority
    after: str | None = None
    phases: tuple[Phase, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class EscalationSpec:
    """An `EscalationStep` whose time [s] is the id of a clinic limit."""

    step: int
    after: str
    to: str


@dataclass(frozen=True, slots=True)
class AlarmSpecs:
    """All that content knows about alarms for one drug and route.

    Attributes
    ----------
    thresholds, silences, overdue, escalation, derived, faults : tuples
        The conditions.
    audio_pause_max, acknowledge_lasts : str or None
        Clinic limits for the longest audio pause [s] and the life of an acknowledgement [s].
    zero_is_no_value : tuple of str
        Channels in which zero means that there is no reading.
    """

    thresholds: tuple[ThresholdSpec, ...] = ()
    silences: tuple[SilenceSpec, ...] = ()
    overdue: tuple[OverdueSpec, ...] = ()
    escalation: tuple[EscalationSpec, ...] = ()
    audio_pause_max: str | None = None
    acknowledge_lasts: str | None = None
    zero_is_no_value: tuple[str, ...] = ("hr", "pr", "spo2")
    derived: tuple[DerivedSpec, ...] = ()
    faults: tuple[FaultSpec, ...] = ()


def fill(specs: AlarmSpecs, limits: Mapping[str, Decimal]) -> AlarmPlan:
    """Alarm plan of one session from what may alarm and what the clinic has set.

    Parameters
    ----------
    specs : AlarmSpecs
        The conditions.
    limits : mapping of str to Decimal
        Approved value of each clinic limit, by its id.

    Returns
    -------
    AlarmPlan
        A condition that lacks any figure it names has no limit, and is unarmed.
    """
    derived = tuple(
        Derived(d.channel, d.how, d.of, d.against, _optional(d.within, limits) or Decimal(0))
        for d in specs.derived
        if d.within is None or d.within in limits
    )
    # A threshold on a channel that can't be worked out is as unarmed as one without its limit.
    missing = {d.channel for d in specs.derived} - {d.channel for d in derived}
    return AlarmPlan(
        thresholds=tuple(_threshold(spec, limits, missing) for spec in specs.thresholds),
        silences=tuple(_silence(spec, limits) for spec in specs.silences),
        overdue=tuple(_overdue(spec, limits) for spec in specs.overdue),
        escalation=tuple(
            EscalationStep(spec.step, limits[spec.after], spec.to)
            for spec in sorted(specs.escalation, key=lambda s: s.step)
            if spec.after in limits
        ),
        audio_pause_max_s=_optional(specs.audio_pause_max, limits),
        acknowledge_lasts_s=_optional(specs.acknowledge_lasts, limits),
        zero_is_no_value=specs.zero_is_no_value,
        derived=derived,
        faults=tuple(_fault(spec, limits) for spec in specs.faults),
    )


def _threshold(
    spec: ThresholdSpec, limits: Mapping[str, Decimal], missing: Collection[str]
) -> Threshold:
    named = (spec.limit, spec.delay, spec.clear, spec.clear_delay)
    armed = all(name in limits for name in named if name is not None)
    armed = armed and spec.channel not in missing
    return Threshold(
        condition=spec.condition,
        channel=spec.channel,
        direction=spec.direction,
        priority=spec.priority,
        limit=_limit(spec, limits) if armed else None,
        unit=spec.unit,
        delay_s=_optional(spec.delay, limits) or Decimal(0),
        clear=_optional(spec.clear, limits),
        clear_delay_s=_optional(spec.clear_delay, limits) or Decimal(0),
    )


def _limit(spec: ThresholdSpec, limits: Mapping[str, Decimal]) -> Decimal:
    return THERE if spec.limit is None else limits[spec.limit]


def _silence(spec: SilenceSpec, limits: Mapping[str, Decimal]) -> Silence:
    after_s = limits.get(spec.after)
    return Silence(spec.condition, spec.channel, spec.kind, spec.priority, after_s, spec.phases)


def _overdue(spec: OverdueSpec, limits: Mapping[str, Decimal]) -> Overdue:
    interval_min = limits.get(spec.interval)
    grace_min = Decimal(0) if spec.grace is None else limits.get(spec.grace)
    armed = interval_min is not None and grace_min is not None
    return Overdue(
        condition=spec.condition,
        clock=spec.clock,
        priority=spec.priority,
        interval_s=interval_min * 60 if armed and interval_min is not None else None,
        grace_s=grace_min * 60 if armed and grace_min is not None else Decimal(0),
        phases=spec.phases,
        only_if_set=spec.only_if_set,
    )


def _fault(spec: FaultSpec, limits: Mapping[str, Decimal]) -> Fault:
    after_s = Decimal(0) if spec.after is None else limits.get(spec.after)
    return Fault(spec.condition, spec.fault, spec.priority, after_s, spec.phases)


def _optional(name: str | None, limits: Mapping[str, Decimal]) -> Decimal | None:
    return None if name is None else limits.get(name)
