"""What one OBX says: whether it stands, which number or word, and in which unit.

Each step that finds no value says why; nothing is repaired and no unit is assumed.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from leeward.core.quantities.errors import UnitMismatch
from leeward.core.quantities.ucum import convert
from leeward.records.treatments.channels import (
    INVALID,
    NO_VALUE,
    QUESTIONABLE,
    SENSOR_OFF,
    SENTINELS,
    VALID,
    Channel,
)

from .hl7_text import Segment
from .nomenclature import (
    PUMP_STATE_PREFIXES,
    PUMP_STATES,
    UNIT_NAME_OF,
    UNIT_NAMES,
    UNITS,
    WRITTEN_UNITS,
)

# OBX-11 (table 0085): results that stand, as the device or a person holds them so far. All others
# (X cannot be obtained, D deleted, W wrong, I pending, N not asked, O order only) are no value.
STANDING = frozenset("ABCFPRSU")
# OBX-8 as PCD-01 uses it.
FLAGGED = {
    "QUES": QUESTIONABLE,
    "INV": INVALID,
    "NAV": NO_VALUE,
    "TEST": INVALID,
    "DEMO": INVALID,
    "CALIB": INVALID,
    "OFF": SENSOR_OFF,
}
NUMERIC = ("NM", "SN")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
ROUND_CONVERTED = Decimal("0.01")


def standing(obx: Segment) -> tuple[str, str]:
    """The quality that status and flags give, and why there is no value if there is none."""
    status = obx.text(11)
    if status not in STANDING:
        return NO_VALUE, f"its status (OBX-11) is {status or 'missing'}"
    flags = [FLAGGED[flag] for flag in map(str.strip, obx.repetitions(8)) if flag in FLAGGED]
    for quality in flags:
        if quality != QUESTIONABLE:
            return quality, f"the device flags it {obx.raw(8)} (OBX-8)"
    return (QUESTIONABLE if flags else VALID), ""


def sent_value(obx: Segment) -> str | None:
    """The value as it stands; None for an empty one, or the HL7 way of saying that."""
    text = obx.raw(5).strip()
    return None if text in ("", '""') else text


def value(channel: Channel, obx: Segment, quality: str) -> tuple[str | None, str, str]:
    """The value in the channel's unit, its quality, and why there is none if there is none."""
    sent = sent_value(obx)
    if sent is None:
        return None, NO_VALUE, "there is no value (OBX-5)"
    if len(obx.repetitions(5)) > 1:
        return None, INVALID, "there are several values in one (OBX-5)"
    if channel.is_text:
        return _state(obx, quality)
    text = _number(obx)
    if text is None:
        return sent, NO_VALUE, f"{sent!r} is no number (OBX-2 {obx.text(2)})"
    return _quantity(channel, text, obx, quality)


def _quantity(channel: Channel, text: str, obx: Segment, quality: str) -> tuple[str, str, str]:
    if Decimal(text) in SENTINELS:
        return text, NO_VALUE, f"{text} is how the device says that it has none"
    unit = _unit(obx)
    if unit is None:
        return text, INVALID, f"its unit {obx.raw(6)!r} (OBX-6) is not understood"
    try:
        return _converted(text, unit, channel.unit), quality, ""
    except UnitMismatch:
        return text, INVALID, f"{channel.name} can't be in {unit!r}"


def _state(obx: Segment, quality: str) -> tuple[str | None, str, str]:
    """The state of a pump: its identifier or, as PCD-10 has it, its text."""
    said = (obx.component(5, 1) or obx.component(5, 2)).strip()
    word = said
    for prefix in PUMP_STATE_PREFIXES:
        word = word.removeprefix(prefix)
    if word not in PUMP_STATES:
        return said, INVALID, f"{said!r} is no state of a pump that is known here"
    return PUMP_STATES[word], quality, ""


def _number(obx: Segment) -> str | None:
    kind = obx.text(2)
    if kind not in NUMERIC:
        return None
    text = obx.component(5, 1).strip()
    if kind == "SN":  # comparator ^ number: a bound such as ">" is not a reading
        text = obx.component(5, 2).strip() if text in ("", "=") else ""
    return text if _NUMBER.fullmatch(text) else None


def _unit(obx: Segment) -> str | None:
    """The UCUM unit of OBX-6; None if it is missing, unknown, or contradicts itself."""
    found = {
        _coded_unit(code, name, system)
        for code, name, system in _codings(obx)
        if (code or name) and system in ("MDC", "UCUM", "")
    }
    return found.pop() if len(found) == 1 else None


def _codings(obx: Segment) -> Iterator[tuple[str, str, str]]:
    for first in (1, 4):
        parts = [obx.component(6, first + n).strip() for n in range(3)]
        yield parts[0], parts[1], parts[2]


def _coded_unit(code: str, name: str, system: str) -> str | None:
    if system == "UCUM":
        return code
    if code in UNITS:
        right = not name or not name.startswith("MDC_") or name == UNIT_NAME_OF[code]
        return UNITS[code] if right else None
    return UNIT_NAMES.get(code) or WRITTEN_UNITS.get(code) or (None if system else code or None)


def _converted(text: str, unit: str, wanted: str) -> str:
    if all(convert(number, unit, wanted) == number for number in (Decimal(1), Decimal(2))):
        return text  # the same unit under another name
    changed = convert(Decimal(text), unit, wanted).quantize(ROUND_CONVERTED)
    return format(changed.normalize(), "f")
