"""The device gateway: runs an adapter for every confirmed device and keeps what they report.

Each adapter is a process of its own that only writes lines into a pipe. What they say is committed
at once, binding by binding; a device that dies or lies harms only itself.
"""

import logging
import select
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from leeward.core.quantities import Refusal
from leeward.jobs.adapters import Adapter, WallAtBoot
from leeward.jobs.feeds import Feed, ListeningPlace, listening_places
from leeward.jobs.simulators import Simulators
from leeward.jobs.start import Stop, stop_on_signal
from leeward.records.accounts.actor import system_actor
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments.selectors_devices import name_of_adapter
from leeward.usecases.record_samples import record_samples, seal_samples
from leeward.usecases.watch_devices import beat_adapters

logger = logging.getLogger("leeward.gateway")

FOLLOW_EVERY_S = 1.0
# Soon enough for the eye, and a flood still makes few transactions.
FLUSH_EVERY_S = 0.2
SEAL_EVERY_S = 5.0
READ_EVERY_S = 0.1
MODULES = {
    "replay": "leeward.exchange.devices.replay",
    "simulator": "leeward.exchange.devices.simulated.adapter",
}


class Gateway:
    """The adapters of this clinic's active bindings."""

    def __init__(
        self, recordings: Iterable[Path], listening: Iterable[ListeningPlace] = ()
    ) -> None:
        self._recordings = tuple(recordings)
        self._simulators = Simulators(self._recordings)
        self._clock = WallAtBoot(datetime.now(UTC), time.monotonic())
        self._adapters: dict[UUID, Adapter] = {}
        self._feeds = [Feed(place, self._clock) for place in listening]
        self._seal_at_s = 0.0

    def run(self, stop: Stop) -> None:
        follow_at_s = time.monotonic()
        try:
            while not stop.is_set():
                if time.monotonic() >= follow_at_s:
                    follow_at_s = time.monotonic() + FOLLOW_EVERY_S
                    self._guarded(self.follow_bindings)
                    self._guarded(self.follow_feeds)
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
                    name_of_adapter(binding), MODULES[binding.kind], self._clock,
                    binding.kind, binding.location_id, is_told=binding.kind == "simulator",
                )  # fmt: skip
                self._adapters[binding.id] = adapter
            adapter.end_if_silent()
            if adapter.process is None and time.monotonic() >= adapter.start_at_s:
                self._start(adapter, binding)
            if adapter.is_told:
                self._simulators.tell(adapter, binding)

    def follow_feeds(self) -> None:
        """Start the listeners of places, and start anew those that died or fell silent."""
        for feed in self._feeds:
            feed.follow()

    def read_until(self, deadline_s: float, stop: Stop) -> None:
        while (left_s := deadline_s - time.monotonic()) > 0 and not stop.is_set():
            adapters = [*self._adapters.values(), *(feed.adapter for feed in self._feeds)]
            pipes = {a.pipe: a for a in adapters if a.wants_reading}
            if not pipes:
                stop.wait(min(left_s, READ_EVERY_S))
                continue
            ready, _, _ = select.select(list(pipes), [], [], min(left_s, READ_EVERY_S))
            for pipe in ready:
                pipes[pipe].read()
            # Whoever waits for an acknowledgement does not wait for the next round.
            self.flush_feeds()

    def flush(self) -> None:
        """Commit what every adapter said; what can't be committed now is kept and tried again."""
        for binding_id, adapter in self._adapters.items():
            if adapter.waiting:
                self._guarded(self._flush, binding_id, adapter)

    def flush_feeds(self) -> None:
        for feed in self._feeds:
            if feed.adapter.waiting:
                self._guarded(feed.flush)

    def seal(self) -> None:
        if time.monotonic() >= self._seal_at_s:
            self._seal_at_s = time.monotonic() + SEAL_EVERY_S
            seal_samples(actor=system_actor("Device gateway"), now=datetime.now(UTC))

    def beat(self) -> None:
        """Say of every adapter that it lives, or does not."""
        beat_adapters(
            actor=system_actor("Device gateway"),
            now=datetime.now(UTC),
            pulses=[
                *(adapter.pulse() for adapter in self._adapters.values()),
                *(feed.adapter.pulse() for feed in self._feeds),
            ],
        )

    def stop(self) -> None:
        for adapter in self._adapters.values():
            adapter.stop()
        for feed in self._feeds:
            feed.adapter.stop()
        self.flush()
        self.flush_feeds()
        self._adapters.clear()

    def _flush(self, binding_id: UUID, adapter: Adapter) -> None:
        for boot_id, batch in groupby(adapter.seconds(), key=lambda pair: pair[0]):
            taken = record_samples(
                actor=system_actor("Device gateway"),
                now=datetime.now(UTC),
                binding_id=binding_id,
                boot_id=boot_id,
                batch=[second for _, second in batch],
            )
            if isinstance(taken, Refusal):
                logger.error("samples of %s refused: %s", adapter.name, taken)
            elif taken.late:
                logger.error("%d seconds of %s came too late", taken.late, adapter.name)
        adapter.waiting.clear()

    def _start(self, adapter: Adapter, binding: live.LiveBinding) -> None:
        # A replay that is started again goes on where it would have been: a gap stays a gap.
        elapsed_s = 0.0
        if live.has_samples(binding.id):
            elapsed_s = max(0.0, (datetime.now(UTC) - binding.bound_at).total_seconds())
        arguments = self._arguments(binding, elapsed_s)
        if arguments is None:
            logger.error("what %r of %s names is nowhere", binding.settings, binding.id)
            adapter.start_at_s = time.monotonic() + 30
            return
        adapter.start(arguments)

    def _arguments(self, binding: live.LiveBinding, elapsed_s: float) -> Sequence[str] | None:
        if binding.kind == "simulator":
            return self._simulators.arguments(binding, elapsed_s)
        file = self._find(str(binding.settings.get("file", "")))
        return file and (
            "--file", str(file), "--speed", str(binding.settings.get("speed", "1")),
            "--elapsed-s", f"{elapsed_s:.3f}",
            "--from-frame", str(binding.settings.get("from_frame", "0")),
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
    listening = list(listening_places(settings.LEEWARD_HL7_LISTEN))
    Gateway(recording_folders(settings.LEEWARD_HOME), listening).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
