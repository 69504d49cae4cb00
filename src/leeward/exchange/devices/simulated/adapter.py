"""The simulator as an adapter: a process of its own that writes what the simulated patient shows.

`--scenario` names a file. On standard input the gateway says how the trainee states the pump, one
JSON line `{"pump": [[seconds, "mL/h"], ...]}`; without one the scenario's own pump runs.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, TextIO
from uuid import uuid4

from leeward.exchange.devices.message import Batch, Device

from .patient import SimulatedPatient, Steps
from .scenario import Scenario, read_scenario

ADAPTER, VERSION = "simulator", "1"


class Driven:
    """The pump as it is stated, as far as anybody has said."""

    def __init__(self) -> None:
        self.steps: Steps | None = None

    def listen(self, lines: TextIO) -> None:
        for line in lines:
            self.hear(line)

    def hear(self, line: str) -> None:
        said = json.loads(line)["pump"]
        self.steps = [(float(at_s), Decimal(rate)) for at_s, rate in said]


def seconds(scenario: Scenario, driven: Driven, skip_s: int = 0) -> Iterator[Batch]:
    """A batch for each second of the scenario, from `skip_s` on [s]; then heartbeats."""
    patient, boot_id, seq = SimulatedPatient(scenario), uuid4(), 0
    while True:
        over = patient.t_s >= scenario.minutes * 60
        readings = () if over else patient.second(driven.steps)
        if not over and patient.t_s <= skip_s:
            continue
        seq += 1
        yield Batch(
            schema="leeward.observation.v1",
            adapter=ADAPTER,
            adapter_version=VERSION,
            device=Device(vendor="simulated", model=scenario.id),
            boot_id=boot_id,
            seq=seq,
            t_adapter_mono=Decimal(f"{time.monotonic():.3f}"),
            t_adapter_wall=datetime.now(UTC),
            observations=readings,
        )


def main(argv: list[str] | None = None, out: BinaryIO | None = None) -> int:
    parser = argparse.ArgumentParser(prog="simulator")
    parser.add_argument("--scenario", type=Path, required=True)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--elapsed-s", type=float, default=0.0)
    parser.add_argument("--pump", help="how the pump is stated to have run so far")
    args = parser.parse_args(argv)
    driven, lines = Driven(), out or sys.stdout.buffer
    if args.pump:
        driven.hear(args.pump)
    threading.Thread(target=driven.listen, args=(sys.stdin,), daemon=True).start()
    scenario = read_scenario(args.scenario.read_text("utf-8"))
    next_at_s = time.monotonic()
    try:
        for batch in seconds(scenario, driven, int(args.elapsed_s * args.speed)):
            lines.write(batch.to_line())
            lines.flush()
            next_at_s += 1 / args.speed
            time.sleep(max(0.0, next_at_s - time.monotonic()))
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
