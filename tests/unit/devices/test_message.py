import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.exchange.devices.message import (
    LONGEST_LINE,
    Batch,
    ChannelName,
    Device,
    Kind,
    Quality,
    Raw,
    Reading,
    UnreadableMessage,
    parse_line,
)
from leeward.records.treatments import channels

BATCH = Batch(
    schema="leeward.observation.v1", adapter="replay", adapter_version="1",
    device=Device(vendor="x"), boot_id=UUID(int=7), seq=3, t_adapter_mono=Decimal("12.5"),
    t_adapter_wall=datetime(2026, 1, 1, tzinfo=UTC),
    observations=(
        Reading(channel="spo2", value="97", unit="%"),
        Reading(channel="hr", value=None, unit="/min", quality="no_value",
                raw=Raw(code="HR", value="0", unit="bpm")),
    ),
)  # fmt: skip


def changed(**changes):
    return json.dumps(json.loads(BATCH.to_line()) | changes).encode()


def test_a_message_survives_its_line():
    assert parse_line(BATCH.to_line()) == BATCH


def test_a_batch_without_observations_is_a_heartbeat():
    assert parse_line(changed(observations=[])).is_heartbeat


@pytest.mark.parametrize("change", [
    {"schema": "leeward.observation.v2"},
    {"unexpected": 1},
    {"seq": 0},
    {"t_adapter_wall": "2026-01-01T00:00:00"},
    {"observations": [{"channel": "ecg", "value": "1", "unit": "mV"}]},
    {"observations": [{"channel": "nibp_sys", "value": "16", "unit": "kPa"}]},
    {"observations": [{"channel": "spo2", "value": 97, "unit": "%"}]},
])  # fmt: skip
def test_an_unknown_message_is_refused_with_its_reason(change):
    with pytest.raises(UnreadableMessage, match=": "):
        parse_line(changed(**change))


def test_a_line_too_long_is_refused_unread():
    with pytest.raises(UnreadableMessage, match="longer"):
        parse_line(b"x" * (LONGEST_LINE + 1))


@pytest.mark.hazard("H21")
@given(st.binary(max_size=300))
def test_no_bytes_make_a_message_by_accident(noise):
    with pytest.raises(UnreadableMessage):
        parse_line(noise)


def test_the_message_and_the_record_share_one_list_of_channels():
    assert set(ChannelName.__args__) == set(channels.CHANNELS)
    assert set(Quality.__args__) == set(channels.QUALITIES)
    assert set(Kind.__args__) == set(channels.KINDS)


def test_every_clock_travels_and_none_overwrites_another():
    assert BATCH.clocks() == {"mono_s": "12.5", "wall": "2026-01-01T00:00:00+00:00"}
