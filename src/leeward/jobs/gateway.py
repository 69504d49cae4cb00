"""The device gateway: runs an adapter for every confirmed device and keeps what they report.

Each adapter is a process of its own that only writes lines into a pipe. What they say is committed
at once, binding by binding; a device that dies or lies harms only itself.
"""

import logging
import select
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.jobs.adapters import Adapter, WallAtBoot
from leeward.jobs.start import Stop, stop_on_signal
from leeward.records.accounts.actor import system_actor
from leeward.records.treatments import selectors_live as live
from leeward.usecases.record_samples import record_samples, seal_samples
from leeward.usecases.watch_devices import beat_adapters

logger = logging.getLogger("leeward.gateway")

FOLLOW_EVERY_S = 1.0
# Soon enough for the eye, and a flood still makes few transactions.
FLUSH_EVERY_S = 0.2
SEAL_EVERY_S = 5.0
READ_EVERY_S = 0.1
MODULES = {"replay": "leeward.exchange.devices.replay"}


class Gateway:
    """The adapters of this clinic's active bindings."""

    def __init__(self, recordings: Iterable[Path]) -> None:
        self._recordings = tuple(recordings)
        self._adapters: dict[UUID, Adapter] = {}
        self._clock = WallAtBoot(datetime.now(UTC), time.monotonic())
        self._seal_at_s = 0.0

    def run(self, stop: Stop) -> None:
        follow_at_s = time.monotonic()
        try:
            while not stop.is_set():
                if time.monotonic() >= follow_at_s:
                    follow_at_s = time.monotonic() + FOLLOW_EVERY_S
                    self._guarded(self.follow_bindings)
                    self._guarded(self.seal)
                    self._guarded(self.beat)
                self.flush()
                self.read_until(time.monotonic() + FLUSH_EVERY_S, stop)
        finally:
            self.stop()

    def follow_bindings(self) -> None:
        """Start the adapters of new bindings and end those whose binding has ended."""
        bindings = {b.id: b for b in live.list_active_bindings(tuple(MODULES))}
        for gone in self._adapters.keys() - bindings.keys():
            self._adapters.pop(gone).stop()
        for binding in bindings.values():
            adapter = self._adapters.get(binding.id)
            if adapter is None:
                adapter = Adapter(
                    binding.id, MODULES[binding.kind], self._clock,
                    binding.kind, binding.location_id,
                )  # fmt: skip
                self._adapters[binding.id] = adapter
            adapter.end_if_silent()
            if adapter.process is None and time.monotonic() >= adapter.start_at_s:
                self._start(adapter, binding)

    def read_until(self, deadline_s: float, stop: Stop) -> None:
        while (left_s := deadline_s - time.monotonic()) > 0 and not stop.is_set():
            pipes = {a.pipe: a for a in self._adapters.values() if a.wants_reading}
            if not pipes:
                stop.wait(min(left_s, READ_EVERY_S))
                continue
            ready, _, _ = select.select(list(pipes), [], [], min(left_s, READ_EVERY_S))
            for pipe in ready:
                pipes[pipe].read()

    def flush(self) -> None:
        """Commit what every adapter said; what can't be committed now is kept and tried again."""
        for adapter in self._adapters.values():
            if adapter.waiting:
                self._guarded(self._flush, adapter)

    def seal(self) -> None:
        if time.monotonic() >= self._seal_at_s:
            self._seal_at_s = time.monotonic() + SEAL_EVERY_S
            seal_samples(actor=system_actor("Device gateway"), now=datetime.now(UTC))

    def beat(self) -> None:
        """Say of every adapter that it lives, or does not."""
        beat_adapters(
            actor=system_actor("Device gateway"),
            now=datetime.now(UTC),
            pulses=[adapter.pulse() for adapter in self._adapters.values()],
        )

    def stop(self) -> None:
        for adapter in self._adapters.values():
            adapter.stop()
        self.flush()
        self._adapters.clear()

    def _flush(self, adapter: Adapter) -> None:
        for boot_id, batch in groupby(adapter.seconds(), key=lambda pair: pair[0]):
            taken = record_samples(
                actor=system_actor("Device gateway"),
                now=datetime.now(UTC),
                binding_id=adapter.binding_id,
                boot_id=boot_id,
                batch=[second for _, second in batch],
            )
            if isinstance(taken, Refusal):
                logger.error("samples of %s refused: %s", adapter.binding_id, taken)
            elif taken.late:
                logger.error("%d seconds of %s came too late", taken.late, adapter.binding_id)
        adapter.waiting.clear()

    def _start(self, adapter: Adapter, binding: live.LiveBinding) -> None:
        file = self._find(str(binding.settings.get("file", "")))
        if file is None:
            logger.error("recording %r of %s is nowhere", binding.settings, binding.id)
            adapter.start_at_s = time.monotonic() + 30
            return
        # A replay that is started again goes on where it would have been: a gap stays a gap.
        elapsed_s = 0.0
        if live.has_samples(binding.id):
            elapsed_s = max(0.0, (datetime.now(UTC) - binding.bound_at).total_seconds())
        adapter.start(
            ["--file", str(file), "--speed", str(binding.settings.get("speed", "1")),
             "--elapsed-s", f"{elapsed_s:.3f}"]
        )  # fmt: skip

    def _find(self, name: str) -> Path | None:
        for folder in self._recordings:
            if folder.is_dir() and name:
                found = next(folder.rglob(Path(name).name), None)
                if found is not None:
                    return found
        return None

    def _guarded(self, step: Callable[..., None], *arguments: Any) -> None:
        try:
            step(*arguments)
        except Exception:
            # Nothing is dropped: adapters wait in their pipes until the record takes them again.
            logger.exception("gateway: %s failed; trying again", step.__name__)


def recording_folders(home: Path) -> tuple[Path, ...]:
    """Where recordings may lie: the clinic's own, then those that come with the demo."""
    return home / "vitals", Path(str(files("leeward.demo"))) / "data" / "vitals"


def main() -> int:
    from django.conf import settings

    stop = stop_on_signal()
    Gateway(recording_folders(settings.LEEWARD_HOME)).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
