"""One message for the gateway: what is charted, and which pressure is only said again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from leeward.exchange.devices.hl7_feed import NotTaken, Repeats, batch_of
from leeward.exchange.devices.hl7_text import read
from leeward.exchange.devices.pcd01 import chart_order, observations
from tests.unit.devices import hl7_messages as m

WALL = datetime(2026, 3, 14, 10, 15, 3, tzinfo=UTC)
BARE = "OBX|1|NM|{}|1.1.1.{}|{}|266016^MDC_DIM_MMHG^MDC|||||R"


def batch(message, *, repeats=None, mono_s=0.0):
    return batch_of(
        read(message), boot_id=UUID(int=1), seq=1, mono_s=mono_s, wall=WALL, repeats=repeats
    )


def said(repeats, message, mono_s):
    """The channels that are charted of a message which is then stored."""
    found = batch(message, repeats=repeats, mono_s=mono_s)
    repeats.remember(found.device_key, chart_order(observations(read(message))), mono_s)
    return [reading.channel for reading in found.observations]


def timed(at, value="134"):
    return m.message(m.obx(m.SYS, value, m.MMHG).replace("20260314101500", at),
                     m.obx(m.HR, "72", m.BPM))  # fmt: skip


def bare(value):
    lines = (BARE.format(m.SYS, 1, value), BARE.format(m.DIA, 2, "80"))
    return m.message(*lines)


def test_a_message_keeps_the_clocks_of_both_sides():
    found = batch(m.vitals())
    assert found.t_device.isoformat() == "2026-03-14T10:15:00+00:00"
    assert str(found.clock_offset_est) == "3.000"
    assert found.device_key == "AcmeMonitor / SN123"


def test_a_sender_that_nothing_names_is_not_taken():
    nobody = m.vitals(sender="").replace(b"SN123^^0012210000000001^EUI-64", b"")
    assert isinstance(batch(nobody), NotTaken)


@pytest.mark.hazard("H19", "H20")
def test_a_pressure_said_again_with_its_old_time_is_no_new_pressure():
    repeats = Repeats()
    assert said(repeats, timed("20260314101500"), 0) == ["nibp_sys", "hr"]
    for second in range(1, 400):
        assert said(repeats, timed("20260314101500"), second) == ["hr"]
    assert said(repeats, timed("20260314102200"), 420) == ["nibp_sys", "hr"]


@pytest.mark.hazard("H19", "H20")
def test_without_a_time_the_same_pressure_is_new_only_after_a_while():
    repeats = Repeats()
    assert said(repeats, bare("134"), 0) == ["nibp_sys", "nibp_dia"]
    for second in range(1, 400):
        assert said(repeats, bare("134"), second) == []
    assert said(repeats, bare("135"), 400) == ["nibp_sys", "nibp_dia"]
    assert said(repeats, bare("135"), 1000) == ["nibp_sys", "nibp_dia"]


def test_what_was_not_stored_is_not_remembered():
    repeats = Repeats()
    for _ in range(2):
        assert len(batch(timed("20260314101500"), repeats=repeats).observations) == 2


def test_two_devices_do_not_silence_each_other():
    repeats = Repeats()
    said(repeats, bare("134"), 0)
    assert said(repeats, bare("134").replace(b"AcmeMonitor", b"Other"), 1) != []
