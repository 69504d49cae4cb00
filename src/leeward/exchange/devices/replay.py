"""The replay adapter: a recorded monitor, played again at a chosen speed.

Runs as a process of its own and only ever writes JSON lines to its standard output. With nothing
to report it says that it is alive, once a second.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from .message import Batch, Device, Reading
from .recordings import Recording, from_frame, read_recording

HEARTBEAT_S = 1.0
VERSION = "1"


def frames_due(recording: Recording, speed: Decimal, elapsed_s: float) -> int:
    """How many frames have been played when `elapsed_s` have passed [s]."""
    position = int(Decimal(elapsed_s) * speed / recording.period_s) + 1
    return min(position, len(recording.frames))


def play(
    recording: Recording,
    speed: Decimal,
    *,
    boot_id: UUID,
    elapsed_s: float,
    monotonic: Callable[[], float],
    wall: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Iterator[Batch]:
    """Batches without end: the frames as they fall due, and a heartbeat each second.

    After a restart `elapsed_s` tells how long ago the first frame was played [s]; what fell due
    since then is not made up for, so a gap stays a gap.
    """
    step_s = float(recording.period_s / speed)
    started_s = monotonic() - elapsed_s
    played = frames_due(recording, speed, elapsed_s) if elapsed_s > 0 else 0
    seq = 0
    while True:
        now_s = monotonic()
        due = frames_due(recording, speed, now_s - started_s)
        readings = recording.frames[due - 1] if due > played else ()
        played = due
        seq += 1
        yield _batch(recording, boot_id, seq, now_s, wall(), readings)
        next_frame_s = started_s + played * step_s if played < len(recording.frames) else None
        sleep(_pause(monotonic(), now_s + HEARTBEAT_S, next_frame_s))


def _pause(now_s: float, heartbeat_at_s: float, frame_at_s: float | None) -> float:
    wake_s = heartbeat_at_s if frame_at_s is None else min(heartbeat_at_s, frame_at_s)
    return max(0.001, wake_s - now_s)


def _batch(
    recording: Recording,
    boot_id: UUID,
    seq: int,
    mono_s: float,
    wall: datetime,
    readings: tuple[Reading, ...],
) -> Batch:
    return Batch(
        schema="leeward.observation.v1",
        adapter="replay",
        adapter_version=VERSION,
        device=Device(vendor="recorded", model=recording.name),
        boot_id=boot_id,
        seq=seq,
        t_adapter_mono=Decimal(f"{mono_s:.3f}"),
        t_adapter_wall=wall,
        observations=readings,
    )


def main(argv: list[str] | None = None, out: BinaryIO | None = None) -> int:
    parser = argparse.ArgumentParser(prog="replay")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--speed", type=Decimal, default=Decimal(1))
    parser.add_argument("--elapsed-s", type=float, default=0.0)
    parser.add_argument("--from-frame", type=int, default=0)
    args = parser.parse_args(argv)
    lines = out or sys.stdout.buffer
    batches = play(
        from_frame(read_recording(args.file), args.from_frame),
        args.speed,
        boot_id=uuid4(),
        elapsed_s=args.elapsed_s,
        monotonic=time.monotonic,
        wall=lambda: datetime.now(UTC),
        sleep=time.sleep,
    )
    try:
        for batch in batches:
            lines.write(batch.to_line())
            lines.flush()
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
