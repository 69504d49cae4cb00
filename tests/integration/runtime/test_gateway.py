import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from leeward.exchange.devices.recordings import read_recording
from leeward.jobs import gateway as gateways
from leeward.jobs.adapters import MOST_WAITING
from leeward.jobs.gateway import Gateway, recording_folders
from leeward.records.treatments import samples
from leeward.records.treatments.folding import opened_state
from leeward.records.treatments.models import SampleTail
from leeward.usecases.bind_device import bind_device, unbind_device
from tests.cast import cid
from tests.integration.runtime.treating import RECORDING, bound, opened, started

PATIENCE_S = 20.0
FAST = {"speed": "600", "period_s": {"hr": "0.1", "pr": "0.1", "rr": "0.1", "spo2": "0.1"}}


@pytest.fixture
def gateway(tmp_path):
    running = Gateway(recording_folders(tmp_path))
    yield running
    running.stop()


@pytest.fixture
def session(cast):
    return opened(cast)


def run_until(gateway, happened):
    """Rounds of the gateway until something happened."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        gateway.follow_bindings()
        gateway.read_until(time.monotonic() + 0.05, threading.Event())
        gateway.flush()
        if happened():
            return
    raise AssertionError("it did not happen")


def kept():
    return list(SampleTail.objects.order_by("id"))


def adapter_of(gateway, binding):
    return gateway._adapters[binding.id]


@pytest.mark.hazard("H21")
def test_a_bound_recording_is_charted_as_it_was_recorded(cast, session, gateway):
    bound(cast, session, **FAST)
    run_until(gateway, lambda: SampleTail.objects.count() >= 8)
    folder = recording_folders(gateway._recordings[0])[1]
    frames = read_recording(next(folder.rglob(RECORDING))).frames
    for row in kept()[:8]:
        shown = {name: c["v"] for name, c in row.channels.items() if name != samples.CLOCKS}
        assert shown in [{r.channel: r.value for r in frame} for frame in frames]
    assert kept()[0].channels["spo2"] == {"v": None, "q": "no_value", "raw": "0"}


def test_samples_keep_every_clock_and_go_forward(cast, session, gateway):
    bound(cast, session, **FAST)
    run_until(gateway, lambda: SampleTail.objects.count() >= 4)
    times = [row.at for row in kept()]
    assert times == sorted(times)
    assert set(kept()[0].channels[samples.CLOCKS]) == {"mono_s", "wall"}


def test_an_adapter_that_is_killed_comes_back_and_its_gap_stays(cast, session, gateway):
    binding = bound(cast, session, at=datetime.now(UTC), **FAST)
    run_until(gateway, lambda: SampleTail.objects.count() >= 4)
    adapter_of(gateway, binding).process.kill()
    run_until(gateway, lambda: len({row.boot_id for row in kept()}) == 2)
    before, after = dict.fromkeys(row.boot_id for row in kept())
    last = max(r.at for r in kept() if r.boot_id == before)
    first = min(r.at for r in kept() if r.boot_id == after)
    assert (first - last).total_seconds() > 0.4
    assert adapter_of(gateway, binding).restarts == 1


@pytest.mark.hazard("H7")
def test_unbinding_ends_the_adapter(cast, session, gateway):
    binding = bound(cast, session, at=cast.now, **FAST)
    run_until(gateway, SampleTail.objects.exists)
    process = adapter_of(gateway, binding).process
    unbind_device(
        actor=cast.bea, now=cast.now, command_id=cid("off"), session_id=session.id,
        binding_id=binding.id,
    )  # fmt: skip
    gateway.follow_bindings()
    assert process.poll() is not None
    assert gateway._adapters == {}


def test_a_recording_that_is_nowhere_starts_nothing(cast, session, gateway):
    binding = bound(cast, session, file="missing.csv")
    gateway.follow_bindings()
    assert adapter_of(gateway, binding).process is None


@pytest.mark.hazard("H29")
def test_what_can_not_be_committed_is_kept_and_written_later(cast, session, gateway, monkeypatch):
    binding = bound(cast, session, **FAST)

    def full(**_):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(gateways, "record_samples", full)
        run_until(gateway, lambda: len(adapter_of(gateway, binding).waiting) >= 5)
    waiting = [b.seq for b in adapter_of(gateway, binding).waiting if not b.is_heartbeat]
    gateway.flush()
    assert [row.seq for row in kept()] == waiting


def test_an_adapter_that_talks_too_fast_waits_in_its_pipe(cast, session, gateway, monkeypatch):
    binding = bound(cast, session)
    monkeypatch.setitem(gateways.MODULES, "replay", "tests.integration.runtime.chatter")
    monkeypatch.setattr(gateways, "record_samples", lambda **_: 1 / 0)
    most = 0

    def flooded():
        nonlocal most
        most = max(most, len(adapter_of(gateway, binding).waiting))
        return most >= MOST_WAITING

    run_until(gateway, flooded)
    for _ in range(5):
        gateway.read_until(time.monotonic() + 0.02, threading.Event())
    # One more chunk of the pipe may follow the one that filled the queue, and no more.
    assert len(adapter_of(gateway, binding).waiting) == most


def test_lines_that_are_no_message_are_refused_and_the_rest_is_kept(
    cast, session, gateway, monkeypatch
):
    binding = bound(cast, session)
    monkeypatch.setitem(gateways.MODULES, "replay", "tests.integration.runtime.chatter")
    run_until(gateway, lambda: SampleTail.objects.count() >= 3)
    assert adapter_of(gateway, binding).unreadable > 0
    assert isinstance(kept()[0].boot_id, UUID)


def simulated(cast, session, **settings):
    return bind_device(
        actor=cast.bea, now=datetime.now(UTC), command_id=cid("simulated"), session_id=session.id,
        kind="simulator", label="Simulated patient", settings={"scenario": "calm"} | settings,
    )  # fmt: skip


def test_a_simulated_patient_is_for_a_demo_clinic_only(cast, session):
    assert simulated(cast, session).code == "device.simulated"


def test_a_simulated_patient_is_charted_with_the_pump_that_staff_state(cast, session, gateway):
    cast.organization.is_demo = True
    cast.organization.save()
    started(cast, session, at=datetime.now(UTC))
    simulated(cast, session, speed="20", period_s={"hr": "1"})
    run_until(gateway, lambda: SampleTail.objects.count() >= 8)
    last = kept()[-1].channels
    assert float(last["hr"]["v"]) > 40
    stated = session.__class__.objects.get(id=session.id)
    rate = opened_state(stated).pump_log[-1].rate_ml_per_h
    assert last["pump_rate_ml_h"]["v"] == f"{rate:.1f}"


def test_a_scenario_that_is_nowhere_starts_nothing(cast, session, gateway):
    cast.organization.is_demo = True
    cast.organization.save()
    binding = simulated(cast, session, scenario="nowhere")
    gateway.follow_bindings()
    assert adapter_of(gateway, binding).process is None
