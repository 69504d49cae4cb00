"""One threshold over time: condition delay before, hysteresis after.

A value holds until the next sample says otherwise, so a breach that is followed by silence still
alarms. Only a sample can clear a condition; silence never does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from .limits import Threshold
from .terms import Direction


@dataclass(frozen=True, slots=True)
class Track:
    """Where one threshold stands.

    Attributes
    ----------
    breach_ms : int or None
        Since when the value breaches without a break [ms]; None if it does not.
    value : Decimal or None
        The breaching value last seen [unit of the threshold].
    onset_ms : int or None
        Since when the condition is present [ms], its delay included; None if it is not.
    clear_ms : int or None
        Since when the value is clear again while the condition is present [ms].
    """

    breach_ms: int | None = None
    value: Decimal | None = None
    onset_ms: int | None = None
    clear_ms: int | None = None


UNTOUCHED: Final = Track()


@dataclass(frozen=True, slots=True)
class Change:
    """A condition began or ended.

    Attributes
    ----------
    at_ms : int
        When [ms].
    value : Decimal or None
        The breaching value; None at the end.
    begins : bool
        Whether it began.
    """

    at_ms: int
    value: Decimal | None
    begins: bool


TimedValue = tuple[int, Decimal]


def breaches(threshold: Threshold, value: Decimal) -> bool:
    """Whether a value is on the wrong side of the limit; never while the limit is not set."""
    limit = threshold.limit
    if limit is None:
        return False
    return {
        Direction.BELOW: value < limit,
        Direction.AT_OR_BELOW: value <= limit,
        Direction.ABOVE: value > limit,
        Direction.AT_OR_ABOVE: value >= limit,
    }[threshold.direction]


def clears(threshold: Threshold, value: Decimal) -> bool:
    """Whether a value is far enough on the right side for the condition to end."""
    if breaches(threshold, value):
        return False
    if threshold.clear is None:
        return True
    if threshold.direction in (Direction.BELOW, Direction.AT_OR_BELOW):
        return value >= threshold.clear
    return value <= threshold.clear


def wait(track: Track, threshold: Threshold, until_ms: int) -> tuple[Track, Change | None]:
    """Let time pass [ms] without a sample: a breach that lasts becomes a condition."""
    if track.onset_ms is not None or track.breach_ms is None:
        return track, None
    onset_ms = track.breach_ms + to_ms(threshold.delay_s)
    if onset_ms > until_ms:
        return track, None
    return replace(track, onset_ms=onset_ms), Change(onset_ms, track.value, begins=True)


def take(
    track: Track, threshold: Threshold, taken_ms: int, value: Decimal
) -> tuple[Track, tuple[Change, ...]]:
    """Take a sample [ms, unit of the threshold] that is not older than the last."""
    track, waited = wait(track, threshold, taken_ms)
    changes = () if waited is None else (waited,)
    if track.onset_ms is None:
        if not breaches(threshold, value):
            return UNTOUCHED, changes
        breach_ms = taken_ms if track.breach_ms is None else track.breach_ms
        track, began = wait(replace(track, breach_ms=breach_ms, value=value), threshold, taken_ms)
        return track, changes if began is None else (*changes, began)
    if not clears(threshold, value):
        return replace(track, clear_ms=None), changes
    clear_ms = taken_ms if track.clear_ms is None else track.clear_ms
    if taken_ms - clear_ms < to_ms(threshold.clear_delay_s):
        return replace(track, clear_ms=clear_ms), changes
    return UNTOUCHED, (*changes, Change(taken_ms, None, begins=False))


def take_all(
    track: Track, threshold: Threshold, samples: Iterable[TimedValue]
) -> tuple[Track, list[Change]]:
    """Take samples in the order of their times."""
    changes: list[Change] = []
    for taken_ms, value in samples:
        track, more = take(track, threshold, taken_ms, value)
        changes.extend(more)
    return track, changes


def to_ms(seconds: Decimal) -> int:
    """Whole milliseconds in a time [s]."""
    return int(seconds * 1000)
