"""The newest reading of one channel in a session, without reading the whole of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from .models import DeviceBinding, SampleBlock, SampleTail
from .samples import Second, second_of, unpack, unpacked_second

# So many seconds of a tail are looked at; a minute that is over is sealed into a block.
TAIL = 900


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest value of a channel, as the device told it, and when."""

    value: str
    at: datetime
    label: str

    @property
    def number(self) -> Decimal | None:
        """The value as a number; None where it is a word."""
        try:
            return Decimal(self.value)
        except InvalidOperation:
            return None


def find_newest(session_id: UUID, channel: str, *, since: datetime | None = None) -> Newest | None:
    """The newest usable value of a channel from any device that was on this patient."""
    found: Newest | None = None
    for binding in DeviceBinding.objects.filter(session_id=session_id):
        for second in _newest_first(binding.id, since):
            reading = second.readings.get(channel)
            if reading is None or reading.value is None:
                continue
            if found is None or second.at > found.at:
                found = Newest(reading.value, second.at, binding.label)
            break
    return found


def _newest_first(binding_id: UUID, since: datetime | None) -> Iterator[Second]:
    for row in SampleTail.objects.filter(binding_id=binding_id).order_by("-at", "-id")[:TAIL]:
        yield second_of(row)
    blocks = SampleBlock.objects.filter(binding_id=binding_id).order_by("-minute")
    if since is not None:
        blocks = blocks.filter(minute__gte=since.replace(second=0, microsecond=0))
    for block in blocks.iterator(chunk_size=8):
        for row in reversed(unpack(bytes(block.data))["seconds"]):
            yield unpacked_second(row)
