"""What any device message becomes: every OBX one line, and no value where there is none."""

import gzip
import io
import json
from pathlib import Path

import hl7
import pytest
from hl7apy.parser import parse_message
from hypothesis import given
from hypothesis import strategies as st

from leeward.cli.main import main
from leeward.exchange.devices.hl7_text import UnreadableHl7, read
from leeward.exchange.devices.mllp import frame
from leeward.exchange.devices.pcd01 import chart_order, observations
from tests.unit.devices import hl7_messages as m
from tests.unit.pharmacology.test_output_schemas import SCHEMAS, wrong

DATA = Path(__file__).parents[2] / "data" / "device"
FILES = sorted(p for p in DATA.glob("hl7v2-*/*") if p.suffix in (".hl7", ".hl7v2"))
SCHEMA = json.loads((SCHEMAS / "decode.json").read_text())


def decode(capsys, *arguments):
    code = main(["decode", *map(str, arguments)])
    out = capsys.readouterr()
    return code, [json.loads(line) for line in out.out.splitlines()], out.err


def one(*arguments, **named):
    (found,) = observations(read(m.message(m.obx(*arguments, **named))))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_published_messages_become_what_was_reviewed(capsys, file):
    code, lines, _ = decode(capsys, file)
    golden = (DATA / "golden" / f"{file.name}.ndjson").read_text().splitlines()
    assert (code, lines) == (0, [json.loads(line) for line in golden])
    assert [place for line in lines for place in wrong(line, SCHEMA, SCHEMA)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_no_observation_of_a_published_message_is_left_out(capsys, file):
    text = file.read_text("utf-8-sig").replace("\n", "\r")
    sent = [s for s in hl7.parse(text) if str(s[0]) == "OBX"]
    assert len(decode(capsys, file)[1]) == len(sent)


def test_an_independent_reader_finds_the_same_in_a_message():
    data = m.message(m.obx(m.SPO2, "97", m.PERCENT), m.obx(m.SYS, "134", m.MMHG))
    group = parse_message(data.decode(), find_groups=False)
    theirs = [(x.obx_3.obx_3_1.value, x.obx_5.value, x.obx_6.obx_6_1.value) for x in group.obx]
    ours = [(d.sent.code, d.sent.value, d.sent.unit) for d in observations(read(data))]
    assert ours == theirs


@pytest.mark.hazard("H21")
@pytest.mark.parametrize("status", ["X", "D", "W", "I", "N", "O", ""])
def test_a_status_that_is_no_result_is_no_value_whatever_stands_beside_it(status):
    found = one(m.SPO2, "97", m.PERCENT, status=status)
    assert (found.channel, found.value, found.quality) == ("spo2", None, "no_value")
    assert found.sent.value == "97"


@pytest.mark.hazard("H21")
@pytest.mark.parametrize(
    "nothing", ["", '""', "X", "NaN", "---", "8388607", "8388606", "-8388608", "32767", "65535",
                "2047", "999", "511", "127.5", "-1", "0", "1e2", "9,7"],
)  # fmt: skip
def test_what_is_no_saturation_is_no_value(nothing):
    assert one(m.SPO2, nothing, m.PERCENT).value is None


@pytest.mark.hazard("H21")
@pytest.mark.parametrize("code", [m.RATE, m.VOLUME])
def test_a_sentinel_is_no_amount_of_a_pump_and_999_is(code):
    unit = m.ML_PER_H if code == m.RATE else m.ML
    assert one(code, "8388607", unit).value is None
    assert one(code, "999", unit).value == "999"


@pytest.mark.hazard("H23")
@pytest.mark.parametrize(("flags", "quality", "value"), [
    ("QUES", "questionable", "97"), ("INV", "invalid", None), ("NAV", "no_value", None),
    ("EARLY~QUES", "questionable", "97"), ("QUES~INV", "invalid", None), ("TEST", "invalid", None),
    ("DEMO", "invalid", None), ("H", "valid", "97"), ("", "valid", "97"),
])  # fmt: skip
def test_flags_of_the_device_are_believed(flags, quality, value):
    found = one(m.SPO2, "97", m.PERCENT, flags=flags)
    assert (found.quality, found.value) == (quality, value)


@pytest.mark.hazard("H22")
@pytest.mark.parametrize(("value", "unit", "kept"), [
    ("134", m.MMHG, "134"), ("17.9", "265987^MDC_DIM_KILO_PASCAL^MDC", "134.26"),
    ("134", "mm[Hg]^mm[Hg]^UCUM", "134"), ("17.9", "kPa^kPa^UCUM", "134.26"),
    ("134", "mmHg", "134"), ("134", "MDC_DIM_MMHG", "134"),
    ("134", f"{m.MMHG}^mm[Hg]^mm[Hg]^UCUM", "134"), ("134", "266016", "134"),
])  # fmt: skip
def test_a_pressure_is_kept_in_millimetres_of_mercury(value, unit, kept):
    found = one(m.SYS, value, unit)
    assert (found.value, found.unit) == (kept, "mm[Hg]")
    assert found.sent.value == value


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("unit", [
    "", "mV", "266048^MDC_DIM_CM_H2O^MDC", "999999^MDC_DIM_SOMETHING^MDC", m.PERCENT,
    "266016^MDC_DIM_KILO_PASCAL^MDC", f"{m.MMHG}^kPa^kPa^UCUM", "torr", "mm Hg",
])  # fmt: skip
def test_a_unit_that_is_missing_unknown_or_contradicts_itself_makes_no_value(unit):
    found = one(m.SYS, "134", unit)
    assert (found.channel, found.value, found.quality) == ("nibp_sys", None, "invalid")
    assert found.because


def test_fahrenheit_becomes_celsius():
    found = one("150344^MDC_TEMP^MDC", "98.6", "266560^MDC_DIM_FAHR^MDC")
    assert (found.value, found.unit) == ("37", "Cel")


@pytest.mark.parametrize("code", [
    "1500212^MDC_PRESS_BLD_NONINV_SYS^MDC", "150021^MDC_PRESS_BLD_NONINV_DIA^MDC",
    "8867-4^Heart rate^LN", "MDIL-1^SpO2^MDIL", "",
])  # fmt: skip
def test_an_unknown_code_or_one_under_another_name_has_no_channel(code):
    found = one(code, "97", m.PERCENT)
    assert (found.channel, found.value) == (None, None)
    assert found.sent.value == "97" and "not known" in found.because


def test_the_same_code_in_a_second_system_is_found():
    assert one(f"8867-4^Heart rate^LN^{m.HR}", "72", m.BPM).value == "72"


@pytest.mark.parametrize(("sent", "kept"), [
    ("^pump-status-infusing", "infusing"), ("pump-status-paused", "paused"),
    ("^pump-delivery-status-not-delivering", "stopped"), ("^pump-status-dancing", None),
    ("", None),
])  # fmt: skip
def test_the_state_of_a_pump_is_a_known_word_or_none(sent, kept):
    assert one(m.STATE, sent, kind="CWE").value == kept


def test_kinds_follow_the_channel_and_the_method():
    assert one(m.SYS, "120", m.MMHG).kind == "intermittent"
    assert one(m.TBI, "50", m.ML).kind == "setting"
    assert one(m.RATE, "50", m.ML_PER_H, method="MSET^MDC").kind == "setting"
    assert one(m.RATE, "50", m.ML_PER_H, method="AMEAS^MDC").kind == "continuous"


@pytest.mark.parametrize(("kind", "sent", "kept"), [
    ("SN", "^97", "97"), ("SN", "=^97", "97"), ("SN", ">^97", None), ("ST", "97", None),
    ("NM", "97~96", None), ("NM", "+97", "97"), ("NM", "97.0", "97.0"),
])  # fmt: skip
def test_only_a_number_is_a_number(kind, sent, kept):
    assert one(m.SPO2, sent, m.PERCENT, kind=kind).value == kept


def test_time_and_device_come_from_the_line_or_from_what_contains_it():
    lines = ("OBX|1||69965^MDS^MDC|1|||||||X|||20260314080000-0500||||SER-9",
             "OBX|2|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.1|72|264864|||||R")  # fmt: skip
    _, found = observations(read(m.message(*lines)))
    assert found.t_device.isoformat() == "2026-03-14T08:00:00-05:00"
    assert found.device.serial == "SER-9"


def test_of_two_sources_one_is_charted_and_a_cuff_is_no_continuous_pulse():
    data = m.message(
        m.obx("151578^MDC_TTHOR_RESP_RATE^MDC", "17", "264928"),
        m.obx("151594^MDC_CO2_RESP_RATE^MDC", "15", "264928"),
        m.obx("149546^MDC_PULS_RATE_NON_INV^MDC", "81", m.BPM),
    )  # fmt: skip
    assert [(d.channel, d.value) for d in chart_order(observations(read(data)))] == [("rr", "15")]


@pytest.mark.parametrize("framed", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_files_may_be_framed_packed_and_hold_many(capsys, tmp_path, framed, packed):
    messages = [m.vitals("72"), m.vitals("73", control_id="M2")]
    data = b"".join(map(frame, messages)) if framed else b"\r\n".join(messages)
    file = tmp_path / "messages"
    file.write_bytes(gzip.compress(data) if packed else data)
    code, lines, _ = decode(capsys, file)
    assert code == 0
    assert [line["value"] for line in lines] == ["72", "97", "73", "97"]


def test_standard_input_is_read(capsys, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(m.vitals("72")))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [line["value"] for line in decode(capsys, "-")[1]] == ["72", "97"]


@pytest.mark.parametrize("data", [
    b"", b"not a message", b"<?xml version='1.0'?><mdib/>", b"MSH|^~\\&", b"\x0b\x1c\r",
    b"MSH|^^\\&|a||||||ORU^R01|1|P|2.6", b"MSH|^~\\&|a||||||ORU^R01|1|P|3.0\r",
    frame(m.vitals())[:-2], b"\x0bMSH" + frame(m.vitals()),
    m.vitals() + b"lower case\r", b"\x1f\x8bnot gzip",
])  # fmt: skip
def test_what_is_no_message_is_refused_with_its_reason(capsys, tmp_path, data):
    file = tmp_path / "broken"
    file.write_bytes(data)
    code, lines, said = decode(capsys, file)
    assert (code, lines) == (1, [])
    assert "broken" in said


def test_a_missing_file_is_refused_and_the_others_are_read(capsys, tmp_path):
    file = tmp_path / "good.hl7"
    file.write_bytes(m.vitals())
    code, lines, said = decode(capsys, tmp_path / "missing", file)
    assert (code, len(lines)) == (1, 2)
    assert "can't be read" in said


def test_messages_before_a_broken_frame_are_kept(capsys, tmp_path):
    file = tmp_path / "cut"
    file.write_bytes(frame(m.vitals("72")) + b"garbage" + frame(m.vitals("73")))
    code, lines, said = decode(capsys, file)
    assert (code, [line["value"] for line in lines]) == (1, ["72", "97"])
    assert "outside a frame" in said


@given(st.binary(max_size=300))
def test_any_bytes_give_a_message_or_a_reason(data):
    try:
        message = read(b"MSH|^~\\&|" + data)
    except UnreadableHl7 as fault:
        assert str(fault) and fault.code.isdigit()
    else:
        assert isinstance(observations(message), tuple)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(max_size=40))
def test_any_value_in_any_unit_is_a_number_in_range_or_none(value, unit):
    try:
        found = observations(read(m.message(m.obx(m.SPO2, value, unit))))
    except UnreadableHl7:
        return
    for one_found in found:
        assert one_found.value is None or 0 < float(one_found.value) <= 100
