import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.records.treatments.channels import CHANNELS, judge


@pytest.mark.hazard("H21")
@pytest.mark.parametrize("channel", ["hr", "pr", "spo2"])
@pytest.mark.parametrize("zero", ["0", "0.0", "-0", "00"])
def test_zero_is_no_value_where_nobody_has_one(channel, zero):
    kept = judge(channel, zero, CHANNELS[channel].unit, "valid")
    assert (kept.value, kept.quality, kept.raw) == (None, "no_value", zero)


def test_zero_breaths_are_a_reading():
    assert judge("rr", "0", "/min", "valid").value == "0"


@pytest.mark.hazard("H21")
@pytest.mark.parametrize("nothing", [None, "", "  ", "X", "NaN", "nan", "inf", "---", "0x7FF"])
def test_what_is_no_number_is_no_value(nothing):
    assert judge("spo2", nothing, "%", "valid").value is None


@pytest.mark.parametrize(("channel", "impossible"), [("spo2", "101"), ("hr", "-3"),
                                                     ("nibp_sys", "-1")])  # fmt: skip
def test_the_impossible_is_out_of_range_and_kept_raw(channel, impossible):
    kept = judge(channel, impossible, CHANNELS[channel].unit, "valid")
    assert (kept.value, kept.quality, kept.raw) == (None, "out_of_range", impossible)


@pytest.mark.hazard("H21", "H23")
@pytest.mark.parametrize("quality", ["invalid", "sensor_off", "no_value", "out_of_range"])
def test_a_reading_its_device_disowns_has_no_value(quality):
    kept = judge("spo2", "97", "%", quality)
    assert (kept.value, kept.quality, kept.raw) == (None, quality, "97")


@pytest.mark.hazard("H23")
def test_a_questionable_reading_is_shown_and_marked():
    assert judge("hr", "150", "/min", "questionable").quality == "questionable"
    assert judge("hr", "150", "/min", "questionable").value == "150"


@pytest.mark.parametrize(("channel", "unit", "quality"), [
    ("ecg", "mV", "valid"), ("nibp_sys", "kPa", "valid"), ("hr", "/min", "fine"),
])  # fmt: skip
def test_what_is_not_on_the_list_is_refused(channel, unit, quality):
    with pytest.raises(ValueError, match=r"unknown|comes in"):
        judge(channel, "97", unit, quality)


def test_the_state_of_a_pump_is_a_word():
    assert judge("pump_state", "infusing", "", "valid").value == "infusing"
    assert judge("pump_state", "<b>", "", "valid").value is None


@given(st.sampled_from(sorted(CHANNELS)), st.text(max_size=30))
def test_any_text_gives_a_plain_decimal_or_no_value(channel, text):
    kept = judge(channel, text, CHANNELS[channel].unit, "valid")
    assert kept.value is None or "e" not in kept.value.lower() or CHANNELS[channel].is_text
