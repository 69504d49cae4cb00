"""How a process of Leeward begins and ends: settings by name, a clean end on a signal."""

import contextlib
import os
import select
import signal
from types import FrameType
from typing import Protocol


class Stop(Protocol):
    """Tells a loop to end between two rounds; a `threading.Event` is one too."""

    def is_set(self) -> bool: ...
    def wait(self, timeout: float) -> bool: ...


class SignalledStop:
    """A stop that a signal handler can set.

    Through a pipe, because a handler that sets a `threading.Event` waits for ever for the lock
    which the very thread it interrupted may hold.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def set(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._writer, b".")

    def is_set(self) -> bool:
        return self.wait(0.0)

    def wait(self, timeout: float) -> bool:
        ready, _, _ = select.select([self._reader], [], [], timeout)
        return bool(ready)


def start_django() -> None:
    """Load the settings by name and the apps, which wires the adapters."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")
    import django

    django.setup()


def stop_on_signal() -> SignalledStop:
    """A stop that SIGTERM and SIGINT set."""
    stop = SignalledStop()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    return stop
