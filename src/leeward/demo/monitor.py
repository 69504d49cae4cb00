"""The recorded bedside monitor of the running session, played faster than life and saying so."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from uuid import UUID

from leeward.exchange.devices.recordings import from_frame, read_recording, replay_settings
from leeward.records.accounts.actor import system_actor
from leeward.usecases.bind_device import bind_device
from leeward.usecases.record_samples import Observation, SecondOfSamples, record_samples

from .acts import Clinic, act, must

RECORDING = "s25047-2704-05-04-10-44n.csv"
# A patient's real numbers, drop-outs and implausible pressures included; nothing is taken out or
# moved. It is played from a quiet stretch and not much faster than life, so that the first thing
# somebody sees is not an alarm: the first doubtful reading comes after some four minutes.
SPEED = Decimal("1.5")
FIRST_FRAME = 8
# Bound so long before serving: the second reading has just come, and the next is due after the
# processes have had 39 s to start, so that their start is no gap.
BOUND_BEFORE = timedelta(seconds=41)
LABEL = f"Recorded bedside monitor, {SPEED} times life"


def bind_recording(clinic: Clinic, session_id: UUID, at: datetime) -> None:
    """Put the recording on a session at `at`, with what it has said until now."""
    file = next((Path(str(files("leeward.demo"))) / "data" / "vitals").rglob(RECORDING))
    binding = must(
        bind_device(
            actor=clinic.staff["bea"], now=at, command_id=act(f"bind:{session_id}"),
            session_id=session_id, kind="replay", label=LABEL,
            settings=replay_settings(file, SPEED, first=FIRST_FRAME),
        )
    )  # fmt: skip
    recording = from_frame(read_recording(file), FIRST_FRAME)
    step = timedelta(seconds=float(recording.period_s / SPEED))
    batch = [
        SecondOfSamples(
            seq,
            at + seq * step,
            tuple(Observation(r.channel, r.value, r.unit, r.quality) for r in readings),
        )
        for seq, readings in enumerate(recording.frames)
        if at + seq * step <= clinic.now and readings
    ]
    must(
        record_samples(
            actor=system_actor("Device gateway"), now=clinic.now, binding_id=binding.id,
            boot_id=act(f"boot:{session_id}"), batch=batch,
        )
    )  # fmt: skip
