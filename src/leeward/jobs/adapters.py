"""A device adapter as a process of its own: started, listened to, and let go without harm."""

import logging
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import IO
from uuid import UUID

from leeward.exchange.devices.message import (
    LONGEST_LINE,
    Batch,
    Reading,
    UnreadableMessage,
    parse_line,
)
from leeward.jobs.child import command
from leeward.records.treatments.channels import QUESTIONABLE, VALID
from leeward.usecases.record_samples import Observation, SecondOfSamples
from leeward.usecases.watch_devices import Pulse

logger = logging.getLogger("leeward.gateway")

# An adapter that is further ahead than this waits in its pipe: a flood fills no memory here.
MOST_WAITING = 120
SILENT_AFTER_S = 5.0
SHORTEST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class WallAtBoot:
    """This process's wall clock at one moment of the monotonic one.

    Samples are dated by it, so that a step of the wall clock neither reorders nor loses any.
    """

    wall: datetime
    mono_s: float

    def at(self, mono_s: Decimal) -> datetime:
        return self.wall + timedelta(seconds=float(mono_s) - self.mono_s)


@dataclass(slots=True)
class Adapter:
    """One binding's adapter process, and what it said that is not in the record yet."""

    binding_id: UUID
    module: str
    clock: WallAtBoot
    kind: str
    location_id: UUID
    process: subprocess.Popen[bytes] | None = None
    waiting: deque[Batch] = field(default_factory=deque)
    heard_s: float = 0.0
    heard_at: datetime | None = None
    unreadable: int = 0
    restarts: int = 0
    start_at_s: float = 0.0
    _pause_s: float = SHORTEST_PAUSE_S
    _rest: bytes = b""

    def start(self, arguments: Sequence[str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            command(self.module, *arguments), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        os.set_blocking(self.pipe.fileno(), False)
        self.heard_s, self._rest = time.monotonic(), b""

    @property
    def pipe(self) -> IO[bytes]:
        if self.process is None or self.process.stdout is None:
            raise ValueError("the adapter does not run")
        return self.process.stdout

    @property
    def wants_reading(self) -> bool:
        return self.process is not None and len(self.waiting) < MOST_WAITING

    def read(self) -> None:
        """Take what the pipe holds; notice when its writer has died or fallen silent."""
        try:
            chunk = os.read(self.pipe.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return
        if not chunk:
            self._died()
            return
        self.heard_s = time.monotonic()
        self.heard_at = datetime.now(UTC)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            self._rest = b""
            self._refuse("a line without end")
        for line in lines:
            try:
                self.waiting.append(parse_line(line))
            except UnreadableMessage as fault:
                self._refuse(str(fault))

    def end_if_silent(self) -> None:
        """An adapter that says nothing, not even that it lives, is ended and started anew."""
        if self.process is None or not self.wants_reading:
            return
        if time.monotonic() - self.heard_s > SILENT_AFTER_S:
            logger.warning("adapter of %s is silent; starting it anew", self.binding_id)
            self.process.kill()
            self._died()

    def seconds(self) -> list[tuple[UUID, SecondOfSamples]]:
        """The waiting batches that hold readings, as the use case takes them."""
        return [
            (batch.boot_id, to_second(batch, self.clock))
            for batch in self.waiting
            if not batch.is_heartbeat
        ]

    def pulse(self) -> Pulse:
        """How this adapter is, for whoever must tell a silent device from a dead adapter."""
        running = self.process is not None and self.heard_at is not None
        return Pulse(
            name=f"binding:{self.binding_id}",
            kind=self.kind,
            location_id=self.location_id,
            state="running" if running else "starting",
            heard_at=self.heard_at,
            restarts=self.restarts,
            refused=self.unreadable,
        )

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.pipe.close()
        self.process = None

    def _died(self) -> None:
        if self.process is None:
            return
        self.pipe.close()
        code = self.process.wait()
        self.process, self.heard_at = None, None
        self.restarts += 1
        self.start_at_s = time.monotonic() + self._pause_s
        logger.warning(
            "adapter of %s ended (%s); starting it again in %.1f s",
            self.binding_id, code, self._pause_s,
        )  # fmt: skip
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def _refuse(self, because: str) -> None:
        self.unreadable += 1
        logger.error("adapter of %s: message refused: %s", self.binding_id, because)


def to_second(batch: Batch, clock: WallAtBoot) -> SecondOfSamples:
    """One message as a second of samples, dated by the gateway; the other clocks are kept."""
    return SecondOfSamples(
        seq=batch.seq,
        at=clock.at(batch.t_adapter_mono),
        observations=tuple(
            Observation(o.channel, _said(o), o.unit, o.quality) for o in batch.observations
        ),
        clocks=batch.clocks(),
    )


def _said(reading: Reading) -> str | None:
    """The value, or what the device sent instead of one: kept beside the reason, never charted."""
    disowned = reading.quality not in (VALID, QUESTIONABLE)
    if reading.value is None and disowned and reading.raw is not None:
        return reading.raw.value
    return reading.value
