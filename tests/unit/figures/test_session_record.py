from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.figures.session_record import describe_record, draw_record

from .samples import ZERO, minute, record
from .svg import Drawing

offsets = st.integers(-20, 400).map(lambda k: ZERO + timedelta(minutes=k))
values = st.floats(0, 320, allow_nan=False)
readings = st.lists(st.tuples(offsets, st.none() | values), max_size=40).map(tuple)
percents = st.lists(st.tuples(offsets, st.none() | st.floats(0, 100)), max_size=40).map(tuple)
cuffs = st.lists(st.tuples(offsets, values, values), max_size=20).map(tuple)
events = st.lists(st.tuples(st.integers(1, 99), offsets, st.just("words")), max_size=60).map(tuple)


@settings(max_examples=40, deadline=None)
@given(hr=readings, spo2=percents, rr=readings, pressures=cuffs, events=events, wide=st.booleans())
def test_every_value_is_inside_the_drawing(
    hr: object, spo2: object, rr: object, pressures: object, events: object, wide: bool
) -> None:
    chart = record(hr=hr, spo2=spo2, rr=rr, pressures=pressures, events=events)
    assert Drawing(draw_record(chart, wide=wide)).outside() == []


def test_missing_saturation_breaks_its_line() -> None:
    chart = record()
    lines = Drawing(draw_record(chart)).lines("var(--spo2)")
    assert len(lines) == 2
    assert lines[1][0][0] - lines[0][-1][0] > 3 * (lines[0][1][0] - lines[0][0][0])


def test_silence_without_a_marked_gap_breaks_the_line() -> None:
    silent = tuple((minute(k), 70.0) for k in (0, 1, 2, 3, 20, 21, 22))
    plain = tuple((minute(k), 70.0) for k in (0, 1, 2, 3, 4, 5, 6))
    broken, whole = (
        len(Drawing(draw_record(record(hr=hr, events=()))).lines("var(--hr)"))
        for hr in (silent, plain)
    )
    assert (broken, whole) == (2, 1)


def test_single_reading_between_gaps_is_still_shown() -> None:
    lone = ((minute(0), None), (minute(1), 97.0), (minute(2), None))
    drawing = Drawing(draw_record(record(spo2=lone)))
    assert drawing.lines("var(--spo2)") == []
    assert drawing.count("circle", fill="var(--spo2)") == 1


def test_odd_reading_widens_the_scale_instead_of_being_cut() -> None:
    odd = ((minute(0), 250.0, 20.0),)
    words = Drawing(draw_record(record(pressures=odd))).words()
    assert "260" in words
    assert "20" in words


def test_saturation_keeps_to_the_top_half_when_usual() -> None:
    drawing = Drawing(draw_record(record(spo2=((minute(0), 80.0), (minute(1), 100.0)))))
    ((_, low), (_, high)) = drawing.lines("var(--spo2)")[0]
    assert low - high == pytest.approx(100, abs=0.1)


def test_event_discs_never_touch() -> None:
    chart = record(events=tuple((n, minute(9), "x") for n in range(1, 13)))
    for wide in (True, False):
        drawing = Drawing(draw_record(chart, wide=wide))
        discs = [
            (float(c.attrib["cx"]), float(c.attrib["cy"]))
            for c in drawing.root.iter("{http://www.w3.org/2000/svg}circle")
            if c.attrib["r"] == "9"
        ]
        assert len(discs) == 12
        nearest = min(
            ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
            for k, a in enumerate(discs)
            for b in discs[:k]
        )
        assert nearest >= 18


def test_clock_is_read_in_the_zone_given() -> None:
    zone = ZoneInfo("America/Chicago")
    chart = record(
        start=minute(-10).astimezone(zone), zero=ZERO.astimezone(zone), now=None, events=()
    )
    words = Drawing(draw_record(chart)).words()
    assert "04:02" in words
    assert "10:02" not in words


def test_minutes_are_true_over_a_change_of_the_clock() -> None:
    zone = ZoneInfo("America/Chicago")
    zero = datetime(2026, 11, 1, 6, 30, tzinfo=UTC).astimezone(zone)  # 01:30, then 01:00 again
    chart = record(
        start=zero, zero=zero, end=(zero.astimezone(UTC) + timedelta(minutes=60)).astimezone(zone),
        hr=(), spo2=(), rr=(), pressures=(), infusion=(), planned_end=None, events=(),
        observations=(), now=None,
    )  # fmt: skip
    words = Drawing(draw_record(chart)).words()
    assert "60" in words
    assert words.count("01:30") == 2


def test_running_infusion_shows_what_is_only_planned_as_a_dashed_box() -> None:
    running = Drawing(draw_record(record()))
    ended = Drawing(draw_record(record(infusion=((minute(0), minute(40), 52.5),))))
    assert running.count("rect", **{"stroke-dasharray": "3 3"}) == 1
    assert ended.count("rect", **{"stroke-dasharray": "3 3"}) == 0
    assert "planned to 10:44" in running.words()


def test_limit_of_a_channel_without_a_scale_is_not_drawn_on_another() -> None:
    words = " ".join(Drawing(draw_record(record(limits=(("rr", "RR limit", 8.0),)))).words())
    assert "RR limit" not in words


def test_says_the_course_in_words() -> None:
    assert describe_record(record()) == (
        "Record from 09:52 to 11:47. Blood pressure 124/80 at 09:56, last 150/80 at 10:22. "
        "Heart rate 53 to 84, last 84 per minute. "
        "Oxygen saturation 96 to 97, last 96 percent, with 1 gap. "
        "Respiration 14, last 14 per minute. Infusion 52.5, then 35, then 52.5 mL/h. "
        "5 numbered events."
    )


def test_says_what_is_not_there() -> None:
    empty = record(hr=(), spo2=(), rr=(), pressures=(), infusion=(), events=())
    assert describe_record(empty) == (
        "Record from 09:52 to 11:47. No blood pressure. No heart rate. No oxygen saturation. "
        "No infusion."
    )
