from hypothesis import given
from hypothesis import strategies as st

from leeward.figures.sparkline import describe_sparkline, draw_sparkline

from .svg import Drawing

readings = st.lists(st.none() | st.floats(0, 300), max_size=60)


@given(hr=readings, spo2=readings)
def test_lines_stay_inside(hr: list[float | None], spo2: list[float | None]) -> None:
    assert Drawing(draw_sparkline(hr, spo2)).outside() == []


def test_gap_is_left_open() -> None:
    lines = Drawing(draw_sparkline((60, 61, None, 63, 64), ())).lines("var(--hr)")
    assert [len(line) for line in lines] == [2, 2]


def test_says_its_ranges() -> None:
    assert describe_sparkline((60, None, 71.5), ()) == (
        "Heart rate 60 to 71.5 per minute. SpO2 without a value."
    )
