"""The closed list of device channels, and what counts as a value in each.

The bounds are those of the quantity itself (a saturation is a percentage, a pressure is not
negative) and the widest measuring range that makers of bedside monitors publish (decision 27 names
them): no instrument can have measured what lies outside, so it is a fault of the message. What is
worrying within is for the clinic's limits to say.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

VALID, QUESTIONABLE, INVALID = "valid", "questionable", "invalid"
SENSOR_OFF, OUT_OF_RANGE, NO_VALUE = "sensor_off", "out_of_range", "no_value"
QUALITIES = (VALID, QUESTIONABLE, INVALID, SENSOR_OFF, OUT_OF_RANGE, NO_VALUE)
KINDS = ("continuous", "intermittent", "setting", "event", "device_alarm")
LONGEST_RAW = 40
HIGHEST_CUFF_MMHG = Decimal(300)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its only unit (UCUM), its bounds by definition, and how it behaves."""

    name: str
    unit: str
    lowest: Decimal | None = Decimal(0)
    highest: Decimal | None = None
    zero_is_no_value: bool = False
    intermittent: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of a reading; without a value, its quality says why."""

    value: str | None
    quality: str
    raw: str | None = None


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("hr", "/min", highest=Decimal(350), zero_is_no_value=True),
        Channel("pr", "/min", highest=Decimal(350), zero_is_no_value=True),
        Channel("spo2", "%", highest=Decimal(100), zero_is_no_value=True),
        Channel("nibp_sys", "mm[Hg]", highest=HIGHEST_CUFF_MMHG, zero_is_no_value=True,
                intermittent=True),
        Channel("nibp_dia", "mm[Hg]", highest=HIGHEST_CUFF_MMHG, zero_is_no_value=True,
                intermittent=True),
        Channel("nibp_map", "mm[Hg]", highest=HIGHEST_CUFF_MMHG, zero_is_no_value=True,
                intermittent=True),
        Channel("rr", "/min", highest=Decimal(200)),
        Channel("etco2", "mm[Hg]", highest=Decimal(150)),
        Channel("temp", "Cel", highest=Decimal(50), zero_is_no_value=True),
        Channel("pump_rate_ml_h", "mL/h"),
        Channel("pump_vol_ml", "mL"),
        Channel("pump_state", "", is_text=True),
        Channel("pump_vtbi_ml", "mL"),
    )
}  # fmt: skip

# Numbers by which devices say that they have none: the special values of IEEE 11073 FLOAT and the
# ends of the integers that other formats use. None is a reading of any channel here; 999 or 2047
# can be millilitres, so they are told from readings by the bounds of their channel.
SENTINELS = frozenset(map(Decimal, (
    8388607, 8388606, -8388606, -8388607, -8388608, 32767, -32768, 65535, 2147483647, -2147483648,
    4294967295,
)))  # fmt: skip

_WORD = re.compile(r"[a-z][a-z_]{0,39}")


def judge(channel: str, value: str | None, unit: str, quality: str) -> Reading:
    """What is kept of a reading as it came.

    A reading that is none becomes *no value*, never a number. Raises `ValueError` for a channel,
    a unit or a quality that is not on the list: such a message is refused, not guessed at.
    """
    spec = CHANNELS.get(channel)
    if spec is None:
        raise ValueError(f"unknown channel {channel!r}")
    if unit != spec.unit:
        raise ValueError(f"{channel} comes in {unit!r}; only {spec.unit!r} passes")
    if quality not in QUALITIES:
        raise ValueError(f"unknown quality {quality!r}")
    if value is None or not value.strip():
        return Reading(None, quality if _says_why(quality) else NO_VALUE)
    raw = value.strip()[:LONGEST_RAW]
    if _says_why(quality):
        return Reading(None, quality, raw)
    if spec.is_text:
        return Reading(raw, quality) if _WORD.fullmatch(raw) else Reading(None, INVALID, raw)
    return _judge_number(spec, raw, quality)


def _judge_number(spec: Channel, raw: str, quality: str) -> Reading:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return Reading(None, NO_VALUE, raw)
    if not number.is_finite() or number in SENTINELS or (number == 0 and spec.zero_is_no_value):
        return Reading(None, NO_VALUE, raw)
    if spec.lowest is not None and number < spec.lowest:
        return Reading(None, OUT_OF_RANGE, raw)
    if spec.highest is not None and number > spec.highest:
        return Reading(None, OUT_OF_RANGE, raw)
    return Reading(format(number, "f"), quality)


def _says_why(quality: str) -> bool:
    return quality not in (VALID, QUESTIONABLE)
