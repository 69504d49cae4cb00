"""An adapter that talks without pause, and half of it nonsense."""

import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from leeward.exchange.devices.message import Batch, Device, Reading

boot = uuid4()
try:
    for seq in range(1, 200_000):
        message = Batch(
            schema="leeward.observation.v1", adapter="chatter", adapter_version="1",
            device=Device(), boot_id=boot, seq=seq,
            t_adapter_mono=Decimal(f"{time.monotonic():.3f}"), t_adapter_wall=datetime.now(UTC),
            observations=(Reading(channel="hr", value="70", unit="/min"),),
        )  # fmt: skip
        sys.stdout.buffer.write(message.to_line() + b'{"schema": "something else"}\n')
        sys.stdout.buffer.flush()
except BrokenPipeError:
    pass
