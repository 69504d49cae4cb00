"""One HL7 message as the batch that goes to the gateway, or the reason why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .hl7_answer import REFUSED
from .hl7_text import Message
from .message import Batch, Raw, Reading
from .pcd01 import OBSERVATIONS, Decoded, chart_order, key_of, observations

ADAPTER, VERSION = "hl7", "1"
PRODUCTION = ("P", "")


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


def batch_of(
    message: Message, *, boot_id: UUID, seq: int, mono_s: float, wall: datetime
) -> Batch | NotTaken:
    """The observations of one message, for the gateway."""
    decoded = observations(message)
    key = key_of(message, decoded)
    if not key:
        return NotTaken(REFUSED, "nothing says which device this is (MSH-3, OBX-18)", "101")
    charted = chart_order(decoded)
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
