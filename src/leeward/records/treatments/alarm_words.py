"""Alarms in words: the content's own label, the value and the limit it crossed."""

from decimal import Decimal
from functools import lru_cache

from leeward import content
from leeward.core.alarms import symptom_channel
from leeward.core.quantities.formatting import show

# Times are shown by a running clock beside the words, so the figure at raising says nothing more.
# A symptom is there or not: its 1 is no figure either.
WORDLESS_UNITS = ("s", "min", "{effect}", "{pump}")
SHOWN_UNIT = {"mm[Hg]": "mmHg", "{score}": "", "1": "", "%": "%"}


def alarm_label(condition: str) -> str:
    """What a condition is called, such as "Oxygen low"."""
    return _labels(content.load().digest).get(condition, condition.replace("_", " ").capitalize())


def alarm_text(condition: str, value: Decimal | None, limit: Decimal | None, unit: str) -> str:
    """The condition with its figures: "Oxygen low: 86 % (limit 88)"."""
    label = alarm_label(condition)
    if value is None or unit in WORDLESS_UNITS:
        return label
    bound = "" if limit is None else f" (limit {show(limit)})"
    return f"{label}: {show(value, SHOWN_UNIT.get(unit, unit))}{bound}"


@lru_cache(maxsize=2)
def _labels(content_digest: str) -> dict[str, str]:
    """Label of each condition; the mildest tier names it, since a value says how bad it is."""
    labels = {symptom_channel(one.id): one.label for one in content.load().effects.values()}
    for specs in content.load().alarms.values():
        for spec in (
            *specs.thresholds,
            *specs.silences,
            *specs.overdue,
            *specs.faults,
        ):
            labels[spec.condition] = spec.label
    return labels
