"""The HL7 listener against real peers: other processes, broken frames, floods, silence."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import hl7.mllp
import pytest

from leeward.jobs import feeds as feeding
from leeward.jobs.feeds import ListeningPlace, listening_places
from leeward.jobs.gateway import Gateway
from leeward.records.treatments.models import DeviceSeen, SampleTail
from leeward.records.treatments.selectors_devices import list_adapter_pulses, list_devices
from leeward.usecases.bind_device import bind_device, unbind_device
from tests.cast import cid
from tests.integration.runtime.hl7_peer import END, START, answer, only_acks
from tests.integration.runtime.treating import ok, opened
from tests.unit.devices import hl7_messages as m

PATIENCE_S = 30.0
ROOT = Path(__file__).parents[3]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def gateway(cast, port):
    running = Gateway((), [ListeningPlace(cast.location.id, "127.0.0.1", port)])
    turn(running, lambda: listens(port))
    yield running
    running.stop()


@pytest.fixture
def children():
    started = []
    yield started
    for child in started:
        child.kill()
        child.communicate()


def turn(gateway, happened):
    """Rounds of the gateway until something happened; what that gave."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        gateway.follow_feeds()
        gateway.read_until(time.monotonic() + 0.05, threading.Event())
        gateway.flush_feeds()
        gateway.beat()
        if result := happened():
            return result
    raise AssertionError("it did not happen")


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


def exchange(gateway, link, data):
    """Send bytes and give the answer, the gateway working meanwhile."""
    got = []

    def converse():
        link.sendall(data)
        with contextlib.suppress(SystemExit):
            got.append(answer(link))

    talking = threading.Thread(target=converse)
    talking.start()
    turn(gateway, lambda: not talking.is_alive())
    return got[0] if got else b""


def send(gateway, link, message):
    return exchange(gateway, link, START + message + END)


def code_of(said):
    return said.split(b"MSA|")[1][:2]


def peer(children, port, every_s=0.02, *count):
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.runtime.hl7_peer", str(port), str(every_s),
         *map(str, count)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    children.append(child)
    return child


def put_on(cast, session, key, name="bind"):
    return ok(bind_device(
        actor=cast.bea, now=datetime.now(UTC), command_id=cid(name), session_id=session.id,
        kind="hl7", label=key.split(" / ")[0], settings={}, device_key=key,
    ))  # fmt: skip


def seen():
    return DeviceSeen.objects.get()


def shown(cast):
    return list_devices(cast.bea, cast.location.id, now=datetime.now(UTC))


@pytest.mark.hazard("H7")
def test_an_unbound_device_is_acknowledged_shown_and_not_charted(cast, gateway, port):
    opened(cast)
    with connect(port) as link:
        assert code_of(send(gateway, link, m.vitals("72"))) == b"AA"
    (device,) = shown(cast)
    assert (device.session_id, device.channels[0]) == (None, ("hr", "72", "/min"))
    assert device.seen_s_ago <= PATIENCE_S
    assert not SampleTail.objects.exists()


@pytest.mark.hazard("H7")
def test_a_bound_device_is_charted_for_its_patient_until_it_is_taken_off(cast, gateway, port):
    session = opened(cast)
    with connect(port) as link:
        send(gateway, link, m.vitals("71"))
        binding = put_on(cast, session, seen().key)
        assert code_of(send(gateway, link, m.vitals("72", control_id="M2"))) == b"AA"
        row = SampleTail.objects.get()
        assert (row.binding_id, row.channels["hr"]["v"]) == (binding.id, "72")
        assert shown(cast)[0].patient == "Castle, Cora"
        assert shown(cast)[0].bound_by == cast.bea.name
        ok(unbind_device(
            actor=cast.bea, now=datetime.now(UTC), command_id=cid("off"), session_id=session.id,
            binding_id=binding.id,
        ))  # fmt: skip
        kept = SampleTail.objects.count()
        assert code_of(send(gateway, link, m.vitals("73", control_id="M3"))) == b"AA"
    assert SampleTail.objects.count() == kept
    assert shown(cast)[0].session_id is None


def test_a_message_is_not_acknowledged_before_it_is_committed(
    cast, gateway, port, monkeypatch, capfd
):
    with monkeypatch.context() as full, connect(port) as link:

        def disk_full(**_):
            raise OSError("disk full")

        full.setattr(feeding, "take_message", disk_full)
        link.settimeout(0.5)
        link.sendall(START + m.vitals() + END)
        turn(gateway, lambda: gateway._feeds[0].adapter.waiting)
        with pytest.raises(TimeoutError):
            turn(gateway, lambda: link.recv(1))
        full.undo()
        link.settimeout(PATIENCE_S)
        got = []
        waits = threading.Thread(target=lambda: got.append(answer(link)))
        waits.start()
        turn(gateway, lambda: not waits.is_alive())
    assert code_of(got[0]) == b"AA"
    assert seen().messages == 1


@pytest.mark.hazard("H29")
def test_what_can_not_be_stored_is_answered_so_and_a_retry_is_kept_once(
    cast, gateway, port, monkeypatch
):
    session = opened(cast)
    with connect(port) as link:
        send(gateway, link, m.vitals("70"))
        put_on(cast, session, seen().key)
        with monkeypatch.context() as full:
            full.setattr(feeding, "take_message", lambda **_: 1 / 0)
            assert code_of(send(gateway, link, m.vitals("72", control_id="M9"))) == b"AE"
        assert code_of(send(gateway, link, m.vitals("72", control_id="M9"))) == b"AA"
    assert SampleTail.objects.count() == 1


@pytest.mark.parametrize(("message", "code", "error"), [
    (m.vitals(kind="ADT^A01"), b"AR", b"200"), (m.vitals(processing="T"), b"AR", b"202"),
    (m.vitals().replace(b"|2.6|", b"|3.0|"), b"AR", b"203"), (b"MSH|nonsense", b"AR", b"102"),
    (m.vitals(control_id=""), b"AR", b"101"), (b"nothing of the kind", b"AR", b"100"),
    (m.vitals(sender="").replace(b"SN123^^0012210000000001^EUI-64", b""), b"AR", b"101"),
    (m.vitals(kind="RGV^O15^RGV_O15"), b"AR", b"200"),
])  # fmt: skip
def test_what_is_none_of_ours_is_refused_and_said(gateway, port, message, code, error):
    with connect(port) as link:
        said = send(gateway, link, message)
        assert code_of(said) == code
        assert b"ERR|||" + error in said
        assert code_of(send(gateway, link, m.vitals(control_id="after"))) == b"AA"
    assert DeviceSeen.objects.count() == 1


def test_a_sender_that_wants_no_answer_gets_none(gateway, port):
    with connect(port) as link:
        link.sendall(START + m.vitals(wanted="NE|NE") + END)
        turn(gateway, DeviceSeen.objects.exists)
        assert code_of(send(gateway, link, m.vitals(control_id="M2"))) == b"AA"


@pytest.mark.hazard("H18")
@pytest.mark.parametrize("data", [
    b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4096, START + m.vitals()[:40] + START, b"\x1c\r",
    START + b"A" * 300_000, START + b"\x00\x01\x02" + END[:1] + b"x",
])  # fmt: skip
def test_garbage_ends_its_connection_and_nobody_elses(gateway, port, data):
    with connect(port) as good, connect(port) as bad:
        with contextlib.suppress(ConnectionError):
            bad.sendall(data)
        bad.settimeout(0.2)

        def hung_up():
            with contextlib.suppress(TimeoutError):
                try:
                    return bad.recv(100) == b""
                except ConnectionError:
                    return True
            return False

        assert turn(gateway, hung_up)
        assert code_of(send(gateway, good, m.vitals())) == b"AA"
    assert gateway._feeds[0].adapter.restarts == 0


def test_a_frame_in_many_pieces_is_one_message(gateway, port):
    data = START + m.vitals() + END
    with connect(port) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(data) - 1):
            link.sendall(data[at : at + 1])
        assert code_of(exchange(gateway, link, data[-1:])) == b"AA"
    assert seen().messages == 1


def test_an_independent_client_is_understood(gateway, port):
    async def talk():
        reader, writer = await hl7.mllp.open_hl7_connection("127.0.0.1", port)
        writer.writemessage(hl7.parse(m.vitals("72").decode()))
        await writer.drain()
        said = await reader.readmessage()
        writer.close()
        return said

    got = []
    talking = threading.Thread(target=lambda: got.append(asyncio.run(talk())))
    talking.start()
    turn(gateway, lambda: not talking.is_alive())
    assert (str(got[0]["MSA.F1.R1"]), str(got[0]["MSA.F2.R1"])) == ("AA", "M1")


@pytest.mark.hazard("H18")
def test_a_device_hears_acknowledgements_and_not_one_byte_else(gateway, port, children):
    """A proxy stands in for the device's own port and fails on anything that is no ACK."""
    child = peer(children, port, 0, 30)
    turn(gateway, lambda: child.poll() is not None)
    out, err = child.communicate()
    assert child.returncode == 0, err.decode()
    assert [line.split()[0] for line in out.decode().splitlines()] == ["AA"] * 30
    for order in (b"MSH|^~\\&|Leeward||||1||RGV^O15|1|P|2.6\rRXG|1\r", b"set rate 10"):
        with pytest.raises(SystemExit):
            only_acks(START + order + END)


@pytest.mark.hazard("H1")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_monitor_that_dies_or_freezes_harms_only_itself_and_comes_back(
    gateway, port, children, how
):
    child = peer(children, port)
    turn(gateway, lambda: DeviceSeen.objects.exists() and seen().messages > 3)
    child.send_signal(how)
    with connect(port) as other:
        said = send(gateway, other, m.vitals(sender="Other^X", control_id="O1"))
    assert code_of(said) == b"AA"
    before = DeviceSeen.objects.get(key__startswith="Acme").messages
    again = child if how is signal.SIGSTOP else peer(children, port)
    again.send_signal(signal.SIGCONT)
    turn(gateway, lambda: DeviceSeen.objects.get(key__startswith="Acme").messages > before + 3)
    assert gateway._feeds[0].adapter.restarts == 0


@pytest.mark.hazard("H1")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_listener_that_dies_or_freezes_is_started_anew_and_says_so(
    cast, gateway, port, children, how
):
    with connect(port) as link:
        send(gateway, link, m.vitals())
    feed = gateway._feeds[0].adapter
    feed.process.send_signal(how)
    turn(gateway, lambda: feed.restarts == 1)
    assert list_adapter_pulses()[f"hl7:{cast.location.id}"].state == "starting"
    turn(gateway, lambda: listens(port))
    with connect(port) as link:
        assert code_of(send(gateway, link, m.vitals(control_id="M2"))) == b"AA"


def test_a_half_open_connection_does_not_keep_its_monitor_out(gateway, port):
    dead = [connect(port) for _ in range(8)]
    try:
        with connect(port) as link:
            assert code_of(send(gateway, link, m.vitals())) == b"AA"
    finally:
        for link in dead:
            link.close()


def test_a_flood_waits_in_its_own_connection(gateway, port, children):
    flood = connect(port)
    flood.setblocking(False)
    many = b"".join(START + m.vitals(control_id=f"F{n}") + END for n in range(2000))
    with contextlib.suppress(BlockingIOError):
        while sent := flood.send(many):
            many = many[sent:]
    started_s = time.monotonic()
    with connect(port) as link:
        for n in range(3):
            said = send(gateway, link, m.vitals(sender="Quiet^Q", control_id=f"Q{n}"))
            assert code_of(said) == b"AA"
    passed_s = time.monotonic() - started_s
    flood.close()
    taken = DeviceSeen.objects.filter(key__startswith="Acme").first()
    # As many as the rate allows, and the second's worth it may be ahead.
    assert taken.messages <= 40 * (passed_s + 2)


def test_a_pump_beside_a_monitor_is_bound_and_a_second_monitor_is_not(cast, gateway, port):
    session = opened(cast)
    pump = m.message(
        m.obx(m.RATE, "52.5", m.ML_PER_H), m.obx(m.VOLUME, "0.10", m.ML),
        m.obx(m.STATE, "^pump-status-infusing", kind="CWE"), sender="AcmePump^P",
    )  # fmt: skip
    with connect(port) as link:
        for message in (m.vitals(), pump, m.vitals(sender="Second^M", control_id="S")):
            send(gateway, link, message)
        keys = {row.key.split(" / ")[0]: row.key for row in DeviceSeen.objects.all()}
        put_on(cast, session, keys["AcmeMonitor"])
        put_on(cast, session, keys["AcmePump"], name="pump")
        refused = bind_device(
            actor=cast.bea, now=datetime.now(UTC), command_id=cid("2"), session_id=session.id,
            kind="hl7", label="Second", settings={}, device_key=keys["Second"],
        )  # fmt: skip
        assert refused.code == "device.already_bound"
        send(gateway, link, pump.replace(b"M1", b"M4"))
    row = SampleTail.objects.get()
    assert {name: row.channels[name]["v"] for name in row.channels if name != "@"} == {
        "pump_rate_ml_h": "52.5", "pump_vol_ml": "0.10", "pump_state": "infusing",
    }  # fmt: skip


def test_a_device_that_never_reported_can_not_be_bound(cast):
    session = opened(cast)
    refused = bind_device(
        actor=cast.bea, now=cast.now, command_id=cid("x"), session_id=session.id, kind="hl7",
        label="Ghost", settings={}, device_key="nobody",
    )  # fmt: skip
    assert refused.code == "device.not_seen"


def test_places_to_listen_at_are_read_from_the_settings(cast):
    slug = cast.location.slug
    (place,) = listening_places(f"{slug}=127.0.0.1:2575 nowhere=127.0.0.1:1 {slug}=x")
    assert (place.location_id, place.host, place.port) == (cast.location.id, "127.0.0.1", 2575)
