"""One HL7 message as the batch that goes to the gateway, or the reason why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .hl7_answer import REFUSED
from .hl7_text import Message
from .message import Batch, Raw, Reading
from .nomenclature import INTERMITTENT
from .pcd01 import OBSERVATIONS, Decoded, chart_order, key_of, observations

ADAPTER, VERSION = "hl7", "1"
PRODUCTION = ("P", "")
# A cuff that measures the same again after this long has measured anew [s].
FORGOTTEN_AFTER_S = 90.0


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why a message is not taken, for its answer: the code, and the error of HL7 table 0357."""

    code: str
    because: str
    error: str


def refused(message: Message) -> NotTaken | None:
    """Why a message is none of ours; a training or test message is never charted."""
    if message.type != OBSERVATIONS:
        because = f"{message.type} is not read here, only {OBSERVATIONS}"
        return NotTaken(REFUSED, because, "200")
    processing = message.header.text(11)
    if processing not in PRODUCTION:
        return NotTaken(REFUSED, f"processing id {processing} (MSH-11) is not P", "202")
    if not message.control_id:
        return NotTaken(REFUSED, "there is no control id (MSH-10)", "101")
    return None


@dataclass(slots=True)
class Repeats:
    """Which cuff pressures a device said before, so that a repeated one is not taken for a new.

    Monitors send the last pressure again in every message. A reading that says when it was taken
    is new when that time is; one that does not is new when its value is, or when the device had
    not said it for a while.
    """

    _last: dict[tuple[str, str], tuple[datetime | None, str | None, float]] = field(
        default_factory=dict
    )

    def without(self, key: str, charted: Sequence[Decoded], mono_s: float) -> tuple[Decoded, ...]:
        cuff = [one for one in charted if one.kind == INTERMITTENT]
        # Systolic and diastolic are of one measurement: where one of them is new, all are.
        if any(not self._is_repeat(key, one, mono_s) for one in cuff):
            return tuple(charted)
        return tuple(one for one in charted if one.kind != INTERMITTENT)

    def remember(self, key: str, charted: Sequence[Decoded], mono_s: float) -> None:
        """What was stored; not before, or a message sent again would lose its pressure."""
        for one in charted:
            if one.channel and one.kind == INTERMITTENT:
                taken_at = one.t_device if one.timed else None
                self._last[key, one.channel] = (taken_at, one.sent.value, mono_s)

    def _is_repeat(self, key: str, one: Decoded, mono_s: float) -> bool:
        last = self._last.get((key, one.channel or ""))
        if last is None:
            return False
        taken_at, value, said_s = last
        if one.timed:
            return one.t_device == taken_at
        return one.sent.value == value and mono_s - said_s < FORGOTTEN_AFTER_S


def batch_of(
    message: Message,
    *,
    boot_id: UUID,
    seq: int,
    mono_s: float,
    wall: datetime,
    repeats: Repeats | None = None,
) -> Batch | NotTaken:
    """The observations of one message, for the gateway; what it only repeats is left out."""
    decoded = observations(message)
    key = key_of(message, decoded)
    if not key:
        return NotTaken(REFUSED, "nothing says which device this is (MSH-3, OBX-18)", "101")
    charted = (repeats or Repeats()).without(key, chart_order(decoded), mono_s)
    t_device = max((d.t_device for d in charted if d.t_device), key=_moment, default=None)
    return Batch(
        schema="leeward.observation.v1",
        adapter=ADAPTER,
        adapter_version=VERSION,
        device=decoded[0].device if decoded else {},
        boot_id=boot_id,
        seq=seq,
        t_device=t_device,
        t_adapter_mono=Decimal(f"{mono_s:.3f}"),
        t_adapter_wall=wall,
        clock_offset_est=_offset(wall, t_device),
        observations=tuple(_reading(one) for one in charted),
        device_key=key,
        unknown_codes=_unknown(decoded),
    )


def _moment(at: datetime) -> tuple[bool, str]:
    """Times with an offset after those without: the two can't be compared."""
    return at.tzinfo is not None, at.isoformat()


def _offset(wall: datetime, t_device: datetime | None) -> Decimal | None:
    """How far the device's clock is behind ours [s], network and queue included."""
    if t_device is None or t_device.tzinfo is None:
        return None
    return Decimal(f"{(wall - t_device).total_seconds():.3f}")


def _reading(one: Decoded) -> Reading:
    return Reading(
        channel=one.channel,
        value=one.value,
        unit=one.unit,
        quality=one.quality,
        kind=one.kind,
        raw=Raw(
            code=one.sent.code,
            value=one.sent.value[:120] if one.sent.value else None,
            unit=one.sent.unit[:120],
        ),
    )


def _unknown(decoded: Sequence[Decoded]) -> tuple[str, ...]:
    """Codes with a value that no channel is known for; a line that only groups others is none."""
    codes = (f"{d.sent.code} {d.sent.name}".strip()[:120] for d in decoded
             if d.channel is None and d.sent.value is not None)  # fmt: skip
    return tuple(dict.fromkeys(codes))[:50]
