import threading
import time
from datetime import timedelta

import pytest

from leeward.jobs.gateway import Gateway, recording_folders
from leeward.records.treatments import selectors_live as live
from leeward.records.treatments.selectors_devices import list_adapter_pulses, name_of_adapter
from tests.integration.runtime.treating import bound, opened

PATIENCE_S = 20.0


@pytest.fixture
def gateway(tmp_path):
    running = Gateway(recording_folders(tmp_path))
    yield running
    running.stop()


def until(gateway, happened):
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        gateway.follow_bindings()
        gateway.read_until(time.monotonic() + 0.05, threading.Event())
        gateway.beat()
        if happened():
            return
    raise AssertionError("it did not happen")


def pulse():
    (binding,) = live.list_active_bindings(("replay",))
    return list_adapter_pulses().get(name_of_adapter(binding))


@pytest.mark.hazard("H1")
def test_an_adapter_is_heard_even_when_its_device_says_nothing(cast, gateway):
    # One frame an hour: between them only heartbeats come.
    bound(cast, opened(cast), speed="0.01")
    until(gateway, lambda: pulse() and pulse().running)
    first = pulse().heard_at
    until(gateway, lambda: pulse().heard_at > first + timedelta(seconds=0.5))
    assert pulse().restarts == 0


@pytest.mark.hazard("H1")
def test_a_dead_adapter_is_told_from_a_silent_device(cast, gateway):
    binding = bound(cast, opened(cast), speed="0.01")
    until(gateway, lambda: pulse() and pulse().running)
    gateway._adapters[binding.id].process.kill()
    until(gateway, lambda: not pulse().running)
    until(gateway, lambda: pulse().running)
    assert pulse().restarts == 1


def test_an_adapter_of_an_ended_binding_is_forgotten(cast, gateway):
    bound(cast, opened(cast))
    until(gateway, lambda: pulse() and pulse().running)
    gateway.stop()
    gateway.beat()
    assert list_adapter_pulses() == {}
