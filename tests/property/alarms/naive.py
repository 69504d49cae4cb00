"""A slow, obvious twin of the engine's thresholds: every sample again, in order of time."""

from decimal import Decimal

from leeward.core.alarms import Direction, Threshold


def present_since(threshold: Threshold, samples, now_ms: int) -> int | None:
    """Since when the condition is present [ms], None if it is not; samples are (ms, value)."""
    breach_ms = onset_ms = clear_ms = None
    delay_ms, stay_ms = int(threshold.delay_s * 1000), int(threshold.clear_delay_s * 1000)
    for taken_ms, value in sorted(set(samples)):
        if onset_ms is None and breach_ms is not None and taken_ms >= breach_ms + delay_ms:
            onset_ms = breach_ms + delay_ms
        if _breaches(threshold, value):
            breach_ms, clear_ms = (taken_ms if breach_ms is None else breach_ms), None
            if delay_ms == 0 and onset_ms is None:
                onset_ms = breach_ms
        elif onset_ms is None:
            breach_ms = None
        elif _clears(threshold, value):
            clear_ms = taken_ms if clear_ms is None else clear_ms
            if taken_ms - clear_ms >= stay_ms:
                breach_ms = onset_ms = clear_ms = None
        else:
            clear_ms = None
    if onset_ms is None and breach_ms is not None and now_ms >= breach_ms + delay_ms:
        onset_ms = breach_ms + delay_ms
    return onset_ms


def _breaches(threshold: Threshold, value: Decimal) -> bool:
    if threshold.direction is Direction.BELOW:
        return value < threshold.limit
    if threshold.direction is Direction.AT_OR_BELOW:
        return value <= threshold.limit
    if threshold.direction is Direction.ABOVE:
        return value > threshold.limit
    return value >= threshold.limit


def _clears(threshold: Threshold, value: Decimal) -> bool:
    if threshold.clear is None:
        return True
    if threshold.direction in (Direction.BELOW, Direction.AT_OR_BELOW):
        return value >= threshold.clear
    return value <= threshold.clear
