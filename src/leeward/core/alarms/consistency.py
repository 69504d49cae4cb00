"""Limits that contradict each other: an alarm that could never end, or a warning after the act."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from .specs import AlarmSpecs, ThresholdSpec
from .terms import Direction, Priority

_LOW = (Direction.BELOW, Direction.AT_OR_BELOW)


def contradictions(specs: AlarmSpecs, limits: Mapping[str, Decimal]) -> tuple[str, ...]:
    """What must be put right before these limits can be approved.

    Parameters
    ----------
    specs : AlarmSpecs
        The conditions.
    limits : mapping of str to Decimal
        Value of each clinic limit, by its id, in the unit of its definition.

    Returns
    -------
    tuple of str
        One sentence per contradiction, naming both limits; empty if there is none.
    """
    found = (*_clear_sides(specs, limits), *_tiers(specs, limits))
    return tuple(dict.fromkeys(found))


def _clear_sides(specs: AlarmSpecs, limits: Mapping[str, Decimal]) -> Iterator[str]:
    for spec in specs.thresholds:
        limit, clear = limits.get(spec.limit or ""), limits.get(spec.clear or "")
        if limit is None or clear is None:
            continue
        if clear < limit if spec.direction in _LOW else clear > limit:
            side = "at or above" if spec.direction in _LOW else "at or below"
            yield (
                f"{spec.clear} ({clear}) must lie {side} {spec.limit} ({limit}); "
                "else the alarm ends while the value is still in breach."
            )


def _tiers(specs: AlarmSpecs, limits: Mapping[str, Decimal]) -> Iterator[str]:
    by_condition: dict[tuple[str, Direction], list[ThresholdSpec]] = {}
    for spec in specs.thresholds:
        by_condition.setdefault((spec.condition, spec.direction), []).append(spec)
    for (_, direction), tiers in by_condition.items():
        acts = [t for t in tiers if t.priority is Priority.HIGH]
        warns = [t for t in tiers if t.priority is not Priority.HIGH]
        for act in acts:
            for warn in warns:
                yield from _late_warning(act, warn, direction in _LOW, limits)


def _late_warning(
    act: ThresholdSpec, warn: ThresholdSpec, is_low: bool, limits: Mapping[str, Decimal]
) -> Iterator[str]:
    first, second = limits.get(warn.limit or ""), limits.get(act.limit or "")
    if first is None or second is None:
        return
    if first < second if is_low else first > second:
        side = "above" if is_low else "below"
        yield (
            f"{warn.limit} ({first}) must lie {side} {act.limit} ({second}); "
            "else the warning comes after the alarm."
        )
