"""The HL7 listener of a place under the gateway: its messages are committed, then acknowledged."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.exchange.devices.message import Batch
from leeward.jobs.adapters import Adapter, WallAtBoot, to_second
from leeward.records.accounts.actor import system_actor
from leeward.records.organizations.selectors import list_place_ids_named
from leeward.records.treatments.selectors_devices import HL7
from leeward.usecases.watch_devices import take_message

logger = logging.getLogger("leeward.gateway")

LISTENER = "leeward.exchange.devices.hl7_listener"


@dataclass(frozen=True, slots=True)
class ListeningPlace:
    """Where the devices of a place are listened for."""

    location_id: UUID
    host: str
    port: int


def listening_places(setting: str) -> Iterator[ListeningPlace]:
    """The places of the setting `slug=host:port ...`; what is not understood is said and left."""
    for part in setting.split():
        slug, _, address = part.partition("=")
        host, _, port = address.rpartition(":")
        places = list_place_ids_named(slug)
        if len(places) != 1 or not port.isdigit():
            logger.error("HL7_LISTEN: %r names no single place, host and port; left out", part)
            continue
        yield ListeningPlace(places[0], host or "127.0.0.1", int(port))


class Feed:
    """One listener process, and what it said that is not in the record yet."""

    def __init__(self, place: ListeningPlace, clock: WallAtBoot) -> None:
        self._place = place
        self._clock = clock
        self.adapter = Adapter(
            f"{HL7}:{place.location_id}", LISTENER, clock, HL7, place.location_id, is_told=True
        )

    def follow(self) -> None:
        self.adapter.end_if_silent()
        if self.adapter.process is None and time.monotonic() >= self.adapter.start_at_s:
            self.adapter.start(["--host", self._place.host, "--port", str(self._place.port)])

    def flush(self) -> None:
        """Commit every message that waits, and tell the listener of each that it is.

        One that can't be committed now stays first in the queue and is tried again; its sender
        hears meanwhile that it is not stored.
        """
        waiting = self.adapter.waiting
        while waiting:
            batch = waiting[0]
            if batch.device_key is not None:
                taken = self._take(batch, batch.device_key)
                if isinstance(taken, Refusal):
                    logger.error("a message of %s was refused: %s", batch.device_key, taken)
                    taken = "refused"
                self.adapter.tell(_verdict(batch, taken))
            waiting.popleft()

    def _take(self, batch: Batch, key: str) -> str | Refusal:
        return take_message(
            actor=system_actor("Device gateway"),
            now=datetime.now(UTC),
            location_id=self._place.location_id,
            adapter=batch.adapter,
            key=key,
            boot_id=batch.boot_id,
            second=to_second(batch, self._clock),
            unknown_codes=batch.unknown_codes,
        )


def _verdict(batch: Batch, taken: str) -> bytes:
    said = {"boot_id": str(batch.boot_id), "seq": batch.seq, "taken": taken}
    return json.dumps(said).encode() + b"\n"
