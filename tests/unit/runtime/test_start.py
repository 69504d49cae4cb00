import os
import signal

import pytest

from leeward.jobs.start import SignalledStop, stop_on_signal


@pytest.fixture
def handlers():
    kept = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_sets_the_stop(handlers, number):
    stop = stop_on_signal()
    assert not stop.is_set()
    os.kill(os.getpid(), number)
    assert stop.wait(5.0)
    assert stop.is_set()


def test_a_stop_set_from_within_its_own_wait_ends_it(handlers):
    """The handler runs in the thread that waits, at any moment: it must never need a lock."""
    stop = stop_on_signal()
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        assert stop.wait(20.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_setting_it_without_end_fills_nothing():
    stop = SignalledStop()
    for _ in range(100_000):
        stop.set()
    assert stop.is_set()
