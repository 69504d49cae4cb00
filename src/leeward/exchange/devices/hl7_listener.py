"""The HL7 adapter: listens for MLLP connections of monitors and pumps, and only ever answers.

Runs as a process of its own, without the database. A message goes to the gateway as a line on
standard output, and is acknowledged to the device only when a line on standard input says that it
is committed. The one thing ever sent to a device is such an answer (`hl7_answer`).
"""

import argparse
import asyncio
import contextlib
import json
import socket
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import BinaryIO
from uuid import UUID, uuid4

from . import hl7_answer
from .hl7_feed import ADAPTER, VERSION, NotTaken, Repeats, batch_of, refused
from .hl7_text import Message, UnreadableHl7, control_id_of, read
from .message import Batch, Device
from .mllp import BadFraming, FrameReader, frame
from .pcd01 import chart_order, observations

HEARTBEAT_S = 1.0
# A device that hears nothing sends again; the message is known by its bytes and kept once.
COMMIT_WITHIN_S = 5.0
FRAME_WITHIN_S = 10.0
MOST_PER_S = 40
MOST_CONNECTIONS = 64
MOST_PER_HOST = 8
MOST_UNANSWERED = 256
READ_BYTES = 16 * 1024
# A connection whose other end is gone is noticed by the kernel within half a minute.
KEEP_ALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4}


@dataclass(slots=True)
class Gateway:
    """The way to the gateway: lines out, and what it says of each."""

    out: BinaryIO
    boot_id: UUID = field(default_factory=uuid4)
    seq: int = 0
    refused: int = 0
    _waiting: dict[int, asyncio.Future[str]] = field(default_factory=dict)
    _unanswered: dict[bytes, int] = field(default_factory=dict)
    _repeats: Repeats = field(default_factory=Repeats)

    async def hand_over(self, data: bytes, message: Message) -> str | NotTaken:
        """Give a message to the gateway; what became of it, when that is committed."""
        digest = sha256(data).digest()
        seq = self._unanswered.get(digest) or self._next()
        now_s = time.monotonic()
        batch = batch_of(
            message, boot_id=self.boot_id, seq=seq, mono_s=now_s, wall=_now(),
            repeats=self._repeats,
        )  # fmt: skip
        if isinstance(batch, NotTaken):
            return batch
        self._unanswered[digest] = seq
        while len(self._unanswered) > MOST_UNANSWERED:
            self._unanswered.pop(next(iter(self._unanswered)))
        verdict = asyncio.get_running_loop().create_future()
        self._waiting[seq] = verdict
        try:
            self.say(batch)
            taken = await asyncio.wait_for(verdict, COMMIT_WITHIN_S)
        except TimeoutError:
            return NotTaken(hl7_answer.NOT_STORED, "not stored yet; send it again", "207")
        finally:
            self._waiting.pop(seq, None)
        self._unanswered.pop(digest, None)
        self._repeats.remember(batch.device_key or "", chart_order(observations(message)), now_s)
        if taken == "refused":
            return NotTaken(hl7_answer.NOT_STORED, "the record refused it", "207")
        return taken

    def say(self, batch: Batch) -> None:
        self.out.write(batch.to_line())
        self.out.flush()

    def beat(self) -> None:
        self.say(
            Batch(
                schema="leeward.observation.v1",
                adapter=ADAPTER,
                adapter_version=VERSION,
                device=Device(),
                boot_id=self.boot_id,
                seq=self._next(),
                t_adapter_mono=f"{time.monotonic():.3f}",
                t_adapter_wall=_now(),
            )
        )

    def told(self, line: bytes) -> None:
        """A line of the gateway: what became of one message."""
        said = json.loads(line)
        verdict = self._waiting.get(said["seq"])
        if said["boot_id"] == str(self.boot_id) and verdict is not None and not verdict.done():
            verdict.set_result(said["taken"])

    def _next(self) -> int:
        self.seq += 1
        return self.seq


class Listener:
    """The connections of one place."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._open: dict[asyncio.StreamWriter, str] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to its end; its faults end with it."""
        peer = str(writer.get_extra_info("peername", ("?",))[0])
        self._make_room(peer)
        self._open[writer] = peer
        _keep_alive(writer)
        try:
            await self._converse(reader, writer)
        except (BadFraming, TimeoutError) as fault:
            self._gateway.refused += 1
            _say(f"{peer}: {fault or 'a message took too long'}; connection closed")
        except (ConnectionError, OSError) as fault:
            _say(f"{peer}: {fault}")
        finally:
            self._open.pop(writer, None)
            writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        next_at_s = time.monotonic()
        frame_until_s: float | None = None
        while True:
            left_s = None if frame_until_s is None else max(0.0, frame_until_s - time.monotonic())
            data = await asyncio.wait_for(reader.read(READ_BYTES), left_s)
            if not data:
                return
            for message in frames.feed(data):
                # A flood waits in its own connection, and in nobody else's.
                next_at_s = max(next_at_s + 1 / MOST_PER_S, time.monotonic() - 1)
                await asyncio.sleep(max(0.0, next_at_s - time.monotonic()))
                await self._take(message, writer)
            if frames.between_frames:
                frame_until_s = None
            elif frame_until_s is None:
                frame_until_s = time.monotonic() + FRAME_WITHIN_S

    async def _take(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            message = read(data)
        except UnreadableHl7 as fault:
            await self._answer(
                writer, None, NotTaken(hl7_answer.REFUSED, str(fault), fault.code),
                control_id_of(data),
            )  # fmt: skip
            return
        not_taken = refused(message)
        taken = not_taken or await self._gateway.hand_over(data, message)
        await self._answer(writer, message, taken)

    async def _answer(
        self,
        writer: asyncio.StreamWriter,
        message: Message | None,
        taken: str | NotTaken,
        control_id: str = "",
    ) -> None:
        """Answer a message, if its sender wants to hear. Nothing else is ever sent."""
        not_taken = taken if isinstance(taken, NotTaken) else None
        code = not_taken.code if not_taken else hl7_answer.ACCEPTED
        if not_taken is not None:
            self._gateway.refused += 1
            _say(f"message refused ({code}): {not_taken.because}")
        if message is not None and not hl7_answer.is_wanted(message, code):
            return
        said = hl7_answer.answer(
            message, code, now=_now(), answer_id=uuid4().hex[:20], control_id=control_id,
            because=not_taken.because if not_taken else "",
            error=not_taken.error if not_taken else "0",
        )  # fmt: skip
        writer.write(frame(said))
        await asyncio.wait_for(writer.drain(), FRAME_WITHIN_S)

    def _make_room(self, peer: str) -> None:
        """A host that connects once more than it may loses its oldest connection.

        So a monitor that was switched off and on always gets in, whatever its dead one holds.
        """
        of_host = [w for w, host in self._open.items() if host == peer]
        crowded = of_host if len(of_host) >= MOST_PER_HOST else None
        if crowded is None and len(self._open) >= MOST_CONNECTIONS:
            crowded = list(self._open)
        if crowded:
            _say(f"{peer}: too many connections; the oldest is closed")
            self._open.pop(crowded[0], None)
            crowded[0].transport.abort()


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    link = writer.get_extra_info("socket")
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def listen(host: str, port: int, gateway: Gateway) -> None:
    """Serve until the gateway is gone."""
    verdicts = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(verdicts), sys.stdin
    )
    server = await asyncio.start_server(Listener(gateway).serve, host, port)
    bound = server.sockets[0].getsockname()
    _say(f"listening on {bound[0]}:{bound[1]}")
    beating = asyncio.create_task(_beat(gateway))
    while line := await verdicts.readline():
        gateway.told(line)
    beating.cancel()
    server.close()


async def _beat(gateway: Gateway) -> None:
    while True:
        gateway.beat()
        await asyncio.sleep(HEARTBEAT_S)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    print(f"hl7: {line}", file=sys.stderr, flush=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="hl7_listener")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args(argv)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        asyncio.run(listen(args.host, args.port, Gateway(sys.stdout.buffer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
